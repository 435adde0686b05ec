package dev.orchestrator.engine.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A folder's project. Immutable.
///
/// @param folders from the project's root down to the folder; the folder alone if there is no root
/// @param root nearest folder above, or the folder itself, that holds a marker
/// @param repository root of the git work tree, if the folder is in one
record ProjectPlaces(List<Path> folders, Optional<Path> root, Optional<Path> repository) {
  private static final String GIT = ".git";

  static ProjectPlaces of(Path cwd, List<String> markers) {
    var root = above(cwd, markers);
    var folders = new ArrayList<Path>();
    if (root.isPresent()) {
      for (var it = cwd; it != null && it.startsWith(root.get()); it = it.getParent()) {
        folders.addFirst(it);
      }
    } else {
      folders.add(cwd);
    }
    return new ProjectPlaces(folders, root, above(cwd, List.of(GIT)));
  }

  private static Optional<Path> above(Path cwd, List<String> markers) {
    for (var folder = cwd; folder != null && !markers.isEmpty(); folder = folder.getParent()) {
      for (var marker : markers) {
        if (isMarked(folder, marker)) {
          return Optional.of(folder);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isMarked(Path folder, String marker) {
    // A marker is a name, so that `..` and the like mark nothing.
    if (marker.isEmpty() || marker.indexOf('/') >= 0 || marker.indexOf('\0') >= 0) {
      return false;
    }
    var file = folder.resolve(marker);
    // As git itself: an empty folder of that name, such as a sandbox puts there, is no repository.
    return marker.equals(GIT)
        ? Files.isRegularFile(file) || Files.exists(file.resolve("HEAD"))
        : Files.exists(file);
  }

  /// What `[projects."<path>"]` may be called here, the most precise first.
  List<String> names() {
    var names = new ArrayList<String>();
    for (var it : List.of(Optional.of(folders.getLast()), repository)) {
      it.ifPresent(path -> {
        names.add(path.toString());
        names.add(real(path).toString());
      });
    }
    return names;
  }

  /// What the user would have to trust.
  Path main() {
    return real(repository.orElse(folders.getLast()));
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException _) {
      return path;
    }
  }
}
