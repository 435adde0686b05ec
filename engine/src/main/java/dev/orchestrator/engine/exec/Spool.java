package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.ChannelTotal.Loss;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All bytes of a session on disk, up to a cap.
///
/// ```
/// s1.stdout            first half of the cap: the head
/// s1.stdout.<offset>   the tail, in pieces named after the offset of their first byte;
///                      when the tail is full its oldest piece is deleted
/// ```
///
/// Channels share the cap in the order in which their bytes arrive. What is not kept is declared by
/// [#lost]: kept and lost bytes together are the bytes written, always. When the disk refuses, the
/// spool stops for good, gives back [#ROOM_FOR_JOURNAL_BYTES] so that the run's record can still be
/// finished, and everything after that is declared lost with the disk's reason.
///
/// Confined to the session's thread until the session is over.
public final class Spool {
  /// Bytes per session unless the user says otherwise: 1 GiB.
  public static final long DEFAULT_CAP_BYTES = 1L << 30;

  private static final long ROOM_FOR_JOURNAL_BYTES = 256 * 1024;
  private static final long MOST_ROOM_FOR_JOURNAL_BYTES = 4 * 1024 * 1024;
  private static final int TAIL_PIECES = 16;

  private final @Nullable Path folder;
  private final SessionId session;
  private final long headBytes;
  private final long tailBytes;

  // Owned by the session's thread.
  private final Map<Channel, Track> tracks = new EnumMap<>(Channel.class);
  private final Deque<Piece> tail = new ArrayDeque<>();
  private long headUsed;
  private long tailUsed;
  private @Nullable String stopped;

  /// Opens a spool; files are made when the first byte comes.
  ///
  /// @param folder where to keep the files; null to keep nothing
  /// @param capBytes most bytes kept; 0 or more
  Spool(@Nullable Path folder, SessionId session, long capBytes) {
    this.folder = folder;
    this.session = session;
    this.headBytes = capBytes - capBytes / 2;
    this.tailBytes = capBytes / 2;
    this.stopped = folder == null ? "ephemeral" : null;
  }

  /// What is known of one channel.
  private static final class Track {
    private long written;
    private long kept;
    private final List<Loss> lost = new ArrayList<>();
    private @Nullable Piece open;
  }

  /// A file and where in the channel it starts.
  private static final class Piece {
    private final Channel channel;
    private final Path file;
    private final FileChannel out;
    private final long offset;
    private final boolean head;
    private long size;

    Piece(Channel channel, Path file, long offset, boolean head) throws IOException {
      this.channel = channel;
      this.file = file;
      this.offset = offset;
      this.head = head;
      Files.createDirectories(file.getParent());
      this.out =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
    }
  }

  /// Takes the next bytes of a channel. Never throws: what cannot be kept is declared lost.
  void append(Channel channel, byte[] bytes, int length) {
    var track = track(channel);
    var done = 0;
    while (done < length) {
      if (stopped != null) {
        lose(track, track.written, track.written + length - done, stopped);
        track.written += length - done;
        return;
      }
      done += keep(channel, track, bytes, done, length - done);
    }
  }

  /// @return how many bytes were dealt with; 0 only if the spool has stopped
  private int keep(Channel channel, Track track, byte[] bytes, int from, int length) {
    var inHead = headUsed < headBytes;
    if (!inHead && tailBytes == 0) {
      lose(track, track.written, track.written + length, "cap");
      track.written += length;
      return length;
    }
    if (!inHead && length > tailBytes) {
      return skip(track, length);
    }
    var done = 0;
    try {
      var piece = piece(channel, track, inHead);
      var room = inHead ? headBytes - headUsed : pieceBytes() - piece.size;
      var count = (int) Math.min(room, length);
      write(piece, bytes, from, count);
      track.written += count;
      track.kept += count;
      if (inHead) {
        headUsed += count;
      } else {
        tailUsed += count;
      }
      done = count;
      forgetOldest(tailBytes);
    } catch (IOException e) {
      stop(e);
    }
    return done;
  }

  /// Bytes that would only be pushed out of the tail by those that come right after them.
  ///
  /// @return how many of the given bytes were passed over
  private int skip(Track track, int length) {
    var passed = (int) (length - tailBytes);
    try {
      forgetOldest(0);
    } catch (IOException e) {
      stop(e);
      return 0;
    }
    lose(track, track.written, track.written + passed, "cap");
    track.written += passed;
    return passed;
  }

