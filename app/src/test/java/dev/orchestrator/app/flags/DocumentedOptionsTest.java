package dev.orchestrator.app.flags;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The tables of options in `docs/exec.md`.
class DocumentedOptionsTest {
  private static final Pattern CELL = Pattern.compile("^\\| (`-.*?`) \\|");
  private static final String HELP = "`-h`, `--help`";

  @Test
  void are_those_of_run() throws Exception {
    assertThat(documented("### Options"))
        .containsExactlyInAnyOrderElementsOf(options(RunCommandLine.OPTIONS));
  }

  @Test
  void are_those_of_exec() throws Exception {
    assertThat(documented("### Its options"))
        .containsExactlyInAnyOrderElementsOf(options(ExecCommandLine.OPTIONS));
  }

  /// The first cells of the table below a heading.
  private static List<String> documented(String heading) throws IOException {
    var lines = Files.readString(Path.of("../docs/exec.md")).lines();
    var cells = new ArrayList<String>();
    for (var line : lines.dropWhile(it -> !it.equals(heading)).skip(1).toList()) {
      if (line.startsWith("#")) {
        break;
      }
      var cell = CELL.matcher(line);
      if (cell.find()) {
        cells.add(cell.group(1));
      }
    }
    return cells;
  }

  private static List<String> options(List<Option> options) {
    var cells = new ArrayList<>(List.of(HELP));
    for (var it : options) {
      var label = it.label() == null ? "" : " " + it.label();
      cells.add(
          String.join(", ", it.names().stream().map(name -> "`" + name + label + "`").toList()));
    }
    return cells;
  }
}
