package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.exec.Environment.Inherit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {
  private static final List<String> OURS =
      List.of(
          "HOME=/home/ada", "PATH=/bin", "API_KEY=k", "Db_Secret=s", "token=t", "FOO=1", "BAR=2");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          # inherit | keep secrets | exclude   | set         | include only | result
          ALL       | true         | -         | -           | -            | HOME PATH API_KEY Db_Secret token FOO BAR
          ALL       | false        | -         | -           | -            | HOME PATH FOO BAR
          CORE      | true         | -         | -           | -            | HOME PATH
          NONE      | true         | -         | -           | -            |
          NONE      | true         | -         | A=1         | -            | A
          ALL       | true         | F*        | -           | -            | HOME PATH API_KEY Db_Secret token BAR
          ALL       | true         | f* b?r    | -           | -            | HOME PATH API_KEY Db_Secret token
          ALL       | true         | FOO       | FOO=2       | -            | HOME PATH API_KEY Db_Secret token BAR FOO
          ALL       | false        | -         | MY_TOKEN=x  | -            | HOME PATH FOO BAR MY_TOKEN
          ALL       | true         | -         | -           | *o*          | HOME token FOO
          CORE      | true         | -         | A=1 B=2     | HOME b       | HOME B
          ALL       | true         | *         | A=1         | -            | A
          ALL       | true         | ?         | -           | -            | HOME PATH API_KEY Db_Secret token FOO BAR
          """)
  void applies_each_step_in_its_turn(
      Inherit inherit,
      boolean keepSecrets,
      String exclude,
      String set,
      String includeOnly,
      String result) {
    var policy =
        new Environment(inherit, keepSecrets, words(exclude), map(set), words(includeOnly));

    assertThat(policy.apply(OURS).stream().map(EnvironmentTest::name))
        .containsExactlyElementsOf(words(result));
  }

  @Test
  void inherits_everything_by_default_with_its_values() {
    var ours = List.of("A=1=2", "EMPTY=", "UMLAUT=ü\udcff", "=C:=x");

    assertThat(Environment.DEFAULT.apply(ours)).isEqualTo(ours);
  }

  @Test
  void has_each_name_once_with_its_last_value() {
    assertThat(Environment.DEFAULT.apply(List.of("A=1", "B=2", "A=3")))
        .containsExactly("A=3", "B=2");
  }

  @Test
  void leaves_out_what_is_no_variable() {
    assertThat(Environment.DEFAULT.apply(List.of("", "=", "NAME", "=value"))).isEmpty();
  }

  @Test
  void lets_a_setting_win_over_what_is_inherited() {
    assertThat(environment(Map.of("PATH", "/mine")).apply(List.of("PATH=/bin")))
        .containsExactly("PATH=/mine");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # pattern,     name,         matches
          *,             ANY,          true
          A*C,           ABBC,         true
          A*C,           ABCB,         false
          A*B*C,         AXBXBXC,      true
          *A*,           BAB,          true
          *A,            AB,           false
          A?,            A,            false
          A?,            AB,           true
          ?*?,           A,            false
          ?*?,           AB,           true
          **,            AB,           true
          a.c,           ABC,          false
          [AB],          A,            false
          ü*,            ÜBER,         true
          """)
  void matches_names_as_shells_do(String pattern, String name, boolean matches) {
    var policy = new Environment(Inherit.ALL, true, List.of(), Map.of(), List.of(pattern));

    assertThat(policy.apply(List.of(name + "=1"))).hasSize(matches ? 1 : 0);
  }

  @Test
  void takes_no_time_for_a_pattern_made_to_take_long() {
    var policy =
        new Environment(Inherit.ALL, true, List.of("*a".repeat(200) + "b"), Map.of(), List.of());

    assertThat(policy.apply(List.of("a".repeat(5_000) + "=1"))).hasSize(1);
  }

  private static Environment environment(Map<String, String> set) {
    return new Environment(Inherit.ALL, true, List.of(), set, List.of());
  }

  private static String name(String entry) {
    return entry.substring(0, entry.indexOf('=', 1));
  }

  private static List<String> words(String text) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  private static Map<String, String> map(String text) {
    var map = new LinkedHashMap<String, String>();
    for (var entry : words(text)) {
      map.put(entry.substring(0, entry.indexOf('=')), entry.substring(entry.indexOf('=') + 1));
    }
    return map;
  }
}
