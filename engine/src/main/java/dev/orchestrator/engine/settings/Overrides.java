package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import java.util.ArrayList;
import java.util.List;

/// `-c KEY=VALUE`, as Codex reads it: the key is dotted and knows no quotes; the value is TOML, or
/// else the text as it stands without the quotes around it.
final class Overrides {
  private Overrides() {}

  /// The layer that they make; later ones win.
  ///
  /// @throws SettingsException for every one without a key
  static Table layer(List<String> overrides) throws SettingsException {
    var problems = new ArrayList<String>();
    var layer = new Table(new Origin.KeyValue());
    for (var it : overrides) {
      var equals = it.indexOf('=');
      var key = equals < 0 ? "" : it.substring(0, equals).strip();
      if (equals < 0) {
        problems.add(
            "-c: '%s' is not KEY=VALUE; write for example -c model_verbosity=low".formatted(it));
      } else if (List.of(key.split("\\.", -1)).contains("")) {
        problems.add("-c: '%s' is no key; write for example -c model_verbosity=low".formatted(key));
      } else if (key.chars().filter(c -> c == '.').count() > TomlText.DEEPEST) {
        problems.add("-c: a key of more than %d names".formatted(TomlText.DEEPEST));
      } else {
        layer.put(List.of(key.split("\\.")), value(it.substring(equals + 1).strip()));
      }
    }
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return layer;
  }

  private static Node value(String text) {
    var origin = new Origin.KeyValue();
    if (text.isEmpty()) {
      return new Leaf("", origin);
    }
    return TomlReader.value(text, origin)
        .orElseGet(() -> new Leaf(text.replaceAll("^[\"']+|[\"']+$", ""), origin));
  }
}
