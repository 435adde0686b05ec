package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.posix.PathLock;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.thread.Folders.Found;
import dev.orchestrator.engine.thread.Rollout.Content;
import dev.orchestrator.engine.thread.Rollout.Head;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// All threads of a home.
///
/// ```
/// <folder>/YYYY/MM/DD/rollout-YYYY-MM-DDTHH-MM-SS-<thread>.jsonl   one thread each, times in UTC
/// <folder>/names.jsonl                                             what threads are called
/// ```
///
/// A thread is found by its file's name and, for folder and provider, its first line; the rest is
/// read of the one that is wanted only. All methods block on the disk. Safe from any thread.
public final class ThreadStore {
  /// A fork of a fork of a fork.
  private static final int LONGEST_CHAIN = 64;

  /// Of a fork and all that it was forked from.
  private static final long LARGEST_CHAIN_BYTES = 2 * Rollout.LARGEST_BYTES;

  private final Path folder;
  private final InstantSource clock;
  private final Redaction redaction;
  private final Names names;

  /// @param folder where threads are kept, `sessions` in the orchestrator's home; made when needed
  /// @param redaction what must not reach a file
  public ThreadStore(Path folder, InstantSource clock, Redaction redaction) {
    this.folder = folder.toAbsolutePath().normalize();
    this.clock = clock;
    this.redaction = redaction;
    this.names = new Names(this.folder.resolve("names.jsonl"));
  }

  /// Begins a thread.
  ///
  /// @throws IOException if its file cannot be made
  public ThreadLog begin(ThreadMeta meta) throws IOException {
    return begin(meta, null);
  }

  /// Begins a thread whose history starts with another one's. Nothing is copied: the other one's
  /// file must stay. What is kept of the other one from now on does not count.
  ///
  /// @param meta of the new thread
  /// @throws IOException if its file cannot be made
  public ThreadLog fork(StoredThread from, ThreadMeta meta) throws IOException {
    return begin(meta, new Origin(from.meta().id(), from.nextOrdinal()));
  }

