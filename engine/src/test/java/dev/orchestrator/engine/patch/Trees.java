package dev.orchestrator.engine.patch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// A folder of texts as a map from names to contents.
final class Trees {
  private Trees() {}

  static void make(Path folder, Map<String, String> files) throws IOException {
    for (var it : files.entrySet()) {
      var file = folder.resolve(it.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, it.getValue());
    }
  }

  static Map<String, String> read(Path folder) throws IOException {
    var found = new TreeMap<String, String>();
    try (var all = Files.walk(folder)) {
      for (var it : all.filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS)).toList()) {
        found.put(folder.relativize(it).toString(), Files.readString(it));
      }
    }
    return found;
  }
}
