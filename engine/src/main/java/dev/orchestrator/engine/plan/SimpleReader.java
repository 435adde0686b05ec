package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Kind;
import dev.orchestrator.engine.plan.Command.Redirection;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.WordReader.Inside;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one simple command with its words, assignments and redirections.
///
/// Which word belongs to what, the tree tells; where words end, the text does.
final class SimpleReader {
  private static final Set<String> RESERVED =
      Set.of(
          "if",
          "then",
          "else",
          "elif",
          "fi",
          "do",
          "done",
          "case",
          "esac",
          "while",
          "until",
          "for",
          "select",
          "function",
          "{",
          "}",
          "!",
          "[[",
          "]]",
          "in");

  private final Script script;
  private final WordReader words;
  private final List<Span> spans = new ArrayList<>();
  private final List<Assignment> assignments = new ArrayList<>();
  private final List<Redirection> redirections = new ArrayList<>();
  private final List<Syntax> rest = new ArrayList<>();
  private final Place place;

  /// A part of the text that is one word or a piece of one.
  private record Span(int start, int end) {}

  /// What one simple command is made of.
  ///
  /// @param inside what runs while its words are expanded
  /// @param rest statements that the grammar puts behind a here-document's name
  record Simple(
      List<Word> words,
      List<Assignment> assignments,
      List<Redirection> redirections,
      List<Inside> inside,
      List<Syntax> rest) {}

  SimpleReader(Script script, Findings findings, Place place) {
    this.script = script;
    this.words = new WordReader(script, findings);
    this.place = place;
  }

  /// Takes in a command; may be called again for the redirections around it.
  void command(Syntax it) {
    var last = it.start();
    for (var child : it.children()) {
      if (script.hasNewline(last, child.start())) {
        script.doubt("a command over two lines", last);
      }
      last = child.end();
      switch (child.type()) {
        case "variable_assignment" -> assignment(child);
        case "file_redirect", "herestring_redirect", "heredoc_redirect" -> redirect(child);
        case "comment" -> {}
        case "subshell" -> script.doubt("a command that is not understood", child.start());
        default -> spans.add(new Span(child.start(), child.end()));
      }
    }
  }

  /// Takes in words that the grammar has lost before a here-document.
  void lost(int start, List<Syntax> redirects) {
    for (var it : redirects) {
      for (var at : script.takeDashes(start, it.start())) {
        spans.add(new Span(at, at + 1));
      }
    }
  }

