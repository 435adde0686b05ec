package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import dev.orchestrator.engine.sandbox.ErrorWords.Cause;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Tells from how a command ended and what it said whether its confinement stopped it.
///
/// A line counts as an explanation only if all of this holds: it has the shape of an error and not
/// of quoted text; its words are those of a refusal this backend gives; it names something; the
/// confinement denies that; and this user could do it otherwise. Output that a command shows, such
/// as a log, can still look the same, so do not ask about commands that only read.
public final class Evidence {
  private static final int SIGSYS = 31;
  private static final int MOST_LINES = 4_000;
  private static final int MOST_DENIALS = 16;
  private static final int LINES_BEFORE = 4;

  /// What all such sentences have a word of; most lines have none, and are done with quickly.
  private static final Pattern TELLING =
      Pattern.compile(
          "[Rr]esolv|getaddrinfo|[Uu]nknown ?[Hh]ost|dial |agent|AUTH|ocker|repository");

  private static final Pattern AGENT =
      Pattern.compile("(?i)authentication agent|connecting to agent|SSH_AUTH_SOCK");
  private static final Pattern DOCKER =
      Pattern.compile("(?i)connect to the docker (daemon|api)|docker daemon socket");
  private static final Pattern SOCKET = Pattern.compile("(?i)socket|\\b(bind|listen|connect)\\b");
  private static final Pattern MAVEN_HOME =
      Pattern.compile("Could not create local repository at (/[^\\n]+)");

  private final Sandbox sandbox;
  private final Path cwd;
  private final Map<String, String> environment;
  private final Denials denials;
  private final Map<Opening, Denial> found = new LinkedHashMap<>();

  private Evidence(
      Sandbox sandbox, Confinement confinement, Path cwd, Map<String, String> environment) {
    this.sandbox = sandbox;
    this.cwd = cwd;
    this.environment = environment;
    denials = new Denials(confinement, environment);
  }

  /// What a command was denied.
  ///
  /// @param sandbox what held it
  /// @param confinement what it was held to
  /// @param cwd where it ran; names in its output are relative to that
  /// @param environment what it got, for its language and the sockets it was told about
  /// @param exit how it ended; a denial may hide behind code 0
  /// @param output what it said: beginning and end are enough, standard output and error together
  /// @return the surest first, each opening once, 16 at most; empty if nothing speaks for a denial
  public static List<Denial> of(
      Sandbox sandbox,
      Confinement confinement,
      Path cwd,
      Map<String, String> environment,
      Exit exit,
      String output) {
    if (confinement.isNone() || sandbox instanceof NoSandbox) {
      return List.of();
    }
    return new Evidence(sandbox, confinement, cwd, environment).judge(exit, output);
  }

  private List<Denial> judge(Exit exit, String output) {
    if (exit.shellCode() == 128 + SIGSYS) {
      add(Grade.PROVED, new Opening.Everything(), "a system call that no program here needs", "");
    }
    var words = ErrorWords.of(ErrorWords.locale(environment));
    var lines = output.lines().limit(MOST_LINES).map(ErrorLine::plain).toList();
    var guess = Optional.<String>empty();
    for (var index = 0; index < lines.size() && found.size() < MOST_DENIALS; index++) {
      var line = lines.get(index);
      if (line.isEmpty() || explainBySentence(line)) {
        continue;
      }
      var error = ErrorLine.of(line, words);
      if (error.isPresent()
          && !explain(error.get(), line, before(lines, index))
          && guess.isEmpty()
          && causes().contains(error.get().found().cause())) {
        guess = Optional.of(line);
      }
    }
    if (found.isEmpty() && exit.shellCode() != 0) {
      guess.ifPresent(
          it -> add(Grade.GUESSED, new Opening.Everything(), "something that was not named", it));
    }
    return List.copyOf(found.values());
  }

  private static List<String> before(List<String> lines, int index) {
    return lines.subList(Math.max(0, index - LINES_BEFORE), index).reversed();
  }

  private void add(Grade grade, Opening opening, String what, String line) {
    found.putIfAbsent(opening, new Denial(grade, opening, what, line));
  }

  /// Errors for a refused write, by this backend: a mount says something else than a rule.
  private Set<Cause> causes() {
    return switch (sandbox) {
      case BubblewrapSandbox _ -> EnumSet.of(Cause.EROFS, Cause.EBUSY);
      case LandlockSandbox _ -> EnumSet.of(Cause.EACCES);
      case SeatbeltSandbox _ -> EnumSet.of(Cause.EPERM);
      case NoSandbox _ -> EnumSet.noneOf(Cause.class);
    };
  }