  private static void write(Piece piece, byte[] bytes, int from, int count) throws IOException {
    var buffer = ByteBuffer.wrap(bytes, from, count);
    while (buffer.hasRemaining()) {
      piece.out.write(buffer);
    }
    piece.size += count;
  }

  private long pieceBytes() {
    return Math.max(1, tailBytes / TAIL_PIECES);
  }

  private Piece piece(Channel channel, Track track, boolean inHead) throws IOException {
    var open = track.open;
    if (open != null && (inHead || (!open.head && open.size < pieceBytes()))) {
      return open;
    }
    if (open != null) {
      open.out.close();
    }
    var name = fileName(channel);
    var piece =
        new Piece(
            channel,
            inHead || track.written == 0 ? name : Path.of(name + "." + track.written),
            track.written,
            inHead);
    track.open = piece;
    if (!inHead) {
      tail.addLast(piece);
    }
    return piece;
  }

  private void forgetOldest(long most) throws IOException {
    while (tailUsed > most) {
      var oldest = tail.removeFirst();
      oldest.out.close();
      Files.deleteIfExists(oldest.file);
      tailUsed -= oldest.size;
      var track = track(oldest.channel);
      if (track.open == oldest) {
        track.open = null;
      }
      track.kept -= oldest.size;
      lose(track, oldest.offset, oldest.offset + oldest.size, "cap");
    }
  }

  private static void lose(Track track, long from, long to, String reason) {
    if (from == to) {
      return;
    }
    var last = track.lost.isEmpty() ? null : track.lost.getLast();
    if (last != null && last.to() == from && last.reason().equals(reason)) {
      track.lost.set(track.lost.size() - 1, new Loss(last.from(), to, reason));
    } else {
      track.lost.add(new Loss(from, to, reason));
    }
  }

  /// The disk refused. A partly written file is cut back to what is known to be in it, less the
  /// room that the journal needs for the rest of its story.
  private void stop(IOException why) {
    var message = why.getMessage();
    stopped = message == null ? why.getClass().getSimpleName() : message;
    var largest =
        tracks.values().stream().mapToLong(it -> it.open == null ? 0 : it.open.size).max();
    var room =
        Math.clamp(largest.orElse(0) / 2, ROOM_FOR_JOURNAL_BYTES, MOST_ROOM_FOR_JOURNAL_BYTES);
    for (var track : tracks.values()) {
      var piece = track.open;
      if (piece == null) {
        continue;
      }
      var given = Math.min(room, piece.size);
      try {
        piece.out.truncate(piece.size - given);
      } catch (IOException _) {
        continue; // Nothing was given back; what is in the file stays declared as kept.
      }
      piece.size -= given;
      track.kept -= given;
      lose(track, piece.offset + piece.size, track.written, stopped);
      room -= given;
    }
  }

  private Track track(Channel channel) {
    return tracks.computeIfAbsent(channel, _ -> new Track());
  }

  /// Whether more than the cap has been written, kept or not.
  boolean isCapped() {
    var written = 0L;
    for (var track : tracks.values()) {
      written += track.written;
    }
    return written > headBytes + tailBytes;
  }

  /// Why the spool stopped before the session ended; null if it did not.
  public @Nullable String failure() {
    return folder == null ? null : stopped;
  }

  /// Bytes a channel has written.
  long written(Channel channel) {
    return track(channel).written;
  }

  /// Bytes of a channel that are in files.
  long kept(Channel channel) {
    return track(channel).kept;
  }

  /// Ranges of a channel that are not, in order.
  List<Loss> lost(Channel channel) {
    return List.copyOf(track(channel).lost);
  }

  /// The channel's first file, once it has written something; null if nothing is to be kept.
  @Nullable Path file(Channel channel) {
    return folder == null || headBytes == 0 ? null : fileName(channel);
  }

  private Path fileName(Channel channel) {
    if (folder == null) {
      throw new IllegalStateException("an ephemeral session has no files");
    }
    return folder.resolve(session + "." + channel.name().toLowerCase(Locale.ROOT));
  }

  /// Closes the files.
  void close() {
    for (var track : tracks.values()) {
      var open = track.open;
      if (open != null) {
        try {
          open.out.close();
        } catch (IOException e) {
          stopped = e.getMessage();
        }
      }
    }
  }
}