  void assignment(Syntax it) {
    var text = script.textOf(it);
    var equals = it.child("=") == null ? it.child("+=") : it.child("=");
    if (equals == null || it.children().isEmpty()) {
      script.doubt("an assignment that is not understood", it.start());
      return;
    }
    var target = script.textOf(it.children().getFirst());
    var bracket = target.indexOf('[');
    var name = bracket < 0 ? target : target.substring(0, bracket);
    if (bracket >= 0) {
      words.expression(it.start() + bracket + 1, equals.start());
    }
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      script.doubt("an assignment that is not understood", it.start());
    }
    if (text.length() > equals.end() - it.start() && script.text.charAt(equals.end()) == '(') {
      words.words(equals.end() + 1, Math.max(equals.end() + 1, it.end() - 1));
      assignments.add(new Assignment(name, new Word(text, false)));
      return;
    }
    var value = words.word(equals.end(), it.end());
    assignments.add(new Assignment(name, equals.is("+=") ? new Word(text, false) : value));
  }

  void redirect(Syntax it) {
    switch (it.type()) {
      case "file_redirect" -> file(it);
      case "herestring_redirect" -> {
        var operator = it.child("<<<");
        if (operator == null) {
          script.doubt("a redirection that is not understood", it.start());
          return;
        }
        var from = it.children().get(it.children().indexOf(operator) + 1).start();
        words.word(from, it.end());
        redirections.add(here());
      }
      case "heredoc_redirect" -> document(it);
      default -> script.doubt("a redirection that is not understood", it.start());
    }
  }

  private void document(Syntax it) {
    redirections.add(here());
    var body = script.bodyOf(it);
    if (body != null && !body.isData()) {
      words.document(body.start(), body.end());
    }
    for (var child : it.children()) {
      switch (child.type()) {
        case "<<", "<<-", "heredoc_start", "heredoc_body", "heredoc_end", "comment" -> {}
        case "file_redirect", "herestring_redirect", "heredoc_redirect" -> redirect(child);
        case "file_descriptor" -> descriptor(child);
        case "&&", "||", "|", "|&", ";", "\n", "&", "pipeline", "list" -> rest.add(child);
        case "word",
            "string",
            "raw_string",
            "concatenation",
            "number",
            "simple_expansion",
            "expansion",
            "command_substitution",
            "ansi_c_string" ->
            spans.add(new Span(child.start(), child.end()));
        default -> rest.add(child);
      }
    }
  }

  private static Redirection here() {
    return new Redirection(Kind.HERE, new Word("", true), null);
  }

  private void file(Syntax it) {
    Kind kind = null;
    var operator = "";
    var pieces = new ArrayList<Span>();
    var last = it.start();
    for (var child : it.children()) {
      if (script.hasNewline(last, child.start())) {
        script.doubt("a redirection over two lines", last);
      }
      last = child.end();
      if (child.is("file_descriptor")) {
        descriptor(child);
      } else if (kind == null && kindOf(child.type()) != null) {
        kind = kindOf(child.type());
        operator = child.type();
      } else {
        pieces.add(new Span(child.start(), child.end()));
      }
    }
    var joined = join(pieces);
    if (kind == null || (joined.isEmpty() && !operator.endsWith("-"))) {
      script.doubt("a redirection that is not understood", it.start());
      return;
    }
    if (operator.endsWith("-")) {
      redirections.add(new Redirection(Kind.DUPLICATE, new Word("-", true), null));
      spans.addAll(joined);
      return;
    }
    var first = joined.getFirst();
    redirections.add(redirection(kind, operator, words.word(first.start, first.end)));
    // What follows the target belongs to the command.
    spans.addAll(joined.subList(1, joined.size()));
  }

  private Redirection redirection(Kind kind, String operator, Word target) {
    if (operator.equals(">&") || operator.equals("<&")) {
      var isDescriptor = target.isLiteral() && target.text().matches("[0-9]+-?|-");
      if (isDescriptor || operator.equals("<&")) {
        return new Redirection(Kind.DUPLICATE, target, null);
      }
    }
    return new Redirection(kind, target, place.resolve(target));
  }

  private void descriptor(Syntax it) {
    var before = it.start() == 0 ? ' ' : script.text.charAt(it.start() - 1);
    if (!script.textOf(it).matches("[0-9]+") || " \t\n;|&()`".indexOf(before) < 0) {
      script.doubt("a descriptor that is none", it.start());
    }
  }

  private static @Nullable Kind kindOf(String operator) {
    return switch (operator) {
      case ">", ">|", "&>", ">&", ">&-" -> Kind.WRITE;
      case ">>", "&>>" -> Kind.APPEND;
      case "<", "<&", "<&-" -> Kind.READ;
      case "<>" -> Kind.READ_WRITE;
      default -> null;
    };
  }

  /// Pieces that touch are one word, whatever the tree says.
  private static List<Span> join(List<Span> pieces) {
    var joined = new ArrayList<Span>();
    for (var it : pieces) {
      if (!joined.isEmpty() && joined.getLast().end == it.start) {
        joined.set(joined.size() - 1, new Span(joined.getLast().start, it.end));
      } else {
        joined.add(it);
      }
    }
    return joined;
  }

  /// The words of an array, a list or a test, of which only matters what runs in them.
  void loose(int start, int end) {
    words.words(start, end);
  }

  void expression(int start, int end) {
    words.expression(start, end);
  }

  /// Takes in words that stand somewhere else than in a command, such as those of a loop.
  void word(Syntax it) {
    spans.add(new Span(it.start(), it.end()));
  }

  Simple done(boolean isCommand) {
    spans.sort((a, b) -> Integer.compare(a.start, b.start));
    var joined = join(spans);
    var read = new ArrayList<Word>();
    for (var it : joined) {
      var next = it.end < script.text.length() ? script.text.charAt(it.end) : ' ';
      var source = script.text.substring(it.start, it.end);
      if ((next == '<' || next == '>') && source.matches("[0-9]+|\\{[A-Za-z0-9_]+}")) {
        script.doubt("a word that is a descriptor", it.start);
      }
      if (isCommand && read.isEmpty() && (RESERVED.contains(source) || source.contains("\\\n"))) {
        script.doubt("a word that is reserved", it.start);
      }
      read.add(words.word(it.start, it.end));
    }
    return new Simple(read, assignments, redirections, words.takeInside(), rest);
  }
}
