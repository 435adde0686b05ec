package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.PathLock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// Places that keep a name from being taken: a mount needs something to be mounted on, so a name
/// that is missing and must stay so gets an empty folder or a fixed little file for a while.
///
/// Several runs share one: each holds a lock on it, and the last to go removes it. What a killed
/// run has left is known by its time, a second in 1973 that no other file has. The next run that
/// guards the same name removes it.
///
/// Confined to one thread at a time.
final class Guards implements AutoCloseable {
  private static final FileTime OURS = FileTime.from(Instant.parse("1973-11-29T21:33:09Z"));

  /// Whoever removes one is about to be done with it.
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(1);

  private static final int MOST_TRIES = 2000;

  private final List<Held> held = new ArrayList<>();

  private record Held(Path path, PathLock lock, String content) {}

  /// Makes sure that something is there to be mounted on.
  ///
  /// @param path absolute; its parent is a folder without symbolic links
  /// @param content what a guarding file says; empty for a folder
  /// @return whether something is there that can be mounted on; false for a symbolic link, and
  ///   where nothing can be made, which is where the command could make nothing either
  boolean hold(Path path, Optional<String> content) throws IOException {
    for (var tries = 0; tries < MOST_TRIES; tries++) {
      var found = attributes(path);
      if (found.isEmpty()) {
        if (!make(path, content)) {
          return false;
        }
      } else if (found.get().isSymbolicLink()) {
        return false;
      } else if (!couldBeOurs(path, found.get(), content)) {
        return true;
      }
      try {
        var lock = PathLock.share(path);
        if (lock.isPresent()) {
          held.add(new Held(path, lock.get(), content.orElse("")));
          return true;
        }
      } catch (AccessDeniedException _) {
        // Ours can be opened, so it is somebody else's.
        return true;
      }
      // Its last user is removing it, or has just done so.
      LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }
    throw new IOException("cannot protect " + path + ": it keeps coming and going");
  }

  private static Optional<BasicFileAttributes> attributes(Path path) {
    // Most names are missing, and to ask costs less than an exception.
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static boolean make(Path path, Optional<String> content) {
    try {
      if (content.isPresent()) {
        // Under another name first: nobody shall find it half made.
        var draft = Files.createTempFile(path.getParent(), ".guard-", ".tmp");
        try {
          Files.writeString(draft, content.get());
          Files.setLastModifiedTime(draft, OURS);
          Files.createLink(path, draft);
        } finally {
          Files.deleteIfExists(draft);
        }
      } else {
        Files.createDirectory(path);
        Files.setLastModifiedTime(path, OURS);
      }
      return true;
    } catch (FileAlreadyExistsException _) {
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether a place might be one of these; a folder may not have its time yet, so an empty one is
  /// locked to be sure.
  private static boolean couldBeOurs(
      Path path, BasicFileAttributes found, Optional<String> content) {
    if (found.isOther()) {
      return false;
    }
    if (found.isDirectory()) {
      return content.isEmpty() && isEmptyFolder(path);
    }
    return found.lastModifiedTime().equals(OURS)
        && content.isPresent()
        && found.size() == content.get().length();
  }

  private static boolean isEmptyFolder(Path path) {
    try (var entries = Files.newDirectoryStream(path)) {
      return !entries.iterator().hasNext();
    } catch (IOException _) {
      // One that is being removed this moment is ours; one that cannot be read will tell.
      return true;
    }
  }

  /// Lets go without tidying up, as the end of the process does.
  void abandon() {
    held.forEach(it -> it.lock().close());
    held.clear();
  }

  @Override
  public void close() {
    for (var it : held) {
      try (var lock = it.lock()) {
        if (lock.becomeOnly()) {
          removeIfOurs(it);
        }
      }
    }
    held.clear();
  }

  private static void removeIfOurs(Held it) {
    var found = attributes(it.path());
    if (found.isEmpty() || !found.get().lastModifiedTime().equals(OURS)) {
      return;
    }
    try {
      // A folder with something in it is not removed by this, whatever its time says.
      if (found.get().isDirectory() || found.get().size() == it.content().length()) {
        Files.delete(it.path());
      }
    } catch (IOException _) {
      // Somebody has put something there meanwhile, and it is theirs now.
    }
  }
}
