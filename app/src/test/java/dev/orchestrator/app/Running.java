package dev.orchestrator.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A started program. What it writes goes to files, so that nobody has to read along.
final class Running {
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final Process process;
  private final Path out;
  private final Path err;

  private Running(Process process, Path streams) {
    this.process = process;
    this.out = streams.resolve("out");
    this.err = streams.resolve("err");
  }

  static Running start(ProcessBuilder builder, Program.Input input, Path streams)
      throws IOException {
    var none = input.text().isEmpty() && !input.open();
    builder.redirectInput(
        none
            ? ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())
            : ProcessBuilder.Redirect.PIPE);
    builder.redirectOutput(streams.resolve("out").toFile());
    builder.redirectError(streams.resolve("err").toFile());
    var running = new Running(builder.start(), streams);
    if (!none) {
      running.type(input);
    }
    return running;
  }

  /// A program inside this JVM.
  static Running inside(
      List<String> words,
      Map<String, String> environment,
      Path directory,
      Program.Input input,
      Path streams)
      throws IOException {
    var process =
        InsideProcess.start(
            words, environment, directory, streams.resolve("out"), streams.resolve("err"));
    var running = new Running(process, streams);
    running.type(input);
    return running;
  }

  private void type(Program.Input input) throws IOException {
    var stdin = process.getOutputStream();
    stdin.write(input.text().getBytes(StandardCharsets.UTF_8));
    stdin.flush();
    if (!input.open()) {
      stdin.close();
    }
  }

  /// How it ended, and what it wrote until then: one character for each byte.
  record Ended(int code, String rawOut, String rawErr) {
    byte[] bytes() {
      return rawOut.getBytes(StandardCharsets.ISO_8859_1);
    }

    byte[] errorBytes() {
      return rawErr.getBytes(StandardCharsets.ISO_8859_1);
    }

    String out() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    String err() {
      return new String(errorBytes(), StandardCharsets.UTF_8);
    }

    /// The lines of JSON on standard output.
    Facts facts() {
      return Facts.of(out());
    }
  }

  /// Writes a line to its standard input, which must be open.
  void type(String line) throws IOException {
    var stdin = process.getOutputStream();
    stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    stdin.flush();
  }

  /// Waits for the end.
  Ended end() throws IOException, InterruptedException {
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      destroy();
      throw new AssertionError(
          "still running after %s%nout: %s%nerr: %s"
              .formatted(LONGEST, out(), Files.readString(err)));
    }
    return new Ended(
        process.exitValue(), out(), Files.readString(err, StandardCharsets.ISO_8859_1));
  }

  /// Ends it without asking, for tests that are over.
  void destroy() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// What it has written so far, up to the last whole line.
  Facts factsSoFar() throws IOException {
    var text = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    return Facts.of(text.substring(0, text.lastIndexOf('\n') + 1));
  }

  String out() throws IOException {
    return Files.readString(out, StandardCharsets.ISO_8859_1);
  }

  /// Waits until it has written something.
  void awaitOut(String text) throws InterruptedException {
    Waiting.until("output: " + text, () -> out().contains(text));
  }

  long launcher() {
    return process.pid();
  }

  /// The Java process below the launcher.
  long java() throws InterruptedException {
    return java(process);
  }

  /// The Java process below a launcher.
  static long java(Process launcher) throws InterruptedException {
    return Waiting.forSome(
        "a Java below the launcher",
        () ->
            ProcTable.children(launcher.pid()).stream()
                .filter(it -> ProcTable.name(it).equals("java"))
                .toList());
  }

  /// Sends a signal to one process.
  static void signal(String name, long pid) throws IOException, InterruptedException {
    var code = new ProcessBuilder("kill", "-s", name, Long.toString(pid)).start().waitFor();
    if (code != 0) {
      throw new AssertionError("kill -s %s %d failed: is it gone?".formatted(name, pid));
    }
  }
}
