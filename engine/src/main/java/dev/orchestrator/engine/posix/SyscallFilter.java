package dev.orchestrator.engine.posix;

import dev.orchestrator.engine.posix.Architecture.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Which system calls a process and everything it starts may make (`seccomp(2)`).
///
/// Refused whatever the parameters say, with `EPERM`: looking into other processes (`ptrace` and
/// its like), `io_uring`, which would go round a filter, kernel keys, `bpf`, `userfaultfd`,
/// performance events, kernel modules and images, typing into a terminal (`TIOCSTI`, `TIOCLINUX`),
/// opening files by handle, and sockets of any family not named. A call through another ABI (32
/// bits, x32) ends the process with SIGSYS, because the numbers above would not hold there.
///
/// @param sockets families whose sockets may be made; pairs of unix sockets may always be, and
///   without [Family#UNIX] only connected ones, which reach nobody else
/// @param streamsOnly whether internet sockets are limited to TCP
/// @param namespaces whether namespaces and mounts may be made; a sandbox that is still to be set
///   up by the process needs this
public record SyscallFilter(Set<Family> sockets, boolean streamsOnly, boolean namespaces) {
  private static final int ALLOW = 0x7fff0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int EPERM = 0x00050000 | 1;
  private static final int ENOSYS = 0x00050000 | Errno.ENOSYS;

  private static final int LOAD = 0x20;
  private static final int AND = 0x54;
  private static final int RETURN = 0x06;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_AT_LEAST = 0x35;
  private static final int IF_ANY_BIT = 0x45;

  /// Offsets in `struct seccomp_data`; arguments are 64 bits, lower half first.
  private static final int NUMBER = 0;

  private static final int AUDIT_ARCH = 4;
  private static final int ARGUMENTS = 16;

  private static final int X32 = 0x40000000;
  private static final int TIOCSTI = 0x5412;
  private static final int TIOCLINUX = 0x541c;
  private static final int SOCK_TYPE_MASK = 0xf;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_SEQPACKET = 5;

  /// `CLONE_NEW…` for all kinds of namespaces; time's bit means something else in `clone`.
  private static final int NEW_NAMESPACES = 0x7e020000;

  private static final int NEW_TIME = 0x80;

  private static final Set<Syscall> ALWAYS_REFUSED =
      EnumSet.range(Syscall.PTRACE, Syscall.DELETE_MODULE);
  private static final Set<Syscall> HANDLES =
      EnumSet.of(Syscall.OPEN_BY_HANDLE_AT, Syscall.PIDFD_GETFD);
  private static final Set<Syscall> MOUNTS =
      EnumSet.of(
          Syscall.MOUNT,
          Syscall.UMOUNT2,
          Syscall.PIVOT_ROOT,
          Syscall.SETNS,
          Syscall.OPEN_TREE,
          Syscall.MOVE_MOUNT,
          Syscall.FSOPEN,
          Syscall.FSCONFIG,
          Syscall.FSMOUNT,
          Syscall.FSPICK,
          Syscall.MOUNT_SETATTR);

  public SyscallFilter {
    sockets = Set.copyOf(sockets);
  }

  /// Families of sockets (`AF_…` in `sys/socket.h`).
  public enum Family {
    UNIX(1),
    INET(2),
    INET6(10),
    NETLINK(16);

    private final int number;

    Family(int number) {
      this.number = number;
    }
  }

  /// The filter as the kernel takes it: instructions of 8 bytes (`struct sock_filter`).
  byte[] program(Architecture on) {
    var program = new ArrayList<Long>();
    add(program, LOAD, 0, 0, AUDIT_ARCH);
    add(program, IF_EQUAL, 1, 0, on.audit());
    add(program, RETURN, 0, 0, KILL_PROCESS);
    add(program, LOAD, 0, 0, NUMBER);
    if (on.isX86()) {
      add(program, IF_AT_LEAST, 0, 1, X32);
      add(program, RETURN, 0, 0, KILL_PROCESS);
    }
    answer(program, on, ALWAYS_REFUSED, EPERM);
    answer(program, on, HANDLES, EPERM);
    if (!namespaces) {
      answer(program, on, MOUNTS, EPERM);
      // Its flags are in memory, out of a filter's sight; the C library falls back to clone.
      answer(program, on, EnumSet.of(Syscall.CLONE3), ENOSYS);
      decide(program, on.number(Syscall.CLONE), refuseBits(NEW_NAMESPACES));
      decide(program, on.number(Syscall.UNSHARE), refuseBits(NEW_NAMESPACES | NEW_TIME));
    }
    decide(program, on.number(Syscall.SOCKET), socketRules());
    decide(program, on.number(Syscall.SOCKETPAIR), pairRules());
    decide(program, on.number(Syscall.IOCTL), ioctlRules());
    add(program, RETURN, 0, 0, ALLOW);
    return bytes(program);
  }

