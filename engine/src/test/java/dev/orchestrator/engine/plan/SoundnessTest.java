package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What bash really runs is in the plan, or the plan is opaque.
class SoundnessTest {
  @TempDir private Path folder;
  private Path programs;

  @BeforeEach
  void make_programs_that_tell_their_names() throws Exception {
    programs = Files.createDirectory(folder.resolve("programs"));
    for (var name : List.of("p0", "p1", "p2", "p3", "p4", "p9")) {
      var program = programs.resolve(name);
      Files.writeString(program, "#!/bin/sh\necho %s >>\"$RUN_LOG\"\n".formatted(name));
      assertThat(program.toFile().setExecutable(true)).isTrue();
    }
    for (var name : List.of("env", "nice", "sh", "bash", "xargs")) {
      Files.createSymbolicLink(programs.resolve(name), Path.of("/usr/bin", name));
    }
  }

  @Test
  void holds_for_scripts_made_up_in_a_second() throws Exception {
    check(20261122, Duration.ofSeconds(1), 10);
  }

  @Test
  @Tag("slow")
  void holds_for_scripts_made_up_in_a_minute() throws Exception {
    check(System.nanoTime(), Duration.ofSeconds(60), 1000);
  }

  private void check(long seed, Duration time, int least) throws Exception {
    var scripts = new Scripts(seed);
    var missed = new TreeMap<String, Set<String>>();
    var understood = 0;
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      var script = scripts.next();
      var plan = Shown.PLANS.ofScript(script, folder);
      if (plan.isOpaque()) {
        continue;
      }
      understood++;
      var unseen = run(script, understood);
      plan.commands().forEach(it -> unseen.removeAll(shown(it)));
      if (!unseen.isEmpty()) {
        missed.put(script, unseen);
      }
    }

    assertThat(missed).as("scripts of seed %d and what the plan missed", seed).isEmpty();
    assertThat(understood).isGreaterThan(least);
  }

  /// What a command of a plan tells about what is started: the program, and for a shell also the
  /// file with the script, which bash looks for like a program.
  private static Set<String> shown(Command it) {
    var words = it.words().stream().map(Command.Word::text).toList();
    var isShell = !words.isEmpty() && Set.of("sh", "bash").contains(words.getFirst());
    return Set.copyOf(isShell ? words : words.subList(0, Math.min(1, words.size())));
  }

  /// The programs that bash starts, those in the background too.
  private Set<String> run(String script, int number) throws IOException {
    var log = folder.resolve("log" + number);
    // All of them hold this pipe, so its end is theirs.
    var holding = "exec 9>&1 >/dev/null 2>&1; exec bash -c \"$0\"";
    var builder =
        new ProcessBuilder("/usr/bin/timeout", "-s", "KILL", "2", "bash", "-c", holding, script)
            .directory(Files.createDirectories(folder.resolve("work")).toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", programs.toString());
    builder.environment().put("RUN_LOG", log.toString());
    try (var holders = builder.start().getInputStream()) {
      holders.readAllBytes();
    }
    return Files.exists(log) ? new HashSet<>(Files.readAllLines(log)) : new HashSet<>();
  }
}
