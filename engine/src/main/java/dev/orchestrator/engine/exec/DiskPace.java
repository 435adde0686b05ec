package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.ReaderPace;

/// A reader's pace that also minds a full disk: once the spool has stopped, only few more pieces of
/// output become facts, so that they do not use up what the journal needs to tell the end. Those
/// few show at once whether the journal can still be written at all.
///
/// Confined to the session's thread.
final class DiskPace implements ReaderPace {
  /// A piece is some 200 bytes in the journal, and the spool gives back 256 KiB.
  private static final int PIECES_AFTER_THE_SPOOL = 256;

  private final ReaderPace readers;
  private final Spool spool;
  private int left = PIECES_AFTER_THE_SPOOL;

  DiskPace(ReaderPace readers, Spool spool) {
    this.readers = readers;
    this.spool = spool;
  }

  @Override
  public boolean tryTake(int bytes) {
    return (spool.failure() == null || left-- > 0) && readers.tryTake(bytes);
  }
}
