package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A confinement in the language of macOS's Seatbelt: everything is denied but what is named.
///
/// Paths are parameters (`-D NAME=value`), never text of the profile, so that no path can be taken
/// for a rule.
///
/// @param text the profile
/// @param parameters names used in the text, and the paths they stand for, in order
public record SeatbeltProfile(String text, Map<String, Path> parameters) {
  private static final String BASE =
      """
      (version 1)
      (deny default)
      (allow process-exec)
      (allow process-fork)
      (allow process-info* (target same-sandbox))
      (allow signal (target same-sandbox))
      (allow sysctl-read)
      (allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))
      (allow ipc-posix-sem)
      (allow pseudo-tty)
      (allow file-read* file-test-existence)
      (allow file-write-data (literal "/dev/null") (literal "/dev/zero"))
      (allow file-read* file-write* file-ioctl (literal "/dev/ptmx") (regex #"^/dev/ttys[0-9]+"))
      """;

  /// The profile of a confinement.
  public static SeatbeltProfile of(Confinement confinement) {
    return new Writer(confinement).write();
  }

  /// The words that hand it to `sandbox-exec`.
  public List<String> options() {
    var options = new ArrayList<>(List.of("-p", text));
    parameters.forEach((name, path) -> options.addAll(List.of("-D", name + "=" + path)));
    return options;
  }

  private static final class Writer {
    private final Confinement confinement;
    private final StringBuilder text = new StringBuilder(BASE);
    private final Map<String, Path> parameters = new LinkedHashMap<>();

    private Writer(Confinement confinement) {
      this.confinement = confinement;
    }

    private SeatbeltProfile write() {
      if (confinement.level() == Level.WORKSPACE_WRITE) {
        confinement.writable().forEach(this::root);
      }
      confinement.openings().forEach(this::opening);
      if (confinement.network()) {
        text.append("(allow network*)\n");
      }
      // Last, because the last rule that fits decides.
      for (var folder : confinement.untouchable()) {
        text.append("(deny file-read* file-write* %s)\n".formatted(below("CLOSED", folder)));
      }
      return new SeatbeltProfile(text.toString(), Collections.unmodifiableMap(parameters));
    }

    private void root(Path root) {
      text.append("(allow file-write* %s)\n".formatted(below("ROOT", root)));
      for (var name : Confinement.PROTECTED) {
        text.append("(deny file-write* %s)\n".formatted(below("PROTECTED", root.resolve(name))));
      }
    }

    private void opening(Opening opening) {
      switch (opening) {
        case Opening.WritablePath(var path) ->
            text.append("(allow file-write* %s)\n".formatted(below("OPEN", path)));
        case Opening.UnixSocket(var path) ->
            text.append(
                "(allow system-socket)\n(allow network-outbound (literal (param \"%s\")))\n"
                    .formatted(parameter("SOCKET", path)));
        case Opening.Localhost() ->
            text.append(
                """
                (allow network-bind network-inbound (local ip "localhost:*"))
                (allow network-outbound (remote ip "localhost:*"))
                """);
        case Opening.Network() -> text.append("(allow network*)\n");
        case Opening.GitMetadata(var common, var own) -> {
          text.append("(allow file-write* %s)\n".formatted(below("GIT", common)));
          text.append("(allow file-write* %s)\n".formatted(below("GIT", own)));
          for (var name : GitFolders.KEPT) {
            text.append("(deny file-write* %s)\n".formatted(below("KEPT", common.resolve(name))));
            text.append("(deny file-write* %s)\n".formatted(below("KEPT", own.resolve(name))));
          }
        }
        case Opening.Everything() -> text.append("(allow default)\n");
      }
    }

    private String below(String kind, Path path) {
      return "(subpath (param \"%s\"))".formatted(parameter(kind, path));
    }

    private String parameter(String kind, Path path) {
      var name = kind + "_" + parameters.size();
      parameters.put(name, path);
      return name;
    }
  }
}
