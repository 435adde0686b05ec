package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What models are told: the tools, and how to work with them.
final class Descriptions {
  private static final Map<String, @Nullable Object> TOOLS = object(ToolTexts.TOOLS);

  static final Map<String, @Nullable Object> EXEC_COMMAND = tool("exec_command");
  static final Map<String, @Nullable Object> WRITE_STDIN = tool("write_stdin");
  static final Map<String, @Nullable Object> UPDATE_PLAN = tool("update_plan");
  static final Map<String, @Nullable Object> VIEW_IMAGE = tool("view_image");
  static final Map<String, @Nullable Object> APPLY_PATCH_FUNCTION = tool("apply_patch");
  static final Map<String, @Nullable Object> APPLY_PATCH = grammarTool();

  private Descriptions() {}

  private static Map<String, @Nullable Object> tool(String name) {
    if (!(TOOLS.get(name) instanceof Map<?, ?> it)) {
      throw new IllegalStateException("no description of " + name);
    }
    var tool = new LinkedHashMap<String, @Nullable Object>();
    tool.put("type", "function");
    tool.put("name", name);
    it.forEach((key, value) -> tool.put(String.valueOf(key), value));
    tool.put("strict", false);
    return tool;
  }

  private static Map<String, @Nullable Object> grammarTool() {
    var format = new LinkedHashMap<String, @Nullable Object>();
    format.put("type", "grammar");
    format.put("syntax", "lark");
    format.put("definition", ToolTexts.PATCH_GRAMMAR);
    var tool = new LinkedHashMap<String, @Nullable Object>();
    tool.put("type", "custom");
    tool.put("name", "apply_patch");
    tool.put("description", tool("apply_patch").get("description"));
    tool.put("format", format);
    return tool;
  }

  private static Map<String, @Nullable Object> object(String json) {
    try {
      return Json.readObject(json.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
