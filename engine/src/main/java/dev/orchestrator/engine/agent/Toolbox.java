package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.agent.ModelTool.BadArguments;
import dev.orchestrator.engine.model.ResponseItem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The tools of a run. The calls of one reply run side by side, and are answered in their order.
///
/// Confined to the thread of the run; the calls have threads of their own, named `call-N`.
final class Toolbox {
  /// How long a call waits for the one before it to be seen, so that items come in the order of the
  /// calls as a rule.
  private static final Duration ORDER_PATIENCE = Duration.ofMillis(200);

  /// Most calls at a time; Codex keeps as many processes.
  private static final int MOST_AT_A_TIME = 64;

  private final Map<String, ModelTool> tools = new LinkedHashMap<>();
  private final Items items;
  private int threads;

  Toolbox(List<ModelTool> tools, Items items) {
    tools.forEach(it -> this.tools.put(it.name(), it));
    this.items = items;
  }

  /// What a request says about the tools.
  List<Map<String, @Nullable Object>> descriptions() {
    return tools.values().stream().map(ModelTool::description).toList();
  }

  /// Takes the answers of calls.
  interface Answers {
    void add(ResponseItem answer) throws IOException;
  }

  /// Runs calls and waits for all of them.
  ///
  /// @param answers gets one for each, in their order, as soon as it is there
  /// @throws IOException if an answer cannot be kept
  /// @throws InterruptedException if the run is ended meanwhile; the calls are interrupted, too,
  ///   and the answers of those that were over are not lost
  void run(List<ResponseItem> calls, Answers answers) throws IOException, InterruptedException {
    for (var from = 0; from < calls.size(); from += MOST_AT_A_TIME) {
      var some = calls.subList(from, Math.min(calls.size(), from + MOST_AT_A_TIME));
      if (some.size() == 1) {
        answers.add(answer(some.getFirst(), () -> {}));
      } else {
        sideBySide(some, answers);
      }
    }
  }

  private void sideBySide(List<ResponseItem> calls, Answers answers)
      throws IOException, InterruptedException {
    var running = new ArrayList<Running>();
    var taken = 0;
    try {
      for (var call : calls) {
        var it = new Running(call);
        running.add(it);
        it.thread.start();
        if (!it.begun.await(ORDER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
          log().log(System.Logger.Level.DEBUG, "{0} takes its time to begin", call.name());
        }
      }
      for (var it : running) {
        var answer = it.await();
        taken++;
        answers.add(answer);
      }
    } finally {
      for (var it : running) {
        it.thread.interrupt();
      }
      for (var it : running) {
        it.join();
      }
      for (var it : running.subList(taken, running.size())) {
        if (it.task.state() == Future.State.SUCCESS) {
          answers.add(it.task.resultNow());
        }
      }
    }
  }

  /// A call on its own thread.
  private final class Running {
    final CountDownLatch begun = new CountDownLatch(1);
    final FutureTask<ResponseItem> task;
    final Thread thread;

    Running(ResponseItem call) {
      task =
          new FutureTask<>(() -> {
            try {
              return answer(call, begun::countDown);
            } finally {
              begun.countDown();
            }
          });
      thread = Thread.ofPlatform().name("call-" + ++threads).daemon().unstarted(task);
    }

    ResponseItem await() throws InterruptedException {
      try {
        return task.get();
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case InterruptedException _ -> throw new InterruptedException();
          case RuntimeException it -> throw it;
          case Error it -> throw it;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }

    /// Waits for the thread's end even if interrupted: what it started is in good order then.
    void join() {
      var interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private ResponseItem answer(ResponseItem call, Runnable begun) throws InterruptedException {
    var tool = call.namespace() == null ? tools.get(call.name()) : null;
    try {
      if (tool == null) {
        throw new BadArguments("unsupported call: " + call.name());
      }
      return tool.call(call, begun).to(call);
    } catch (BadArguments e) {
      var message = String.valueOf(e.getMessage());
      items.trouble(tool == null ? message : call.name() + ": " + message);
      return call.answer(message);
    } catch (IllegalStateException e) {
      // The record can no longer be kept: that ends the run, not the call.
      throw e;
    } catch (RuntimeException bug) {
      // The boundary of one call: whatever it is, the model is told and the run goes on.
      log().log(System.Logger.Level.ERROR, "a tool has a bug", bug);
      items.trouble(call.name() + " failed: a defect of the orchestrator: " + bug);
      return call.answer(call.name() + " failed: internal error");
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Toolbox.class.getName());
  }
}
