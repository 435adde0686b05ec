package dev.orchestrator.app.flags;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.approval.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What was asked of `orchestrator exec`.
///
/// @param settings what options say that are settings as well, in their words
/// @param prompt what is to be done; empty if nothing was said, `-` for standard input
/// @param stdin whether standard input is added to the prompt
/// @param color `always`, `never` or `auto`
/// @param codeOfTurn whether the exit code looks at the turn alone
/// @param ignored options that mean nothing here, as they were typed
public record ExecFlags(
    Doing doing,
    Format format,
    Settings settings,
    Optional<String> prompt,
    boolean stdin,
    Optional<Path> cwd,
    List<Path> addDirs,
    List<Path> images,
    Optional<Path> outputSchema,
    Optional<Path> lastMessage,
    String color,
    boolean skipGitCheck,
    boolean ephemeral,
    boolean allowLooser,
    Optional<Path> record,
    Optional<Path> replay,
    Optional<Path> runsDir,
    Optional<Path> summaryFile,
    Optional<String> task,
    Optional<String> name,
    Optional<Duration> timeout,
    boolean codeOfTurn,
    boolean quiet,
    Asking asking,
    Deadline deadline,
    List<Path> rules,
    boolean ignoreRules,
    List<String> ignored) {

  /// What is to be done.
  public sealed interface Doing {
    /// A new thread.
    record Begin() implements Doing {}

    /// A thread goes on.
    ///
    /// @param thread its id or name; empty for the last one
    /// @param everywhere whether threads of other folders count
    record Resume(Optional<String> thread, boolean everywhere) implements Doing {}

    /// A new thread from where another one stands.
    record Fork(String thread) implements Doing {}

    /// A look at a change.
    record Review(Change change, Optional<String> title) implements Doing {}
  }

  /// What is reviewed.
  public sealed interface Change {
    record Uncommitted() implements Change {}

    record Since(String branch) implements Change {}

    record Commit(String hash) implements Change {}

    /// What the prompt says.
    record Described() implements Change {}
  }

  /// Options that are settings.
  ///
  /// @param overrides what was given with `-c`, `--enable` and `--disable`
  /// @param sandbox the level; empty if nothing was said
  /// @param policy when to ask; empty if nothing was said
  /// @param oss whether a model of this machine is asked
  /// @param localProvider which one
  /// @param strict whether unknown settings are errors
  /// @param trust whether the project counts as trusted, unless the settings say the contrary
  public record Settings(
      List<String> overrides,
      Optional<String> model,
      Optional<String> sandbox,
      Optional<String> policy,
      boolean oss,
      Optional<String> localProvider,
      Optional<String> profile,
      boolean ignoreUserConfig,
      boolean strict,
      boolean trust) {}
}
