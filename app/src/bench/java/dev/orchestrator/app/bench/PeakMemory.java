package dev.orchestrator.app.bench;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;

/// The largest resident set a process has had so far, asked for so often that asking must cost next
/// to nothing: it would take the time of what is measured.
///
/// Confined to one thread.
final class PeakMemory implements AutoCloseable {
  private static final String NAME = "VmHWM:";

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
      var size = Math.max(0, status.read(text));
      var fields = new String(text, 0, size, StandardCharsets.US_ASCII);
      var at = fields.indexOf(NAME);
      if (at < 0) {
        return 0;
      }
      var value = fields.substring(at + NAME.length(), fields.indexOf('\n', at));
      return Machine.kibibytes(value.strip()) << 10;
    } catch (IOException _) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    status.close();
  }
}
