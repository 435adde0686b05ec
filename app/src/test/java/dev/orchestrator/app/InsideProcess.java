package dev.orchestrator.app;

import dev.orchestrator.engine.posix.OsText;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The program inside this JVM, for what does not depend on its being a process of its own: a
/// twentieth of the cost.
///
/// Commands that it starts are real. Its streams are files and a pipe, never terminals. One at a
/// time: what one leaves running could be taken for another's.
final class InsideProcess extends Process {
  private static final int PIPE_BYTES = 64 * 1024;

  private final PipedOutputStream stdin = new PipedOutputStream();
  private final FutureTask<Integer> code;
  private final Thread thread;

  private InsideProcess(
      List<String> words, Map<String, String> environment, Path directory, Path out, Path err)
      throws IOException {
    var in = new PipedInputStream(stdin, PIPE_BYTES);
    var stdout = new FileOutputStream(out.toFile());
    var stderr = new PrintStream(new FileOutputStream(err.toFile()), true, StandardCharsets.UTF_8);
    var invocation =
        new Invocation(environment, () -> entries(environment), directory, in, stdout, stderr);
    code =
        new FutureTask<>(() -> {
          try (stdout;
              stderr) {
            return new Main(invocation).run(words);
          }
        });
    thread = Thread.ofPlatform().name("inside").daemon().start(code);
  }

  /// Starts it.
  ///
  /// @param words after the program's name
  /// @param out gets standard output
  /// @param err gets standard error
  static InsideProcess start(
      List<String> words, Map<String, String> environment, Path directory, Path out, Path err)
      throws IOException {
    return new InsideProcess(words, environment, directory, out, err);
  }

  private static List<String> entries(Map<String, String> environment) {
    return environment.entrySet().stream()
        .map(it -> it.getKey() + "=" + it.getValue())
        .map(it -> OsText.decode(it.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  @Override
  public OutputStream getOutputStream() {
    return stdin;
  }

  @Override
  public InputStream getInputStream() {
    throw new UnsupportedOperationException("standard output is a file");
  }

  @Override
  public InputStream getErrorStream() {
    throw new UnsupportedOperationException("standard error is a file");
  }

  @Override
  public boolean waitFor(long timeout, TimeUnit unit) throws InterruptedException {
    try {
      code.get(timeout, unit);
      return true;
    } catch (TimeoutException _) {
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  @Override
  public int waitFor() throws InterruptedException {
    waitFor(1, TimeUnit.HOURS);
    return exitValue();
  }

  @Override
  public int exitValue() {
    return code.resultNow();
  }

  @Override
  public java.util.stream.Stream<ProcessHandle> descendants() {
    return java.util.stream.Stream.of();
  }

  @Override
  public Process destroyForcibly() {
    destroy();
    return this;
  }

  @Override
  public void destroy() {
    thread.interrupt();
  }
}
