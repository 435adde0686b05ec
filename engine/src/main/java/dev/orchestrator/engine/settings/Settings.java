package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Kind.Form;
import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What holds, and where each value comes from. Immutable; safe from any thread.
///
/// Keys are dotted; a name that is not made of letters, digits, `-` and `_` stands in double
/// quotes, which [#key] does. Every lookup gives the default of [KeyTable] if nobody has said
/// anything. Kinds are checked when settings are loaded, so that a lookup cannot fail; to ask for
/// an unknown key, or for a kind it does not have, is a bug and an [IllegalArgumentException].
public final class Settings {
  private final Table root;
  private final Trust trust;
  private final ProjectPlaces places;
  private final List<SourceFile> files;
  private final List<String> warnings;
  private final List<String> unknown;

  Settings(
      Table root,
      Trust trust,
      ProjectPlaces places,
      List<SourceFile> files,
      List<String> warnings,
      List<String> unknown) {
    this.root = root;
    this.trust = trust;
    this.places = places;
    this.files = List.copyOf(files);
    this.warnings = List.copyOf(warnings);
    this.unknown = List.copyOf(unknown);
  }

  /// A file of settings that is there.
  public record SourceFile(Path path, State state) {
    /// What has become of it.
    public enum State {
      READ,
      /// The command line wants the user's files left out.
      LEFT_OUT,
      /// The project is marked as untrusted.
      UNTRUSTED,
      /// The user has not said whether the project is to be trusted.
      UNKNOWN_PROJECT;

      /// For people.
      public String text() {
        return switch (this) {
          case READ -> "read";
          case LEFT_OUT -> "left out";
          case UNTRUSTED -> "ignored: untrusted project";
          case UNKNOWN_PROJECT -> "ignored: project not known to be trusted";
        };
      }
    }
  }

  /// One value that holds.
  ///
  /// @param key dotted
  /// @param value text, `Long`, `Double`, `Boolean`, list or map; secrets are `[redacted]`
  public record Value(String key, Object value, Origin origin) {
    /// The value as TOML writes it, on one line.
    public String toml() {
      return Values.toml(value);
    }
  }

  /// Reads every layer. Blocks on the disk; reads files of at most 1 MiB each.
  ///
  /// @throws SettingsException if a file cannot be read or is not TOML, or a value is of the wrong
  ///   kind; with `strict` also for unknown keys
  public static Settings load(SettingsSources sources) throws SettingsException {
    return new Loader(sources).load();
  }

  /// A dotted key of names, some in quotes.
  public static String key(String... names) {
    return Values.dotted(List.of(names));
  }

  /// A text, or one of some words.
  public Optional<String> text(String key) {
    return get(key, EnumSet.of(Form.TEXT, Form.NAME, Form.ONE)).map(String.class::cast);
  }

  /// A whole number.
  public Optional<Long> number(String key) {
    return get(key, EnumSet.of(Form.NUMBER, Form.NATURAL, Form.PORT)).map(Long.class::cast);
  }

  /// A number with or without a fraction, finite.
  public Optional<Double> decimal(String key) {
    return get(key, EnumSet.of(Form.DECIMAL)).map(Double.class::cast);
  }

  public Optional<Boolean> flag(String key) {
    return get(key, EnumSet.of(Form.FLAG)).map(Boolean.class::cast);
  }

  /// A list of texts.
  public Optional<List<String>> words(String key) {
    return get(key, EnumSet.of(Form.WORDS)).map(Settings::texts);
  }

  /// A path, absolute.
  public Optional<Path> path(String key) {
    return get(key, EnumSet.of(Form.PATH)).map(it -> Path.of(it.toString()));
  }

  /// A list of paths, absolute.
  public Optional<List<Path>> paths(String key) {
    return get(key, EnumSet.of(Form.PATHS))
        .map(it -> texts(it).stream().map(path -> Path.of(path)).toList());
  }

  /// A list of whatever it holds: texts, numbers, flags, lists, maps.
  public Optional<List<Object>> list(String key) {
    return get(key, EnumSet.of(Form.LIST)).map(it -> List.copyOf((List<?>) it));
  }

  /// A table of texts, in the order in which they were said.
  public Optional<Map<String, String>> texts(String key) {
    return table(key, EnumSet.of(Form.TEXTS))
        .map(it -> {
          var texts = new LinkedHashMap<String, String>();
          it.forEach((name, value) -> texts.put(name, value.toString()));
          return texts;
        });
  }

  /// A table of whatever it holds: texts, numbers, flags, lists, maps. Nothing in it is checked.
  public Optional<Map<String, Object>> table(String key) {
    return table(key, EnumSet.of(Form.TABLE));
  }

  private Optional<Map<String, Object>> table(String key, Set<Form> forms) {
    return root.find(known(key, forms)) instanceof Table it
        ? Optional.of(it.plain())
        : Optional.empty();
  }

