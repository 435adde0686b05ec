package dev.orchestrator.engine.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsTest {
  private static final Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

  @TempDir private Path folder;
  private Path file;
  private Grants grants;

  @BeforeEach
  void open() {
    file = folder.resolve("home/approvals.jsonl");
    grants = new Grants(file);
  }

  @Test
  void come_back_as_they_were_the_newest_first() throws Exception {
    var all = new ArrayList<Grant>();
    for (var cover :
        List.of(
            new Cover.Exact("key", "make \"all\" ☃\n"),
            new Cover.OpaqueText("hash", "eval $X"),
            new Cover.Shape(List.of("git", "push", "*")),
            new Cover.McpTool("db", "*"),
            new Cover.Writable("/srv/a b"))) {
      for (var scope : List.of(Scope.TASK, Scope.WORKSPACE, Scope.USER)) {
        all.add(grant("g" + all.size(), cover, scope, LATER, 3));
      }
    }
    for (var it : all) {
      grants.add(it);
    }

    assertThat(new Grants(file).kept()).containsExactlyElementsOf(all.reversed());
  }

  @Test
  void are_none_without_a_file() throws Exception {
    assertThat(grants.kept()).isEmpty();
    assertThat(grants.revoke("x")).isEmpty();
  }

  @Test
  void of_a_run_are_never_on_disk() throws Exception {
    grants.add(grant("a", new Cover.McpTool("s", "t"), Scope.RUN, null, -1));

    assertThat(file).doesNotExist();
    assertThat(grants.ofThisRun()).hasSize(1);
    assertThat(grants.kept()).isEmpty();
  }

  @Test
  void are_for_nobody_else_to_read() throws Exception {
    grants.add(simple("a", -1));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void end_when_they_are_revoked_used_up_or_over() throws Exception {
    grants.add(simple("revoked", -1));
    grants.add(simple("used", 2));
    grants.add(grant("over", new Cover.McpTool("s", "t"), Scope.USER, Instant.EPOCH, -1));
    var used = simple("used", 2);

    assertThat(grants.revoke("revoked").map(Grant::id)).contains("revoked");
    assertThat(grants.revoke("revoked")).isEmpty();
    assertThat(grants.kept()).containsExactly(used);
    assertThat(grants.use(used)).isTrue();
    assertThat(new Grants(file).kept()).containsExactly(simple("used", 1));
    assertThat(grants.use(used)).isTrue();
    assertThat(grants.use(used)).isFalse();
    assertThat(grants.kept()).isEmpty();
    assertThat(grants.use(simple("revoked", 5))).isFalse();
  }

  @Test
  void of_a_run_are_used_up_too() throws Exception {
    var it = grant("a", new Cover.McpTool("s", "t"), Scope.RUN, null, 2);
    grants.add(it);

    assertThat(List.of(grants.use(it), grants.use(it), grants.use(it)))
        .containsExactly(true, true, false);
    assertThat(grants.ofThisRun()).isEmpty();
  }

  @Test
  void count_for_nothing_when_any_byte_was_changed() throws Exception {
    grants.add(simple("a", 2));
    grants.use(simple("a", 2));
    grants.add(simple("b", -1));
    grants.revoke("b");
    var bytes = Files.readAllBytes(file);
    var line = 1;
    for (var at = 0; at < bytes.length; at++) {
      for (var bit : List.of(0, 5, 7)) {
        var changed = bytes.clone();
        changed[at] ^= (byte) (1 << bit);
        Files.write(file, changed);

        assertThatThrownBy(() -> new Grants(file).kept())
            .as("byte %d, bit %d", at, bit)
            .isInstanceOf(GrantsException.class)
            .hasMessageContaining(file.toString())
            .hasMessageContaining("line " + line);
      }
      line += bytes[at] == '\n' ? 1 : 0;
    }
  }

  @Test
  void count_for_nothing_when_the_end_is_cut_off() throws Exception {
    grants.add(simple("a", -1));
    var first = Files.size(file);
    grants.add(simple("b", -1));
    for (var size = Files.size(file) - 1; size > first; size--) {
      try (var it = new RandomAccessFile(file.toFile(), "rw")) {
        it.setLength(size);
      }

      assertThatThrownBy(() -> grants.kept())
          .isInstanceOf(GrantsException.class)
          .hasMessageContaining("line 2");
      assertThatThrownBy(() -> grants.add(simple("c", -1))).isInstanceOf(GrantsException.class);
      assertThat(Files.size(file)).isEqualTo(size);
    }
  }

  @Test
  void of_an_unknown_kind_count_for_nothing() throws Exception {
    Files.createDirectories(file.getParent());
    for (var fields :
        List.<Map<String, @Nullable Object>>of(
            Map.of("hello", "world"),
            with("covers", Map.of("kind", "everything")),
            with("covers", Map.of("kind", "shape", "words", List.of("*"))),
            with("scope", "galaxy"),
            with("level", "none"),
            with("decision", "maybe"),
            with("openings", List.of(Map.of("kind", "x"))))) {
      Files.write(file, GrantLines.line(fields));

      assertThatThrownBy(() -> grants.kept())
          .as(fields.toString())
          .isInstanceOf(GrantsException.class)
          .hasMessageContaining("line 1");
    }
  }

  @Test
  void are_not_read_from_a_huge_file() throws Exception {
    Files.createDirectories(file.getParent());
    try (var it = new RandomAccessFile(file.toFile(), "rw")) {
      it.setLength(17 * 1024 * 1024);
    }

    assertThatThrownBy(() -> grants.kept())
        .isInstanceOf(GrantsException.class)
        .hasMessageContaining("larger than");
  }

  @Test
  void see_what_others_write() throws Exception {
    var other = new Grants(file);
    grants.add(simple("a", -1));
    assertThat(other.kept()).hasSize(1);
    grants.add(simple("b", -1));
    assertThat(other.kept()).hasSize(2);
    other.revoke("a");
    assertThat(grants.kept()).containsExactly(simple("b", -1));
  }

  @Test
  void are_written_side_by_side() throws Exception {
    grants.add(simple("shared", 50));
    var tasks = new ArrayList<Callable<Integer>>();
    for (var writer = 0; writer < 6; writer++) {
      var name = "w" + writer + "-";
      tasks.add(() -> write(new Grants(file), name));
    }
    var used = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var it : threads.invokeAll(tasks)) {
        used += it.get();
      }
    }

    assertThat(used).as("no use is counted twice").isEqualTo(50);
    assertThat(grants.kept()).hasSize(6 * 15);
  }

  @Test
  void are_written_by_processes_side_by_side() throws Exception {
    var children = new ArrayList<Process>();
    for (var i = 0; i < 2; i++) {
      children.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  file.toString(),
                  "p" + i + "-")
              .inheritIO()
              .start());
    }
    for (var it : children) {
      assertThat(it.waitFor()).isZero();
    }

    assertThat(grants.kept()).hasSize(2 * 15);
  }

  /// A process that adds grants.
  static final class Writer {
    private Writer() {}

    public static void main(String[] args) throws IOException {
      write(new Grants(Path.of(args[0])), args[1]);
    }
  }

  /// @return how many uses of the shared grant it got
  private static int write(Grants to, String name) throws IOException {
    var used = 0;
    for (var i = 0; i < 15; i++) {
      to.add(simple(name + i, -1));
      used += to.use(simple("shared", 50)) ? 1 : 0;
      to.kept();
    }
    return used;
  }

  private static Grant simple(String id, int uses) {
    return grant(id, new Cover.Shape(List.of("git", "*")), Scope.USER, null, uses);
  }

  private static Grant grant(
      String id, Cover cover, Scope scope, @Nullable Instant expires, int uses) {
    return new Grant(
        id,
        uses != 3,
        cover,
        scope,
        scope == Scope.USER ? "" : "/ws",
        Level.WORKSPACE_WRITE,
        List.of(
            new Opening.WritablePath(Path.of("/a")),
            new Opening.UnixSocket(Path.of("/b")),
            new Opening.GitMetadata(Path.of("/c"), Path.of("/d")),
            new Opening.Localhost(),
            new Opening.Network(),
            new Opening.Everything()),
        Instant.parse("2026-01-02T03:04:05.678Z"),
        "terminal",
        expires,
        uses,
        uses == 3 ? "because" : null);
  }

  private static Map<String, @Nullable Object> with(String name, Object value) {
    var fields = GrantLines.fields(simple("a", -1));
    fields.put(name, value);
    return fields;
  }
}
