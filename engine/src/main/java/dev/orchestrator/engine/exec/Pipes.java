package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Starts programs on pipes, standard output and error apart.
final class Pipes {
  /// Larger pipes wake both sides less often; 1 MiB is what any user may have (`pipe(7)`).
  private static final int PIPE_BYTES = 1 << 20;

  private Pipes() {}

  /// A started program and our ends of its pipes, owned by the caller.
  ///
  /// @param in -1 if its standard input is closed
  record Child(long pid, int in, int out, int err) {}

  /// Starts a program.
  ///
  /// @param typing whether its standard input is a pipe; `/dev/null` otherwise
  /// @throws IOException if it cannot be started
  static Child start(Program program, boolean typing, Launch launch) throws IOException {
    if (!Posix.isSupported()) {
      throw new IOException(
          "commands on pipes need Linux with glibc; use a terminal instead: --tty");
    }
    var file = Executables.find(program);
    var ours = new ArrayList<Integer>();
    var theirs = new ArrayList<Integer>();
    try {
      var out = open(ours, theirs, 0);
      var err = open(ours, theirs, 0);
      var in = typing ? open(ours, theirs, 1) : new int[] {-1, -1};
      Posix.enlargePipe(out[0], PIPE_BYTES);
      var pid =
          launch.start(program, file, (it, at) -> Spawner.onPipes(it, at, in[0], out[1], err[1]));
      return new Child(pid, in[1], out[0], err[0]);
    } catch (IOException e) {
      ours.forEach(Posix::close);
      throw e;
    } finally {
      theirs.forEach(Posix::close);
    }
  }

  private static int[] open(List<Integer> ours, List<Integer> theirs, int ourEnd)
      throws IOException {
    var ends = Posix.pipe();
    ours.add(ends[ourEnd]);
    theirs.add(ends[1 - ourEnd]);
    return ends;
  }
}
