package dev.orchestrator.engine.posix;

import dev.orchestrator.engine.posix.SpawnException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts programs with `posix_spawn(3)`: each a session leader, with default signals, an empty
/// signal mask, and no descriptor but the three it is given.
///
/// Nothing of this process is copied (glibc uses `CLONE_VM`), so starting is as quick with a large
/// heap as with a small one.
public final class Spawner {
  private static final short SETSIGDEF = 4;
  private static final short SETSIGMASK = 8;
  private static final short SETSID = 0x80;
  private static final int ATTRIBUTES_BYTES = 336;
  private static final int ACTIONS_BYTES = 80;
  private static final int SIGNAL_SET_BYTES = 128;
  private static final int FIRST_UNWANTED = 3;
  private static final boolean CLOSES_FROM = Libc.has("posix_spawn_file_actions_addclosefrom_np");

  private Spawner() {}

  /// Starts a program on descriptors of ours.
  ///
  /// @param file its file, as [Executables] found it
  /// @param in descriptor that becomes its standard input, or -1 for `/dev/null`
  /// @param out descriptor that becomes its standard output
  /// @param err descriptor that becomes its standard error
  /// @return its process id
  /// @throws SpawnException if it could not be started
  public static long onPipes(Program program, Path file, int in, int out, int err)
      throws SpawnException {
    return spawn(
        program,
        file,
        (arena, actions) -> {
          if (in < 0) {
            openAt(arena, actions, 0, "/dev/null", 0);
          } else {
            duplicate(actions, in, 0);
          }
          duplicate(actions, out, 1);
          duplicate(actions, err, 2);
        });
  }

  /// Starts a program on a terminal, which becomes its controlling one.
  ///
  /// @param slave path of the terminal's other side
  /// @param typing whether standard input is the terminal too; `/dev/null` otherwise
  /// @return its process id
  /// @throws SpawnException if it could not be started
  public static long onTerminal(Program program, Path file, String slave, boolean typing)
      throws SpawnException {
    return spawn(
        program,
        file,
        (arena, actions) -> {
          // The first terminal a session leader opens becomes its controlling terminal.
          openAt(arena, actions, 1, slave, Posix.O_RDWR);
          duplicate(actions, 1, 2);
          if (typing) {
            duplicate(actions, 1, 0);
          } else {
            openAt(arena, actions, 0, "/dev/null", 0);
          }
        });
  }

  private static long spawn(Program program, Path file, Wiring wiring) throws SpawnException {
    try (var arena = Arena.ofConfined()) {
      var actions = CMemory.of(arena, ACTIONS_BYTES);
      var attributes = CMemory.of(arena, ATTRIBUTES_BYTES);
      Libc.callInt("posix_spawn_file_actions_init", actions.address());
      Libc.callInt("posix_spawnattr_init", attributes.address());
      try {
        Libc.callInt(
            "posix_spawn_file_actions_addchdir_np",
            actions.address(),
            CMemory.text(arena, program.directory().toString()).address());
        wiring.connect(arena, actions);
        closeTheRest(actions);
        setAttributes(arena, attributes);
        return start(arena, program, file, actions, attributes);
      } finally {
        Libc.callInt("posix_spawn_file_actions_destroy", actions.address());
        Libc.callInt("posix_spawnattr_destroy", attributes.address());
      }
    }
  }

  private interface Wiring {
    void connect(Arena arena, CMemory actions);
  }

  private static void openAt(Arena arena, CMemory actions, int fd, String path, int flags) {
    Libc.callInt(
        "posix_spawn_file_actions_addopen",
        actions.address(),
        fd,
        CMemory.text(arena, path).address(),
        flags,
        0);
  }

  private static void duplicate(CMemory actions, int from, int to) {
    Libc.callInt("posix_spawn_file_actions_adddup2", actions.address(), from, to);
  }

  private static void closeTheRest(CMemory actions) {
    if (CLOSES_FROM) {
      Libc.callInt("posix_spawn_file_actions_addclosefrom_np", actions.address(), FIRST_UNWANTED);
      return;
    }
    // glibc before 2.34: name each open one. Closing one that is gone by then is no error.
    for (var fd : Processes.openDescriptors()) {
      if (fd >= FIRST_UNWANTED) {
        Libc.callInt("posix_spawn_file_actions_addclose", actions.address(), fd);
      }
    }
  }

