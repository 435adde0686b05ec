package dev.orchestrator.engine.plan;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a shell may be at a point of a script.
///
/// @param folder null if that cannot be told
/// @param isReached false behind `exit` and its like
record Place(@Nullable Path folder, boolean isReached) {
  static final Place UNKNOWN = new Place(null, true);
  static final Place NEVER = new Place(null, false);

  static Place at(Path folder) {
    return new Place(folder.toAbsolutePath().normalize(), true);
  }

  /// Where it is if it came here on one of two ways.
  Place or(Place other) {
    if (!isReached) {
      return other;
    }
    return !other.isReached || equals(other) ? this : UNKNOWN;
  }

  /// A file as it is named here; null if that cannot be told.
  @Nullable Path resolve(Command.Word name) {
    if (!name.isLiteral() || name.text().isEmpty()) {
      return null;
    }
    try {
      var file = Path.of(name.text());
      if (file.isAbsolute()) {
        return file.normalize();
      }
      return folder == null ? null : folder.resolve(file).normalize();
    } catch (InvalidPathException e) {
      return null;
    }
  }

  Place enter(Command.Word name) {
    var target = resolve(name);
    return target == null ? UNKNOWN : at(target);
  }

  /// Where a shell is after a command, by how the command ended.
  record After(Place success, Place failure) {
    static final After NEVER = new After(Place.NEVER, Place.NEVER);

    static After still(Place it) {
      return new After(it, it);
    }

    Place either() {
      return success.or(failure);
    }

    After or(After other) {
      return new After(success.or(other.success), failure.or(other.failure));
    }
  }
}
