package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What `/proc` says about processes (`proc(5)`).
///
/// Every answer is a snapshot: a process named here may have ended by the time it is looked at, and
/// its number may mean another one. [Snapshot#isSame] tells.
public final class Processes {
  private static final Path PROC = Path.of("/proc");
  private static final int SHOWN_COMMAND_CHARS = 200;

  /// More than a line of `stat` has up to the fields that are looked at.
  private static final int STAT_BYTES = 1024;

  private Processes() {}

  /// One process.
  ///
  /// @param startTicks when it started, in clock ticks since boot; with the pid it names one
  ///   process for as long as the system is up
  /// @param cpuTicks user and system time so far, its own only, in clock ticks
  public record Snapshot(
      long pid, long parent, long group, long session, char state, long startTicks, long cpuTicks) {

    /// Whether it has ended and only waits to be waited for.
    public boolean isEnded() {
      return state == 'Z' || state == 'X';
    }

    /// Whether this is still the same process, not another one with its number.
    public boolean isSame() {
      return find(pid).filter(it -> it.startTicks == startTicks && !it.isEnded()).isPresent();
    }
  }

  /// All processes that can be seen.
  public static List<Snapshot> all() {
    var found = new ArrayList<Snapshot>();
    for (var entry : numbered(PROC)) {
      find(entry).ifPresent(found::add);
    }
    return found;
  }

