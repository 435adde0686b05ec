package dev.orchestrator.engine.instructions;

import dev.orchestrator.engine.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The `AGENTS.md` files that count somewhere, as Codex finds them. Immutable.
///
/// @param cwd where the work is done
/// @param sources the user's file, then the project's from its root down
/// @param warnings what was cut or left out, one line each
public record Instructions(Path cwd, List<Source> sources, List<String> warnings) {
  private static final String SEPARATOR = "\n\n--- project-doc ---\n\n";

  public Instructions {
    sources = List.copyOf(sources);
    warnings = List.copyOf(warnings);
  }

  /// One file.
  ///
  /// @param project whether it is the project's, not the user's
  /// @param sha256 of the file's first MiB, in hexadecimal
  /// @param bytesUsed how much of it counts
  /// @param bytesCut how much of it does not, because the budget was used up
  /// @param text what counts; bytes that are not UTF-8 are U+FFFD
  public record Source(
      Path path, boolean project, String sha256, long bytesUsed, long bytesCut, String text) {}

  /// Finds and reads them. Blocks on the disk; reads at most 1 MiB of each file.
  ///
  /// @param codexHome where the user's file is
  /// @param cwd where the work is done; absolute, as the settings were loaded with
  public static Instructions find(Path codexHome, Path cwd, Settings settings) {
    return new Finder(codexHome, cwd, settings).find();
  }

  /// How many bytes count, of all files together.
  public long totalBytes() {
    return sources.stream().mapToLong(Source::bytesUsed).sum();
  }

  /// The text that a conversation begins with; empty if no file says anything.
  public Optional<String> message() {
    var users = texts(false);
    var projects = texts(true);
    if (users.isEmpty() && projects.isEmpty()) {
      return Optional.empty();
    }
    var text = String.join("\n\n", users);
    if (!projects.isEmpty()) {
      text += (users.isEmpty() ? "" : SEPARATOR) + String.join("\n\n", projects);
    }
    return Optional.of(
        "# AGENTS.md instructions%s\n\n<INSTRUCTIONS>\n%s\n</INSTRUCTIONS>"
            .formatted(projects.isEmpty() ? "" : " for " + cwd, text));
  }

  private List<String> texts(boolean project) {
    return sources.stream()
        .filter(it -> it.project() == project && !it.text().isBlank())
        .map(it -> project ? it.text() : it.text().strip())
        .toList();
  }
}