  private static void answer(List<Long> program, Architecture on, Set<Syscall> calls, int answer) {
    for (var call : calls) {
      add(program, IF_EQUAL, 0, 1, on.number(call));
      add(program, RETURN, 0, 0, answer);
    }
  }

  /// Rules for one call; they end with an answer on every path.
  private static void decide(List<Long> program, int number, List<Long> rules) {
    add(program, IF_EQUAL, 0, rules.size(), number);
    program.addAll(rules);
  }

  private static List<Long> refuseBits(int bits) {
    var rules = new ArrayList<Long>();
    add(rules, LOAD, 0, 0, ARGUMENTS);
    add(rules, IF_ANY_BIT, 0, 1, bits);
    add(rules, RETURN, 0, 0, EPERM);
    add(rules, RETURN, 0, 0, ALLOW);
    return rules;
  }

  private List<Long> socketRules() {
    var rules = new ArrayList<Long>();
    add(rules, LOAD, 0, 0, ARGUMENTS);
    for (var family : EnumSet.allOf(Family.class)) {
      if (!sockets.contains(family)) {
        continue;
      }
      var internet = family == Family.INET || family == Family.INET6;
      if (internet && streamsOnly) {
        decide(rules, family.number, typeRules(SOCK_STREAM));
      } else {
        add(rules, IF_EQUAL, 0, 1, family.number);
        add(rules, RETURN, 0, 0, ALLOW);
      }
    }
    add(rules, RETURN, 0, 0, EPERM);
    return rules;
  }

  private List<Long> pairRules() {
    var rules = new ArrayList<Long>();
    add(rules, LOAD, 0, 0, ARGUMENTS);
    // A pair of datagram sockets can still send to any address; the others only to each other.
    decide(
        rules,
        Family.UNIX.number,
        sockets.contains(Family.UNIX) ? allow() : typeRules(SOCK_STREAM, SOCK_SEQPACKET));
    add(rules, RETURN, 0, 0, EPERM);
    return rules;
  }

  private static List<Long> allow() {
    var rules = new ArrayList<Long>();
    add(rules, RETURN, 0, 0, ALLOW);
    return rules;
  }

  private static List<Long> typeRules(int... types) {
    var rules = new ArrayList<Long>();
    add(rules, LOAD, 0, 0, ARGUMENTS + Long.BYTES);
    add(rules, AND, 0, 0, SOCK_TYPE_MASK);
    for (var type : types) {
      add(rules, IF_EQUAL, 0, 1, type);
      add(rules, RETURN, 0, 0, ALLOW);
    }
    add(rules, RETURN, 0, 0, EPERM);
    return rules;
  }

  private static List<Long> ioctlRules() {
    var rules = new ArrayList<Long>();
    add(rules, LOAD, 0, 0, ARGUMENTS + Long.BYTES);
    for (var request : new int[] {TIOCSTI, TIOCLINUX}) {
      add(rules, IF_EQUAL, 0, 1, request);
      add(rules, RETURN, 0, 0, EPERM);
    }
    add(rules, RETURN, 0, 0, ALLOW);
    return rules;
  }

  /// One instruction: code (16 bits), jumps if true and if false (8 bits each), constant (32 bits).
  private static void add(List<Long> program, int code, int ifTrue, int ifFalse, int constant) {
    program.add(
        code | (long) ifTrue << 16 | (long) ifFalse << 24 | Integer.toUnsignedLong(constant) << 32);
  }

  private static byte[] bytes(List<Long> program) {
    var bytes = ByteBuffer.allocate(program.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    program.forEach(bytes::putLong);
    return bytes.array();
  }
}
