package dev.orchestrator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.testing.EventSchema;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
  @SuppressWarnings("unused") // Read by name below.
  private static final Iterable<String> NAMES = Schemas.NAMES;

  @ParameterizedTest
  @FieldSource("NAMES")
  void are_the_documents_that_people_read(String name) throws Exception {
    assertThat(Schemas.text(name))
        .isEqualTo(Files.readString(Path.of("../docs/schema/" + name + ".schema.json")));
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void follow_the_rules_of_their_language(String name) throws Exception {
    assertThat(document(name))
        .containsEntry("$schema", "https://json-schema.org/draft/2020-12/schema");
    assertThat(EventSchema.of(name).complaints("[]")).isNotEmpty();
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void say_what_every_field_means(String name) throws Exception {
    requireDescriptions(document(name), name);
  }

  @Test
  void define_the_same_thing_everywhere_alike() throws Exception {
    var known = new HashMap<String, Object>();
    for (var name : Schemas.NAMES) {
      if (document(name).get("$defs") instanceof Map<?, ?> definitions) {
        definitions.forEach((key, value) ->
            assertThat(known.computeIfAbsent(String.valueOf(key), _ -> value))
                .as("%s in %s", key, name)
                .isEqualTo(value));
      }
    }
    assertThat(known).hasSizeGreaterThan(30);
  }

  @Test
  void are_as_many_as_are_named() throws Exception {
    try (var files = Files.list(Path.of("../docs/schema"))) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Schemas.NAMES.stream().map(it -> it + ".schema.json").toList());
    }
  }

  @Test
  void say_which_there_are_when_asked_for_another() {
    assertThatThrownBy(() -> Schemas.text("run"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no schema 'run'; there are [events, manifest, metrics, state]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"unheard.of\"}",
        "{\"type\":\"turn.started\",\"more\":1}",
        "{\"type\":\"turn.failed\",\"error\":{}}",
        "{\"type\":\"turn.started\",\"seq\":-1}",
        "{\"type\":\"error\",\"message\":null}",
        "{\"type\":\"exec.gap\",\"session\":\"s1\",\"stream\":\"stdout\",\"from\":0,\"to\":1,\"spool\":null}",
        "{\"type\":\"exec.chunk\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"session\":\"s1\",\"stream\":\"stdout\",\"offset\":0,\"len\":1,\"text\":\"a\",\"base64\":\"YQ==\"}",
        "{\"type\":\"heartbeat\",\"seq\":0,\"at\":\"noon\",\"waiting_on\":\"command\",\"last_output_ms\":0,\"child_cpu_ms\":0,\"processes\":0}",
        "{\"type\":\"approval.ignored\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"id\":\"\",\"by\":\"stdio\",\"why\":\"accepted\"}",
        "{\"type\":\"approval.resolved\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"id\":\"q1\",\"call\":\"call_1\",\"granted\":true,\"by\":\"stdio\",\"choice\":null,\"reason\":null}",
        "{\"type\":\"tool.retried\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"call\":\"call_1\",\"attempt\":1,\"reason\":\"busy\",\"delay_ms\":0}",
        "{\"type\":\"tool.started\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"call\":\"call_1\",\"attempt\":1,\"approval_source\":\"rule\",\"sandbox\":{\"backend\":\"none\",\"confined\":true,\"level\":\"read-only\",\"openings\":[],\"not_held\":[]}}"
      })
  void refuse_a_line_that_breaks_the_promise(String line) {
    assertThat(EventSchema.of("events").complaints(line)).isNotEmpty();
    assertThatThrownBy(() -> EventSchema.check(line)).isInstanceOf(AssertionError.class);
  }

  @Test
  void know_the_kind_of_a_line_by_its_type() throws Exception {
    var events = document("events");
    var kinds =
        ((List<?>) events.get("oneOf"))
            .stream()
                .map(it -> String.valueOf(((Map<?, ?>) it).get("$ref")).replace("#/$defs/", ""))
                .toList();

    assertThat(kinds)
        .doesNotHaveDuplicates()
        .allSatisfy(it -> {
          var kind = (Map<?, ?>) ((Map<?, ?>) events.get("$defs")).get(it);
          var type = (Map<?, ?>) ((Map<?, ?>) kind.get("properties")).get("type");
          assertThat(type.get("const")).isEqualTo(it);
          assertThat(String.valueOf(kind.get("required"))).contains("type");
        });
  }

  private static Map<String, Object> document(String name) throws Exception {
    return Json.readObject(Schemas.text(name).getBytes(StandardCharsets.UTF_8));
  }

  private static void requireDescriptions(Object part, String where) {
    if (part instanceof Map<?, ?> map) {
      if (map.get("properties") instanceof Map<?, ?> properties && map.containsKey("type")) {
        properties.forEach((field, schema) ->
            assertThat(schema)
                .as("%s.%s", where, field)
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
                .containsKey("description"));
      }
      map.forEach((key, value) -> requireDescriptions(value, where + "." + key));
    } else if (part instanceof Iterable<?> list) {
      list.forEach(it -> requireDescriptions(it, where));
    }
  }
}