  /// The process with this number.
  public static Optional<Snapshot> find(long pid) {
    try {
      var stat = beginning("/proc/" + pid + "/stat");
      return stat.length == 0 ? Optional.empty() : Optional.of(parse(pid, stat));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// The first [#STAT_BYTES] of a file, in three calls of the system; this is asked for at every
  /// command, and for every process when a tree is ended.
  ///
  /// @return empty if it cannot be read
  private static byte[] beginning(String file) {
    try (var arena = Arena.ofConfined()) {
      var fd = Libc.callInt("open", CMemory.text(arena, file).address(), Posix.O_CLOEXEC);
      if (fd < 0) {
        return new byte[0];
      }
      var memory = CMemory.of(arena, STAT_BYTES);
      var count = (int) Libc.callLong("read", fd, memory.address(), STAT_BYTES);
      Posix.close(fd);
      var bytes = new byte[Math.max(0, count)];
      memory.get(0, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /// This process.
  public static Snapshot self() {
    return find(ProcessHandle.current().pid())
        .orElseThrow(() -> new IllegalStateException("/proc is not mounted"));
  }

  /// The name in parentheses may contain anything, so fields are counted after the last `)`.
  private static Snapshot parse(long pid, byte[] stat) throws IOException {
    var text = new String(stat, StandardCharsets.ISO_8859_1);
    var fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    if (fields.length < 20) {
      throw new IOException("unexpected stat of process " + pid);
    }
    return new Snapshot(
        pid,
        Long.parseLong(fields[1]),
        Long.parseLong(fields[2]),
        Long.parseLong(fields[3]),
        fields[0].charAt(0),
        Long.parseLong(fields[19]),
        Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
  }

  /// The children of this process, adopted ones included.
  public static List<Long> children() {
    var found = new ArrayList<Long>();
    for (var thread : numbered(Path.of("/proc/self/task"))) {
      try {
        var line = read(Path.of("/proc/self/task", Long.toString(thread), "children"));
        for (var pid : new String(line, StandardCharsets.US_ASCII).strip().split(" ", -1)) {
          if (!pid.isEmpty()) {
            found.add(Long.parseLong(pid));
          }
        }
      } catch (IOException _) {
        // The thread has ended; its children are listed with another one.
      }
    }
    return found;
  }

  /// A variable in the environment a process was started with.
  ///
  /// @return empty if it has none of that name, or is not ours to read
  public static Optional<String> variable(long pid, String name) {
    try {
      var prefix = name + "=";
      return strings(PROC.resolve(Long.toString(pid)).resolve("environ")).stream()
          .filter(it -> it.startsWith(prefix))
          .map(it -> it.substring(prefix.length()))
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// The number a process was marked with; see [Posix#markByLimit].
  ///
  /// @return 0 if it has none, or is not ours to look at
  public static long markByLimit(long pid) {
    try {
      var limits =
          new String(
              read(PROC.resolve(Long.toString(pid)).resolve("limits")), StandardCharsets.US_ASCII);
      var at = limits.indexOf("Max realtime timeout");
      if (at >= 0) {
        var fields = limits.substring(at, limits.indexOf('\n', at)).split(" +", -1);
        return fields[4].equals("unlimited") ? 0 : Long.parseLong(fields[4]);
      }
    } catch (IOException | NumberFormatException _) {
      // Gone, or not ours to look at.
    }
    return 0;
  }

  /// The words of a process's command line, or its name in brackets; shortened, for people.
  public static String command(long pid) {
    try {
      var words = String.join(" ", strings(PROC.resolve(Long.toString(pid)).resolve("cmdline")));
      if (!words.isEmpty()) {
        var shown = OsText.printable(words);
        return shown.length() <= SHOWN_COMMAND_CHARS
            ? shown
            : shown.substring(0, SHOWN_COMMAND_CHARS) + "…";
      }
      var name = read(PROC.resolve(Long.toString(pid)).resolve("comm"));
      return "[" + OsText.printable(OsText.decode(name)).strip() + "]";
    } catch (IOException _) {
      return "?";
    }
  }

  /// What identifies the open file behind one of this process's descriptors, such as `pipe:[4711]`.
  public static Optional<String> openFile(int fd) {
    return link(Path.of("/proc/self/fd", Integer.toString(fd)));
  }

  /// Whether one of this process's descriptors is a file of a file system: no pipe, socket or
  /// device.
  public static boolean isFile(int fd) {
    return openFile(fd).filter(it -> it.startsWith("/") && !it.startsWith("/dev/")).isPresent();
  }

  /// Whether a process has this file open.
  public static boolean holds(long pid, String openFile) {
    var folder = PROC.resolve(Long.toString(pid)).resolve("fd");
    for (var fd : numbered(folder)) {
      if (link(folder.resolve(Long.toString(fd))).filter(openFile::equals).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> link(Path path) {
    try {
      return Optional.of(Files.readSymbolicLink(path).toString());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// The descriptors this process has open.
  public static List<Integer> openDescriptors() {
    return numbered(Path.of("/proc/self/fd")).stream().map(Long::intValue).toList();
  }

  /// The words this process was started with, exactly.
  ///
  /// @throws IOException if `/proc` is not mounted
  public static List<String> ownCommandLine() throws IOException {
    return strings(Path.of("/proc/self/cmdline"));
  }

  /// The environment this process was started with, exactly, as `NAME=value` entries.
  ///
  /// @throws IOException if `/proc` is not mounted
  public static List<String> ownEnvironment() throws IOException {
    return strings(Path.of("/proc/self/environ"));
  }

  /// What names this boot of the system, so that a process number of another one is not believed.
  public static String bootId() {
    try {
      return new String(read(Path.of("/proc/sys/kernel/random/boot_id")), StandardCharsets.US_ASCII)
          .strip();
    } catch (IOException _) {
      return "unknown";
    }
  }

  private static List<String> strings(Path file) throws IOException {
    var bytes = read(file);
    var found = new ArrayList<String>();
    var start = 0;
    for (var index = 0; index < bytes.length; index++) {
      if (bytes[index] == 0) {
        found.add(OsText.decode(java.util.Arrays.copyOfRange(bytes, start, index)));
        start = index + 1;
      }
    }
    return found;
  }

  private static List<Long> numbered(Path folder) {
    var found = new ArrayList<Long>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Character.isDigit(name.charAt(0))) {
          found.add(Long.parseLong(name));
        }
      }
    } catch (IOException _) {
      // Gone, or not ours to read: nothing to see.
    }
    return found;
  }

  private static byte[] read(Path file) throws IOException {
    return Files.readAllBytes(file);
  }
}
