package dev.orchestrator.headless;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Subscriber;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// A turn as a person sees it, in the manner of `codex exec` without `--json`: the story on
/// standard error, the last message, once, on standard output.
///
/// The bus hands facts over and goes on; a thread of this class, `human`, writes. When
/// [#MOST_FACTS] of them are unread the bus waits; output of commands is not among them.
///
/// Safe from any thread.
public final class HumanOutput implements Subscriber, AutoCloseable {
  private static final int MOST_FACTS = 1000;
  private static final long TICK_NANOS = Duration.ofMillis(500).toNanos();
  private static final int STACK_BYTES = 512 * 1024;

  private final HumanScreen screen;
  private final boolean ticks;
  private final InstantSource clock;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final Deque<Envelope> queue = new ArrayDeque<>();
  private boolean closed;
  private boolean gone;
  private boolean idle;

  /// What stands above the story.
  ///
  /// @param program name and version
  /// @param sandbox what is confined, in Codex's words: `workspace-write [workdir, /tmp]`
  /// @param prompt what the turn begins with
  public record Header(
      String program,
      Path directory,
      String model,
      String provider,
      String approval,
      String sandbox,
      String reasoningEffort,
      String reasoningSummaries,
      String prompt) {}

  /// How it looks.
  ///
  /// @param errTerminal whether standard error is a terminal: what is waited for is shown on it
  /// @param outTerminal whether standard output is one; if both are, the message is not repeated
  /// @param quiet whether only errors and the message are shown
  /// @param thinking whether the model's thinking is shown
  /// @param prompts whether questions are asked on the same terminal
  public record Look(
      boolean colour,
      boolean errTerminal,
      boolean outTerminal,
      boolean quiet,
      boolean thinking,
      boolean prompts) {

    /// Whether there are colours.
    ///
    /// @param when `always`, `never` or `auto`: on terminals, unless the variables are against it
    /// @param noColor the variable `NO_COLOR`; null if it is not set. Any value counts, an empty
    ///   one too
    /// @param term the variable `TERM`; null if it is not set
    public static boolean usesColour(
        String when, boolean errTerminal, @Nullable String noColor, @Nullable String term) {
      return switch (when) {
        case "always" -> true;
        case "never" -> false;
        default -> errTerminal && noColor == null && !"dumb".equals(term);
      };
    }
  }

  private HumanOutput(HumanScreen screen, boolean ticks, InstantSource clock) {
    this.screen = screen;
    this.ticks = ticks;
    this.clock = clock;
    this.writer =
        Thread.ofPlatform().name("human").stackSize(STACK_BYTES).daemon().unstarted(this::write);
  }

  /// Starts writing.
  ///
  /// @param out standard output, which nobody else writes, and which says when it cannot be written
  /// @param columns how wide the terminal is, if standard error is one
  /// @param clock the one that the times of facts are from
  public static HumanOutput start(
      OutputStream out,
      OutputStream err,
      Header header,
      Look look,
      IntSupplier columns,
      InstantSource clock) {
    var output =
        new HumanOutput(
            new HumanScreen(out, err, header, look, columns),
            look.errTerminal() && !look.quiet(),
            clock);
    output.writer.start();
    return output;
  }

  /// Where a desk that asks on the same terminal should tell its facts: the terminal is left alone
  /// from before a question is shown until it is closed, and for as long as any is open.
  public EventSink ahead(EventSink next) {
    return event -> {
      switch (event) {
        case Event.ApprovalRequested it -> {
          screen.lend(it.question().id());
          try {
            next.publish(it);
          } catch (RuntimeException e) {
            screen.giveBack(it.question().id());
            throw e;
          }
        }
        case Event.ApprovalResolved it -> {
          screen.giveBack(it.question());
          next.publish(it);
        }
        case Event it -> next.publish(it);
      }
    };
  }

  @Override
  public void accept(Envelope envelope, boolean last) throws InterruptedException {
    if (envelope.event() instanceof Event.OutputAppended
        || envelope.event() instanceof Event.Heartbeat) {
      return;
    }
    lock.lock();
    try {
      while (queue.size() >= MOST_FACTS && !gone) {
        changed.await();
      }
      if (!gone) {
        queue.add(envelope);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void write() {
    try {
      for (var batch = next(); batch != null; batch = next()) {
        batch.forEach(screen::take);
        if (ticks && batch.isEmpty()) {
          screen.tick(clock.instant());
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException bug) {
      // Nobody waits for this thread's exception; whoever waits for its text must not wait on.
      log().log(System.Logger.Level.ERROR, "a fact could not be shown", bug);
    } finally {
      leave();
    }
  }

  /// What has come since, nothing if it is time to look at the clock; null when it is over.
  private @Nullable List<Envelope> next() throws InterruptedException {
    lock.lock();
    try {
      var left = ticks ? TICK_NANOS : Long.MAX_VALUE;
      while (queue.isEmpty() && !closed && left > 0) {
        idle = true;
        changed.signalAll();
        left = changed.awaitNanos(left);
      }
      if (queue.isEmpty() && closed) {
        return null;
      }
      idle = queue.isEmpty();
      var batch = new ArrayList<>(queue);
      queue.clear();
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      gone = true;
      queue.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything handed over has been written.
  ///
  /// @param patience how long at most
  /// @return whether it was, all of it
  public boolean drain(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      var left = patience.toNanos();
      while (!gone && !(idle && queue.isEmpty())) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return !gone && screen.isOutWhole();
    } finally {
      lock.unlock();
    }
  }

  /// Writes nothing more after what was handed over. Does not wait.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(HumanOutput.class.getName());
  }
}