  /// Names of the tables below a key, such as those of all MCP servers below `mcp_servers`.
  public List<String> tables(String key) {
    var path = Values.path(key);
    if (!Keys.isPrefix(path) && Keys.find(path).filter(Key::isTable).isEmpty()) {
      throw new IllegalArgumentException("no known table: " + key);
    }
    return root.find(path) instanceof Table table
        ? table.children().entrySet().stream()
            .filter(it -> it.getValue() instanceof Table)
            .map(Map.Entry::getKey)
            .toList()
        : List.of();
  }

  /// When somebody is asked, as `approval.Policy` reads it: `granular:` and the kinds that are
  /// asked about included.
  public String approvalPolicy() {
    if (!(root.find(List.of("approval_policy")) instanceof Table)) {
      return text("approval_policy").orElseThrow();
    }
    var kinds = new ArrayList<String>();
    for (var it : List.of("sandbox_approval", "rules", "mcp_elicitations")) {
      if (flag("approval_policy.granular." + it).orElse(false)) {
        kinds.add(it);
      }
    }
    return "granular:" + String.join(",", kinds);
  }

  /// Whether somebody has said something about a key.
  public boolean isSet(String key) {
    return root.find(Values.path(key)) != null;
  }

  /// Where a value comes from; of a table, where its first value does.
  public Origin origin(String key) {
    var node = root.find(Values.path(key));
    return node == null ? new Origin.Default() : node.origin();
  }

  private Optional<Object> get(String key, Set<Form> forms) {
    var path = known(key, forms);
    if (root.find(path) instanceof Leaf leaf) {
      return Optional.of(leaf.value());
    }
    return root.find(path) == null
        ? Keys.find(path).map(Key::preset).filter(it -> it != null)
        : Optional.empty();
  }

  private static List<String> known(String key, Set<Form> forms) {
    var path = Values.path(key);
    if (Keys.find(path).filter(it -> it.accepts(forms)).isEmpty()) {
      throw new IllegalArgumentException("no known key %s of kind %s".formatted(key, forms));
    }
    return path;
  }

  private static List<String> texts(Object value) {
    return ((List<?>) value).stream().map(String::valueOf).toList();
  }

  /// Every value that holds, defaults included, sorted by key.
  public List<Value> effective() {
    var values = new ArrayList<Value>();
    collect(root, List.of(), values);
    for (var key : Keys.all()) {
      var preset = key.preset();
      if (preset != null && !key.path().contains("*") && root.find(key.path()) == null) {
        values.add(new Value(key.text(), preset, new Origin.Default()));
      }
    }
    values.sort(Comparator.comparing(Value::key));
    return List.copyOf(values);
  }

  private static void collect(Table table, List<String> path, List<Value> values) {
    table
        .children()
        .forEach((name, node) -> {
          var here = new ArrayList<>(path);
          here.add(name);
          switch (node) {
            case Leaf it ->
                values.add(
                    new Value(Values.dotted(here), Values.redacted(here, it.value()), it.origin()));
            case Table it -> collect(it, here, values);
          }
        });
  }

  /// Whether the user trusts the project: its settings, its instructions.
  public Trust trust() {
    return trust;
  }

  /// Folders whose settings and instructions count: from the project's root down to the folder
  /// where the work is done; that folder alone if it is in no project.
  public List<Path> projectFolders() {
    return places.folders();
  }

  /// The nearest folder above, or the folder itself, that holds a marker.
  public Optional<Path> projectRoot() {
    return places.root();
  }

  /// The files that are there, the weakest first, and what has become of them.
  public List<SourceFile> files() {
    return files;
  }

  /// What a person should know: unknown keys, projects' keys that do not count, files that are
  /// ignored.
  public List<String> warnings() {
    return warnings;
  }

  /// Those of the [#warnings] that are about keys which nobody knows.
  public List<String> unknown() {
    return unknown;
  }

  /// Every known key as a table for `docs/config.md`.
  static String documentation() {
    var rows = new StringBuilder("| key | value | default | project | meaning |\n");
    rows.append("|---|---|---|---|---|\n");
    for (var key : Keys.all()) {
      var preset = key.preset();
      rows.append(
          "| `%s` | %s | %s | %s | %s%s |\n"
              .formatted(
                  key.text().replace("*", "NAME"),
                  key.expected().replace("one of ", ""),
                  preset == null ? "–" : "`" + Values.toml(preset) + "`",
                  switch (key.project()) {
                    case YES -> "yes";
                    case NO -> "no";
                    case TIGHTEN -> "tighten";
                  },
                  key.meaning(),
                  key.variable().isEmpty() ? "" : "; variable `" + key.variable() + "`"));
    }
    return rows.toString();
  }
}
