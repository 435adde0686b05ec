package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.Shell;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What a grant is about.
public sealed interface Cover {
  /// One line for people.
  String text();

  /// This very command, however it is quoted or wrapped: same words, assignments, redirections,
  /// directory and privileged wrappers.
  ///
  /// @param key see [#keyOf]
  /// @param text for people
  record Exact(String key, String text) implements Cover {}

  /// This very text of a call: one that is not understood, or of which the words are not all.
  ///
  /// @param hash see [#hash(Plan)]
  record OpaqueText(String hash, String text) implements Cover {
    /// The text of a plan.
    public static OpaqueText of(Plan plan) {
      return new OpaqueText(Cover.hash(plan), plan.text());
    }
  }

  /// A program and the shape of its arguments.
  ///
  /// @param words `*` stands for any one word; as the last word, for any number of them
  record Shape(List<String> words) implements Cover {
    static final String ANY = "*";

    public Shape {
      words = List.copyOf(words);
      if (words.isEmpty() || words.getFirst().equals(ANY)) {
        throw new IllegalArgumentException("a pattern begins with a program");
      }
    }

    @Override
    public String text() {
      return String.join(
          " ", words.stream().map(it -> it.equals(ANY) ? it : Shell.quote(List.of(it))).toList());
    }

    /// The words of a command, with anything after them; empty if they are not all known.
    public static Optional<Shape> opening(Command command) {
      var words = Reach.literal(command);
      if (words.isEmpty() || words.size() < command.words().size()) {
        return Optional.empty();
      }
      var pattern = new ArrayList<>(words);
      pattern.add(ANY);
      return Optional.of(new Shape(pattern));
    }

    boolean covers(List<Word> command) {
      for (var index = 0; index < words.size(); index++) {
        var wanted = words.get(index);
        if (wanted.equals(ANY) && index == words.size() - 1) {
          return true;
        }
        if (index >= command.size()) {
          return false;
        }
        var word = command.get(index);
        var text = index == 0 ? Reach.plainName(word.text()) : word.text();
        if (!wanted.equals(ANY) && !(word.isLiteral() && text.equals(wanted))) {
          return false;
        }
      }
      return command.size() == words.size();
    }

    boolean coversWords(List<String> command) {
      return covers(command.stream().map(it -> new Word(it, true)).toList());
    }
  }

  /// A tool of an MCP server.
  ///
  /// @param tool `*` for all of the server's
  record McpTool(String server, String tool) implements Cover {
    @Override
    public String text() {
      return server + "/" + tool;
    }
  }

  /// A file or folder that patches may change.
  record Writable(String path) implements Cover {
    @Override
    public String text() {
      return path;
    }
  }

  /// Whether [#keyOf] tells all that there is to a command. It does not where a word depends on
  /// what stands before, where the directory is not known, and where the input tells what to do.
  static boolean isTold(Command it) {
    return Reach.isLiteral(it)
        && it.directory() != null
        && it.assignments().stream().allMatch(set -> set.value().isLiteral())
        && it.redirections().stream().allMatch(to -> to.target().isLiteral())
        && !Reach.isToldByInput(it);
  }

  /// These very commands of a plan, together: each by itself, or the text of the call where
  /// commands are not all there is to it.
  static List<Cover> exactly(Plan plan, List<Command> commands, Function<Command, String> text) {
    if (plan.isOpaque() || commands.isEmpty() || !commands.stream().allMatch(Cover::isTold)) {
      return List.of(OpaqueText.of(plan));
    }
    return commands.stream()
        .<Cover>map(it -> new Exact(keyOf(it), text.apply(it)))
        .distinct()
        .toList();
  }

  /// What makes two calls the same text: it, and where it starts.
  static String hash(Plan plan) {
    var directory = plan.commands().isEmpty() ? null : plan.commands().getFirst().directory();
    return hash(plan.text() + "\0" + directory);
  }

  /// What makes two commands the same.
  static String keyOf(Command it) {
    var parts = new ArrayList<String>();
    parts.add("in " + it.directory());
    it.wrappers().stream()
        .filter(Cover::isPrivileged)
        .forEach(name -> parts.add("wrapper " + name));
    it.assignments().forEach(a -> parts.add("set " + a.name() + "=" + known(a.value())));
    for (var index = 0; index < it.words().size(); index++) {
      var word = it.words().get(index);
      parts.add(
          known(index == 0 ? new Word(Reach.plainName(word.text()), word.isLiteral()) : word));
    }
    it.redirections()
        .forEach(r ->
            parts.add(
                r.kind() + " " + (r.file() == null ? known(r.target()) : "file " + r.file())));
    return hash(String.join("\0", parts));
  }

  private static String known(Word word) {
    return (word.isLiteral() ? "word " : "source ") + word.text();
  }

  /// Whether a wrapper gives the command more than it would have without.
  static boolean isPrivileged(String wrapper) {
    return wrapper.equals("sudo")
        || wrapper.equals("doas")
        || wrapper.equals("su")
        || wrapper.equals("pkexec");
  }

  /// SHA-256 in hex.
  static String hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
