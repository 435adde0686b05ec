package dev.orchestrator.engine.schema;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Pattern;

/// Regular expressions of a schema, which stop when their thread is interrupted: some need longer
/// than anybody lives.
final class Patterns implements RegularExpressionFactory {
  private static final int LOOK_EVERY = 1024;

  @Override
  public RegularExpression getRegularExpression(String pattern) {
    var compiled = Pattern.compile(ofEcmaScript(pattern));
    return text -> compiled.matcher(new Watched(text)).find();
  }

  /// At its end, `$` is before a last line break too in Java, and never in ECMA-262.
  private static String ofEcmaScript(String pattern) {
    return pattern.endsWith("$") && !pattern.endsWith("\\$")
        ? pattern.substring(0, pattern.length() - 1) + "\\z"
        : pattern;
  }

  /// The matching was to stop.
  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /// A text that looks now and then whether its reader is to stop. Confined to its reader.
  private static final class Watched implements CharSequence {
    private final String text;
    private int reads;

    Watched(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++reads % LOOK_EVERY == 0 && Thread.currentThread().isInterrupted()) {
        throw new Stopped();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
