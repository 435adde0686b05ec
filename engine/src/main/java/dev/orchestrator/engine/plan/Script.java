package dev.orchestrator.engine.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A script with its tree, checked against what bash itself would do.
///
/// The grammar is generous: it skips what it does not know and sees words where bash sees none. So
/// every character must belong to a token or be a blank, and here-documents end where bash ends
/// them. Whatever fails is a doubt.
final class Script {
  private static final Set<String> EXPANSIONS =
      Set.of("command_substitution", "process_substitution", "expansion", "arithmetic_expansion");

  private static final Set<String> WITH_WORDS =
      Set.of(
          "compound_statement",
          "do_group",
          "if_statement",
          "elif_clause",
          "else_clause",
          "while_statement",
          "for_statement",
          "c_style_for_statement",
          "case_statement",
          "function_definition",
          "negated_command",
          "test_command",
          "declaration_command",
          "unset_command");
  private static final Set<String> MARKS = Set.of("{", "}", "[", "]", "[[", "]]", "!");
  private static final String ENDS_WORD = " \t\n;|&()<>`";

  private static final Set<String> QUOTED =
      Set.of("string", "expansion", "arithmetic_expansion", "test_command", "regex");

  final String text;
  final Syntax root;
  final Dialect dialect;
  private final Findings findings;
  private final Map<Integer, Syntax> expansions = new HashMap<>();
  private final List<Syntax> leaves = new ArrayList<>();
  private final IdentityHashMap<Syntax, Body> bodies = new IdentityHashMap<>();
  private final NavigableSet<Integer> dashes = new TreeSet<>();

  /// The text of a here-document.
  ///
  /// @param isData whether nothing in it is expanded
  record Body(int start, int end, boolean isData) {}

  Script(String text, Syntax root, Dialect dialect, Findings findings) {
    this.text = text;
    this.root = root;
    this.dialect = dialect;
    this.findings = findings;
  }

  /// Looks at the whole text once, before anything is read from it.
  void check() {
    var heredocs = new ArrayList<Syntax>();
    root.forEach(it -> {
      if (WITH_WORDS.contains(it.type())) {
        it.children().forEach(this::checkReserved);
      }
      if (EXPANSIONS.contains(it.type())) {
        expansions.putIfAbsent(it.start(), it);
      } else if (it.is("heredoc_redirect")) {
        heredocs.add(it);
      }
    });
    gather(root);
    findBodies(heredocs);
    checkGaps();
  }

  @Nullable Syntax expansionAt(int start) {
    return expansions.get(start);
  }

  @Nullable Body bodyOf(Syntax heredoc) {
    return bodies.get(heredoc);
  }

  String textOf(Syntax it) {
    return text.substring(it.start(), it.end());
  }

  void doubt(String why, int at) {
    findings.doubt("%s at character %d".formatted(why, at + 1));
  }

