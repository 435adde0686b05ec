package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.exec.Unread;

/// What a model reads of a command's output, in Codex's form.
///
/// @param limit how much of it
record OutputText(Limit limit) {
  private static final int BYTES_PER_TOKEN = 4;

  /// How much a model reads of one output.
  ///
  /// @param bytes most bytes
  /// @param inTokens whether the model is told of what is left out in tokens, of four bytes each
  record Limit(int bytes, boolean inTokens) {
    static final int TOKENS = 10_000;

    /// What models are given whose limits are known.
    static Limit tokens(long tokens) {
      return new Limit(Math.clamp(tokens * BYTES_PER_TOKEN, 0, 1 << 20), true);
    }

    /// What other models are given.
    static Limit bytes(long bytes) {
      return new Limit(Math.clamp(bytes, 0, 1 << 20), false);
    }

    /// The smaller of this and what the model asks for.
    Limit atMost(long tokens) {
      return new Limit(Math.min(bytes, tokens(tokens).bytes), inTokens);
    }
  }

  /// The text about a call.
  ///
  /// @param chunk six hexadecimal digits
  /// @param state `Process exited with code 0` or `Process running with session ID 4711`
  String of(String chunk, long nanos, String state, Unread.Piece output) {
    // No number format: the first one loads a locale's symbols.
    return """
    Chunk ID: %s
    Wall time: %s seconds
    %s
    Original token count: %s
    Output:
    %s\
    """
        .formatted(chunk, Seconds.text(nanos, 4), state, tokens(output.bytes()), cut(output));
  }

  private static long tokens(long bytes) {
    return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
  }

  private String cut(Unread.Piece output) {
    var bytes = output.text().getBytes(UTF_8);
    if (bytes.length <= limit.bytes && output.omitted() == 0) {
      return output.text();
    }
    var heading =
        "Warning: truncated output (original token count: %d)\n%s\n\n"
            .formatted(
                tokens(output.bytes()),
                output.omitted() > 0
                    ? "... " + output.omitted() + " bytes omitted ..."
                    : "Total output lines: " + output.text().lines().count());
    return heading + middleCut(bytes);
  }

  private String middleCut(byte[] bytes) {
    if (bytes.length <= limit.bytes) {
      return new String(bytes, UTF_8);
    }
    var half = limit.bytes / 2;
    var head = half;
    while (head > 0 && isInsideCharacter(bytes[head])) {
      head--;
    }
    var tail = bytes.length - (limit.bytes - half);
    while (tail < bytes.length && isInsideCharacter(bytes[tail])) {
      tail++;
    }
    var left = new String(bytes, head, tail - head, UTF_8);
    var marker =
        limit.inTokens
            ? tokens(bytes.length - limit.bytes) + " tokens"
            : left.codePointCount(0, left.length()) + " chars";
    return new String(bytes, 0, head, UTF_8)
        + "…"
        + marker
        + " truncated…"
        + new String(bytes, tail, bytes.length - tail, UTF_8);
  }

  private static boolean isInsideCharacter(byte it) {
    return (it & 0xc0) == 0x80;
  }
}
