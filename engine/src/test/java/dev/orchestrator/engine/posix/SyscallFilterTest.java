package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.posix.Architecture.Syscall;
import dev.orchestrator.engine.posix.SyscallFilter.Family;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Runs filters by hand, so that those for the other processor are tried as well.
class SyscallFilterTest {
  private static final SyscallFilter CLOSED = new SyscallFilter(Set.of(), false, false);
  private static final SyscallFilter INTERNET =
      new SyscallFilter(Set.of(Family.INET, Family.INET6), false, true);
  private static final int AF_VSOCK = 40;
  private static final int AF_PACKET = 17;
  private static final int CLONE_NEWUSER = 0x10000000;

  private enum Answer {
    ALLOW,
    EPERM,
    ENOSYS,
    KILL
  }

  @ParameterizedTest
  @EnumSource(names = {"PTRACE", "PROCESS_VM_WRITEV", "IO_URING_SETUP", "KEYCTL", "BPF"})
  void refuses_looking_into_others_everywhere(Syscall call) {
    for (var on : new Architecture[] {Architecture.X86_64, Architecture.AARCH64}) {
      assertThat(ask(INTERNET, on, on.number(call))).isEqualTo(Answer.EPERM);
    }
  }

  @Test
  void allows_what_it_does_not_name() {
    var write = 1;
    assertThat(ask(CLOSED, Architecture.X86_64, write, 5, 6, 7)).isEqualTo(Answer.ALLOW);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void makes_sockets_of_named_families_only(boolean isX86) {
    var on = isX86 ? Architecture.X86_64 : Architecture.AARCH64;
    var socket = on.number(Syscall.SOCKET);
    for (var family : new int[] {1, 16, AF_VSOCK, AF_PACKET}) {
      assertThat(ask(INTERNET, on, socket, family, 1)).as("%d", family).isEqualTo(Answer.EPERM);
    }
    assertThat(ask(INTERNET, on, socket, 2, 2)).isEqualTo(Answer.ALLOW);
    assertThat(ask(CLOSED, on, socket, 2, 1)).isEqualTo(Answer.EPERM);
  }

  @Test
  void tells_streams_from_datagrams() {
    var on = Architecture.X86_64;
    var filter = new SyscallFilter(Set.of(Family.INET, Family.UNIX), true, true);
    var socket = on.number(Syscall.SOCKET);
    var closeOnExec = 0x80000;

    assertThat(ask(filter, on, socket, 2, 1 | closeOnExec)).isEqualTo(Answer.ALLOW);
    assertThat(ask(filter, on, socket, 2, 2 | closeOnExec)).isEqualTo(Answer.EPERM);
    assertThat(ask(filter, on, socket, 1, 2)).isEqualTo(Answer.ALLOW);
    assertThat(ask(CLOSED, on, on.number(Syscall.SOCKETPAIR), 1, 1)).isEqualTo(Answer.ALLOW);
    assertThat(ask(CLOSED, on, on.number(Syscall.SOCKETPAIR), 1, 2)).isEqualTo(Answer.EPERM);
  }

  @Test
  void types_into_no_terminal() {
    var on = Architecture.AARCH64;
    var tcgets = 0x5401;
    var tiocsti = 0x5412;

    assertThat(ask(INTERNET, on, on.number(Syscall.IOCTL), 0, tcgets)).isEqualTo(Answer.ALLOW);
    assertThat(ask(INTERNET, on, on.number(Syscall.IOCTL), 0, tiocsti)).isEqualTo(Answer.EPERM);
    assertThat(ask(INTERNET, on, on.number(Syscall.IOCTL), 0, tiocsti | 1L << 32))
        .as("the kernel looks at the lower half only")
        .isEqualTo(Answer.EPERM);
  }

  @Test
  void makes_namespaces_only_where_a_sandbox_is_still_to_be_set_up() {
    var on = Architecture.X86_64;

    assertThat(ask(CLOSED, on, on.number(Syscall.UNSHARE), CLONE_NEWUSER)).isEqualTo(Answer.EPERM);
    assertThat(ask(CLOSED, on, on.number(Syscall.CLONE), CLONE_NEWUSER)).isEqualTo(Answer.EPERM);
    assertThat(ask(CLOSED, on, on.number(Syscall.CLONE), 17)).isEqualTo(Answer.ALLOW);
    assertThat(ask(CLOSED, on, on.number(Syscall.CLONE3))).isEqualTo(Answer.ENOSYS);
    assertThat(ask(INTERNET, on, on.number(Syscall.UNSHARE), CLONE_NEWUSER))
        .isEqualTo(Answer.ALLOW);
  }

  @Test
  void ends_what_calls_through_another_door() {
    var i386 = 0x40000003;
    var x32 = 0x40000000;

    assertThat(run(CLOSED.program(Architecture.X86_64), i386, 1)).isEqualTo(Answer.KILL);
    assertThat(ask(CLOSED, Architecture.X86_64, x32 + 1)).isEqualTo(Answer.KILL);
  }

  private static Answer ask(SyscallFilter filter, Architecture on, int number, long... arguments) {
    return run(filter.program(on), on.audit(), number, arguments);
  }

  /// The few instructions of classic BPF that filters use.
  private static Answer run(byte[] program, int arch, int number, long... arguments) {
    var data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(number).putInt(arch).putLong(0);
    for (var it : arguments) {
      data.putLong(it);
    }
    var code = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
    var accumulator = 0;
    for (var at = 0; ; at++) {
      var ifTrue = code.get(at * 8 + 2) & 0xff;
      var ifFalse = code.get(at * 8 + 3) & 0xff;
      var constant = code.getInt(at * 8 + 4);
      switch (code.getShort(at * 8)) {
        case 0x20 -> accumulator = data.getInt(constant);
        case 0x54 -> accumulator &= constant;
        case 0x15 -> at += accumulator == constant ? ifTrue : ifFalse;
        case 0x35 -> at += Integer.compareUnsigned(accumulator, constant) >= 0 ? ifTrue : ifFalse;
        case 0x45 -> at += (accumulator & constant) != 0 ? ifTrue : ifFalse;
        case 0x06 -> {
          return answer(constant);
        }
        default -> throw new AssertionError("instruction " + code.getShort(at * 8));
      }
    }
  }

  private static Answer answer(int constant) {
    return switch (constant) {
      case 0x7fff0000 -> Answer.ALLOW;
      case 0x00050001 -> Answer.EPERM;
      case 0x00050026 -> Answer.ENOSYS;
      case 0x80000000 -> Answer.KILL;
      default -> throw new AssertionError(Integer.toHexString(constant));
    };
  }
}
