package dev.orchestrator.engine.plan;

import org.jspecify.annotations.Nullable;

/// Text in `$'…'`, by the rules of [ANSI-C
/// quoting](https://www.gnu.org/software/bash/manual/html_node/ANSI_002dC-Quoting.html).
final class AnsiQuotes {
  private AnsiQuotes() {}

  /// The value; null for what is rare or may be no text: NUL, control characters, single bytes.
  static @Nullable String valueOf(String quoted) {
    var value = new StringBuilder();
    for (var i = 0; i < quoted.length(); ) {
      var c = quoted.charAt(i);
      if (c != '\\') {
        value.append(c);
        i++;
        continue;
      }
      if (i + 1 == quoted.length()) {
        return null;
      }
      var kind = quoted.charAt(i + 1);
      i += 2;
      var plain = "abeEfnrtv\\'\"?".indexOf(kind);
      if (plain >= 0) {
        value.append("\u0007\b\u001b\u001b\f\n\r\t\u000b\\'\"?".charAt(plain));
        continue;
      }
      var digits =
          switch (kind) {
            case 'x' -> digits(quoted, i, 2, 16);
            case 'u' -> digits(quoted, i, 4, 16);
            case 'U' -> digits(quoted, i, 8, 16);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> digits(quoted, --i, 3, 8);
            default -> 0;
          };
      if (digits == 0) {
        return null;
      }
      var code = Long.parseLong(quoted.substring(i, i + digits), kind >= 'U' ? 16 : 8);
      var isByte = kind != 'u' && kind != 'U';
      if (code == 0 || code > (isByte ? 0x7f : Character.MAX_CODE_POINT) || isHalf(code)) {
        return null;
      }
      value.appendCodePoint((int) code);
      i += digits;
    }
    return value.toString();
  }

  private static boolean isHalf(long code) {
    return code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
  }

  private static int digits(String text, int start, int most, int radix) {
    var count = 0;
    while (count < most
        && start + count < text.length()
        && text.charAt(start + count) < 0x80
        && Character.digit(text.charAt(start + count), radix) >= 0) {
      count++;
    }
    return count;
  }
}
