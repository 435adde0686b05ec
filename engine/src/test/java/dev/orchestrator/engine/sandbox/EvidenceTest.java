package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `OUT` in these lines is a folder that could be written without the sandbox, `WS` the workspace.
class EvidenceTest {
  private static final Sandbox BUBBLEWRAP =
      new BubblewrapSandbox(Path.of("/usr/bin/bwrap"), Optional.empty(), true);
  private static final Sandbox LANDLOCK = new LandlockSandbox(7);

  @TempDir Path folder;
  private Path workspace;
  private Path outside;

  @BeforeEach
  void makeFolders() throws Exception {
    workspace = Files.createDirectories(folder.toRealPath().resolve("ws"));
    outside = Files.createDirectories(folder.toRealPath().resolve("out"));
    Files.writeString(outside.resolve("there"), "");
    Files.createDirectories(workspace.resolve(".git/hooks"));
    Files.writeString(workspace.resolve(".git/HEAD"), "ref: refs/heads/main\n");
    Files.writeString(workspace.resolve("notes.md"), "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sh: 1: cannot create OUT/there: Read-only file system",
        "/bin/sh: 1: cannot create OUT/there: Read-only file system",
        "./build.sh: 12: cannot create OUT/there: Read-only file system",
        "bash: line 1: OUT/there: Read-only file system",
        "bash: ../out/there: Read-only file system",
        "touch: cannot touch 'OUT/there': Read-only file system",
        "touch: cannot touch ‘OUT/there’: Read-only file system",
        "touch: „OUT/there“ kann nicht berührt werden: Das Dateisystem ist nur lesbar",
        "touch: impossible de faire un touch '../out/there': Système de fichiers accessible en"
            + " lecture seulement",
        "touch: 'OUT/there' に touch できません: 読み込み専用ファイルシステムです",
        "touch: 无法 touch 'OUT/there': 只读文件系统",
        "rm: cannot remove '../out/there': Read-only file system",
        "tee: OUT/there: Read-only file system",
        "OSError: [Errno 30] Read-only file system: 'OUT/there'",
        "Error: EROFS: read-only file system, open 'OUT/there'",
        "java.io.FileNotFoundException: OUT/there (Read-only file system)",
        "Exception in thread \"main\" java.nio.file.FileSystemException: OUT/there: Read-only file"
            + " system",
        "error: couldn't create file `OUT/there`: Read-only file system (os error 30)",
        "open OUT/there: read-only file system",
        "panic: open OUT/there: read-only file system",
        "\u001b[31mcp: cannot create regular file 'OUT/there': Read-only file system\u001b[0m",
        "error: failed to open `OUT/there`\n\nCaused by:\n  Read-only file system (os error 30)",
      })
  void is_a_path_that_an_error_line_names(String output) {
    assertThat(openings(BUBBLEWRAP, output, 1))
        .containsExactly(new Opening.WritablePath(outside.resolve("there")));
    assertThat(openings(BUBBLEWRAP, output, 0))
        .as("a pipe hides the code")
        .containsExactly(new Opening.WritablePath(outside.resolve("there")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "notes.md:3:touch: cannot touch 'OUT/there': Read-only file system",
        "./src/log.txt:12:sh: 1: cannot create OUT/there: Read-only file system",
        "2026-08-01 12:00:01 tee: OUT/there: Read-only file system",
        "Aug 12 10:00:00 host cron[1]: OUT/there: Read-only file system",
        "+touch: cannot touch 'OUT/there': Read-only file system",
        "// open OUT/there: read-only file system",
        "# tee: OUT/there: Read-only file system",
        "       EROFS  pathname refers to a file on a read-only file system and OUT/there",
        "On a Read-only file system OUT/there cannot be written",
        "If you see 'Read-only file system' for OUT/there, remount it",
        "The sandbox denied OUT/there: permission denied, as the manual says",
        "touch: cannot touch 'WS/file': Read-only file system",
        "touch: cannot touch 'OUT/there': No space left on device",
        "touch: cannot touch 'OUT/there': Permission denied",
        "cat: OUT/there: Permission denied",
        "tee: /proc/1/mem: Read-only file system",
        "OUT/there",
        "ok 12 - says Read-only file system",
      })
  void is_not_output_that_only_looks_like_it(String output) {
    assertThat(openings(BUBBLEWRAP, output, 0)).isEmpty();
  }

  @Test
  void counts_the_refusals_of_its_backend() {
    var line = "touch: cannot touch 'OUT/there': Permission denied";

    assertThat(openings(LANDLOCK, line, 1))
        .containsExactly(new Opening.WritablePath(outside.resolve("there")));
    assertThat(openings(LANDLOCK, line.replace("Permission denied", "Read-only file system"), 1))
        .isEmpty();
  }

  @Test
  void is_not_a_path_that_this_user_could_not_write_anyway() {
    assertThat(openings(LANDLOCK, "touch: cannot touch '/proc/version': Permission denied", 0))
        .isEmpty();
  }

  @Test
  void asks_for_the_folder_of_a_file_that_is_to_be_made() throws Exception {
    var project = Files.createDirectories(outside.resolve("project"));

    assertThat(openings(BUBBLEWRAP, "tee: OUT/project/new: Read-only file system", 1))
        .containsExactly(new Opening.WritablePath(project));
  }

  @Test
  void does_not_ask_for_the_whole_home_folder() {
    assertThat(openings(BUBBLEWRAP, "mkdir: OUT/.tool/x: Read-only file system", 1))
        .containsExactly(new Opening.WritablePath(outside.resolve(".tool")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          fatal: Unable to create 'WS/.git/index.lock': Read-only file system
          fatal: cannot lock ref 'HEAD': Unable to create 'WS/.git/HEAD.lock': Read-only file system
          error: could not write '.git/COMMIT_EDITMSG': Read-only file system
          """)
  void asks_for_what_a_commit_writes(String output) {
    var git = workspace.resolve(".git");

    assertThat(openings(BUBBLEWRAP, output, 128))
        .containsExactly(new Opening.GitMetadata(git, git));
  }

  @Test
  void asks_for_a_hook_alone() throws Exception {
    var hook = Files.writeString(workspace.resolve(".git/hooks/pre-commit"), "");

    assertThat(openings(BUBBLEWRAP, "tee: .git/hooks/pre-commit: Read-only file system", 1))
        .containsExactly(new Opening.WritablePath(hook));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          [ERROR] Could not create local repository at OUT/.m2/repository -> [Help 1] | .m2
          java.io.FileNotFoundException: OUT/.gradle/wrapper/dists/x.zip.lck (Read-only file system) | .gradle
          npm error EROFS: read-only file system, mkdir 'OUT/.npm/_cacache' | .npm
          OSError: [Errno 30] Read-only file system: 'OUT/.cache/pip/http' | .cache/pip
          """)
  void asks_for_a_tools_whole_cache(String output, String cache) {
    assertThat(openings(BUBBLEWRAP, output, 1))
        .containsExactly(new Opening.WritablePath(outside.resolve(cache)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "curl: (6) Could not resolve host: example.org",
        "fatal: unable to access 'https://example.org/x.git/': Could not resolve host: example.org",
        "ssh: Could not resolve hostname example.org: Temporary failure in name resolution",
        "ssh: connect to host example.org port 22: Network is unreachable",
        "wget: unable to resolve host address ‘example.org’",
        "ping: example.org: Temporary failure in name resolution",
        "npm error request to https://example.org/x failed, reason: getaddrinfo EAI_AGAIN"
            + " example.org",
        "socket.gaierror: [Errno -3] Temporary failure in name resolution",
        "OSError: [Errno 101] Network is unreachable",
        "[ERROR] Could not transfer artifact a:b:pom:1 from/to central"
            + " (https://example.org/maven2): Unknown host example.org",
        "[ERROR]   x: example.org: Temporary failure in name resolution",
        "java.net.UnknownHostException: example.org",
        "Get \"https://example.org/\": dial tcp: lookup example.org: Temporary failure in name"
            + " resolution",
        "dial tcp 192.0.2.1:443: connect: network is unreachable",
        "Err:1 http://example.org stable InRelease\n  Temporary failure resolving 'example.org'",
      })
  void is_a_network_that_was_not_reached(String output) {
    assertThat(openings(BUBBLEWRAP, output, 1)).containsExactly(new Opening.Network());
  }

  @Test
  void is_no_network_error_where_the_network_is_open() {
    var open = confinement(new Opening.Network());

    assertThat(
            Evidence.of(
                BUBBLEWRAP,
                open,
                workspace,
                Map.of(),
                new Exit.Exited(6),
                "curl: (6) Could not resolve host: example.org"))
        .isEmpty();
  }

  @Test
  void is_a_local_port_only_if_somebody_waits_there_outside() throws Exception {
    int port;
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      assertThat(openings(BUBBLEWRAP, refusedAt(port), 7)).containsExactly(new Opening.Localhost());
    }
    assertThat(openings(BUBBLEWRAP, refusedAt(port), 7)).isEmpty();
  }

  private static String refusedAt(int port) {
    return "curl: (7) Failed to connect to localhost port " + port + ": Connection refused";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Exception in thread \"main\" java.net.SocketException: Operation not permitted",
        "bind: Operation not permitted",
        "PermissionError: [Errno 1] socket: Operation not permitted",
      })
  void is_a_socket_that_landlock_gives_to_nobody(String output) {
    assertThat(openings(LANDLOCK, output, 1)).containsExactly(new Opening.Localhost());
    assertThat(openings(BUBBLEWRAP, output, 1)).isEmpty();
  }

  @Test
  void is_the_one_socket_that_a_tool_was_told_about() throws Exception {
    var agent = outside.resolve("agent");
    var environment = Map.of("SSH_AUTH_SOCK", agent.toString());
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(agent));

      assertThat(
              Evidence.of(
                      BUBBLEWRAP,
                      confinement(),
                      workspace,
                      environment,
                      new Exit.Exited(2),
                      "Could not open a connection to your authentication agent.")
                  .stream()
                  .map(Denial::smallest))
          .containsExactly(new Opening.UnixSocket(agent));
      assertThat(
              openings(
                  BUBBLEWRAP,
                  "psql: error: connection to server on socket \"OUT/agent\" failed: Operation not"
                      + " permitted",
                  2))
          .containsExactly(new Opening.UnixSocket(agent));
    }
  }

