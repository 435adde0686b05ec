package dev.orchestrator.headless;

import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A program of the user's that is told something: its last argument is a JSON object.
///
/// It belongs to the user and not to the run: its environment has no mark, and none of our
/// descriptors is open in it. Its standard input and error are `/dev/null`.
///
/// Immutable.
final class UserProgram {
  /// The kernel takes 128 KiB for one argument.
  private static final int LARGEST_ARGUMENT_BYTES = 120_000;

  private static final int LONGEST_TEXT_CHARS = 64 * 1024;
  private static final int SHORTEST_CUT_CHARS = 64;

  private final List<String> words;
  private final Path directory;
  private final Map<String, String> environment;
  private final Redaction redaction;

  /// @param words the program, and its first arguments; at least one
  /// @param environment without the mark of any run
  UserProgram(
      List<String> words, Path directory, Map<String, String> environment, Redaction redaction) {
    this.words = List.copyOf(words);
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.redaction = redaction;
  }

  /// Its name, for people.
  String name() {
    return TerminalText.line(words.getFirst());
  }

  /// Starts it.
  ///
  /// @param told what it is told; secrets are masked, and texts cut as far as needed
  /// @param out where its standard output goes
  /// @throws IOException if it cannot be started
  Process start(Map<String, @Nullable Object> told, Redirect out) throws IOException {
    var arguments = new ArrayList<>(words);
    arguments.add(argument(told));
    var builder =
        new ProcessBuilder(arguments)
            .directory(directory.toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(out)
            .redirectError(Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private String argument(Map<String, @Nullable Object> told) {
    var json = Json.line(shown(told, LONGEST_TEXT_CHARS));
    for (var most = LONGEST_TEXT_CHARS / 2;
        json.length > LARGEST_ARGUMENT_BYTES && most >= SHORTEST_CUT_CHARS;
        most /= 2) {
      json = Json.line(shown(told, most));
    }
    return new String(json, StandardCharsets.UTF_8);
  }

  private @Nullable Object shown(@Nullable Object value, int most) {
    return switch (value) {
      case null -> null;
      case String it -> TerminalText.cut(redaction.mask(it), most);
      case Path it -> redaction.mask(it.toString());
      case List<?> list -> {
        List<@Nullable Object> shown = new ArrayList<>();
        list.forEach(it -> shown.add(shown(it, most)));
        yield shown;
      }
      case Map<?, ?> map -> {
        var shown = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((name, it) -> shown.put(String.valueOf(name), shown(it, most)));
        yield shown;
      }
      default -> value;
    };
  }
}
