package dev.orchestrator.engine.rules;

/// A piece of a file of rules.
///
/// @param text a string's value, a name, or the mark itself
record Token(Kind kind, String text, Position position) {
  enum Kind {
    NAME,
    STRING,
    MARK,
    NEWLINE,
    END
  }

  boolean is(String mark) {
    return kind == Kind.MARK && text.equals(mark);
  }

  /// For messages.
  String shown() {
    return switch (kind) {
      case NAME, MARK -> "`" + text + "`";
      case STRING -> "a string";
      case NEWLINE -> "the end of the line";
      case END -> "the end of the file";
    };
  }
}
