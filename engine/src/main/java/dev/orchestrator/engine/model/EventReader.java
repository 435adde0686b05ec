package dev.orchestrator.engine.model;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Server-sent events out of pieces of a stream (WHATWG HTML, section 9.2.6).
///
/// Only `data` is kept, and only until its event is complete; other fields and comments are passed
/// over without being stored. An event that the stream breaks off in is none.
///
/// Confined to one thread.
final class EventReader {
  private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final int OTHER = -1;
  private static final int FIRST_BYTES = 8 * 1024;
  private static final int KEPT_BYTES = 256 * 1024;

  private final int mostBytes;
  private final Sink sink;
  private byte[] data = new byte[FIRST_BYTES];
  private int size;
  private boolean hasData;

  /// How many bytes of the stream's beginning were those of a byte order mark.
  private int mark;

  /// How many letters of `data` the line begins with; [#OTHER] if it is about something else.
  private int matched;

  private boolean inValue;
  private boolean atValueStart;
  private boolean lineEmpty = true;
  private boolean afterReturn;

  /// Hears events.
  interface Sink {
    /// Takes an event.
    ///
    /// @param data begins with the event's data; changes after the call
    /// @return whether no more is wanted
    boolean event(byte[] data, int length) throws ModelFailure;
  }

  /// An event has more bytes than may be.
  static final class TooLarge extends Exception {
    private static final long serialVersionUID = 1;
  }

  EventReader(int mostBytes, Sink sink) {
    this.mostBytes = mostBytes;
    this.sink = sink;
  }

  /// Takes a piece.
  ///
  /// @return whether no more is wanted
  boolean feed(ByteBuffer piece) throws ModelFailure, TooLarge {
    while (piece.hasRemaining()) {
      if (inValue && !atValueStart) {
        appendRun(piece);
        if (!piece.hasRemaining()) {
          return false;
        }
      }
      if (take(piece.get())) {
        return true;
      }
    }
    return false;
  }

  private boolean take(byte it) throws ModelFailure, TooLarge {
    if (mark < BOM.length) {
      if (it == BOM[mark]) {
        mark++;
        return false;
      }
      mark = BOM.length;
    }
    var wasAfterReturn = afterReturn;
    afterReturn = it == '\r';
    if (it == '\r' || it == '\n') {
      // CR LF is one line end.
      return (it == '\r' || !wasAfterReturn) && endLine();
    }
    lineEmpty = false;
    if (inValue) {
      // One space after the colon does not count.
      if (!atValueStart || it != ' ') {
        append(it);
      }
      atValueStart = false;
    } else if (matched == DATA.length && it == ':') {
      beginValue();
    } else if (matched != OTHER && matched < DATA.length && it == DATA[matched]) {
      matched++;
    } else {
      matched = OTHER;
    }
    return false;
  }

  private void beginValue() throws TooLarge {
    inValue = true;
    atValueStart = true;
    if (hasData) {
      append((byte) '\n');
    }
    hasData = true;
  }

  private boolean endLine() throws ModelFailure, TooLarge {
    var wasEmpty = lineEmpty;
    if (!inValue && matched == DATA.length) {
      beginValue();
    }
    lineEmpty = true;
    inValue = false;
    atValueStart = false;
    matched = 0;
    return wasEmpty && endEvent();
  }

  private boolean endEvent() throws ModelFailure {
    var had = hasData;
    var length = size;
    hasData = false;
    size = 0;
    var enough = had && sink.event(data, length);
    if (data.length > KEPT_BYTES) {
      data = new byte[FIRST_BYTES];
    }
    return enough;
  }

  private void append(byte it) throws TooLarge {
    reserve(1);
    data[size++] = it;
  }

  /// Takes all up to the line's end.
  private void appendRun(ByteBuffer piece) throws TooLarge {
    var end = piece.position();
    while (end < piece.limit() && piece.get(end) != '\n' && piece.get(end) != '\r') {
      end++;
    }
    var count = end - piece.position();
    reserve(count);
    piece.get(data, size, count);
    size += count;
  }

  private void reserve(int more) throws TooLarge {
    var needed = (long) size + more;
    if (needed > mostBytes) {
      throw new TooLarge();
    }
    if (needed > data.length) {
      data = Arrays.copyOf(data, (int) Math.min(mostBytes, Math.max(needed, 2L * data.length)));
    }
  }
}
