package dev.orchestrator.engine.thread;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/// Where rollouts lie: `YYYY/MM/DD/rollout-YYYY-MM-DDTHH-MM-SS-<thread>.jsonl`, in UTC. Only their
/// owner may read them.
final class Folders {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss").withZone(ZoneOffset.UTC);
  private static final Pattern FILE =
      Pattern.compile(
          "rollout-\\d{4}-\\d\\d-\\d\\dT\\d\\d-\\d\\d-\\d\\d-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})\\.jsonl");
  private static final Pattern DIGITS = Pattern.compile("\\d{2,4}");
  private static final int LEVELS = 4;

  private Folders() {}

  /// A rollout by its name.
  ///
  /// @param updated when it was last written
  record Found(UUID thread, Path file, FileTime updated) {}

  static Path file(Path folder, UUID thread, Instant at) {
    return folder
        .resolve(DAY.format(at))
        .resolve("rollout-%s-%s.jsonl".formatted(SECOND.format(at), thread));
  }

  /// Makes an empty file, and the folders it lies in.
  static void create(Path file) throws IOException {
    var folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder, mode("rwx------"));
    }
    Files.createFile(file, mode("rw-------"));
  }

  private static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  /// All rollouts, the last written one first. What cannot be looked at is left out.
  static List<Found> all(Path folder) throws IOException {
    var found = new ArrayList<Found>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    // The folder itself may be a link, but nothing below it.
    var root = folder.toRealPath();
    Files.walkFileTree(
        root,
        EnumSet.noneOf(java.nio.file.FileVisitOption.class),
        LEVELS,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path it, BasicFileAttributes attributes) {
            return it.equals(root) || DIGITS.matcher(it.getFileName().toString()).matches()
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path it, BasicFileAttributes attributes) {
            var name = FILE.matcher(it.getFileName().toString());
            if (attributes.isRegularFile() && name.matches()) {
              found.add(
                  new Found(UUID.fromString(name.group(1)), it, attributes.lastModifiedTime()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path it, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(
        Comparator.comparing(Found::updated).thenComparing(it -> it.file().toString()).reversed());
    return found;
  }

  static boolean isFile(Path file) {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
  }
}
