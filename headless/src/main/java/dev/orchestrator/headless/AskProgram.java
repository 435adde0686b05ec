package dev.orchestrator.headless;

import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The program of the setting `orchestrator.on_approval`, which is told of each question and may
/// answer it with one line on its standard output; see [AnswerLines].
///
/// A question waits for it until it ends: without an answer it has passed, and if nobody else is
/// there the question is denied. It is ended when the question is closed.
///
/// Safe from any thread. For each question there are threads `ask` and `ask-line`; the second may
/// stay blocked while something that the program left behind holds its output. Both are daemons.
public final class AskProgram implements Desk.FrontEnd {
  private static final String NAME = "command";
  private static final Duration LINE_PATIENCE = Duration.ofMillis(500);

  private final Desk desk;
  private final UserProgram program;
  private final RunId run;
  private final long pid;
  private final Consumer<String> warnings;
  private final Map<String, Asking> asking = new ConcurrentHashMap<>();

  private AskProgram(
      Desk desk, UserProgram program, RunId run, long pid, Consumer<String> warnings) {
    this.desk = desk;
    this.program = program;
    this.run = run;
    this.pid = pid;
    this.warnings = warnings;
  }

  /// Offers the program to the desk.
  ///
  /// @param words the program, and its first arguments; at least one
  /// @param environment of our own, without the mark of any run
  /// @param pid our own
  /// @param warnings are told if it cannot be started; called on threads of this class
  public static AskProgram attach(
      Desk desk,
      List<String> words,
      Path directory,
      Map<String, String> environment,
      Redaction redaction,
      RunId run,
      long pid,
      Consumer<String> warnings) {
    var program = new UserProgram(words, directory, environment, redaction);
    var it = new AskProgram(desk, program, run, pid, warnings);
    desk.attach(it);
    return it;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void announce(Question question) {
    var it = new Asking(question);
    asking.put(question.id(), it);
    Thread.ofPlatform().name("ask").daemon().start(it::run);
  }

  @Override
  public void withdraw(String question) {
    var it = asking.remove(question);
    if (it != null) {
      it.end();
    }
  }

  private Map<String, @Nullable Object> told(Question it) {
    var patience = it.deadline();
    var told = new LinkedHashMap<String, @Nullable Object>();
    told.put("type", "approval-requested");
    told.put("run", run.value());
    told.put("id", it.id());
    told.put("command", it.text());
    told.put("cwd", it.directory());
    told.put("reasons", it.reasons().stream().map(reason -> reason.text()).toList());
    told.put(
        "choices",
        it.choices().stream()
            .map(choice -> Map.of("id", choice.id(), "label", choice.text()))
            .toList());
    told.put("deadline_ms", patience == null ? null : patience.toMillis());
    told.put("pid", pid);
    return told;
  }

  /// One question on its way to the program.
  private final class Asking {
    private final Question question;

    // Guarded by this.
    private @Nullable Process process;
    private boolean closed;

    Asking(Question question) {
      this.question = question;
    }

    void run() {
      try {
        var started = start();
        if (started != null) {
          var lines = new BufferedInputStream(started.getInputStream());
          var reader = Thread.ofPlatform().name("ask-line").daemon().start(() -> answer(lines));
          started.waitFor();
          reader.join(LINE_PATIENCE);
        }
      } catch (IOException e) {
        warnings.accept(
            "on_approval: %s cannot be started: %s; check the setting"
                .formatted(program.name(), TerminalText.line(String.valueOf(e.getMessage()))));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      } finally {
        desk.pass(question.id(), AskProgram.this);
      }
    }

    private synchronized @Nullable Process start() throws IOException {
      if (!closed) {
        process = program.start(told(question), Redirect.PIPE);
      }
      return process;
    }

    private void answer(InputStream in) {
      try {
        var line = AnswerLines.next(in);
        while (line != null && line.length == 0) {
          line = AnswerLines.next(in);
        }
        if (line != null) {
          take(line);
        }
      } catch (IOException _) {
        // Unreadable is as good as ended.
      }
    }

    private void take(byte[] line) {
      try {
        var answer = AnswerLines.answer(Json.readObject(line));
        if (answer != null) {
          desk.answer(question.id(), answer, NAME);
          return;
        }
      } catch (IOException _) {
        // No object, so no answer either.
      }
      desk.reject(question.id(), NAME);
    }

    /// Ends the program and what it has started.
    synchronized void end() {
      closed = true;
      if (process != null) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }
  }
}
