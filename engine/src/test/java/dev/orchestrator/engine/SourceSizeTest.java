package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// A file that needs more room than this is two files.
class SourceSizeTest {
  private static final int MOST_LINES = 500;
  private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> NOT_OURS = Set.of("target", ".git", ".runs", "node_modules");

  @Test
  void holds_for_every_source_of_the_repository() throws Exception {
    var lines = linesOfSources();

    assertThat(lines).hasSizeGreaterThan(100);
    lines.values().removeIf(it -> it <= MOST_LINES);
    assertThat(lines).as("files over %d lines", MOST_LINES).isEmpty();
  }

  private static Map<Path, Long> linesOfSources() throws IOException {
    var found = new TreeMap<Path, Long>();
    Files.walkFileTree(
        REPOSITORY,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes it) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes it) throws IOException {
            var name = file.getFileName().toString();
            if (name.endsWith(".java") || name.endsWith(".sh")) {
              try (var lines = Files.lines(file)) {
                found.put(REPOSITORY.relativize(file), lines.count());
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
