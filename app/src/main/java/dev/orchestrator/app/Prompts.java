package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.app.flags.ExecFlags.Change;
import dev.orchestrator.app.flags.ExecFlags.Doing;
import dev.orchestrator.engine.agent.Pictures;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.posix.Tty;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a turn begins with: words of the command line, standard input, pictures.
///
/// Standard input is read when it is the prompt, or when `--stdin` adds it to one: an open pipe
/// that nobody writes to must not hang a run.
record Prompts(ExecFlags flags, Invocation invocation) {
  /// Of a prompt; models take less.
  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private static final int BOM_BYTES = 3;

  /// The prompt's text.
  ///
  /// @return empty for a thread that is only forked
  Optional<String> text() throws ExecFailure, IOException {
    if (flags.doing() instanceof Doing.Review(var change, var title)) {
      return Optional.of(review(change, title));
    }
    var said = flags.prompt();
    if (said.isPresent() && !said.get().equals("-")) {
      if (flags.stdin()) {
        return Optional.of(withInput(said.get()));
      }
      warnOfInput();
      return said;
    }
    if (said.isEmpty() && flags.doing() instanceof Doing.Fork) {
      return Optional.empty();
    }
    if (said.isEmpty()) {
      if (Tty.isTerminal(Parts.STDIN)) {
        throw new ExecFailure("no prompt: write it last, in quotes, or give it on standard input");
      }
      say("Reading prompt from stdin...");
    }
    var text = input();
    if (text.isBlank()) {
      throw new ExecFailure("No prompt provided via stdin.");
    }
    return Optional.of(text);
  }

  /// Somebody who pipes something in expects it to be read; but only what has come already shows
  /// that there is somebody.
  private void warnOfInput() {
    try {
      if (flags.asking() != Asking.STDIO
          && !Tty.isTerminal(Parts.STDIN)
          && invocation.in().available() > 0) {
        say("warning: standard input is not read beside a prompt; add --stdin to append it");
      }
    } catch (IOException _) {
      // It is closed.
    }
  }

  private String withInput(String prompt) throws ExecFailure, IOException {
    say("Reading additional input from stdin...");
    var text = input();
    return text.isBlank()
        ? prompt
        : prompt + "\n\n<stdin>\n" + text + (text.endsWith("\n") ? "" : "\n") + "</stdin>";
  }

  private void say(String line) {
    if (!flags.quiet()) {
      invocation.err().println(line);
    }
  }

  private String review(Change change, Optional<String> title) throws ExecFailure, IOException {
    var about = title.map(it -> " It is called: " + it + ".").orElse("");
    return switch (change) {
      case Change.Uncommitted _ ->
          "Review what is not committed in this repository: staged, unstaged and untracked files"
              + " (git status, git diff HEAD)."
              + about;
      case Change.Since(var branch) ->
          "Review what differs from the branch %s: git diff $(git merge-base HEAD %s)."
                  .formatted(branch, branch)
              + about;
      case Change.Commit(var hash) ->
          "Review the commit %s: git show %s.".formatted(hash, hash) + about;
      case Change.Described _ -> {
        var said = flags.prompt().orElse("-");
        yield said.equals("-") ? input() : said;
      }
    };
  }

  private String input() throws ExecFailure, IOException {
    var bytes = invocation.in().readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new ExecFailure("standard input is longer than %,d bytes".formatted(MOST_BYTES));
    }
    return decoded(bytes);
  }

  /// UTF-8, or UTF-16 if it says so at its beginning.
  static String decoded(byte[] bytes) throws ExecFailure {
    if (begins(bytes, 0xff, 0xfe, 0, 0) || begins(bytes, 0, 0, 0xfe, 0xff)) {
      throw new ExecFailure("standard input is UTF-32; convert it to UTF-8");
    }
    if (begins(bytes, 0xff, 0xfe)) {
      return decoded(bytes, 2, UTF_16LE);
    }
    if (begins(bytes, 0xfe, 0xff)) {
      return decoded(bytes, 2, UTF_16BE);
    }
    return decoded(bytes, begins(bytes, 0xef, 0xbb, 0xbf) ? BOM_BYTES : 0, UTF_8);
  }

  private static boolean begins(byte[] bytes, int... with) {
    for (var at = 0; at < with.length; at++) {
      if (bytes.length <= at || (bytes[at] & 0xff) != with[at]) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(byte[] bytes, int from, Charset charset) throws ExecFailure {
    try {
      return charset
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, bytes.length - from))
          .toString();
    } catch (CharacterCodingException _) {
      throw new ExecFailure("standard input is not valid " + charset + "; convert it to UTF-8");
    }
  }

  /// The prompt as the model gets it: pictures first.
  ///
  /// Relative paths of pictures are relative to the folder that the program was started in.
  ResponseItem item(String text) throws ExecFailure {
    var parts = new ArrayList<Map<String, @Nullable Object>>();
    for (var image : flags.images()) {
      var file = invocation.directory().resolve(image);
      try {
        parts.add(ResponseItem.text("<image name=[%s]>".formatted(file.getFileName())));
        var part = new LinkedHashMap<>(ResponseItem.image(Pictures.url(file)));
        part.put("detail", "original");
        parts.add(part);
        parts.add(ResponseItem.text("</image>"));
      } catch (IOException e) {
        throw new ExecFailure("--image: %s: %s".formatted(image, e.getMessage()));
      }
    }
    parts.add(ResponseItem.text(text));
    return ResponseItem.user(List.copyOf(parts));
  }
}
