package dev.orchestrator.engine.testing;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.engine.wire.Schemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The published schemas, for checking whatever a test sees written.
public final class EventSchema {
  private static final EventSchema EVENTS = of("events");

  /// The schema of events, cut down to one type of lines. Each line has one type, and to try it
  /// against all thirty costs thirty times as much.
  private static final Map<String, EventSchema> OF_TYPE = new ConcurrentHashMap<>();

  private static final Pattern TYPE = Pattern.compile("\\{\"type\":\"([a-z.]+)\"");

  private final String name;
  private final Schema schema;

  private EventSchema(String name, Schema schema) {
    this.name = name;
    this.schema = schema;
  }

  /// A schema by its name.
  ///
  /// @param name one of [Schemas#NAMES]
  public static EventSchema of(String name) {
    return new EventSchema(name, schema(Schemas.text(name)));
  }

  private static Schema schema(String text) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(text);
  }

  private static EventSchema ofType(String type) {
    try {
      var document = Json.readObject(Schemas.text("events").getBytes(StandardCharsets.UTF_8));
      var only = Map.of("$ref", "#/$defs/" + type);
      if (!(document.get("oneOf") instanceof List<?> all) || !all.contains(only)) {
        return EVENTS;
      }
      document.put("oneOf", List.of(only));
      return new EventSchema(type, schema(new String(Json.line(document), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Fails if a line of JSON lines or of a journal breaks its schema.
  public static void check(String line) {
    var type = TYPE.matcher(line);
    var schema =
        type.lookingAt() ? OF_TYPE.computeIfAbsent(type.group(1), EventSchema::ofType) : EVENTS;
    schema.require(line);
  }

  /// What is wrong with a document; empty if nothing is.
  public List<String> complaints(String json) {
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /// Fails if a document breaks this schema.
  public void require(String json) {
    var complaints = complaints(json);
    if (!complaints.isEmpty()) {
      throw new AssertionError(
          "against the schema of %s: %s%n%s".formatted(name, json, String.join("\n", complaints)));
    }
  }
}
