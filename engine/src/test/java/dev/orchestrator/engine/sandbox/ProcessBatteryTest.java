package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Attempts to reach other processes, sockets and privileges, on each backend for real.
class ProcessBatteryTest {
  /// Connects to a unix socket by path, or by abstract name if it begins with `@`.
  private static final String CONNECT =
      "perl -MSocket -e 'my $n = shift; $n =~ s/^@/\\0/;"
          + "socket(my $s, PF_UNIX, SOCK_STREAM, 0) or die qq(socket: $!\\n);"
          + "connect($s, pack_sockaddr_un($n)) or die qq(connect: $!\\n); print qq(reached\\n)' ";

  private static final boolean IS_ARM = System.getProperty("os.arch", "").equals("aarch64");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void ends_no_process_outside(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    var bystander = new ProcessBuilder("sleep", "60").start();
    try {
      var it =
          prison.run(
              prison.workspaceWrite(),
              "kill -9 $PID; kill -0 $PID && echo alive; kill -0 $OURS && echo alive; true",
              Map.of("PID", "" + bystander.pid(), "OURS", "" + ProcessHandle.current().pid()));

      assertThat(it.output()).doesNotContain("alive\n");
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void looks_into_no_other_process(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    var ptrace = IS_ARM ? "117, 16" : "101, 16";
    var read = IS_ARM ? "270" : "310";
    var script =
        """
        for pid in $OURS $PPID; do
        perl -e '$! = 0; syscall(%s, $ARGV[0]+0, 0, 0); print "ptrace: $!\\n"' $pid
        perl -e '$! = 0; syscall(%s, $ARGV[0]+0, 0, 0, 0, 0, 0); print "read: $!\\n"' $pid
        done
        """
            .formatted(ptrace, read);

    var it =
        prison.run(
            prison.workspaceWrite(), script, Map.of("OURS", "" + ProcessHandle.current().pid()));

    assertThat(it.output().lines().distinct())
        .containsExactly("ptrace: Operation not permitted", "read: Operation not permitted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void gets_no_privileges_and_types_into_no_terminal(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);

    var it =
        prison.run(
            prison.workspaceWrite(),
            """
            grep -E 'NoNewPrivs|CapEff|Seccomp:' /proc/self/status | tr -d '\\t'
            perl -e 'my $c = "x"; ioctl(STDIN, 0x5412, $c); print "TIOCSTI: $!\\n"'
            unshare -U true 2>/dev/null || echo no namespaces
            v=$(cat /proc/sys/kernel/panic)
            (echo $v > /proc/sys/kernel/panic) 2>/dev/null || echo no settings
            find /proc/[!0-9]* /sys -maxdepth 4 -type f -perm /222 ! -path '/proc/*self/*' |
              while read -r f; do true >> "$f" && echo "opens $f"; done 2>/dev/null
            mkdir /sys/fs/cgroup/mine 2>/dev/null && rmdir /sys/fs/cgroup/mine && echo groups
            (chmod 600 $OUT/secret) 2>/dev/null && echo mode
            """);

    assertThat(it.output().lines().filter(line -> !line.equals("mode")))
        .containsExactly(
            "CapEff:0000000000000000",
            "NoNewPrivs:1",
            "Seccomp:2",
            "TIOCSTI: Operation not permitted",
            "no namespaces",
            "no settings");
    // Landlock leaves modes alone, and says so.
    assertThat(it.output().contains("mode")).isEqualTo(backend.equals("landlock"));
    assertThat(
            prison.notHeld(prison.workspaceWrite()).stream().anyMatch(not -> not.contains("mode")))
        .isEqualTo(backend.equals("landlock"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void reaches_no_network(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var it =
          prison.run(
              prison.workspaceWrite(),
              """
              perl -MIO::Socket::INET -e '
                print IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]") ? "reached\\n" : "";
                my $u = IO::Socket::INET->new(Proto => "udp", PeerAddr => "192.0.2.1:9");
                print $u && $u->send("x") ? "sent\\n" : ""; print "end\\n"' $PORT
              """,
              Map.of("PORT", "" + server.getLocalPort()));

      assertThat(it.output()).isEqualTo("end\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void reaches_localhost_once_it_is_open_and_says_what_that_means(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    var open = prison.workspaceWrite(new Opening.Localhost());
    try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var it =
          prison.run(
              open,
              """
              perl -MIO::Socket::INET -e '
                print IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ARGV[0]") ? "reached\\n" : $@;
              ' $PORT
              """,
              Map.of("PORT", "" + server.getLocalPort()));

      assertThat(it.output()).isEqualTo("reached\n");
      assertThat(prison.notHeld(open)).anyMatch(not -> not.contains("localhost"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void reaches_no_unix_socket(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(prison.outside.resolve("s")));

      var it = prison.run(prison.workspaceWrite(), CONNECT + "$OUT/s 2>&1");

      assertThat(it.output()).isEqualTo("socket: Operation not permitted\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void sends_no_datagram_through_a_socket_pair(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);

    var it =
        prison.run(
            prison.workspaceWrite(),
            """
            perl -MSocket -e 'socketpair(my $a, my $b, PF_UNIX, SOCK_DGRAM, 0) or print "$!\\n";
            socketpair(my $c, my $d, PF_UNIX, SOCK_STREAM, 0) and print "fine\\n"'
            """);

    assertThat(it.output()).isEqualTo("Operation not permitted\nfine\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void reaches_the_one_unix_socket_that_is_open(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    var open = prison.workspaceWrite(new Opening.UnixSocket(prison.outside.resolve("agent")));
    try (var agent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        var other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      agent.bind(UnixDomainSocketAddress.of(prison.outside.resolve("agent")));
      other.bind(UnixDomainSocketAddress.of(prison.outside.resolve("other")));

      var it = prison.run(open, CONNECT + "$OUT/agent 2>&1; " + CONNECT + "$OUT/other 2>&1");

      if (backend.equals("bubblewrap")) {
        assertThat(it.output()).isEqualTo("reached\nconnect: Connection refused\n");
      } else {
        // Landlock cannot tell one from the other, and says so.
        assertThat(it.output()).isEqualTo("reached\nreached\n");
        assertThat(prison.notHeld(open)).anyMatch(not -> not.contains("every other unix socket"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void reaches_no_abstract_socket_even_with_a_unix_socket_open(String backend) throws Exception {
    assumePerl();
    var prison = Prison.of(backend, folder);
    var open = prison.workspaceWrite(new Opening.UnixSocket(prison.outside.resolve("agent")));
    var name = "orchestrator-test-" + ProcessHandle.current().pid();
    var server =
        new ProcessBuilder(
                "perl",
                "-MSocket",
                "-e",
                "$|=1; socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S,"
                    + " pack_sockaddr_un(\"\\0$ARGV[0]\")) or die; listen(S, 5); print \"up\\n\";"
                    + " sleep 30",
                name)
            .start();
    try {
      server.inputReader().readLine();

      var it = prison.run(open, CONNECT + "@" + name + " 2>&1");

      assertThat(it.output()).startsWith("connect: ");
    } finally {
      server.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void passes_exit_codes_on(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    assertThat(prison.run(prison.readOnly(), "exit 7").code()).isEqualTo(7);
    assertThat(prison.run(prison.readOnly(), "kill -TERM $$").code()).isEqualTo(143);
  }

  @ParameterizedTest
  @ValueSource(strings = "bubblewrap")
  void keeps_the_loaders_variables_for_the_command(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    var it =
        prison.run(
            prison.readOnly(),
            "echo $LD_LIBRARY_PATH; tr '\\0' '\\n' < /proc/1/environ | grep -c ^LD_",
            Map.of("LD_LIBRARY_PATH", "/nowhere"));

    assertThat(it.output()).isEqualTo("/nowhere\n0\n");
  }

  private static void assumePerl() {
    assumeTrue(
        List.of("/usr/bin/perl", "/bin/perl").stream()
            .anyMatch(it -> Files.isExecutable(Path.of(it))),
        "perl, with which the attack is written, is not installed");
  }
}
