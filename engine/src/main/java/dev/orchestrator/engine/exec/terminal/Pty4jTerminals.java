package dev.orchestrator.engine.exec.terminal;

import com.pty4j.unix.Pty;
import com.pty4j.unix.PtyHelpers;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import dev.orchestrator.engine.posix.Tty;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Terminals through pty4j's native library.
///
/// Only its opening and forking are used. Its streams and its reaper thread are not: the reaper's
/// wake-up can be written into another terminal's pipe after a descriptor is reused (pty4j issue
/// 181), and output is lost. Reading and waiting are the session's own, as on the other backend.
final class Pty4jTerminals implements Terminals {
  /// A shell that takes standard input away before it becomes the program.
  private static final String WITHOUT_INPUT = "exec \"$0\" \"$@\" </dev/null";

  static {
    // JNA turns strings into bytes with this; it must be set before JNA is loaded.
    if (System.getProperty("jna.encoding") == null) {
      System.setProperty("jna.encoding", "UTF-8");
    }
  }

  @Override
  public String name() {
    return "pty4j";
  }

  @Override
  public Child start(Program program, WindowSize size, boolean typing, Launch launch)
      throws IOException {
    var file = Executables.find(program);
    var opened = Pty.ptyMasterOpen();
    var master = (int) opened.getFirst();
    try {
      Posix.setCloseOnExec(master);
      Tty.resize(master, size);
      var pid =
          launch.start(program, file, (it, at) -> fork(it, at, typing, opened.getSecond(), master));
      return new Child(pid, master);
    } catch (IOException e) {
      Posix.close(master);
      throw e;
    }
  }

  private static int fork(Program program, Path file, boolean typing, String slave, int master)
      throws IOException {
    var words = typing ? program.arguments() : withoutInput(program, file);
    var executable = typing ? file : Path.of("/bin/sh");
    var pid =
        Spawner.withSignalsUnblocked(() ->
            PtyHelpers.execPty(
                executable.toString(),
                array(words),
                array(program.environment()),
                program.directory().toString(),
                slave,
                master,
                "",
                -1,
                false));
    if (pid <= 0) {
      throw new IOException("pty4j could not start " + file);
    }
    return pid;
  }

  private static List<String> withoutInput(Program program, Path file) {
    var words = new ArrayList<>(List.of("sh", "-c", WITHOUT_INPUT, file.toString()));
    words.addAll(program.arguments().subList(1, program.arguments().size()));
    return words;
  }

  /// JNA cannot carry bytes that are not UTF-8.
  private static String[] array(List<String> texts) {
    return texts.stream().map(OsText::printable).toArray(String[]::new);
  }
}
