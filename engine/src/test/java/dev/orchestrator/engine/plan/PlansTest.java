package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PlansTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '~',
      textBlock =
          """
          a && b || c; d | e & f                 % a ; b ; c ; d ; e ; f
          (a; b) | { c; }                        % a ; b ; c
          if a; then b; elif c; then d; else e; fi % a ; b ; c ; d ; e
          while a; do b; done; until c; do d; done % a ; b ; c ; d
          case $x in a|b) c;; *) d;; esac        % c ; d
          echo $(a) `b` <(c) "x $(d) `e`"        % a ; b ; c ; d ; e ; echo ‹$(a)› ‹`b`› ‹<(c)› ‹"x $(d) `e`"›
          echo ${x:-$(a)} $((1 + $(b)))          % a ; b ; echo ‹${x:-$(a)}› ‹$((1 + $(b)))›
          [[ -n $(a) ]] && b                     % a ; ~~ ; b
          a <<<"$(b)"                            % b ; a <<
          ! a                                    % a
          coproc a b                             % a b
          time -p a                              % a
          x=(1 $(a))                             % a ; x=‹x=(1 $(a))›
          trap 'a b' EXIT                        % trap a b EXIT ; a b @null
          ls $(whoami)                           % whoami ; ls ‹$(whoami)›
          f() { a; }; f; b                       % a @null ; ~~ ; b
          for i in 1 2; do a; done               % i=2 a
          echo a#b # c                           % echo a#b
          echo `echo \\`a\\``                    % a ; echo ‹`a`› ; echo ‹`echo \\`a\\``›
          """)
  void finds_every_command_wherever_it_stands(String script, String plan) {
    assertThat(Shown.script(script)).isEqualTo(plan.replace("~~", "").replace("\\\\", "\\"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '~',
      textBlock =
          """
          a > f                    % a >/ws/f
          a 2>&1 >> f < g          % a >>/ws/f </ws/g
          a &> /dev/null           % a >/dev/null
          > f                      % >/ws/f
          coproc > f               % coproc >/ws/f
          rm > f -rf x             % rm -rf x >/ws/f
          { a; b; } > f            % a >/ws/f ; b >/ws/f
          cd x && a > f            % cd x ; a >/ws/x/f @/ws/x
          a > $f                   % a >null
          a > ../g                 % a >/g
          a > ~/g                  % a >/home/me/g
          X=1 a                    % X=1 a
          export X=1; a            % X=1 export ; X=1 a
          X=1; (Y=2; a); b         % X=1 ; X=1 Y=2 ; X=1 Y=2 a ; X=1 b
          read PATH; a             % read PATH ; PATH=‹› a
          eval PATH=x; a           % PATH=x ; PATH=x a
          PATH=x eval a            % PATH=x a
          trap 'PATH=x' DEBUG; a   % trap PATH=x DEBUG ; PATH=x  @null ; PATH=x a
          while a; do read PATH; done % PATH=‹› a ; PATH=‹› read PATH
          f() { read PATH; }; a    % PATH=‹› read PATH @null ; PATH=‹› a
          : ${PATH:=x}; a          % PATH=‹› : ‹${PATH:=x}› ; PATH=‹› a
          PATH=x env a             % PATH=x a
          PATH=x sh -c a           % PATH=x a
          for i in x; do a; PATH=y; done % i=x PATH=‹y› a ; i=x PATH=‹y› PATH=y
          """)
  void tells_redirections_and_assignments(String script, String plan) {
    assertThat(Shown.script(script)).isEqualTo(plan);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      textBlock =
          """
          cd x && a                            % cd x ; a @/ws/x
          cd x; a                              % cd x ; a @null
          cd x || exit 1; a                    % cd x ; exit 1 ; a @/ws/x
          (cd x && a); b                       % cd x ; a @/ws/x ; b
          cd $x && a                           % cd ‹$x› ; a @null
          if ! cd x; then exit 1; fi; a        % cd x ; exit 1 ; a @/ws/x
          cd /tmp && cd .. && a                % cd /tmp ; cd .. @/tmp ; a @/
          cd && a                              % cd ; a @/home/me
          for i in 1; do cd x; a; done         % i=1 cd x @null ; i=1 a @null
          cd x | a; b                          % cd x ; a ; b @null
          pushd x && a                         % pushd x ; a @null
          trap 'cd /' DEBUG; a                 % trap cd / DEBUG ; cd / @null ; a @null
          f() { cd /; }; f; a                  % cd / @null ; @null ; a @null
          eval cd x && a                       % cd x ; a @/ws/x
          env -C sub a                         % a @/ws/sub
          """)
  void follows_the_shell_through_folders(String script, String plan) {
    assertThat(Shown.script(script)).isEqualTo(plan);
  }

  @Test
  void knows_where_a_script_is_that_ends_at_its_first_error() {
    assertThat(Shown.script("set -e\ncd x\na")).isEqualTo("set -e ; cd x ; a @/ws/x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      textBlock =
          """
          bash -lc "a && b"                    % a ; b
          /usr/bin/env X=1 -u Y a              % X=1 a
          sudo -u root a                       % sudo> a
          sudo sh -c 'a; b'                    % sudo> a ; sudo> b
          timeout -k 1 5s nice -n 3 nohup a    % a
          stdbuf -oL setsid -w ionice -c 3 a   % a
          command a; builtin b; exec c         % a ; b ; c
          command -v a                         % command -v a
          xargs -0 -n 1 rm                     % rm ‹…›
          xargs -I{} sh -c 'a'                 % a
          find . -exec rm -f {} ';'            % find . -exec rm -f {} ; ; rm -f ‹{}›
          find . -name x -exec rm {} +         % find . -name x -exec rm {} + ; rm ‹{}›
          eval a b; eval "c; d"                % a b ; c ; d
          eval "$x"                            % eval ‹"$x"› ?
          flock f a                            % a <>/ws/f
          watch -n 1 'a | b'                   % a ; b
          busybox rm x                         % rm x
          ssh host 'rm x'                      % ssh host rm x
          bash script.sh                       % bash script.sh
          ./env a                              % ./env a
          bash                                 % bash ?
          env -S 'a b'                         % env -S a b ?
          parallel a                           % parallel a ?
          sh -c "$x"                           % sh -c ‹"$x"› ?
          nice --what a                        % nice --what a ?
          """)
  void takes_wrappers_off(String script, String plan) {
    assertThat(Shown.script(script)).isEqualTo(plan);
  }

  @Test
  void knows_which_words_xargs_replaces() {
    assertThat(Shown.script("xargs -I % mv % x")).isEqualTo("mv ‹%› x");
    assertThat(Shown.script("xargs -I X X")).isEqualTo("‹X› ?");
  }

  @Test
  void takes_wrappers_off_word_lists() {
    assertThat(Shown.words("bash", "-lc", "git add . && git commit -m 'a b'"))
        .isEqualTo("git add . ; git commit -m a b");
    assertThat(Shown.words("env", "A=1", "timeout", "5", "make", "$x")).isEqualTo("A=1 make $x");
    assertThat(Shown.words("cd", "x")).isEqualTo("cd x");
    assertThat(Shown.words("a;b", "`c`")).isEqualTo("a;b `c`");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$X y",
        "case x in esac",
        "\"$(which rm)\" y",
        "r* x",
        "{rm,x}",
        "alias x=rm",
        "a (",
        "if a",
        "echo 'a",
        "echo `a",
        "a\0b",
        "a \uD800",
        "(((((a)",
        "$(( a[$x] )",
        "eval $x",
        "declare -n r=PATH",
        "echo a\\",
        "mapfile -C a x",
        "shopt -s expand_aliases",
        "x=a[\\$(b)]; echo $((x))",
        "echo \\ a\u000bb",
        "a\rb",
        ":(){ :|:& };:",
        "git() { a; }; cd() { b; }",
        "cat <<EOF\nx\nEOFX",
        "bash <<E\nrm x\nE",
        "echo ${x@P}",
        "trap \"$x\" EXIT",
        "unset$x",
        "let 'x=a[$(rm)]'",
        "echo $[1+1]"
      })
  void doubts_what_it_does_not_understand(String script) {
    assertThat(Shown.PLANS.ofScript(script, Shown.WORKSPACE).isOpaque()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"[[ a ]]", "((rm x))", "function f { a; }", "$'a' b", "{a,b} c"})
  void doubts_what_only_bash_understands_in_scripts_of_sh(String script) {
    var plan = Shown.PLANS.ofWords(List.of("sh", "-c", script), Shown.WORKSPACE);

    assertThat(plan.isOpaque()).isTrue();
  }

  @Test
  void reads_the_text_of_a_here_document_as_data() {
    assertThat(Shown.script("cat <<'E'\n$(rm -rf /) `x`\nE")).isEqualTo("cat <<");
    assertThat(Shown.script("cat <<E | b\nrm -rf / $(c) `d`\nE\ne"))
        .isEqualTo("c ; d ; cat << ; b ; e");
    assertThat(Shown.script("git commit -m \"$(cat <<'E'\nfix $(x)\nE\n)\"").lines().findFirst())
        .contains("cat << ; git commit -m ‹\"$(cat <<'E'");
    assertThat(Shown.script("python3 - <<P\nimport os\nP")).isEqualTo("python3 - <<");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n\n", "# a comment", "\t# $(x)\n  "})
  void finds_nothing_in_nothing(String script) {
    assertThat(Shown.script(script)).isEmpty();
  }

  @Test
  void says_what_was_asked_for_as_one_line_of_shell() {
    var plan = Shown.PLANS.ofWords(List.of("git", "commit", "-m", "it's"), Shown.WORKSPACE);

    assertThat(plan.text()).isEqualTo("git commit -m 'it'\\''s'");
  }
}
