package dev.orchestrator.engine.plan;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One simple command, with wrappers such as `env`, `timeout` or `sh -c` taken off.
///
/// @param words the program first; empty for a lone assignment or redirection
/// @param assignments variables set for it, also by `env` or by an earlier `export`
/// @param redirections of its own and of every group around it
/// @param directory where it runs; null when that cannot be told
/// @param wrappers programs that were taken off, the outermost first, such as `sudo`
public record Command(
    List<Word> words,
    List<Assignment> assignments,
    List<Redirection> redirections,
    @Nullable Path directory,
    List<String> wrappers) {
  public Command {
    words = List.copyOf(words);
    assignments = List.copyOf(assignments);
    redirections = List.copyOf(redirections);
    wrappers = List.copyOf(wrappers);
  }

  /// One word.
  ///
  /// @param text its value if it is literal, its source otherwise
  /// @param isLiteral whether the value is known; false when it has expansions or patterns
  public record Word(String text, boolean isLiteral) {}

  /// A variable set for a command.
  public record Assignment(String name, Word value) {}

  /// Where a descriptor comes from or goes to.
  ///
  /// @param target a file's name; empty for a here-document, whose text is data
  /// @param file the file it names, absolute and normalised; null when that cannot be told or it
  ///   names no file
  public record Redirection(Kind kind, Word target, @Nullable Path file) {}

  /// What a redirection does to its target.
  public enum Kind {
    READ,
    WRITE,
    APPEND,
    READ_WRITE,
    /// Another descriptor; changes no file.
    DUPLICATE,
    /// Text that stands in the script itself.
    HERE
  }
}
