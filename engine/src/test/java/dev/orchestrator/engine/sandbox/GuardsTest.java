package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardsTest {
  private static final int ROUNDS = 3000;

  @TempDir Path folder;

  /// Each removes what the other is about to hold.
  @Test
  void stands_for_as_long_as_anybody_holds_it() throws Exception {
    var place = folder.toRealPath().resolve(".codex");

    try (var threads = Executors.newFixedThreadPool(2)) {
      var both = new ArrayList<Future<Integer>>();
      Callable<Integer> holding = () -> missing(place);
      for (var it = 0; it < 2; it++) {
        both.add(threads.submit(holding));
      }
      for (var it : both) {
        assertThat(it.get()).as("rounds in which nothing stood there").isZero();
      }
    }
    assertThat(place).doesNotExist();
  }

  private static int missing(Path place) throws Exception {
    var missing = 0;
    for (var round = 0; round < ROUNDS; round++) {
      try (var guards = new Guards()) {
        assertThat(guards.hold(place, Optional.empty())).isTrue();
        missing += Files.isDirectory(place) ? 0 : 1;
      }
    }
    return missing;
  }
}
