package dev.orchestrator.app;

import dev.orchestrator.app.flags.RunFlags;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.exec.Environment;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/// What a command gets from this process: its words and its environment, byte for byte as we were
/// given them, not as the JVM decoded them.
final class OwnProcess {
  private OwnProcess() {}

  /// The program to run.
  ///
  /// @param tty whether it runs on a terminal
  static Program program(
      Invocation invocation, RunFlags flags, RunId run, boolean tty, Path directory) {
    return new Program(words(flags), environment(invocation, flags, run, tty), directory);
  }

  /// The command's words as bytes, not as the JVM decoded them.
  private static List<String> words(RunFlags flags) {
    try {
      var all = Processes.ownCommandLine();
      var words = all.subList(all.size() - flags.commandWords(), all.size());
      var same = words.stream().map(OwnProcess::plain).toList();
      return same.equals(flags.command().stream().map(OwnProcess::plain).toList())
          ? words
          : flags.command();
    } catch (IOException | IndexOutOfBoundsException _) {
      return flags.command();
    }
  }

  /// What is left of a word when everything that depends on a character set is taken out.
  private static String plain(String word) {
    return word.replaceAll("[^\\x01-\\x7e]+", "?");
  }

  private static List<String> environment(
      Invocation invocation, RunFlags flags, RunId run, boolean tty) {
    var set = new LinkedHashMap<String, String>();
    set.put("ORCHESTRATOR_RUN_ID", run.value());
    if (!flags.stdin()) {
      // Nobody will answer, so nothing should ask.
      set.put("GIT_TERMINAL_PROMPT", "0");
      set.put("PAGER", "cat");
      set.put("GIT_PAGER", "cat");
      set.put("GH_PAGER", "cat");
    }
    if (tty && invocation.variable("TERM") == null) {
      set.put("TERM", "xterm-256color");
    }
    set.putAll(flags.env());
    var policy = Environment.DEFAULT;
    return new Environment(
            policy.inherit(), policy.ignoreDefaultExcludes(), policy.exclude(), set, List.of())
        .apply(environment(invocation));
  }

  /// Our environment as we were started with it, less what the launcher changed for Java's sake.
  static List<String> environment(Invocation invocation) {
    var localeBefore = System.getProperty("orchestrator.lc_all");
    if (localeBefore == null) {
      return invocation.entries().get();
    }
    var entries = new ArrayList<>(invocation.entries().get());
    entries.removeIf(it -> it.startsWith("LC_ALL="));
    if (!localeBefore.isEmpty()) {
      entries.add("LC_ALL=" + localeBefore);
    }
    return entries;
  }
}
