package dev.orchestrator.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How tools say that they did not reach a host.
final class NetworkErrors {
  /// A host that was not reached.
  ///
  /// @param name as the tool wrote it
  /// @param port 0 if it did not say
  record Unreached(String name, int port) {
    boolean isThisMachine() {
      var it = name.toLowerCase(Locale.ROOT);
      return it.equals("localhost")
          || it.endsWith(".localhost")
          || it.startsWith("127.")
          || it.equals("::1")
          || it.equals("[::1]");
    }
  }

  private static final String HOST = "(?<host>\\[?[\\w.:-]*[\\w\\]])";
  private static final String QUOTE = "['\"‘“`(]?";

  /// Sentences that say so whatever the system's words are. Each names the host; the tools are
  /// curl, git, ssh, wget, apt, Node, Python, Maven and Gradle, Go, and what is built on them.
  private static final List<Pattern> SENTENCES =
      List.of(
          pattern("could not resolve host(?:name)?:? " + QUOTE + HOST),
          pattern("unable to resolve host address " + QUOTE + HOST),
          pattern("temporary failure resolving " + QUOTE + HOST),
          pattern("failed to resolve " + QUOTE + HOST),
          pattern("getaddrinfo (?:EAI_AGAIN|ENOTFOUND) " + HOST),
          pattern("UnknownHostException: " + HOST),
          pattern("unknown host " + HOST),
          pattern("dial (?:tcp|udp)4?6?: lookup " + HOST));

  /// Sentences that name a host and a port, and count with the system's words behind them.
  private static final List<Pattern> ADDRESSES =
      List.of(
          pattern("connect to host " + HOST + " port (?<port>\\d+)"),
          pattern("connect to " + HOST + " port (?<port>\\d+)"),
          pattern("dial (?:tcp|udp)4?6? (?<host>[\\w.-]+|\\[[\\w:]+\\]):(?<port>\\d+)"),
          pattern(
              "connect E(?:NETUNREACH|HOSTUNREACH|PERM|CONNREFUSED)"
                  + " (?<host>[\\w.:]+?):(?<port>\\d+)"),
          pattern("https?://(?<host>[\\w.-]+|\\[[\\w:]+\\])(?::(?<port>\\d+))?"),
          pattern(
              "(?:^|[\\s'\"(])(?<host>localhost|127[.\\d]+|[\\w-]+(?:\\.[\\w-]+)+):(?<port>\\d+)"),
          pattern(": (?<host>[\\w-]+(?:\\.[\\w-]+)+): [^:]*$"));

  private static final List<Path> TABLES =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));
  private static final String LISTENING = "0A";
  private static final int HEXADECIMAL = 16;

  private NetworkErrors() {}

  private static Pattern pattern(String text) {
    return Pattern.compile(text, Pattern.CASE_INSENSITIVE);
  }

  /// The host in a sentence that needs no further words.
  static Optional<Unreached> sentence(String line) {
    return first(SENTENCES, line);
  }

  /// The host that a line with the system's words is about.
  static Optional<Unreached> address(String line) {
    return first(ADDRESSES, line);
  }

  private static Optional<Unreached> first(List<Pattern> patterns, String line) {
    for (var pattern : patterns) {
      var matcher = pattern.matcher(line);
      if (matcher.find()) {
        return Optional.of(new Unreached(matcher.group("host"), port(matcher)));
      }
    }
    return Optional.empty();
  }

  private static int port(Matcher matcher) {
    if (!matcher.namedGroups().containsKey("port") || matcher.group("port") == null) {
      return 0;
    }
    var digits = matcher.group("port");
    return digits.length() > 5 ? 0 : Integer.parseInt(digits);
  }

  /// Whether a program of this machine waits at a TCP port (`proc_net(5)`), outside of any sandbox.
  static boolean isServed(int port) {
    for (var table : TABLES) {
      try (var lines = Files.lines(table)) {
        if (lines.skip(1).anyMatch(it -> isListening(it, port))) {
          return true;
        }
      } catch (IOException _) {
        // No such protocol here.
      }
    }
    return false;
  }

  private static boolean isListening(String line, int port) {
    var fields = line.strip().split("\\s+", 5);
    return fields.length == 5
        && fields[3].equals(LISTENING)
        && Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), HEXADECIMAL) == port;
  }
}
