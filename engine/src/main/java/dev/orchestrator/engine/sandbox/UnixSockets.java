package dev.orchestrator.engine.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/// The unix sockets that programs of this machine wait at, by path (`proc_net(5)`).
final class UnixSockets {
  private static final Path LIST = Path.of("/proc/self/net/unix");
  private static final int FIELDS_BEFORE_PATH = 7;

  /// Where names of hosts and users are looked up; asking there opens nothing.
  private static final Set<String> NAME_SERVICES =
      Set.of(
          "/run/systemd/resolve/io.systemd.Resolve", "/run/nscd/socket", "/var/lib/sss/pipes/nss");

  private UnixSockets() {}

  /// Sockets this user may write to, without those opened.
  ///
  /// @param opened paths without symbolic links
  static Set<Path> reachable(Set<Path> opened) {
    var sockets = new TreeSet<Path>();
    try (var lines = Files.lines(LIST, StandardCharsets.UTF_8)) {
      lines.forEach(line -> {
        var fields = line.strip().split(" +", FIELDS_BEFORE_PATH + 1);
        if (fields.length > FIELDS_BEFORE_PATH && fields[FIELDS_BEFORE_PATH].startsWith("/")) {
          var text = fields[FIELDS_BEFORE_PATH];
          var path = Path.of(text);
          if (!NAME_SERVICES.contains(text) && Files.isWritable(path)) {
            sockets.add(Confinements.real(path));
          }
        }
      });
    } catch (IOException | UncheckedIOException _) {
      return Set.of();
    }
    sockets.removeAll(opened);
    return sockets;
  }
}
