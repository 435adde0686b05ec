package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.Event.OutputSkipped;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Turns a channel's bytes into facts: pieces of whole characters while the readers keep up, one
/// gap for everything they could not take.
///
/// Pieces and gaps together cover every byte exactly once, in order.
///
/// Confined to the session's thread.
final class Chunker {
  /// Most bytes in one piece.
  static final int CHUNK_BYTES = 8 * 1024;

  private final EventSink events;
  private final ReaderPace pace;
  private final SessionId session;
  private final Channel channel;
  private final @Nullable Path spool;

  /// The beginning of a character whose end has not come yet, then the bytes at hand.
  private final byte[] piece = new byte[CHUNK_BYTES];

  private int size;

  /// Offset of `piece[0]`, or of the next byte.
  private long offset;

  private long gapStart = -1;
  private long gaps;
  private long bytesSkipped;

  Chunker(
      EventSink events, ReaderPace pace, SessionId session, Channel channel, @Nullable Path spool) {
    this.events = events;
    this.pace = pace;
    this.session = session;
    this.channel = channel;
    this.spool = spool;
  }

  /// Takes the next bytes and tells about all of them but an unfinished character.
  void append(byte[] bytes, int length) {
    var from = 0;
    while (from < length) {
      var count = Math.min(length - from, CHUNK_BYTES - size);
      System.arraycopy(bytes, from, piece, size, count);
      size += count;
      from += count;
      if (size == CHUNK_BYTES || from == length) {
        tell(Utf8.wholeCharacters(piece, 0, size));
      }
    }
  }

  /// Whether an unfinished character waits for its end.
  boolean isHolding() {
    return size > 0;
  }

  /// Tells about what is left, finished or not.
  void flush() {
    tell(size);
  }

  /// Tells about the last bytes, or about the gap they end in.
  void finish() {
    flush();
    closeGap();
  }

  private void tell(int length) {
    if (length == 0) {
      return;
    }
    if (pace.tryTake(length)) {
      closeGap();
      var isText = Utf8.isValid(piece, 0, length);
      events.publish(
          new OutputAppended(session, channel, offset, Bytes.copyOf(piece, 0, length), isText));
    } else if (gapStart < 0) {
      gapStart = offset;
    }
    offset += length;
    size -= length;
    System.arraycopy(piece, length, piece, 0, size);
  }

  long gaps() {
    return gaps;
  }

  long bytesSkipped() {
    return bytesSkipped;
  }

  private void closeGap() {
    if (gapStart >= 0) {
      gaps++;
      bytesSkipped += offset - gapStart;
      events.publish(new OutputSkipped(session, channel, gapStart, offset, spool));
      gapStart = -1;
    }
  }
}