  private ThreadLog begin(ThreadMeta meta, @Nullable Origin origin) throws IOException {
    var file = Folders.file(folder, meta.id(), meta.at());
    try {
      Folders.create(file);
    } catch (IOException e) {
      throw new ThreadException(
          "the thread cannot be kept in %s: %s; give access to the folder, or run with --ephemeral"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    var log = open(file, meta.id(), 0, 0, origin == null ? 0 : origin.before());
    try {
      log.begin(meta, origin);
      return log;
    } catch (IOException | RuntimeException e) {
      log.close();
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /// Goes on with a thread in the same file. What was cut off at its end is removed.
  ///
  /// @throws ThreadException if another process has it, or it has changed since it was read
  public ThreadLog resume(StoredThread thread) throws IOException {
    if (!Folders.isFile(thread.file())) {
      throw new ThreadException(
          "%s of thread %s is gone; begin a new thread"
              .formatted(thread.file(), thread.meta().id()));
    }
    return open(
        thread.file(),
        thread.meta().id(),
        thread.bytes(),
        thread.wholeBytes(),
        thread.nextOrdinal());
  }

  private FileLog open(Path file, UUID id, long bytes, long end, long ordinal) throws IOException {
    var out = new RandomAccessFile(file.toFile(), "rw");
    Optional<PathLock> lock = Optional.empty();
    var isOpen = false;
    try {
      lock = PathLock.share(file.toRealPath());
      if (lock.isEmpty() || !lock.get().becomeOnly()) {
        throw new ThreadException(
            "thread %s is in use by another process; wait until that ends, or fork the thread"
                .formatted(id));
      }
      if (out.length() != bytes) {
        throw new ThreadException(
            "thread %s has gone on since it was read; resume it again".formatted(id));
      }
      if (end != bytes) {
        out.setLength(end);
      }
      isOpen = true;
      return new FileLog(id, file, out, lock.get(), end, ordinal, clock, redaction, names);
    } finally {
      if (!isOpen) {
        lock.ifPresent(PathLock::close);
        out.close();
      }
    }
  }

  /// A thread by its id.
  ///
  /// @throws ThreadException if it cannot be read
  public Optional<StoredThread> find(UUID id) throws IOException {
    var all = Folders.all(folder);
    var file = file(id, all);
    return file.isEmpty() ? Optional.empty() : Optional.of(read(file.get(), all));
  }

  /// The last written thread of a name.
  ///
  /// @param name the whole name
  /// @param cwd where the thread began; null for anywhere
  /// @throws ThreadException if it cannot be read
  public Optional<StoredThread> named(String name, @Nullable Path cwd) throws IOException {
    var now = names.read();
    return first(it -> isAt(it, cwd) && name.equals(nameOf(it.meta(), now)));
  }

  /// The last written thread.
  ///
  /// @param cwd where the thread began; null for anywhere
  /// @param provider what it began with; null for any
  /// @throws ThreadException if it cannot be read
  public Optional<StoredThread> latest(@Nullable Path cwd, @Nullable String provider)
      throws IOException {
    return first(
        it -> isAt(it, cwd) && (provider == null || provider.equals(it.meta().provider())));
  }

  private boolean isAt(Head head, @Nullable Path cwd) {
    // As it stands in the file.
    return cwd == null || Path.of(redaction.mask(cwd.toString())).equals(head.meta().cwd());
  }

  private Optional<StoredThread> first(Predicate<Head> wanted) throws IOException {
    var all = Folders.all(folder);
    for (var it : all) {
      var head = head(it);
      if (head.isPresent() && wanted.test(head.get())) {
        return Optional.of(read(it, all));
      }
    }
    return Optional.empty();
  }

  /// Threads, the last written one first. Those whose beginning cannot be read are left out.
  ///
  /// @param limit how many at most
  public List<ListedThread> list(int limit) throws IOException {
    var now = names.read();
    var listed = new ArrayList<ListedThread>();
    for (var it : Folders.all(folder)) {
      if (listed.size() >= limit) {
        break;
      }
      var head = head(it);
      if (head.isPresent()) {
        var meta = head.get().meta();
        listed.add(
            new ListedThread(
                meta.id(),
                nameOf(meta, now),
                meta.cwd(),
                meta.provider(),
                it.updated().toInstant(),
                Rollout.preview(it.file()),
                it.file()));
      }
    }
    return listed;
  }

  private static @Nullable String nameOf(ThreadMeta meta, Map<UUID, String> names) {
    var name = names.get(meta.id());
    return name == null ? meta.name() : name;
  }

  /// The beginning of a thread; empty if it is none, or that of another thread.
  private static Optional<Head> head(Found found) {
    try {
      return Optional.of(Rollout.head(found.file()))
          .filter(it -> it.meta().id().equals(found.thread()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Found> file(UUID id, List<Found> all) {
    return all.stream().filter(it -> it.thread().equals(id)).findFirst();
  }

  private StoredThread read(Found found, List<Found> all) throws IOException {
    var file = found.file();
    var head = Rollout.head(file);
    if (!head.meta().id().equals(found.thread())) {
      throw new ThreadException(
          "%s holds thread %s, which is not the one it is named after; move it away"
              .formatted(file, head.meta().id()));
    }
    var content = new Content();
    var bytes = Files.size(file);
    addOrigins(head, bytes, all, content);
    var wholeBytes = Rollout.read(file, Long.MAX_VALUE, content);
    var meta = head.meta();
    return new StoredThread(
        meta.withName(nameOf(meta, names.read())),
        head.origin(),
        Histories.complete(content.history),
        content.usage,
        content.last,
        file,
        found.updated().toInstant(),
        bytes,
        wholeBytes,
        content.nextOrdinal);
  }

  /// Adds what a fork has from the threads before it, the first of them first.
  private static void addOrigins(Head head, long bytes, List<Found> all, Content content)
      throws IOException {
    var chain = new ArrayList<Link>();
    var total = bytes;
    var child = head.meta().id();
    for (var origin = head.origin(); origin != null; ) {
      var parent = origin.thread();
      var found = file(parent, all);
      if (found.isEmpty()) {
        throw new ThreadException(
            "thread %s was forked from thread %s, whose file is gone; bring it back, or begin a new thread"
                .formatted(child, parent));
      }
      var file = found.get().file();
      total += Files.size(file);
      if (chain.size() >= LONGEST_CHAIN || total > LARGEST_CHAIN_BYTES) {
        throw new ThreadException(
            "thread %s was forked from more than %d threads or %,d bytes; begin a new thread"
                .formatted(head.meta().id(), LONGEST_CHAIN, LARGEST_CHAIN_BYTES));
      }
      chain.add(new Link(file, origin));
      origin = Rollout.head(file).origin();
      child = parent;
    }
    for (var it : chain.reversed()) {
      Rollout.read(it.file(), it.origin().before(), content);
      if (content.nextOrdinal != it.origin().before()) {
        throw new ThreadException(
            "%s ends before record %d, from which a thread was forked; bring back what is missing, or begin a new thread"
                .formatted(it.file(), it.origin().before()));
      }
    }
  }

  /// @param origin what of the file counts
  private record Link(Path file, Origin origin) {}
}