  /// Whether a command would end between these two places.
  boolean hasNewline(int start, int end) {
    for (var i = start; i < end; i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '\n') {
        return true;
      }
    }
    return false;
  }

  private void gather(Syntax it) {
    if (it.is("heredoc_body") || it.is("heredoc_end")) {
      return;
    }
    if (it.isLeaf()) {
      if (it.end() > it.start()) {
        leaves.add(it);
      }
      return;
    }
    for (var child : it.children()) {
      gather(child);
    }
  }

  private void findBodies(List<Syntax> heredocs) {
    heredocs.sort((a, b) -> Integer.compare(a.start(), b.start()));
    var line = -1;
    var next = 0;
    for (var it : heredocs) {
      var begin = it.child("heredoc_start");
      if (begin == null) {
        doubt("a here-document without a name", it.start());
        continue;
      }
      var newline = text.indexOf('\n', begin.end());
      if (newline < 0) {
        doubt("a here-document without text", it.start());
        continue;
      }
      // The second one of a line begins where the first has ended.
      next = newline == line ? next : newline + 1;
      line = newline;
      next = findBody(it, begin, next);
    }
  }

  /// Gives back where the line behind the here-document begins.
  private int findBody(Syntax heredoc, Syntax begin, int start) {
    var name = textOf(begin);
    var delimiter = new StringBuilder();
    for (var i = 0; i < name.length(); i++) {
      var c = name.charAt(i);
      if (c == '$' || c == '`' || c == '\n') {
        doubt("a here-document with an unusual name", heredoc.start());
        return start;
      }
      if (c == '\\' && i + 1 < name.length()) {
        delimiter.append(name.charAt(++i));
      } else if (c != '\'' && c != '"') {
        delimiter.append(c);
      }
    }
    if (name.contains("\\") && (name.contains("'") || name.contains("\""))) {
      doubt("a here-document with an unusual name", heredoc.start());
    }
    var stripsTabs = heredoc.child("<<-") != null;
    for (var at = start; at <= text.length(); ) {
      var end = text.indexOf('\n', at);
      end = end < 0 ? text.length() : end;
      var from = at;
      while (stripsTabs && from < end && text.charAt(from) == '\t') {
        from++;
      }
      if (text.substring(from, end).contentEquals(delimiter)) {
        var last = heredoc.child("heredoc_end");
        if (last == null || last.end() != end) {
          doubt("a here-document that ends elsewhere", heredoc.start());
        }
        var isData = name.contains("'") || name.contains("\"") || name.contains("\\");
        bodies.put(heredoc, new Body(start, at, isData));
        return end + 1;
      }
      at = end + 1;
    }
    doubt("a here-document without an end", heredoc.start());
    return text.length() + 1;
  }

  /// Between tokens there are blanks, ends of lines and the texts of here-documents; nothing else.
  private void checkGaps() {
    leaves.sort((a, b) -> Integer.compare(a.start(), b.start()));
    var gaps = new boolean[text.length()];
    Arrays.fill(gaps, true);
    root.forEach(it -> {
      if (QUOTED.contains(it.type())) {
        skipQuoted(it, gaps);
      }
    });
    for (var it : leaves) {
      checkComment(it);
      for (var i = it.start(); i < it.end(); i++) {
        gaps[i] = false;
      }
    }
    for (var it : bodies.entrySet()) {
      checkBody(it.getKey(), it.getValue(), gaps);
    }
    for (var i = 0; i < gaps.length; i++) {
      if (gaps[i] && text.charAt(i) == '\\' && joinsWords(i)) {
        doubt("a word over two lines", i);
        return;
      }
      if (gaps[i] && isLoneDash(i)) {
        dashes.add(i);
      } else if (gaps[i] && !isBlank(i)) {
        doubt("not understood", i);
        return;
      }
    }
  }

  /// Whether a backslash at the end of a line makes one word of what the tree takes for two.
  private boolean joinsWords(int at) {
    return at > 0
        && " \t\n".indexOf(text.charAt(at - 1)) < 0
        && at + 2 < text.length()
        && " \t\n".indexOf(text.charAt(at + 2)) < 0;
  }

  private boolean isLoneDash(int at) {
    return text.charAt(at) == '-'
        && at > 0
        && " \t".indexOf(text.charAt(at - 1)) >= 0
        && !isEscaped(at - 1)
        && at + 1 < text.length()
        && " \t".indexOf(text.charAt(at + 1)) >= 0;
  }

  /// The words `-` between two places. The grammar loses those that stand before a here-document.
  List<Integer> takeDashes(int start, int end) {
    var taken = new ArrayList<>(dashes.subSet(start, end));
    taken.forEach(dashes::remove);
    return taken;
  }

  /// Looks at what is left when everything has been read.
  void checkRest() {
    for (var it : dashes) {
      doubt("not understood", it);
    }
  }

  private void checkBody(Syntax heredoc, Body body, boolean[] gaps) {
    var end = text.indexOf('\n', body.end);
    end = end < 0 ? text.length() : end;
    for (var i = body.start; i < end; i++) {
      if (!gaps[i]) {
        doubt("a here-document that begins elsewhere", heredoc.start());
        return;
      }
      gaps[i] = false;
    }
    for (var i = body.start; i < end; i++) {
      gaps[i] = false;
    }
    // A word that goes on over the end of the line would move the text of the here-document.
    for (var it : leaves) {
      if (it.start() < body.start - 1 && it.end() > body.start && !it.is("comment")) {
        doubt("a here-document within a word", heredoc.start());
      }
    }
  }

  private boolean isBlank(int at) {
    return switch (text.charAt(at)) {
      case ' ', '\t', '\n' -> true;
      case '\\' -> at + 1 < text.length() && text.charAt(at + 1) == '\n';
      default -> false;
    };
  }

  /// Text between expansions in quotes may be no token; it is read when its word is.
  private static void skipQuoted(Syntax it, boolean[] gaps) {
    var at = it.start();
    for (var child : it.children()) {
      Arrays.fill(gaps, at, Math.max(at, child.start()), false);
      at = Math.max(at, child.end());
    }
    Arrays.fill(gaps, at, Math.max(at, it.end()), false);
  }

  /// A reserved word is one only if it stands alone.
  private void checkReserved(Syntax it) {
    if (it.isNamed() || it.end() == it.start()) {
      return;
    }
    var first = it.type().charAt(0);
    if ((first < 'a' || first > 'z') && !MARKS.contains(it.type())) {
      return;
    }
    var before = it.start() == 0 ? ' ' : text.charAt(it.start() - 1);
    var after = it.end() == text.length() ? ' ' : text.charAt(it.end());
    if (ENDS_WORD.indexOf(before) < 0
        || ENDS_WORD.indexOf(after) < 0
        || isEscaped(it.start() - 1)
        || !textOf(it).equals(it.type())) {
      doubt("a reserved word that is none", it.start());
    }
  }

  /// Whether a character belongs to the word before it, by a backslash.
  private boolean isEscaped(int at) {
    var count = 0;
    while (at - 1 - count >= 0 && text.charAt(at - 1 - count) == '\\') {
      count++;
    }
    return count % 2 == 1 && text.charAt(at) != '\n';
  }

  private void checkComment(Syntax it) {
    if (!it.is("comment")) {
      return;
    }
    var before = it.start() == 0 ? '\n' : text.charAt(it.start() - 1);
    var escaped = it.start() > 1 && before == '\n' && text.charAt(it.start() - 2) == '\\';
    var ends = it.end() == text.length() || text.charAt(it.end()) == '\n';
    if (" \t\n;&|()".indexOf(before) < 0
        || escaped
        || !ends
        || textOf(it).indexOf('\n') >= 0
        || text.charAt(it.start()) != '#') {
      doubt("a comment that is none", it.start());
    }
  }
}
