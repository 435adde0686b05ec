package dev.orchestrator.engine.exec;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.PollSet;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Tty;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class InflowTest {
  private static final byte[] EMPTY_LINES = "\n".repeat(1024).getBytes(StandardCharsets.US_ASCII);
  private static final int MOMENT_MILLIS = 100;

  @Test
  void ends_the_input_of_a_terminal_that_has_no_room_for_the_end_yet() throws Exception {
    var terminal = Tty.open();
    try (var program = new FileInputStream(terminal.slave());
        var polls = new PollSet(1);
        var buffer = new NativeBuffer(Workbench.BUFFER_BYTES);
        var readers = Executors.newSingleThreadExecutor();
        var master = new Master(terminal.master())) {
      var inbox = new Inbox();
      var inflow = new Inflow(master.fd, true, inbox);
      var filled = fill(master.fd, polls, buffer);

      inbox.closeInput();
      inflow.endWhenDone(buffer);
      var read = readers.submit(program::readAllBytes);
      while (inflow.writable() >= 0) {
        polls.awaitWritable(0, inflow.writable());
        polls.await(MOMENT_MILLIS);
        if (polls.isReady(0)) {
          inflow.write(buffer);
        }
      }

      assertThat(read.get(10, SECONDS)).hasSize(filled);
      inbox.abandon();
    }
  }

  private record Master(int fd) implements AutoCloseable {
    @Override
    public void close() {
      Posix.close(fd);
    }
  }

  /// Types empty lines until the kernel takes no more for a while.
  ///
  /// @return how many
  private static int fill(int master, PollSet polls, NativeBuffer buffer) {
    buffer.copyFrom(EMPTY_LINES, 0, EMPTY_LINES.length);
    var typed = 0;
    int written;
    do {
      written = Posix.write(master, buffer, 0, EMPTY_LINES.length);
      typed += Math.max(0, written);
      polls.awaitWritable(0, master);
      polls.await(MOMENT_MILLIS);
    } while (written > 0 || polls.isReady(0));
    return typed;
  }
}
