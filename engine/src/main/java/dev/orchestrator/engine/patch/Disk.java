package dev.orchestrator.engine.patch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Files of text, read and written whole. Safe from any thread; blocks on the disk.
final class Disk {
  /// Beyond this no file is changed.
  static final int MOST_BYTES = 8 * 1024 * 1024;

  private Disk() {}

  /// By what a change of a file is noticed.
  ///
  /// @param identity of the file behind the path; null for nothing
  record Stamp(FileKind kind, long size, @Nullable FileTime changed, @Nullable Object identity) {}

  /// @throws IOException if that cannot be told
  static Stamp stamp(Path path) throws IOException {
    try {
      var it = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Stamp(kind(it), it.size(), it.lastModifiedTime(), it.fileKey());
    } catch (NoSuchFileException _) {
      return new Stamp(FileKind.NOTHING, 0, null, null);
    }
  }

  private static FileKind kind(BasicFileAttributes it) {
    if (it.isSymbolicLink()) {
      return FileKind.LINK;
    }
    if (it.isDirectory()) {
      return FileKind.FOLDER;
    }
    return it.isRegularFile() ? FileKind.FILE : FileKind.OTHER;
  }

  /// The content of a regular file.
  ///
  /// @throws IOException if it cannot be read, is not UTF-8 or longer than [#MOST_BYTES]
  static String read(Path file) throws IOException {
    byte[] bytes;
    try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new IOException("it is longer than %d bytes".formatted(MOST_BYTES));
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /// Puts a file in place in one step, making folders first. A link or file that stands there is
  /// replaced, not written through.
  ///
  /// @param like whose permissions it gets; the system's default if nothing is there
  /// @throws IOException if that is not possible; the file is then as it was
  static void write(Path file, String content, Path like) throws IOException {
    var folder = Objects.requireNonNull(file.getParent(), "the root is a folder");
    var bytes = content.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MOST_BYTES) {
      throw new IOException("it would be longer than %d bytes".formatted(MOST_BYTES));
    }
    var permissions = permissions(like);
    Files.createDirectories(folder);
    var draft = folder.resolve(".patch-" + UUID.randomUUID());
    try {
      // From its first byte on it is no more readable than what it replaces.
      try (var out =
          Files.newByteChannel(
              draft,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              attributes(permissions))) {
        var rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
      }
      if (permissions != null) {
        Files.setPosixFilePermissions(draft, permissions);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
  }

  private static @Nullable Set<PosixFilePermission> permissions(Path like) throws IOException {
    return stamp(like).kind() == FileKind.FILE ? Files.getPosixFilePermissions(like) : null;
  }

  private static FileAttribute<?>[] attributes(@Nullable Set<PosixFilePermission> permissions) {
    return permissions == null
        ? new FileAttribute<?>[0]
        : new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)};
  }

  /// Why something failed, in the words that Codex has from its operating system.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "No such file or directory (os error 2)";
      case AccessDeniedException _ -> "Permission denied (os error 13)";
      case NotDirectoryException _ -> "Not a directory (os error 20)";
      case CharacterCodingException _ -> "stream did not contain valid UTF-8";
      case FileSystemException it
          when it.getReason() != null && it.getReason().equals("Not a directory") ->
          "Not a directory (os error 20)";
      case FileSystemException it when it.getReason() != null -> it.getReason();
      case FileSystemException it -> it.getClass().getSimpleName();
      default -> String.valueOf(e.getMessage());
    };
  }
}
