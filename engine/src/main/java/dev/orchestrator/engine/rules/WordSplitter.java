package dev.orchestrator.engine.rules;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits a line at blanks, honouring quotes and backslashes as a shell does.
final class WordSplitter {
  private WordSplitter() {}

  /// The words; null if a quote does not end.
  static @Nullable List<String> split(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    var isOpen = false;
    var quote = '\0';
    for (var i = 0; i < line.length(); i++) {
      var c = line.charAt(i);
      if (quote == '\'' ? c == '\'' : quote == '"' && c == '"') {
        quote = '\0';
      } else if (c == '\\' && quote != '\'') {
        if (++i == line.length()) {
          return null;
        }
        if (quote == '"' && "\"\\$`".indexOf(line.charAt(i)) < 0) {
          word.append('\\');
        }
        word.append(line.charAt(i));
        isOpen = true;
      } else if (quote != '\0') {
        word.append(c);
      } else if (c == '\'' || c == '"') {
        quote = c;
        isOpen = true;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        if (isOpen) {
          words.add(word.toString());
          word.setLength(0);
          isOpen = false;
        }
      } else {
        word.append(c);
        isOpen = true;
      }
    }
    if (quote != '\0') {
      return null;
    }
    if (isOpen) {
      words.add(word.toString());
    }
    return words;
  }
}
