package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.ConfinedThread;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// One command in a bubblewrap.
final class Bubblewrapped implements ConfinedLaunch {
  /// Where the kernel is told what to do, in a folder that is otherwise about processes. A user
  /// cannot write there, but root can even without any privilege: these are root's files.
  private static final List<Path> KERNEL =
      Stream.of(
              "sys",
              "sysrq-trigger",
              "irq",
              "bus",
              "fs",
              "acpi",
              "scsi",
              "driver",
              "mtrr",
              "dynamic_debug",
              "asound",
              "pressure",
              "tty")
          .map(Path.of("/proc")::resolve)
          .toList();

  private static final Path KERNEL_SETTING = Path.of("/proc/sys/kernel/core_pattern");

  private final BubblewrapSandbox sandbox;
  private final Confinement confinement;
  private final boolean terminal;
  private final Guards guards = new Guards();

  Bubblewrapped(BubblewrapSandbox sandbox, Confinement confinement, boolean terminal) {
    this.sandbox = sandbox;
    this.confinement = confinement;
    this.terminal = terminal;
  }

  @Override
  public <T> T start(Program program, Path file, Start<T> start) throws IOException {
    var words = sandbox.words(confinement, mounts(program.directory()), program, file, terminal);
    var environment =
        program.environment().stream().filter(it -> !BubblewrapSandbox.isForLoader(it)).toList();
    var wrapped = new Program(words, environment, program.directory());
    var executable =
        words.getFirst().equals("env") ? sandbox.env().orElseThrow() : sandbox.program();
    return ConfinedThread.call(
        BubblewrapSandbox.restriction(confinement), () -> start.start(wrapped, executable));
  }

  private List<String> mounts(Path cwd) throws IOException {
    var options = new ArrayList<>(List.of("--ro-bind", "/", "/", "--dev", "/dev"));
    options.addAll(List.of("--perms", "1777", "--tmpfs", "/dev/shm", "--remount-ro", "/dev"));
    options.addAll(List.of("--proc", "/proc"));
    if (Files.isWritable(KERNEL_SETTING)) {
      KERNEL.stream()
          .filter(Files::exists)
          .map(Path::toString)
          .forEach(it -> options.addAll(List.of("--ro-bind", it, it)));
    }
    for (var mount : Mounts.of(confinement, cwd, guards).entrySet()) {
      var path = mount.getKey().toString();
      options.addAll(
          switch (mount.getValue()) {
            case WRITABLE -> List.of("--bind", path, path);
            case READ_ONLY -> List.of("--ro-bind", path, path);
            case HIDDEN -> List.of("--tmpfs", path, "--remount-ro", path);
          });
    }
    if (BubblewrapSandbox.opensUnixSockets(confinement)) {
      for (var socket : UnixSockets.reachable(opened())) {
        options.addAll(List.of("--ro-bind", "/dev/null", socket.toString()));
      }
    }
    return options;
  }

  private Set<Path> opened() {
    var opened = new HashSet<Path>();
    for (var it : confinement.openings()) {
      if (it instanceof Opening.UnixSocket(var path)) {
        opened.add(Confinements.real(path));
      }
    }
    return opened;
  }

  @Override
  public void close() {
    guards.close();
  }

  /// Bubblewrap waits for a process that waits for the command, and for no other end than its own.
  @Override
  public boolean tellsAllTime() {
    return false;
  }
}
