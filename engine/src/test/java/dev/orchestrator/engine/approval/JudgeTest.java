package dev.orchestrator.engine.approval;

import static dev.orchestrator.engine.event.Decision.ASK;
import static dev.orchestrator.engine.event.Decision.REFUSE;
import static dev.orchestrator.engine.event.Decision.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeTest {
  private static final Policy ON_REQUEST = new Policy.OnRequest();
  private static final Policy NEVER = new Policy.Never();

  @TempDir private Path folder;
  private Workshop shop;

  @BeforeEach
  void open() throws IOException {
    shop = new Workshop(folder).under(ON_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          make all                         | RUN
          rm -rf build                     | RUN
          rm -rf build/* src               | RUN
          cd sub && rm -rf deep            | RUN
          rm old                           | RUN
          rm -rf .                         | ASK
          cd sub && rm -rf ..              | ASK
          rm -rf /                         | ASK
          rm -rf ~                         | ASK
          rm -rf ~/x                       | ASK
          rm -rf $X                        | ASK
          rm -rf "$X"/build                | ASK
          rm -rf *                         | ASK
          rm -rf ./*                       | ASK
          rm -rf .git                      | ASK
          rm -rf .git/hooks                | ASK
          rm -rf .codex                    | ASK
          rm -rf ../other                  | ASK
          rm -rf build /etc                | ASK
          rm -f /etc/passwd                | ASK
          rm -fr build/../..               | ASK
          sudo rm -rf build/../../x        | ASK
          xargs rm -rf < list              | ASK
          find . -name x -delete           | ASK
          find build -delete               | RUN
          find / -delete                   | ASK
          find . -exec rm -rf {} +         | ASK
          git reset --hard                 | ASK
          cd sub && git reset --hard HEAD~ | ASK
          git clean -fdx                   | ASK
          git clean -n                     | RUN
          git checkout -- .                | ASK
          git push --force                 | ASK
          git push -f origin main          | ASK
          git push origin main             | RUN
          git branch -D x                  | ASK
          git status                       | RUN
          dd if=/dev/zero of=/dev/sda      | ASK
          dd if=/dev/zero of=build/x       | RUN
          mkfs.ext4 /dev/sda1              | ASK
          chmod -R 777 /etc                | ASK
          chmod -R u+w build               | RUN
          chown -R me ..                   | ASK
          shred tracked                    | RUN
          shred /etc/passwd                | ASK
          : > tracked                      | ASK
          > tracked                        | ASK
          true > tracked                   | ASK
          : > fresh                        | RUN
          : > /etc/passwd                  | ASK
          : > /srv/fresh                   | RUN
          : > $X                           | ASK
          : > /dev/null                    | RUN
          truncate -s 0 tracked            | ASK
          echo x > tracked                 | RUN
          shutdown -h now                  | ASK
          kill -9 -1                       | ASK
          $X                               | ASK
          """)
  void asks_about_what_destroys_more_than_the_workspace_holds(String script, Decision expected)
      throws Exception {
    assertThat(shop.decide(script)).as("confined").isEqualTo(expected);
    shop.at(Level.DANGER_FULL_ACCESS);
    assertThat(shop.decide(script)).as("unconfined").isEqualTo(expected);
    shop.rules("allow rm", "allow git", "allow find", "allow dd", "allow :", "allow truncate");
    assertThat(shop.decide(script)).as("with rules that allow it").isEqualTo(expected);
    shop.under(NEVER);
    assertThat(shop.decide(script)).as("never").isEqualTo(expected == ASK ? REFUSE : expected);
  }

  @Test
  void follows_links_before_it_calls_something_inside() throws Exception {
    Files.createSymbolicLink(shop.workspace().resolve("out"), folder.getParent());

    assertThat(shop.decide("rm -rf out")).isEqualTo(ASK);
    assertThat(shop.decide("rm -rf out/x")).isEqualTo(ASK);
  }

  @Test
  void keeps_a_root_inside_another_root_whole() {
    var reach = new Reach(List.of(folder, shop.workspace()));

    assertThat(reach.isInside(shop.workspace().resolve("src"))).isTrue();
    assertThat(reach.isInside(folder.resolve("beside"))).isTrue();
    assertThat(reach.isInside(shop.workspace())).isFalse();
    assertThat(reach.isInside(shop.workspace().resolve(".git/config"))).isFalse();
    assertThat(reach.isInside(folder)).isFalse();
  }

  @Test
  void keeps_the_folder_around_a_root_whole() throws Exception {
    var inner = Files.createDirectories(folder.resolve("a/b"));

    assertThat(new Reach(List.of(folder, inner)).isInside(folder.resolve("a"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      textBlock =
          """
          ls                       => RUN
          ls -la | head -3         => RUN
          cat a 2>/dev/null        => RUN
          git status               => RUN
          bash -lc 'git log'       => RUN
          rg x src | wc -l         => RUN
          cat <<< 'rm -rf /'       => RUN
          cd sub && ls             => RUN
          ls $(whoami)             => RUN
          ls $(make whoami)        => ASK
          ls > list                => ASK
          cat > list <<< x         => ASK
          PATH=/evil ls            => ASK
          PATH=/evil:$PATH cat     => ASK
          sudo ls                  => ASK
          ./ls                     => ASK
          /opt/evil/ls             => ASK
          find . -exec rm {} ;     => ASK
          rg --pre ./x y           => ASK
          git diff --ext-diff      => ASK
          git -C /srv status       => ASK
          sed -n 1,5p f            => RUN
          sed -i s/a/b/ f          => ASK
          make                     => ASK
          touch x                  => ASK
          """)
  void lets_known_reads_through_when_nothing_is_trusted(String script, Decision expected)
      throws Exception {
    shop.under(new Policy.Untrusted());

    assertThat(shop.decide(script))
        .as(shop.judge(shop.shell(script)).toString())
        .isEqualTo(expected);
  }

  @Test
  void takes_the_text_of_a_heredoc_for_data() throws Exception {
    var script = "cat <<'EOF'\nrm -rf /\ngit push --force\n$(rm -rf /)\nEOF";
    shop.under(new Policy.Untrusted()).rules("forbidden rm", "forbidden git push");

    assertThat(shop.decide(script)).isEqualTo(RUN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          granular:                                        | REFUSE | REFUSE | REFUSE
          granular:sandbox_approval                        | ASK    | REFUSE | REFUSE
          granular:rules                                   | REFUSE | ASK    | REFUSE
          granular:mcp_elicitations                        | REFUSE | REFUSE | ASK
          granular:sandbox_approval,rules,mcp_elicitations | ASK    | ASK    | ASK
          on-request                                       | ASK    | ASK    | ASK
          on-failure                                       | ASK    | ASK    | ASK
          untrusted                                        | ASK    | ASK    | ASK
          never                                            | REFUSE | REFUSE | REFUSE
          """)
  void asks_the_kinds_of_questions_that_the_policy_allows(
      String policy, Decision sandbox, Decision rules, Decision mcp) throws Exception {
    shop.under(Policy.parse(policy)).rules("prompt make");

    assertThat(Policy.parse(policy).text()).isEqualTo(policy);
    assertThat(shop.judge(shop.escalated("npm ci")).decision()).isEqualTo(sandbox);
    assertThat(shop.judge(patch("/etc/motd")).decision()).isEqualTo(sandbox);
    assertThat(shop.judge().afterDenial()).isEqualTo(sandbox);
    assertThat(shop.decide("make")).isEqualTo(rules);
    assertThat(shop.judge(new Subject.Mcp("s", "t", false)).decision()).isEqualTo(mcp);
    assertThat(shop.judge(new Subject.Mcp("s", "t", true)).decision()).isEqualTo(RUN);
  }

  @Test
  void applies_patches_inside_and_asks_about_others() throws Exception {
    var inside = patch("src/a", "tracked");

    assertThat(shop.judge(inside).decision()).isEqualTo(RUN);
    assertThat(shop.judge(patch("src/a", "/etc/motd")).decision()).isEqualTo(ASK);
    assertThat(shop.judge(patch(".git/config")).decision()).isEqualTo(ASK);
    assertThat(shop.judge(patch("../x")).decision()).isEqualTo(ASK);
    shop.under(NEVER);
    assertThat(shop.judge(inside).decision()).isEqualTo(RUN);
    assertThat(shop.judge(patch("/etc/motd")).decision()).isEqualTo(REFUSE);
    shop.under(new Policy.Untrusted());
    assertThat(shop.judge(inside).decision()).isEqualTo(ASK);
    shop.under(ON_REQUEST).at(Level.READ_ONLY);
    assertThat(shop.judge(inside).decision()).isEqualTo(ASK);
    shop.at(Level.DANGER_FULL_ACCESS);
    assertThat(shop.judge(patch("/etc/motd")).decision()).isEqualTo(RUN);
  }

  @Test
  void remembers_patches_by_file_and_folder() throws Exception {
    shop.under(new Policy.Untrusted());
    shop.consent(patch("src/a"), "workspace");
    shop.consent(patch("sub/deep/b"), "shape");

    assertThat(shop.judge(patch("src/a")).source()).isEqualTo(ApprovalSource.GRANT);
    assertThat(shop.judge(patch("src/a", "src/b")).decision()).isEqualTo(ASK);
    assertThat(shop.judge(patch("sub/deep/c", "src/a")).decision()).isEqualTo(RUN);
  }

  @Test
  void remembers_tools_and_servers() throws Exception {
    shop.consent(new Subject.Mcp("db", "write", false), "run");

    assertThat(shop.judge(new Subject.Mcp("db", "write", false)).source())
        .isEqualTo(ApprovalSource.SESSION);
    assertThat(shop.judge(new Subject.Mcp("db", "drop", false)).decision()).isEqualTo(ASK);
    assertThat(shop.judge(new Subject.Mcp("d", "b/write", false)).decision()).isEqualTo(ASK);
    shop.consent(new Subject.Mcp("db", "drop", false), "wide");
    assertThat(shop.judge(new Subject.Mcp("db", "any", false)).decision()).isEqualTo(RUN);
  }

  @Test
  void lets_rules_that_allow_every_part_free_a_command() throws Exception {
    shop.rules("allow npm", "allow git push");

    var verdict = shop.judge(shop.shell("npm test && git push origin main"));

    assertThat(verdict.decision()).isEqualTo(RUN);
    assertThat(verdict.source()).isEqualTo(ApprovalSource.RULE);
    assertThat(verdict.openings()).containsExactly(new Opening.Everything());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "npm test; make",
        "npm test $(make x)",
        "PATH=/evil npm test",
        "GIT_SSH_COMMAND=evil git push",
        "npm test > /etc/motd",
        "npm test > .git/hooks/pre-commit",
        "sudo npm test",
        "git push --force",
        "git $X",
        "npm test && rm -rf /",
        "eval $X",
        "git -C /srv push",
        "./npm test"
      })
  void does_not_let_rules_free_more_than_they_say(String script) throws Exception {
    shop.rules("allow npm", "allow git push");

    assertThat(shop.judge(shop.shell(script)).openings()).isEmpty();
  }

  @Test
  void does_not_take_a_file_of_the_workspace_for_a_program_of_the_rules() throws Exception {
    var program = shop.workspace().resolve("git").toString();
    shop.rules("allow " + program);

    assertThat(shop.judge(shop.shell(program + " push")).openings()).isEmpty();
  }

  @Test
  void does_not_free_under_a_rule_what_is_denied() throws Exception {
    shop.rules("allow npm");
    remember(false, "npm", "publish", "*");

    var verdict = shop.judge(shop.shell("npm publish"));

    assertThat(verdict.decision()).isEqualTo(REFUSE);
    assertThat(verdict.reasons().getFirst().text())
        .isEqualTo("remembered as denied: npm publish * (no)");
    assertThat(shop.decide("cd sub && env A=b npm publish --x")).isEqualTo(REFUSE);
    assertThat(shop.decide("npm test")).isEqualTo(RUN);
  }

  @Test
  void refuses_only_without_a_sandbox_what_was_denied_without_one() throws Exception {
    var cover = new Cover.Shape(List.of("npm", "ci", "*"));
    shop.grants()
        .add(shop.grant(false, cover, Scope.WORKSPACE, Level.DANGER_FULL_ACCESS, List.of()));

    assertThat(shop.judge(shop.escalated("npm ci")).decision()).isEqualTo(REFUSE);
    assertThat(shop.decide("npm ci")).isEqualTo(RUN);
  }

  @Test
  void needs_consent_for_less_confinement_than_it_was_given_for() throws Exception {
    shop.under(new Policy.Untrusted());
    shop.consent(shop.shell("npm ci"), "workspace");

    assertThat(shop.decide("npm ci")).isEqualTo(RUN);
    assertThat(shop.judge(shop.escalated("npm ci")).decision()).isEqualTo(ASK);
    assertThat(shop.at(Level.READ_ONLY).decide("npm ci")).isEqualTo(RUN);
    assertThat(shop.at(Level.DANGER_FULL_ACCESS).decide("npm ci")).isEqualTo(ASK);
  }

  @Test
  void runs_without_a_sandbox_what_was_allowed_without_one() throws Exception {
    shop.consent(shop.escalated("cd sub && npm ci"), "shape");

    var verdict = shop.judge(shop.escalated("npm ci | tail -3"));

    assertThat(verdict.decision()).isEqualTo(RUN);
    assertThat(verdict.openings()).containsExactly(new Opening.Everything());
    assertThat(shop.judge(shop.escalated("npm ci | tee x")).decision()).isEqualTo(ASK);
    assertThat(shop.judge(shop.shell("npm ci")).openings()).isEmpty();
    assertThat(shop.judge(shop.escalated("")).decision()).isEqualTo(ASK);
  }

  @Test
  void opens_for_a_call_only_what_all_of_its_parts_were_allowed() throws Exception {
    open(new Opening.Everything(), "npm", "ci", "*");
    open(new Opening.Localhost(), "make", "*");
    open(new Opening.Localhost(), "npm", "ci", "*");

    assertThat(shop.judge(shop.shell("npm ci")).openings())
        .containsExactlyInAnyOrder(new Opening.Everything(), new Opening.Localhost());
    assertThat(shop.judge(shop.shell("npm ci && make")).openings())
        .containsExactly(new Opening.Localhost());
    assertThat(shop.judge(shop.shell("npm ci && ./evil")).openings()).isEmpty();
    assertThat(shop.judge(shop.shell("cd sub && npm ci | tail -1")).openings()).hasSize(2);
    assertThat(shop.judge(shop.shell("npm ci")).source()).isEqualTo(ApprovalSource.GRANT);
  }

  @Test
  void counts_consent_until_it_ends() throws Exception {
    shop.under(new Policy.Untrusted());
    var words = new Cover.Shape(List.of("npm", "*"));
    shop.grants().add(ending(words, Scope.WORKSPACE, Instant.now().minusSeconds(1), -1));
    shop.grants().add(ending(words, Scope.RUN, Instant.now().minusSeconds(1), -1));
    shop.grants().add(ending(words, Scope.WORKSPACE, null, 0));
    assertThat(shop.decide("npm test")).isEqualTo(ASK);

    shop.grants().add(ending(words, Scope.WORKSPACE, Instant.now().plusSeconds(1000), 1));
    var used = shop.judge(shop.shell("npm test")).used();

    assertThat(used).hasSize(1);
    assertThat(shop.grants().use(used.getFirst())).isTrue();
    assertThat(shop.grants().use(used.getFirst())).as("used up").isFalse();
    assertThat(shop.decide("npm test")).isEqualTo(ASK);
  }

  @Test
  void takes_the_strictest_rule_of_all_parts() throws Exception {
    shop.rules("allow npm", "prompt npm publish", "forbidden npm token");

    assertThat(shop.decide("npm test")).isEqualTo(RUN);
    assertThat(shop.decide("npm test; npm publish")).isEqualTo(ASK);
    assertThat(shop.decide("npm publish; npm token list")).isEqualTo(REFUSE);
    shop.consent(shop.shell("npm publish"), "shape");
    assertThat(shop.decide("npm publish --dry-run")).isEqualTo(RUN);
  }

  @Test
  void knows_a_rule_about_privileges() throws Exception {
    shop.rules("forbidden sudo npm publish", "prompt doas");

    assertThat(shop.decide("sudo npm publish")).isEqualTo(REFUSE);
    assertThat(shop.decide("sudo -n env A=b /usr/bin/npm publish")).isEqualTo(REFUSE);
    assertThat(shop.decide("doas make")).isEqualTo(ASK);
    assertThat(shop.decide("npm publish")).isEqualTo(RUN);
  }

  @Test
  void does_not_run_anything_when_answers_cannot_be_read() throws Exception {
    Files.createDirectories(shop.grants().file().getParent());
    Files.writeString(shop.grants().file(), "{}\n");

    assertThatThrownBy(() -> shop.decide("ls")).isInstanceOf(GrantsException.class);
  }

  static Stream<Policy> policies() {
    return Stream.of(
        new Policy.Untrusted(),
        new Policy.OnFailure(),
        ON_REQUEST,
        NEVER,
        Policy.parse("granular:"));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void refuses_what_a_rule_forbids_under_every_policy(Policy policy) throws Exception {
    shop.under(policy).rules("forbidden npm", "allow npm");

    assertThat(shop.decide("npm test")).isEqualTo(REFUSE);
    assertThat(shop.judge(shop.shell("npm test")).source()).isEqualTo(ApprovalSource.RULE);
  }

  private Subject.Patch patch(String... files) {
    return new Subject.Patch(
        Stream.of(files).map(it -> shop.workspace().resolve(it).normalize()).toList());
  }

  private void remember(boolean allows, String... words) throws IOException {
    var cover = new Cover.Shape(List.of(words));
    shop.grants().add(shop.grant(allows, cover, Scope.WORKSPACE, Level.WORKSPACE_WRITE, List.of()));
  }

  private void open(Opening opening, String... words) throws IOException {
    var cover = new Cover.Shape(List.of(words));
    shop.grants()
        .add(shop.grant(true, cover, Scope.WORKSPACE, Level.WORKSPACE_WRITE, List.of(opening)));
  }

  private Grant ending(Cover cover, Scope scope, @Nullable Instant expires, int uses) {
    var it = shop.yes(cover, scope, Level.WORKSPACE_WRITE);
    return new Grant(
        it.id(),
        true,
        cover,
        scope,
        it.where(),
        it.level(),
        List.of(),
        it.givenAt(),
        it.by(),
        expires,
        uses,
        null);
  }
}
