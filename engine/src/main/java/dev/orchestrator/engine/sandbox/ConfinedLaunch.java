package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.Launch;

/// The start of one command that is held, and the tidying up after it. Used once, by one thread at
/// a time.
public interface ConfinedLaunch extends Launch, AutoCloseable {
  /// Takes away what stood in the file system only for this command. Call it when everything the
  /// command has started is gone; a second call does nothing.
  @Override
  void close();
}
