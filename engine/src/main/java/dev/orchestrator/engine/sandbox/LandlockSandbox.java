package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.ConfinedThread;
import dev.orchestrator.engine.posix.ConfinedThread.Restriction;
import dev.orchestrator.engine.posix.Landlock;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.SyscallFilter;
import dev.orchestrator.engine.posix.SyscallFilter.Family;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Holds commands with the kernel's Landlock and a filter of system calls; needs no package and no
/// privilege.
///
/// It can only allow: a folder that may be written may be written whole. So names inside a writable
/// root are not protected, and [#notHeld] says so. The orchestrator's own folders are: instead of a
/// root around one, what lies beside it is allowed, and new entries cannot be made in between.
///
/// @param abi the kernel's version of Landlock, at least 1
public record LandlockSandbox(int abi) implements Sandbox {
  private static final int ABI_TRUNCATE = 3;
  private static final int ABI_TCP = 4;
  private static final int ABI_SCOPES = 6;

  private static final List<Path> DEVICES =
      Stream.of("null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts")
          .map(it -> Path.of("/dev", it))
          .toList();

  @Override
  public String name() {
    return "landlock";
  }

  @Override
  public ConfinedLaunch launch(Confinement confinement, boolean terminal) throws IOException {
    if (confinement.isNone()) {
      return new NoSandbox.Plain();
    }
    return new Landlocked(restriction(confinement));
  }

  private record Landlocked(Restriction restriction) implements ConfinedLaunch {
    @Override
    public <T> T start(Program program, Path file, Start<T> start) throws IOException {
      return ConfinedThread.call(restriction, () -> start.start(program, file));
    }

    @Override
    public void close() {}
  }

  @Override
  public List<String> notHeld(Confinement confinement) {
    if (confinement.isNone()) {
      return List.of();
    }
    var not = new ArrayList<String>();
    if (confinement.level() == Level.WORKSPACE_WRITE) {
      not.add(
          "protected names (%s) inside a writable root can be written"
              .formatted(String.join(", ", Confinement.PROTECTED)));
    }
    not.add("the orchestrator's own folders can be read");
    not.add("mode, owner, times and attributes of this user's files can be changed everywhere");
    not.add("other terminals and shared memory of this user can be read and written");
    not.add("the command sees all processes, and what it leaves behind must be found and ended");
    if (abi < ABI_TRUNCATE) {
      not.add("this user's files can be emptied everywhere: Landlock has ABI %d".formatted(abi));
    }
    if (abi < ABI_SCOPES) {
      not.add("this user's other processes can be ended: Landlock has ABI %d".formatted(abi));
    }
    openings(confinement, not);
    return List.copyOf(not);
  }

  private void openings(Confinement confinement, List<String> not) {
    for (var it : confinement.openings()) {
      switch (it) {
        case Opening.UnixSocket(var path) ->
            not.add("with %s every other unix socket is open as well".formatted(path));
        case Opening.Localhost() -> not.add("with localhost every other host is open, for TCP");
        case Opening.GitMetadata(var common, _) ->
            not.add("what git runs in %s (hooks, configuration) can be written".formatted(common));
        case Opening.WritablePath _, Opening.Network _, Opening.Everything _ -> {}
      }
    }
    if (abi < ABI_TCP && confinement.network()) {
      not.add("TCP is not told apart from the rest of the network: Landlock has ABI " + abi);
    }
  }

  /// What the thread gives up that starts the command.
  ///
  /// @throws IOException if a place is not what it seemed to be when it was allowed
  Restriction restriction(Confinement confinement) throws IOException {
    var network = confinement.network() || confinement.openings().contains(new Opening.Network());
    var localhost = confinement.openings().contains(new Opening.Localhost());
    var families = EnumSet.noneOf(Family.class);
    if (network || localhost) {
      families.addAll(EnumSet.of(Family.INET, Family.INET6, Family.NETLINK));
    }
    if (confinement.openings().stream().anyMatch(it -> it instanceof Opening.UnixSocket)) {
      families.add(Family.UNIX);
    }
    return new Restriction(
        Optional.of(new SyscallFilter(families, !network, false)),
        Optional.of(new Landlock(writable(confinement), DEVICES, network || localhost)),
        true);
  }

  private static List<Path> writable(Confinement confinement) throws IOException {
    var allowed = new ArrayList<Path>();
    if (confinement.level() == Level.WORKSPACE_WRITE) {
      allowed.addAll(confinement.writable());
      allowed.add(Path.of("/dev/shm"));
    }
    for (var it : confinement.openings()) {
      switch (it) {
        case Opening.WritablePath(var path) -> {
          if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(path);
          }
          allowed.add(path);
        }
        case Opening.GitMetadata(var common, var own) -> allowed.addAll(List.of(common, own));
        case Opening.UnixSocket _,
            Opening.Localhost _,
            Opening.Network _,
            Opening.Everything _ -> {}
      }
    }
    var without = new ArrayList<Path>();
    for (var path : allowed) {
      addWithout(confinement.untouchable(), Mounts.checked(path), without);
    }
    return without;
  }

  /// Adds a folder, or what lies beside the untouchable ones in it.
  private static void addWithout(List<Path> untouchable, Path path, List<Path> to)
      throws IOException {
    if (untouchable.stream().anyMatch(path::startsWith)) {
      return;
    }
    if (untouchable.stream().noneMatch(it -> it.startsWith(path))) {
      to.add(path);
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (var it : entries) {
        if (!Files.isSymbolicLink(it)) {
          addWithout(untouchable, it, to);
        }
      }
    }
  }
}
