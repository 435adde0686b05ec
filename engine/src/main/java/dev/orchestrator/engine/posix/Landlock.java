package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where a process and everything it starts may write, held by the kernel without any privilege
/// (`landlock(7)`). Reading is not limited.
///
/// What is held grows with the kernel's ABI: 1 (Linux 5.13) writing, making and removing; 2
/// renaming and linking between folders that may be written; 3 (6.2) truncating; 4 (6.7) TCP; 5
/// device requests; 6 (6.12) signals and abstract unix sockets to processes outside.
///
/// @param writable folders below which, and files which may be written; missing ones are left out
/// @param devices devices that may be opened for writing and controlled, or folders of them
/// @param tcp whether TCP may be used
public record Landlock(List<Path> writable, List<Path> devices, boolean tcp) {
  private static final int SYS_CREATE_RULESET = 444;
  private static final int SYS_ADD_RULE = 445;
  private static final int SYS_RESTRICT_SELF = 446;
  private static final int VERSION = 1;
  private static final int PATH_BENEATH = 1;
  private static final int PATH_BENEATH_BYTES = 12;
  private static final int O_PATH = 0x200000;
  private static final int O_CLOEXEC = 0x80000;

  private static final long WRITE_FILE = 1L << 1;
  private static final long MAKE_CHAR = 1L << 6;
  private static final long MAKE_BLOCK = 1L << 11;
  private static final long REFER = 1L << 13;
  private static final long TRUNCATE = 1L << 14;
  private static final long IOCTL_DEV = 1L << 15;

  /// Writing a file, and removing and making all kinds of entries.
  private static final long WRITES_OF_ABI_1 = WRITE_FILE | 0b1_1111_1111L << 4;

  private static final long TCP = 0b11;
  private static final long ABSTRACT_SOCKETS_AND_SIGNALS = 0b11;
  private static final int ABI_REFER = 2;
  private static final int ABI_TRUNCATE = 3;
  private static final int ABI_TCP = 4;
  private static final int ABI_IOCTL = 5;
  private static final int ABI_SCOPES = 6;

  public Landlock {
    writable = List.copyOf(writable);
    devices = List.copyOf(devices);
  }

  /// The kernel's version of the interface; 0 if it has none, or has it switched off.
  public static int abi() {
    return Math.max(0, Libc.callInt("syscall", SYS_CREATE_RULESET, 0, 0, VERSION));
  }

  /// Holds the calling thread, and everything it starts, from now on; cannot be taken back.
  ///
  /// @throws IOException if the kernel does not do it
  void restrictThisThread() throws IOException {
    var abi = abi();
    if (abi == 0) {
      throw new IOException("the kernel has no Landlock");
    }
    try (var arena = Arena.ofConfined()) {
      var ruleset = createRuleset(arena, abi);
      try {
        for (var path : writable) {
          allow(arena, ruleset, path, allowedBelow(abi, path));
        }
        for (var path : devices) {
          allow(arena, ruleset, path, (WRITE_FILE | TRUNCATE | IOCTL_DEV) & handled(abi));
        }
        var refused = Libc.callInt("syscall", SYS_RESTRICT_SELF, ruleset, 0);
        if (refused < 0) {
          throw new IOException("landlock_restrict_self: " + Errno.text(-refused));
        }
      } finally {
        Posix.close(ruleset);
      }
    }
  }

  private static long handled(int abi) {
    return WRITES_OF_ABI_1
        | (abi >= ABI_REFER ? REFER : 0)
        | (abi >= ABI_TRUNCATE ? TRUNCATE : 0)
        | (abi >= ABI_IOCTL ? IOCTL_DEV : 0);
  }

  private static long allowedBelow(int abi, Path path) {
    return Files.isDirectory(path)
        ? handled(abi) & ~(MAKE_CHAR | MAKE_BLOCK | IOCTL_DEV)
        : handled(abi) & (WRITE_FILE | TRUNCATE);
  }

  private int createRuleset(Arena arena, int abi) throws IOException {
    var attributes = CMemory.of(arena, 3 * Long.BYTES);
    attributes.setLong(0, handled(abi));
    attributes.setLong(Long.BYTES, tcp ? 0 : TCP);
    attributes.setLong(2 * Long.BYTES, ABSTRACT_SOCKETS_AND_SIGNALS);
    var fields = abi >= ABI_SCOPES ? 3L : abi >= ABI_TCP ? 2L : 1L;
    var ruleset =
        Libc.callInt("syscall", SYS_CREATE_RULESET, attributes.address(), fields * Long.BYTES, 0);
    if (ruleset < 0) {
      throw new IOException("landlock_create_ruleset: " + Errno.text(-ruleset));
    }
    return ruleset;
  }

  private static void allow(Arena arena, int ruleset, Path path, long rights) throws IOException {
    var name = CMemory.text(arena, path.toString());
    var flags = O_PATH | O_CLOEXEC | Architecture.current().noFollow();
    var fd = Libc.callInt("open", name.address(), flags);
    if (fd < 0) {
      return; // Missing: there is nothing to write there, and its parent says whether to make it.
    }
    try {
      var rule = CMemory.of(arena, PATH_BENEATH_BYTES);
      rule.setLong(0, rights);
      rule.setInt(Long.BYTES, fd);
      var refused = Libc.callInt("syscall", SYS_ADD_RULE, ruleset, PATH_BENEATH, rule.address(), 0);
      if (refused < 0) {
        throw new IOException("landlock_add_rule for " + path + ": " + Errno.text(-refused));
      }
    } finally {
      Posix.close(fd);
    }
  }
}
