package dev.orchestrator.engine.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.treesitter.TSNode;
import org.treesitter.TSParser;
import org.treesitter.TSTreeCursor;
import org.treesitter.TreeSitterBash;

/// tree-sitter's grammar of bash. The library is loaded with the first script, not before.
///
/// Safe from any thread; one script is parsed at a time.
final class Grammar {
  /// Beyond this no script is worth a plan.
  static final int MOST_CHARS = 256 * 1024;

  static final int MOST_DEPTH = 200;
  static final int MOST_NODES = 100_000;

  private static final Duration MOST_TIME = Duration.ofMillis(300);

  /// Stands for a character beyond ASCII: not part of a name, not special, one byte long.
  private static final char OTHER = '@';

  private static final Grammar BASH = new Grammar();

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Integer, String> names = new HashMap<>();
  private @Nullable TSParser parser;

  private Grammar() {}

  /// What came of reading a script: a tree, or why there is none.
  sealed interface Outcome {
    record Tree(Syntax root) implements Outcome {}

    record Doubt(String why) implements Outcome {}
  }

  static Outcome parse(String script) {
    var problem = problemOf(script);
    if (problem != null) {
      return new Outcome.Doubt(problem);
    }
    BASH.lock.lock();
    try {
      return BASH.read(script);
    } catch (LinkageError | RuntimeException e) {
      // The library throws plain RuntimeException when it cannot be loaded. Without it there is no
      // plan, and a command without a plan is asked about: nothing is lost but comfort.
      System.getLogger(Grammar.class.getName())
          .log(System.Logger.Level.WARNING, "no grammar for shell scripts", e);
      return new Outcome.Doubt("the grammar for shell scripts does not work here");
    } finally {
      BASH.lock.unlock();
    }
  }

  private static @Nullable String problemOf(String script) {
    if (script.length() > MOST_CHARS) {
      return "longer than %d characters".formatted(MOST_CHARS);
    }
    var depth = 0;
    for (var i = 0; i < script.length(); i++) {
      var c = script.charAt(i);
      if (c == 0) {
        return "has a NUL character";
      }
      if (Character.isSurrogate(c)) {
        if (i + 1 == script.length() || !Character.isSurrogatePair(c, script.charAt(i + 1))) {
          return "has half a character";
        }
        i++;
      } else if (c == '(' || c == '{') {
        // Before the parser sees it: so deep a nesting costs it seconds.
        if (++depth > MOST_DEPTH) {
          return "nested deeper than %d".formatted(MOST_DEPTH);
        }
      } else if ((c == ')' || c == '}') && depth > 0) {
        depth--;
      }
    }
    return null;
  }

  private Outcome read(String script) {
    var it = parser();
    it.reset();
    var start = System.nanoTime();
    var tree = it.parseString(null, ascii(script));
    // A parser that has run out of time gives a tree without a root, and the library crashes when
    // it is asked for one. It does not say so; but then it has taken all its time.
    if (tree == null || System.nanoTime() - start >= MOST_TIME.toNanos() * 9 / 10) {
      return new Outcome.Doubt("takes too long to read");
    }
    return new Walk(tree.getRootNode(), start + MOST_TIME.toNanos()).read();
  }

  private TSParser parser() {
    var known = parser;
    if (known == null) {
      known = new TSParser();
      if (!known.setLanguage(new TreeSitterBash())) {
        throw new IllegalStateException("tree-sitter does not accept its grammar of bash");
      }
      known.setTimeoutMicros(MOST_TIME.toNanos() / 1000);
      parser = known;
    }
    return known;
  }

  /// The same text with one byte for each `char`, so that the library's bytes are our characters.
  private static String ascii(String script) {
    var plain = new StringBuilder(script.length());
    for (var i = 0; i < script.length(); i++) {
      var c = script.charAt(i);
      plain.append(c < 0x80 ? c : OTHER);
    }
    return plain.toString();
  }

  /// Copies the library's tree into ours, without recursion: how deep it is, the script decides.
  private final class Walk {
    private final TSTreeCursor cursor;
    private final long deadline;
    private final List<Open> open = new ArrayList<>();
    private int nodes;

    private record Open(TSNode node, List<Syntax> children) {}

    Walk(TSNode root, long deadline) {
      cursor = new TSTreeCursor(root);
      this.deadline = deadline;
    }

    Outcome read() {
      while (true) {
        var node = cursor.currentNode();
        var problem = problemOf(node);
        if (problem != null) {
          return new Outcome.Doubt(problem);
        }
        open.add(new Open(node, new ArrayList<>()));
        if (cursor.gotoFirstChild()) {
          continue;
        }
        while (true) {
          var last = open.removeLast();
          var done = toSyntax(last);
          if (open.isEmpty()) {
            return new Outcome.Tree(done);
          }
          open.getLast().children.add(done);
          if (cursor.gotoNextSibling()) {
            break;
          }
          cursor.gotoParent();
        }
      }
    }

    private @Nullable String problemOf(TSNode node) {
      if (node.isError() || node.isMissing()) {
        return "not understood at character %d".formatted(node.getStartByte() + 1);
      }
      if (open.size() > MOST_DEPTH) {
        return "nested deeper than %d".formatted(MOST_DEPTH);
      }
      if (++nodes > MOST_NODES) {
        return "has more than %d parts".formatted(MOST_NODES);
      }
      return nodes % 1000 == 0 && System.nanoTime() - deadline > 0
          ? "takes too long to read"
          : null;
    }

    private Syntax toSyntax(Open it) {
      var node = it.node;
      var type = names.computeIfAbsent(node.getSymbol(), _ -> node.getType());
      return new Syntax(
          type, node.getStartByte(), node.getEndByte(), node.isNamed(), List.copyOf(it.children));
    }
  }
}
