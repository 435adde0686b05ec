package dev.orchestrator.engine.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoicesTest {
  @TempDir private Path folder;
  private Workshop shop;

  @BeforeEach
  void open() throws IOException {
    shop = new Workshop(folder);
  }

  @Test
  void go_from_narrow_to_wide() throws Exception {
    assertThat(texts("git push origin main"))
        .containsExactly(
            "just this once",
            "this exact command in this run",
            "this exact command in this workspace",
            "`git push origin *` in this workspace",
            "`git push *` in this workspace",
            "`git push *` always");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          npm test               | `npm test *` in this workspace; `npm test *` always
          npm run build          | `npm run *` in this workspace; `npm run *` always
          touch a                | `touch *` in this workspace; `touch *` always
          mkdir -p a/b           | `mkdir -p *` in this workspace; `mkdir *` in this workspace; `mkdir *` always
          curl -s https://a.b    | `curl -s *` in this workspace; `curl *` in this workspace; `curl *` always
          ./gradlew build        | `./gradlew build *` in this workspace
          npm ci && npm test     | `npm ci *` and `npm test *` in this workspace; `npm ci *` and `npm test *` always
          python3 -m pytest a    | `python3 -m pytest *` in this workspace; `python3 -m pytest *` always
          /usr/bin/npm test      | `npm test *` in this workspace; `npm test *` always
          """)
  void generalise_by_program_and_subcommand(String script, String expected) throws Exception {
    assertThat(String.join("; ", shapes(script))).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python3 -c 'print(1)'",
        "python3.12 -c x",
        "python3",
        "node -e x",
        "perl -e x",
        "ruby -e x",
        "docker --version",
        "git -C /srv push",
        "ssh -p 22 host",
        "make",
        "make -j4 all",
        "awk '{print}'",
        "npx -y x",
        "sudo make all",
        "PATH=/x npm test",
        "npm test > /etc/motd",
        "rm -rf /",
        "git push --force",
        "git push $X",
        "eval \"$X\"",
        "X=$(date); $X"
      })
  void are_exact_where_more_would_be_anything(String script) throws Exception {
    assertThat(shop.offers(shop.shell(script)).stream().map(it -> it.choice().id()))
        .startsWith("once", "run")
        .doesNotContain("always", "wide")
        .doesNotContain("shape");
  }

  @Test
  void tell_how_many_questions_they_would_have_answered() throws Exception {
    record("git push origin a", "git push origin b", "git push other a", "npm test");

    var offers = shop.offers(shop.shell("git push origin main"));

    assertThat(offers.stream().map(it -> it.choice().id() + " " + it.choice().covered()).toList())
        .containsExactly("once 0", "run 0", "workspace 0", "shape 2", "wide 3", "always 3");
    assertThat(offers).allMatch(it -> it.choice().of() == 4);
  }

  @Test
  void do_not_count_what_a_shape_would_not_have_answered() throws Exception {
    record("git push --force", "GIT_SSH=x git push", "npm test && git push", "git push a");

    assertThat(choice("git push origin main", "wide").choice().covered()).isEqualTo(1);
  }

  @Test
  void preset_the_narrowest_that_covers_the_last_question() throws Exception {
    assertThat(preset("git push origin main")).isEqualTo("once");
    record("git push origin main");
    assertThat(preset("git push origin main")).isEqualTo("run");
    assertThat(preset("git push origin other")).isEqualTo("shape");
    assertThat(preset("git push backup other")).isEqualTo("wide");
    record("npm test");
    assertThat(preset("git push origin main")).isEqualTo("once");
  }

  @Test
  void cover_the_very_call_they_were_offered_for() throws Exception {
    for (var script :
        List.of(
            "npm test",
            "PATH=/x npm test > /etc/motd",
            "git push --force",
            "cd $X && make",
            "python3 - <<E\nx\nE",
            "eval \"$X\"",
            "(",
            "xargs npm < x",
            "make $A")) {
      for (var offer : shop.offers(shop.shell(script))) {
        if (offer.covers().isEmpty()) {
          continue;
        }
        var fresh = new Workshop(Files.createTempDirectory(folder, "w"));
        var verdict = fresh.judge(fresh.shell(script));
        fresh.consent(fresh.shell(script), offer.choice().id());

        assertThat(verdict.decision()).isEqualTo(Decision.ASK);
        assertThat(fresh.decide(script))
            .as(script + " by " + offer.choice())
            .isEqualTo(Decision.RUN);
      }
    }
  }

  @Test
  void go_on_without_what_was_recorded_wrongly() throws Exception {
    record("npm test");
    try (var files = Files.newDirectoryStream(folder.resolve("home/questions"))) {
      for (var file : files) {
        Files.writeString(file, "{\"torn\n", StandardOpenOption.APPEND);
      }
    }
    record("npm test");

    assertThat(shop.log().entries()).hasSize(2);
  }

  @Test
  void remember_a_limited_number_of_questions() throws Exception {
    for (var i = 0; i < QuestionLog.REMEMBERED + 20; i++) {
      record("npm run task" + i);
    }

    assertThat(shop.log().entries()).hasSize(QuestionLog.REMEMBERED);
  }

  @Test
  void for_tools_and_patches() throws Exception {
    assertThat(shop.offers(new Subject.Mcp("db", "write", false)).stream().map(ChoicesTest::text))
        .containsExactly(
            "just this once",
            "db/write in this run",
            "db/write in this workspace",
            "db/write always",
            "db/* in this workspace");
    assertThat(
            shop.offers(new Subject.Patch(List.of(Path.of("/srv/a/b")))).stream()
                .map(ChoicesTest::text))
        .containsExactly(
            "just this once",
            "patches to these files in this run",
            "patches to these files from this workspace",
            "patches below `/srv/a` from this workspace");
  }

  private static String text(Offer it) {
    return it.choice().text();
  }

  private List<String> texts(String script) throws IOException {
    return shop.offers(shop.shell(script)).stream().map(ChoicesTest::text).toList();
  }

  private List<String> shapes(String script) throws IOException {
    return texts(script).stream().filter(it -> it.startsWith("`")).toList();
  }

  private Offer choice(String script, String id) throws IOException {
    return shop.offers(shop.shell(script)).stream()
        .filter(it -> it.choice().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private String preset(String script) throws IOException {
    return Choices.preset(shop.offers(shop.shell(script)), shop.log()).choice().id();
  }

  private void record(String... scripts) throws IOException {
    for (var it : scripts) {
      var subject = shop.shell(it);
      shop.log().add(QuestionLog.Entry.of(subject, shop.judge(subject)));
    }
  }
}
