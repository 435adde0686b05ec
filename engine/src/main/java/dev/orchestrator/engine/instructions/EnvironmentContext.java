package dev.orchestrator.engine.instructions;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/// Where an agent works, as the model is told. Immutable.
///
/// @param shell name of the user's shell, such as `bash`
/// @param zone name of the zone, such as `Europe/Berlin`
/// @param roots folders of the workspace
/// @param unrestricted whether nothing is confined; then there are no entries
/// @param entries what a confined command may read and write
public record EnvironmentContext(
    Path cwd,
    String shell,
    LocalDate date,
    String zone,
    List<Path> roots,
    boolean unrestricted,
    List<Entry> entries) {
  public EnvironmentContext {
    roots = List.copyOf(roots);
    entries = List.copyOf(entries);
  }

  /// What may be done with a path.
  ///
  /// @param access `read`, `write` or `deny`
  /// @param path absolute, or one of Codex's special names such as `:root`, `:tmpdir`, `:slash_tmp`
  public record Entry(String access, String path) {
    private String text() {
      var element = path.startsWith(":") ? "special" : "path";
      return "<entry access=\"%s\">%s</entry>".formatted(escaped(access), tag(element, path));
    }
  }

  /// The block, in Codex's form.
  public String text() {
    return """
    <environment_context>
      %s
      %s
      %s
      %s
      <filesystem>%s%s</filesystem>
    </environment_context>\
    """
        .formatted(
            tag("cwd", cwd.toString()),
            tag("shell", shell),
            tag("current_date", date.toString()),
            tag("timezone", zone),
            workspace(),
            profile());
  }

  private String workspace() {
    return roots.isEmpty()
        ? ""
        : "<workspace_roots>%s</workspace_roots>"
            .formatted(
                String.join("", roots.stream().map(it -> tag("root", it.toString())).toList()));
  }

  private String profile() {
    return unrestricted
        ? "<permission_profile type=\"disabled\"><file_system type=\"unrestricted\" />"
            + "</permission_profile>"
        : "<permission_profile type=\"managed\"><file_system type=\"restricted\">%s</file_system>"
                .formatted(String.join("", entries.stream().map(Entry::text).toList()))
            + "</permission_profile>";
  }

  private static String tag(String name, String text) {
    return "<%s>%s</%s>".formatted(name, escaped(text), name);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
