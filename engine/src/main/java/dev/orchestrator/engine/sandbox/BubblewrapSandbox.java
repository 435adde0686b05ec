package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.ConfinedThread.Restriction;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.SyscallFilter;
import dev.orchestrator.engine.posix.SyscallFilter.Family;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// Holds commands with namespaces, set up by bubblewrap, and a filter of system calls.
///
/// The command gets its own processes, devices and, unless it may use it, network; the file system
/// is the real one, read-only but for what may be written. It is process 2 or 3 of its own; a
/// command that ends by signal n is reported as code 128 + n, as by a shell.
///
/// @param program the file of `bwrap`
/// @param env the file of GNU `env`, which keeps a terminal's keys from ending `bwrap` itself;
///   empty where there is none that can
/// @param closesUserNamespaces whether this `bwrap` (0.8.0 or later) can keep a command from making
///   further namespaces
public record BubblewrapSandbox(Path program, Optional<Path> env, boolean closesUserNamespaces)
    implements Sandbox {
  private static final String COMPLAINT = "bwrap: ";
  private static final String SIGNALS = "INT,QUIT,TERM";

  /// Variables that make the program loader run code of the command's choosing: they are for the
  /// command and must not reach `bwrap`, which is not held yet.
  private static final List<String> LOADER = List.of("LD_", "GLIBC_TUNABLES=", "GCONV_PATH=");

  @Override
  public String name() {
    return "bubblewrap";
  }

  @Override
  public ConfinedLaunch launch(Confinement confinement, boolean terminal) {
    return confinement.isNone()
        ? new NoSandbox.Plain()
        : new Bubblewrapped(this, confinement, terminal);
  }

  @Override
  public List<String> notHeld(Confinement confinement) {
    if (confinement.isNone()) {
      return List.of();
    }
    var not = new ArrayList<String>();
    if (confinement.openings().contains(new Opening.Localhost()) && !confinement.network()) {
      not.add("localhost is open, and with it the whole network: the two cannot be told apart");
    }
    if (sharesNetwork(confinement)) {
      not.add("abstract unix sockets of this machine can be reached, because the network is open");
    }
    if (opensUnixSockets(confinement)) {
      not.add("a unix socket that is made while the command runs can be reached as well");
    }
    if (!closesUserNamespaces) {
      not.add("the command may make namespaces of its own: bubblewrap is older than 0.8.0");
    }
    for (var root : confinement.writable()) {
      for (var name : Confinement.PROTECTED) {
        if (Files.isSymbolicLink(root.resolve(name))) {
          not.add(root.resolve(name) + " is a symbolic link, and the link can be replaced");
        }
      }
    }
    return List.copyOf(not);
  }

  @Override
  public Optional<String> failure(int shellCode, String output) {
    return shellCode == 1 && output.startsWith(COMPLAINT)
        ? output.lines().findFirst()
        : Optional.empty();
  }

  static boolean sharesNetwork(Confinement confinement) {
    return confinement.network()
        || confinement.openings().contains(new Opening.Network())
        || confinement.openings().contains(new Opening.Localhost());
  }

  static boolean opensUnixSockets(Confinement confinement) {
    return sharesNetwork(confinement)
        || confinement.openings().stream().anyMatch(it -> it instanceof Opening.UnixSocket);
  }

  /// What the thread gives up that starts `bwrap`; it still has to make its namespaces.
  static Restriction restriction(Confinement confinement) {
    var families = EnumSet.of(Family.INET, Family.INET6, Family.NETLINK);
    if (opensUnixSockets(confinement)) {
      families.add(Family.UNIX);
    }
    return new Restriction(
        Optional.of(new SyscallFilter(families, false, true)), Optional.empty(), false);
  }

  /// The words that start a program held.
  ///
  /// @param mounts options that make the file system, in order
  List<String> words(
      Confinement confinement, List<String> mounts, Program held, Path file, boolean terminal) {
    var wraps = terminal && env.isPresent() && !held.arguments().getFirst().contains("=");
    var words = new ArrayList<String>();
    if (wraps) {
      words.addAll(List.of("env", "--ignore-signal=" + SIGNALS, program.toString()));
    } else {
      words.add("bwrap");
    }
    words.addAll(List.of("--unshare-user", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL"));
    if (closesUserNamespaces) {
      words.add("--disable-userns");
    }
    if (!sharesNetwork(confinement)) {
      words.add("--unshare-net");
    }
    words.addAll(mounts);
    for (var entry : held.environment()) {
      if (isForLoader(entry)) {
        var equals = entry.indexOf('=');
        words.addAll(List.of("--setenv", entry.substring(0, equals), entry.substring(equals + 1)));
      }
    }
    words.addAll(List.of("--chdir", held.directory().toString(), "--"));
    if (wraps) {
      words.addAll(List.of(env.get().toString(), "--default-signal=" + SIGNALS, "--"));
    }
    words.add(firstWord(held, file));
    words.addAll(held.arguments().subList(1, held.arguments().size()));
    return words;
  }

  /// A bare name is searched again inside, with the same result, so that the program is called what
  /// it was called; it puts that name into its messages.
  private static String firstWord(Program held, Path file) {
    var name = held.arguments().getFirst();
    return name.contains("/") || name.startsWith("-") ? file.toString() : name;
  }

  static boolean isForLoader(String entry) {
    return entry.indexOf('=') > 0 && LOADER.stream().anyMatch(entry::startsWith);
  }
}
