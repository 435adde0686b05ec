package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Exit.Exited;
import dev.orchestrator.engine.posix.Processes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One engine that runs 10,000 commands is as it was before.
@Tag("slow")
@Timeout(900)
class ManyCommandsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void leaves_no_descriptor_no_thread_and_no_file_behind(SessionBench.Kind kind) throws Exception {
    var bench = new SessionBench(kind, folder);
    run(bench, 100); // Whatever is only made once is made by now.
    var descriptors = Processes.openDescriptors().size();
    var threads = Thread.getAllStackTraces().size();
    var temporary = temporaryFiles();

    run(bench, 10_000);

    assertThat(Processes.openDescriptors()).hasSizeLessThanOrEqualTo(descriptors + 2);
    assertThat(Thread.getAllStackTraces()).hasSizeLessThanOrEqualTo(threads + 2);
    assertThat(Processes.children()).isEmpty();
    assertThat(temporaryFiles()).isEqualTo(temporary);
  }

  private static void run(SessionBench bench, int commands) throws Exception {
    try (var pool = Executors.newFixedThreadPool(8)) {
      var runs =
          IntStream.range(0, commands)
              .<Callable<Boolean>>mapToObj(
                  _ -> () -> bench.startQuietly("true").await().fact().exit().equals(new Exited(0)))
              .toList();
      for (var run : pool.invokeAll(runs)) {
        assertThat(run.get()).isTrue();
      }
    }
  }

  /// What the libraries of terminals leave in the temporary folder; others use it too.
  private List<Path> temporaryFiles() throws Exception {
    var found = new ArrayList<Path>();
    try (var entries = Files.newDirectoryStream(folder.getParent(), "{pty4j,jna}*")) {
      entries.forEach(found::add);
    }
    return found.stream().sorted().toList();
  }
}
