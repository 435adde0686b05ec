package dev.orchestrator.app.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/// The largest resident set a process has had so far, asked for so often that asking must cost next
/// to nothing: it would take the time of what is measured.
///
/// Confined to one thread.
final class PeakMemory implements AutoCloseable {
  private static final byte[] NAME = "VmHWM:".getBytes(StandardCharsets.US_ASCII);

  private final RandomAccessFile status;
  private final byte[] text = new byte[4096];

  /// @throws IOException if there is no such process
  PeakMemory(long pid) throws IOException {
    status = new RandomAccessFile("/proc/" + pid + "/status", "r");
  }

  /// How many bytes; 0 if the process is gone.
  long bytes() {
    try {
      status.seek(0);
      return kibibytes(status.read(text)) << 10;
    } catch (IOException _) {
      return 0;
    }
  }

  private long kibibytes(int size) {
    var at = 0;
    while (at < size && !isName(at)) {
      at++;
    }
    var value = 0L;
    for (at += NAME.length; at < size && text[at] != '\n'; at++) {
      if (text[at] >= '0' && text[at] <= '9') {
        value = value * 10 + text[at] - '0';
      }
    }
    return value;
  }

  private boolean isName(int at) {
    for (var index = 0; index < NAME.length; index++) {
      if (at + index >= text.length || text[at + index] != NAME[index]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    status.close();
  }
}
