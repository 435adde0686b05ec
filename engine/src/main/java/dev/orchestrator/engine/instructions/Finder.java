package dev.orchestrator.engine.instructions;

import dev.orchestrator.engine.instructions.Instructions.Source;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.settings.Trust;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Finds and reads the files. Confined to one thread, used once.
final class Finder {
  private static final int MOST_READ_BYTES = 1024 * 1024;
  private static final List<String> NAMES = List.of("AGENTS.override.md", "AGENTS.md");
  private static final String BUDGET = "project_doc_max_bytes";

  private final Path codexHome;
  private final Path cwd;
  private final Settings settings;
  private final List<Source> sources = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  Finder(Path codexHome, Path cwd, Settings settings) {
    this.codexHome = codexHome;
    this.cwd = cwd;
    this.settings = settings;
  }

  /// A file as it was read.
  private static final class Found {
    private final Path path;
    private final byte[] bytes;

    /// Of the whole file, in bytes.
    private final long size;

    Found(Path path, byte[] bytes, long size) {
      this.path = path;
      this.bytes = bytes;
      this.size = size;
    }

    Source source(boolean project, int most) {
      var used = Math.min(bytes.length, most);
      return new Source(
          path,
          project,
          sha256(bytes),
          used,
          size - used,
          new String(Arrays.copyOf(bytes, used), StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] bytes) {
      try {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  Instructions find() {
    users().ifPresent(sources::add);
    var budget = settings.number(BUDGET).orElse(0L);
    if (settings.trust() != Trust.UNTRUSTED && budget > 0) {
      projects(budget);
    }
    var total = sources.stream().mapToLong(Source::bytesUsed).sum();
    if (total > budget && sources.stream().anyMatch(Source::project)) {
      warnings.add(
          "instructions are %d bytes together, more than the %d of %s"
              .formatted(total, budget, BUDGET));
    }
    return new Instructions(cwd, sources, warnings);
  }

  /// The first of the user's files that says something; it does not count against the budget.
  private Optional<Source> users() {
    for (var name : NAMES) {
      var source =
          usable(codexHome.resolve(name))
              .flatMap(this::read)
              .map(it -> it.source(false, MOST_READ_BYTES))
              .filter(it -> !it.text().isBlank());
      if (source.isPresent()) {
        if (source.get().bytesCut() > 0) {
          cut(source.get());
        }
        return source;
      }
    }
    return Optional.empty();
  }

  private void projects(long budget) {
    var left = budget;
    for (var folder : settings.projectFolders()) {
      var found = first(folder).flatMap(this::read);
      if (found.isEmpty()) {
        continue;
      }
      var source = found.get().source(true, (int) Math.min(left, MOST_READ_BYTES));
      if (source.bytesCut() > 0) {
        cut(source);
      }
      sources.add(source);
      left -= source.bytesUsed();
    }
  }

  private void cut(Source it) {
    warnings.add(
        it.bytesUsed() == 0
            ? "%s is left out: its %d bytes are more than %s leaves"
                .formatted(it.path(), it.bytesCut(), BUDGET)
            : "%s is cut to %d bytes; %d bytes are more than %s leaves"
                .formatted(it.path(), it.bytesUsed(), it.bytesCut(), BUDGET));
  }

  /// At most one file of a folder counts.
  private Optional<Path> first(Path folder) {
    var names = new ArrayList<>(NAMES);
    names.addAll(settings.words("project_doc_fallback_filenames").orElse(List.of()));
    for (var name : names) {
      var file = inside(folder, name).flatMap(this::usable);
      if (file.isPresent() && mayFollow(file.get())) {
        return file;
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> inside(Path folder, String name) {
    try {
      var file = folder.resolve(name).normalize();
      return file.startsWith(folder) && !file.equals(folder) ? Optional.of(file) : Optional.empty();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  private Optional<Path> usable(Path file) {
    if (Files.isRegularFile(file)) {
      return Optional.of(file);
    }
    if (Files.exists(file) || Files.isSymbolicLink(file)) {
      warnings.add("%s is left out: it is no file".formatted(file));
    }
    return Optional.empty();
  }

  /// A link in a repository could lead to a secret, which the model would then be told; out of the
  /// project it is followed only if the user trusts that.
  private boolean mayFollow(Path file) {
    if (settings.trust() == Trust.TRUSTED) {
      return true;
    }
    try {
      var root = settings.projectFolders().getFirst().toRealPath();
      if (file.toRealPath().startsWith(root)) {
        return true;
      }
      warnings.add(
          "%s is left out: the link leads out of the project, which is not known to be trusted"
              .formatted(file));
    } catch (IOException e) {
      warnings.add("%s is left out: cannot be read: %s".formatted(file, e.getMessage()));
    }
    return false;
  }

  private Optional<Found> read(Path file) {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MOST_READ_BYTES);
      return Optional.of(new Found(file, bytes, Math.max(bytes.length, Files.size(file))));
    } catch (IOException e) {
      warnings.add("%s is left out: cannot be read: %s".formatted(file, e.getMessage()));
      return Optional.empty();
    }
  }
}
