package dev.orchestrator.headless;

import dev.orchestrator.engine.secret.Redaction;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The program of the setting `notify`, which is told that a turn is over, as with Codex.
///
/// Nobody waits for it. It has to be started when the run's processes have been ended, or it would
/// be one of them.
///
/// Immutable.
public final class NotifyProgram {
  private static final String CLIENT = "orchestrator_exec";

  private final UserProgram program;
  private final Consumer<String> warnings;

  /// @param words the program, and its first arguments; at least one
  /// @param environment of our own, without the mark of any run
  /// @param warnings are told if it cannot be started
  public NotifyProgram(
      List<String> words,
      Path directory,
      Map<String, String> environment,
      Redaction redaction,
      Consumer<String> warnings) {
    this.program = new UserProgram(words, directory, environment, redaction);
    this.warnings = warnings;
  }

  /// A turn that came to its regular end.
  ///
  /// @param inputMessages what the turn began with
  /// @param lastMessage what the model said last; null for nothing
  public record Turn(
      String thread,
      String turn,
      Path directory,
      List<String> inputMessages,
      @Nullable String lastMessage) {
    public Turn {
      inputMessages = List.copyOf(inputMessages);
    }
  }

  /// Starts the program. Does not wait for it.
  public void tell(Turn it) {
    var told = new LinkedHashMap<String, @Nullable Object>();
    told.put("type", "agent-turn-complete");
    told.put("thread-id", it.thread());
    told.put("turn-id", it.turn());
    told.put("cwd", it.directory());
    told.put("client", CLIENT);
    told.put("input-messages", it.inputMessages());
    told.put("last-assistant-message", it.lastMessage());
    try {
      var _ = program.start(told, Redirect.DISCARD);
    } catch (IOException e) {
      warnings.accept(
          "notify: %s cannot be started: %s; check the setting"
              .formatted(program.name(), TerminalText.line(String.valueOf(e.getMessage()))));
    }
  }
}
