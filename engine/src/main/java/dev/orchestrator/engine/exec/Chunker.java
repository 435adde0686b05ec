package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.Event.OutputSkipped;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

  /// From so many pieces on, they are told without waiting for more. Telling wakes the readers up,
  /// which takes longer than making a piece.
  private static final int MANY = 32;

  private static final long GATHER_NANOS = Duration.ofMillis(3).toNanos();
  private static final long UNFINISHED_NANOS = Duration.ofMillis(100).toNanos();

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
  private long toldNanos = System.nanoTime() - GATHER_NANOS;
  private long appendedNanos;

  /// Facts that nobody has been told yet, in their order.
  private final List<Event> untold = new ArrayList<>();

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

  /// Takes the next bytes, and cuts full pieces off. What has been cut off is told by [#tell].
  ///
  /// @param from place of the first byte in the array
  /// @param now by [System#nanoTime]
  void append(byte[] bytes, int from, int length, long now) {
    var at = from;
    while (at < from + length) {
      var count = Math.min(from + length - at, CHUNK_BYTES - size);
      System.arraycopy(bytes, at, piece, size, count);
      size += count;
      at += count;
      if (size == CHUNK_BYTES) {
        cut(Utf8.wholeCharacters(piece, 0, size));
      }
    }
    appendedNanos = now;
  }

  /// Tells what there is, unless something was told a moment ago: then it waits for what may join
  /// it, so that a flood becomes few facts, told together.
  void tell(long now) {
    if (now - toldNanos >= GATHER_NANOS) {
      cut(Utf8.wholeCharacters(piece, 0, size));
      publish(now);
    } else if (untold.size() >= MANY) {
      publish(now);
    }
  }

  /// How long what is held back may still be: a moment for bytes that others may join, longer for a
  /// character whose end has not come.
  ///
  /// @return [Long#MAX_VALUE] if nothing is held back; 0 or less if it is due
  long nanosToFlush(long now) {
    if (!untold.isEmpty() || Utf8.wholeCharacters(piece, 0, size) > 0) {
      return toldNanos + GATHER_NANOS - now;
    }
    return size == 0 ? Long.MAX_VALUE : appendedNanos + UNFINISHED_NANOS - now;
  }

  /// Tells what is due: whole characters, and one whose end has not come for long.
  void flush(long now) {
    tell(now);
    if (nanosToFlush(now) <= 0) {
      cut(size);
      publish(now);
    }
  }

  /// Tells about the last bytes, or about the gap they end in.
  void finish() {
    cut(Utf8.wholeCharacters(piece, 0, size));
    cut(size);
    closeGap();
    publish(System.nanoTime());
  }

  private void cut(int length) {
    if (length == 0) {
      return;
    }
    if (pace.tryTake(length)) {
      closeGap();
      var isText = Utf8.isValid(piece, 0, length);
      untold.add(
          new OutputAppended(session, channel, offset, Bytes.copyOf(piece, 0, length), isText));
    } else if (gapStart < 0) {
      gapStart = offset;
    }
    offset += length;
    size -= length;
    System.arraycopy(piece, length, piece, 0, size);
  }

  private void publish(long now) {
    if (!untold.isEmpty()) {
      events.publishAll(untold);
      untold.clear();
      toldNanos = now;
    }
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
      untold.add(new OutputSkipped(session, channel, gapStart, offset, spool));
      gapStart = -1;
    }
  }
}
