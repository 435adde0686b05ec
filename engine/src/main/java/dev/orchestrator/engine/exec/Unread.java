package dev.orchestrator.engine.exec;

/// Output of a session that somebody takes piece by piece, in bounded memory: of what has not been
/// taken yet, the first and the last 512 KiB.
///
/// Safe from any thread.
public final class Unread {
  private HeadAndTail kept = new HeadAndTail();
  private long bytes;

  /// What came since the last time.
  ///
  /// @param text what is not UTF-8 is U+FFFD; with a line in it that says how much is left out
  /// @param bytes how many bytes came
  /// @param omitted how many of them are not in the text
  public record Piece(String text, long bytes, long omitted) {}

  synchronized void append(byte[] some, int length) {
    kept.append(some, length);
    bytes += length;
  }

  /// Takes it: what comes later begins anew.
  public synchronized Piece take() {
    var piece = new Piece(kept.text(), bytes, kept.omitted());
    kept = new HeadAndTail();
    bytes = 0;
    return piece;
  }
}
