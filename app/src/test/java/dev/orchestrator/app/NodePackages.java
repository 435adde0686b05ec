package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// Packages of npm that tests use, installed below `target` once for as long as their lock says the
/// same. Where that cannot be, the tests are skipped and say why.
final class NodePackages {
  private static final Path SOURCES = Path.of("src/test/node");
  private static final long LONGEST_SECONDS = 60;

  /// What npm says when the network is at fault, and not the package.
  private static final Pattern UNREACHABLE =
      Pattern.compile(
          "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH"
              + "|ERR_SOCKET_TIMEOUT|ENOTCACHED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|E40[137]|E50\\d");

  private NodePackages() {}

  /// A folder with the test's own files and `node_modules` beside them.
  ///
  /// @param name of the folder in `src/test/node`
  static synchronized Path install(String name) throws IOException, InterruptedException {
    requireNode();
    var folder = Files.createDirectories(Path.of("target", name).toAbsolutePath());
    var lock = Files.readString(SOURCES.resolve(name).resolve("package-lock.json"));
    copy(SOURCES.resolve(name), folder);
    var installed = folder.resolve("node_modules/.installed-for");
    if (!Files.exists(installed) || !Files.readString(installed).equals(lock)) {
      npm(folder);
      Files.writeString(installed, lock);
    }
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.list(from)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void requireNode() throws InterruptedException {
    var node =
        new ProcessBuilder("node", "--version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    if (start(node).waitFor() != 0) {
      skip("node is not installed");
    }
  }

  private static Process start(ProcessBuilder program) {
    try {
      return program.start();
    } catch (IOException _) {
      return skip(program.command().getFirst() + " is not installed");
    }
  }

  private static void npm(Path folder) throws IOException, InterruptedException {
    var said = folder.resolve("npm.log");
    var npm =
        start(
            new ProcessBuilder(
                    List.of(
                        "npm",
                        "install",
                        "--omit=optional",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--fetch-retries=1"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile()));
    if (!npm.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
      npm.destroyForcibly();
      skip("npm took longer than " + LONGEST_SECONDS + " s");
    }
    var log = Files.readString(said);
    if (npm.exitValue() != 0 && UNREACHABLE.matcher(log).find()) {
      skip("the registry of npm cannot be reached");
    }
    assertThat(npm.exitValue()).as(log).isZero();
  }

  /// Never returns.
  private static <T> T skip(String why) {
    var message = "skipped: " + why;
    System.err.println(message);
    return abort(message);
  }
}
