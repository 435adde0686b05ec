package dev.orchestrator.engine.posix;

/// The numbers that differ between the two processors this project knows.
///
/// System calls: `asm/unistd_64.h` (x86-64) and `asm-generic/unistd.h` (aarch64); -1 where there is
/// none. Flags: `fcntl.h` of glibc.
///
/// @param audit the processor as a filter sees it (`AUDIT_ARCH_…` in `linux/audit.h`)
/// @param directory `O_DIRECTORY`
/// @param noFollow `O_NOFOLLOW`
record Architecture(int audit, boolean isX86, int directory, int noFollow) {
  static final Architecture X86_64 = new Architecture(0xc000003e, true, 0x10000, 0x20000);
  static final Architecture AARCH64 = new Architecture(0xc00000b7, false, 0x4000, 0x8000);

  /// The processor this program runs on; x86-64's numbers where it is neither.
  static Architecture current() {
    return System.getProperty("os.arch", "").equals("aarch64") ? AARCH64 : X86_64;
  }

  /// A system call's number.
  int number(Syscall call) {
    return isX86 ? call.x86 : call.arm;
  }

  /// The system calls that filters name.
  enum Syscall {
    IOCTL(16, 29),
    SOCKET(41, 198),
    SOCKETPAIR(53, 199),
    CLONE(56, 220),
    CLONE3(435, 435),
    PTRACE(101, 117),
    PROCESS_VM_READV(310, 270),
    PROCESS_VM_WRITEV(311, 271),
    IO_URING_SETUP(425, 425),
    IO_URING_ENTER(426, 426),
    IO_URING_REGISTER(427, 427),
    ADD_KEY(248, 217),
    REQUEST_KEY(249, 218),
    KEYCTL(250, 219),
    BPF(321, 280),
    USERFAULTFD(323, 282),
    PERF_EVENT_OPEN(298, 241),
    KEXEC_LOAD(246, 104),
    KEXEC_FILE_LOAD(320, 294),
    INIT_MODULE(175, 105),
    FINIT_MODULE(313, 273),
    DELETE_MODULE(176, 106),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    PIVOT_ROOT(155, 41),
    SETNS(308, 268),
    UNSHARE(272, 97),
    OPEN_TREE(428, 428),
    MOVE_MOUNT(429, 429),
    FSOPEN(430, 430),
    FSCONFIG(431, 431),
    FSMOUNT(432, 432),
    FSPICK(433, 433),
    MOUNT_SETATTR(442, 442),
    OPEN_BY_HANDLE_AT(304, 265),
    PIDFD_GETFD(438, 438);

    private final int x86;
    private final int arm;

    Syscall(int x86, int arm) {
      this.x86 = x86;
      this.arm = arm;
    }
  }
}
