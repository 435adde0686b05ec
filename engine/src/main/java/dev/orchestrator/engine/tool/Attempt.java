package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.sandbox.ConfinedLaunch;
import dev.orchestrator.engine.sandbox.Confinement;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One try of a call. Used by one thread.
public final class Attempt {
  private final CallId call;
  private final int number;
  private final Confinement confinement;
  private final Launch launch;
  private final Held held;

  /// What is to be closed after the attempt; null if nothing is, or somebody else does.
  private final AtomicReference<@Nullable ConfinedLaunch> closing;

  /// An attempt that leaves nothing to tidy up.
  public Attempt(CallId call, int number, Confinement confinement, Launch launch, Held held) {
    this.call = call;
    this.number = number;
    this.confinement = confinement;
    this.launch = launch;
    this.held = held;
    this.closing = new AtomicReference<>(launch instanceof ConfinedLaunch it ? it : null);
  }

  public CallId call() {
    return call;
  }

  /// From 1.
  public int number() {
    return number;
  }

  public Confinement confinement() {
    return confinement;
  }

  /// Starts its program so that the confinement holds.
  public Launch launch() {
    return launch;
  }

  /// The confinement, as facts tell it.
  public Held held() {
    return held;
  }

  /// Takes over the tidying up: what was started goes on when the attempt is over.
  ///
  /// @return to be run once everything that was started has ended
  public Runnable takeOver() {
    var it = closing.getAndSet(null);
    return it == null ? () -> {} : it::close;
  }

  /// Tidies up, unless somebody has taken that over.
  void close() {
    takeOver().run();
  }
}