  @Test
  void is_proof_if_the_filter_ended_the_command() {
    assertThat(of(BUBBLEWRAP, "", new Exit.Signalled(31, "SIGSYS")))
        .singleElement()
        .extracting(Denial::grade)
        .isEqualTo(Grade.PROVED);
  }

  @Test
  void is_a_guess_where_a_failed_command_names_nothing() {
    assertThat(of(BUBBLEWRAP, "tool: Read-only file system", new Exit.Exited(1)))
        .singleElement()
        .extracting(Denial::grade)
        .isEqualTo(Grade.GUESSED);
    assertThat(of(BUBBLEWRAP, "tool: Read-only file system", new Exit.Exited(0))).isEmpty();
  }

  @Test
  void is_nothing_where_nothing_was_held() {
    assertThat(of(new NoSandbox(), "tee: /x: Read-only file system", new Exit.Exited(1))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void explains_what_real_tools_say(String backend) throws Exception {
    var prison = Prison.of(backend, folder.resolve("real"));
    for (var script :
        List.of(
            "echo x > ../out/secret",
            "echo x | tee ../out/secret | cat",
            "bash -c 'echo x > $OUT/secret'; true",
            "rm -f ../out/secret",
            "perl -e 'open(F, \">\", \"$ENV{OUT}/secret\") or die \"open $ENV{OUT}/secret: $!\"'",
            "dd if=/dev/zero of=../out/secret count=1")) {
      var it = prison.run(prison.workspaceWrite(), "exec 2>&1; " + script);

      assertThat(
              Evidence.of(
                      prison.sandbox(),
                      prison.workspaceWrite(),
                      prison.workspace,
                      Map.of("LC_ALL", "C"),
                      new Exit.Exited(it.code()),
                      it.output())
                  .stream()
                  .map(Denial::smallest))
          .as("%s said %s", script, it.output())
          .containsExactly(new Opening.WritablePath(prison.outside.resolve("secret")));
    }
  }

  private List<Opening> openings(Sandbox sandbox, String output, int code) {
    return of(sandbox, output, new Exit.Exited(code)).stream()
        .filter(it -> it.grade() != Grade.GUESSED)
        .map(Denial::smallest)
        .toList();
  }

  private List<Denial> of(Sandbox sandbox, String output, Exit exit) {
    var text = output.replace("OUT", outside.toString()).replace("WS", workspace.toString());
    var environment = Map.of("HOME", outside.toString(), "LC_ALL", "C");
    return Evidence.of(sandbox, confinement(), workspace, environment, exit, text);
  }

  private Confinement confinement(Opening... openings) {
    return new Confinement(
        Confinement.Level.WORKSPACE_WRITE, List.of(workspace), List.of(openings), false, List.of());
  }
}
