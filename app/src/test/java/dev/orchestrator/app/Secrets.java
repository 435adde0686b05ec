package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;

/// Keys, and where they must not be.
final class Secrets {
  /// Of the environment.
  static final Map<String, String> OF_VARIABLES =
      Map.of(
          "MOCK_KEY", ExecProgram.KEY,
          "CODEX_API_KEY", "codex-87654321-key",
          "FOO_TOKEN", "foo-token-\"quoted\"",
          "MY_SECRET", "my/secret/of/mine");

  static final String TOKEN = "bearer-of-the-command-line";
  static final String HEADER = "header-of-the-command-line";

  private Secrets() {}

  static void setAll(Program program) {
    OF_VARIABLES.forEach(program::with);
  }

  /// Fails if one is in a file below a folder, or in what a program has written.
  static void requireNone(Path folder, Running.Ended ended) throws IOException {
    var places = new ArrayList<String>();
    var values = new ArrayList<>(OF_VARIABLES.values());
    values.add("foo-token-\\\"quoted\\\"");
    values.add(TOKEN);
    values.add(HEADER);
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        values.stream().filter(text::contains).forEach(it -> places.add(file + ": " + it));
      }
    }
    for (var it : values) {
      if ((ended.out() + ended.err()).contains(it)) {
        places.add("output: " + it);
      }
    }
    assertThat(places).isEmpty();
  }
}
