package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The README's first command: a model that stands in a cassette repairs the sample.
@Execution(ExecutionMode.CONCURRENT)
class ExampleIT {
  private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();
  private static final Path LAUNCHER = Program.DIST.resolve("bin/orchestrator").toAbsolutePath();
  private static final String REPAIRED =
      """
      ok    an order below 100.00 is charged in full
      ok    an order of 100.00 gets the discount
      ok    an order above 100.00 gets the discount
      """;

  @TempDir Path folder;
  private Program program;
  private Path shop;

  @BeforeEach
  void copy() throws IOException {
    program =
        Program.in(folder)
            .without("CODEX_API_KEY")
            .without("OPENAI_API_KEY")
            // With this, Java fails to start where it would otherwise go on without the cache.
            .with("ORCHESTRATOR_JAVA_OPTS", "-XX:AOTMode=on");
    shop = Files.createDirectories(folder.resolve("another place/shop"));
    try (var files = Files.list(EXAMPLES.resolve("shop"))) {
      for (var file : files.toList()) {
        Files.copy(file, shop.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void is_what_the_readme_begins_with() throws Exception {
    var readme = Files.readString(Path.of("../README.md"));
    var block = readme.substring(readme.indexOf("```sh\n") + "```sh\n".length());
    var first = block.lines().findFirst().orElseThrow();
    var build = "./mvnw -q -DskipTests package && ";
    assertThat(first).startsWith(build);
    var temporary = Files.createDirectories(folder.resolve("temporary"));

    var ended =
        program
            .startedAs("bash")
            .with("TMPDIR", temporary.toString())
            .call(
                "-c",
                "cd \"$0\" && " + first.substring(build.length()) + " \"$1\"",
                EXAMPLES.resolveSibling(".").toString(),
                LAUNCHER.toString());

    assertThat(ended.out())
        .contains("FAIL  an order of 100.00 gets the discount: expected 90.00, got 100.00")
        .contains("All three tests pass now.")
        .endsWith("== after\n" + REPAIRED);
    assertThat(ended.code()).isZero();
  }

  @Test
  void repairs_the_sample_anywhere_asks_nobody_and_leaves_a_record_of_it() throws Exception {
    assertThat(test()).contains("FAIL");

    Running.Ended ended;
    try (var provider = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      provider.setSoTimeout(1);
      var address = "http://127.0.0.1:" + provider.getLocalPort();
      for (var variable : List.of("OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")) {
        program.with(variable, address);
      }
      ended = repair("repair the failing test");
      assertThat(provider).satisfies(ExampleIT::nobodyCame);
    }

    assertThat(ended.err()).isEmpty();
    assertThat(ended.code()).isZero();
    assertThat(test()).isEqualTo(REPAIRED);
    var manifest = program.record().manifest();
    assertThat(manifest.path("instructions").path(0).path("file").asString())
        .isEqualTo(shop.toRealPath().resolve("AGENTS.md").toString());
    assertThat(manifest.path("usage").path("input_tokens").asLong()).isEqualTo(11_419);
    assertThat(manifest.path("toolRuns").valueStream().map(it -> it.path("tool").asString()))
        .containsExactly("exec_command", "exec_command", "apply_patch", "exec_command");
    assertThat(manifest.path("summary").path("outcome").asString()).isEqualTo("succeeded");
  }

  private static void nobodyCame(ServerSocket provider) {
    assertThatThrownBy(provider::accept).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void needs_no_network() throws Exception {
    var unshare = new ProcessBuilder("unshare", "-rn", "true");
    assumeTrue(works(unshare), "no network of one's own can be made here");
    program.startedAs("unshare");

    var ended = repair("-rn", LAUNCHER.toString(), "repair the failing test");

    assertThat(ended.err()).isEmpty();
    assertThat(test()).isEqualTo(REPAIRED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"repair the failing test", "repair it"})
  void says_what_differs_from_what_was_recorded(String prompt) throws Exception {
    var other = prompt.equals("repair it");
    if (!other) {
      var test = shop.resolve("test.sh");
      Files.writeString(test, Files.readString(test).replace("wine 10", "wine 11"));
    }

    var ended = repair(prompt);

    assertThat(ended.code()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .startsWith("ERROR: request %d differs from the cassette ".formatted(other ? 1 : 2))
        .contains(other ? "and there came `repair it`" : "'wine 11 20.00'`")
        .endsWith(
            "\norchestrator: replay in the state in which it was recorded, or record it again\n");
    assertThat(test()).contains("FAIL");
  }

  /// @param words what stands before `exec`, and the prompt
  private Running.Ended repair(String... words) throws IOException, InterruptedException {
    var all = new ArrayList<>(List.of(words));
    var prompt = all.removeLast();
    all.addAll(
        List.of("exec", "--quiet", "--replay", EXAMPLES.resolve("repair.cassette").toString()));
    // Not every machine that runs tests has a sandbox, and what is run is known.
    all.addAll(List.of("-s", "danger-full-access", "--skip-git-repo-check"));
    all.addAll(List.of("--runs-dir", folder.resolve("runs").toString()));
    all.addAll(List.of("--cd", shop.toString(), prompt));
    return program.call(all.toArray(String[]::new));
  }

  private String test() throws IOException, InterruptedException {
    var process =
        new ProcessBuilder("bash", shop.resolve("test.sh").toString())
            .redirectErrorStream(true)
            .start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return text;
  }

  private static boolean works(ProcessBuilder program) throws InterruptedException {
    try {
      return program.start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
