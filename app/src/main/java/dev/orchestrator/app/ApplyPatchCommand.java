package dev.orchestrator.app;

import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.patch.Patch;
import dev.orchestrator.engine.patch.PatchProgram;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.headless.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `orchestrator apply-patch`: Codex's `apply_patch`, with its texts and its codes.
final class ApplyPatchCommand {
  private static final char REPLACEMENT = '\ufffd';

  private final Invocation invocation;
  private final PrintStream out;

  ApplyPatchCommand(Invocation invocation, PrintStream out) {
    this.invocation = invocation;
    this.out = out;
  }

  /// Applies a patch where the program was started. Standard input is read only if no patch is
  /// among the words.
  ///
  /// @param words the patch; none, or `-`, for one on standard input
  /// @throws UsageError if there is no patch
  int run(List<String> words) throws UsageError {
    String patch;
    if (words.isEmpty() || words.equals(List.of("-"))) {
      try {
        patch = typed();
      } catch (CharacterCodingException _) {
        return failed("Error: Failed to read PATCH from stdin.\nit is not valid UTF-8\n");
      } catch (IOException e) {
        return failed("Error: Failed to read PATCH from stdin.\n" + e.getMessage() + "\n");
      }
      if (patch.isEmpty()) {
        throw new UsageError(
            "apply-patch: standard input is empty; give the patch there or as the one argument");
      }
    } else {
      patch = words.getFirst();
      if (isDamaged(patch)) {
        return failed("Error: apply_patch requires a UTF-8 PATCH argument.\n");
      }
    }
    var ended = PatchProgram.run(patch, invocation.directory());
    write(out, ended.out());
    write(invocation.err(), ended.err());
    return ended.exitCode();
  }

  private int failed(String text) {
    write(invocation.err(), text);
    return ExitCode.FAILED.code();
  }

  /// The JVM's stream would turn what the locale does not know into question marks.
  private static void write(PrintStream stream, String text) {
    stream.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    stream.flush();
  }

  private String typed() throws IOException {
    var bytes = invocation.in().readNBytes(Patch.MOST_CHARS + 1);
    if (bytes.length > Patch.MOST_CHARS) {
      throw new IOException(
          "it has more than %d bytes; split it into several patches".formatted(Patch.MOST_CHARS));
    }
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  /// Whether the JVM has put something else for bytes that are no text: a file would get that.
  private static boolean isDamaged(String word) {
    if (word.indexOf(REPLACEMENT) < 0) {
      return false;
    }
    try {
      var given = Processes.ownCommandLine();
      return given.isEmpty() || !given.getLast().equals(word);
    } catch (IOException _) {
      return true;
    }
  }
}