  /// Sentences of certain tools, which leave out the system's words.
  private boolean explainBySentence(String line) {
    if (!TELLING.matcher(line).find() || ErrorLine.isQuotation(line)) {
      return false;
    }
    var host = NetworkErrors.sentence(line);
    if (host.isPresent() && denials.deniesNetwork() && !host.get().isThisMachine()) {
      add(Grade.EXPLAINED, new Opening.Network(), "reaching " + host.get().name(), line);
      return true;
    }
    if (AGENT.matcher(line).find()) {
      return Bundles.sshAgent(environment).filter(it -> explainSocket(it, line)).isPresent();
    }
    if (DOCKER.matcher(line).find()) {
      return explainSocket(Bundles.docker(environment), line);
    }
    var maven = MAVEN_HOME.matcher(line);
    return maven.find() && explainPath(maven.group(1).strip(), line);
  }

  private boolean explain(ErrorLine error, String line, List<String> before) {
    var cause = error.found().cause();
    if (cause.isNetwork()) {
      return explainNetwork(line, cause);
    }
    var names = new ArrayList<>(error.names());
    if (error.onlyWords()) {
      before.forEach(it -> ErrorLine.addQuoted(it, names));
      before.forEach(it -> ErrorLine.addAbsolute(it, names));
    }
    for (var name : names) {
      var socket = path(name).filter(denials::deniesSocket);
      if (socket.isPresent() && cause != Cause.EROFS && cause != Cause.EBUSY) {
        return explainSocket(new Opening.UnixSocket(Confinements.real(socket.get())), line);
      }
    }
    if (cause == Cause.ECONNREFUSED || cause == Cause.EPERM) {
      if (explainAddress(line, cause)) {
        return true;
      }
    }
    return causes().contains(cause) && names.stream().anyMatch(it -> explainPath(it, line));
  }

  private boolean explainSocket(Opening.UnixSocket socket, String line) {
    if (!denials.deniesSocket(socket.path())) {
      return false;
    }
    add(Grade.EXPLAINED, socket, "connecting to " + socket.path(), line);
    return true;
  }

  private boolean explainNetwork(String line, Cause cause) {
    if (!denials.deniesNetwork()) {
      return false;
    }
    var host = NetworkErrors.address(line);
    var isHere = host.filter(NetworkErrors.Unreached::isThisMachine).isPresent();
    if (isHere && cause == Cause.EAI_NONAME) {
      return false;
    }
    add(
        Grade.EXPLAINED,
        isHere ? new Opening.Localhost() : new Opening.Network(),
        host.map(it -> "reaching " + it.name()).orElse("reaching the network"),
        line);
    return true;
  }

  /// An address that was refused or not permitted: the confinement's doing only if it is on this
  /// machine and served, or if sockets are not permitted at all.
  private boolean explainAddress(String line, Cause cause) {
    var host = NetworkErrors.address(line);
    if (!denials.deniesLocalhost()) {
      return false;
    }
    if (host.isEmpty()) {
      // Without a network of its own a command gets no socket at all, to listen at either.
      var isSocket = cause == Cause.EPERM && SOCKET.matcher(line).find();
      if (isSocket && sandbox instanceof LandlockSandbox) {
        add(Grade.EXPLAINED, new Opening.Localhost(), "making a socket", line);
        return true;
      }
      return false;
    }
    if (host.get().isThisMachine()
        && (cause == Cause.EPERM || NetworkErrors.isServed(host.get().port()))) {
      add(Grade.EXPLAINED, new Opening.Localhost(), "reaching " + host.get().name(), line);
      return true;
    }
    if (!host.get().isThisMachine() && cause == Cause.EPERM) {
      add(Grade.EXPLAINED, new Opening.Network(), "reaching " + host.get().name(), line);
      return true;
    }
    return false;
  }

  private boolean explainPath(String name, String line) {
    var path = path(name);
    if (path.isEmpty() || !denials.deniesWriting(path.get())) {
      return false;
    }
    add(Grade.EXPLAINED, denials.toWrite(path.get(), cwd), "writing " + path.get(), line);
    return true;
  }

  /// The path that a name in the output means, without symbolic links.
  private Optional<Path> path(String name) {
    try {
      return name.isBlank() || name.contains("://")
          ? Optional.empty()
          : Optional.of(Confinements.real(cwd.resolve(name)));
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