  private static void setAttributes(Arena arena, CMemory attributes) {
    var signals = CMemory.of(arena, SIGNAL_SET_BYTES);
    Libc.callInt("posix_spawnattr_setflags", attributes.address(), SETSID | SETSIGMASK | SETSIGDEF);
    Libc.callInt("sigemptyset", signals.address());
    Libc.callInt("posix_spawnattr_setsigmask", attributes.address(), signals.address());
    Libc.callInt("sigfillset", signals.address());
    Libc.callInt("posix_spawnattr_setsigdefault", attributes.address(), signals.address());
  }

  private static long start(
      Arena arena, Program program, Path file, CMemory actions, CMemory attributes)
      throws SpawnException {
    var environment = CMemory.texts(arena, program.environment());
    var error = start(arena, file, program.arguments(), environment, actions, attributes);
    if (error.errno() == Errno.ENOEXEC) {
      // A script without a first line that names its interpreter: execvp(3) gives it to sh.
      var words = new ArrayList<>(List.of("sh", file.toString()));
      words.addAll(program.arguments().subList(1, program.arguments().size()));
      error = start(arena, Path.of("/bin/sh"), words, environment, actions, attributes);
    }
    if (error.errno() != 0) {
      throw explain(program, file, error.errno());
    }
    return error.pid();
  }

  private record Started(int errno, long pid) {}

  private static Started start(
      Arena arena,
      Path file,
      List<String> words,
      CMemory environment,
      CMemory actions,
      CMemory attributes) {
    var pid = CMemory.of(arena, Integer.BYTES);
    // posix_spawn returns its error instead of setting errno.
    var errno =
        Libc.callInt(
            "posix_spawn",
            pid.address(),
            CMemory.text(arena, file.toString()).address(),
            actions.address(),
            attributes.address(),
            CMemory.texts(arena, words).address(),
            environment.address());
    return new Started(Math.abs(errno), pid.getInt(0));
  }

  private static SpawnException explain(Program program, Path file, int errno) {
    return switch (errno) {
      case Errno.ENOENT ->
          Files.isDirectory(program.directory())
              ? new SpawnException(
                  Reason.NOT_FOUND,
                  "cannot run " + file + ": the interpreter its first line names is missing")
              : new SpawnException(
                  Reason.NO_DIRECTORY, "no such working directory: " + program.directory());
      case Errno.EAGAIN, Errno.ENOMEM, Errno.EMFILE, Errno.ENFILE ->
          new SpawnException(Reason.EXHAUSTED, "cannot start " + file + ": " + Errno.text(errno));
      case Errno.E2BIG ->
          new SpawnException(
              Reason.NOT_EXECUTABLE,
              "cannot start " + file + ": arguments and environment are too long together");
      default ->
          new SpawnException(
              Reason.NOT_EXECUTABLE, "cannot run " + file + ": " + Errno.text(errno));
    };
  }

  /// Calls something with SIGQUIT unblocked on this thread. The JVM blocks it everywhere but on its
  /// signal thread, and what forks on this thread would inherit that.
  ///
  /// @throws IOException whatever the action throws
  public static <T> T withSignalsUnblocked(Forking<T> action) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var none = CMemory.of(arena, SIGNAL_SET_BYTES);
      var before = CMemory.of(arena, SIGNAL_SET_BYTES);
      var sigQuit = 3;
      Libc.callInt("sigemptyset", none.address());
      Libc.callInt("sigaddset", none.address(), sigQuit);
      var unblock = 1;
      Libc.callInt("pthread_sigmask", unblock, none.address(), before.address());
      try {
        return action.fork();
      } finally {
        var setMask = 2;
        Libc.callInt("pthread_sigmask", setMask, before.address(), 0);
      }
    }
  }

  /// Something that forks.
  public interface Forking<T> {
    T fork() throws IOException;
  }
}
