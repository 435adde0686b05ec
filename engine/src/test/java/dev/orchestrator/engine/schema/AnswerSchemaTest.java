package dev.orchestrator.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AnswerSchemaTest {
  private static final String PERSON =
      """
      {"type": "object", "required": ["name", "age"], "additionalProperties": false,
       "properties": {"name": {"type": "string", "pattern": "^[a-z]+$"},
                      "age": {"type": "integer", "minimum": 0}}}
      """;

  @Test
  void has_no_complaints_about_what_was_asked_for() throws Exception {
    assertThat(AnswerSchema.of(PERSON).complaints("{\"name\":\"ann\",\"age\":41}\n")).isEmpty();
  }

  @Test
  void says_where_and_why_for_each_complaint() throws Exception {
    assertThat(AnswerSchema.of(PERSON).complaints("{\"name\":\"Ann\",\"age\":-1,\"x\":null}"))
        .containsExactlyInAnyOrder(
            "/name: does not match the regex pattern ^[a-z]+$",
            "/age: must have a minimum value of 0",
            "/: property 'x' is not defined in the schema and the schema does not allow additional"
                + " properties");
  }

  @Test
  void tells_at_most_ten_complaints_and_no_long_ones() throws Exception {
    var schema = AnswerSchema.of("{\"items\":{\"const\":\"%s\"}}".formatted("x".repeat(1000)));

    assertThat(schema.complaints("[1,2,3,4,5,6,7,8,9,10,11,12]"))
        .hasSize(10)
        .allMatch(it -> it.length() <= 301);
  }

  @Test
  void says_where_a_message_stops_being_json() throws Exception {
    var schema = AnswerSchema.of(PERSON);

    assertThat(schema.complaints("")).containsExactly("it is not valid JSON: it is empty");
    assertThat(schema.complaints("{}\n{}"))
        .containsExactly("it is not valid JSON: there is more after its end (line 2, column 1)");
    assertThat(schema.complaints("Here it is:\n```json\n{}\n```"))
        .singleElement()
        .asString()
        .startsWith("it is not valid JSON: Unrecognized token 'Here'")
        .endsWith("(line 1, column 1)");
  }

  @Test
  void goes_by_the_draft_that_the_schema_names() throws Exception {
    var tuple = "\"items\":[{\"type\":\"string\"}]";

    assertThat(
            AnswerSchema.of(
                    "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",%s}".formatted(tuple))
                .complaints("[1]"))
        .containsExactly("/0: integer found, string expected");
    assertThatThrownBy(() -> AnswerSchema.of("{" + tuple + "}"))
        .isInstanceOf(SchemaProblem.class)
        .hasMessageStartingWith("the schema cannot be used: The value of 'items' MUST be ");
  }

  @Test
  void takes_a_format_for_a_note() throws Exception {
    var schema =
        AnswerSchema.of(
            "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"format\":\"date-time\"}");

    assertThat(schema.complaints("\"yesterday\"")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "[]",
        "3",
        "{\"type\": \"strng\"}",
        "{\"$ref\": \"#/nowhere\"}",
        "{\"pattern\": \"(\"}",
        "{\"$schema\": \"https://example.org/mine\"}",
        "{\"$ref\": \"file:///etc/passwd\"}",
      })
  void refuses_what_is_no_usable_schema(String json) {
    assertThatThrownBy(() -> AnswerSchema.of(json))
        .isInstanceOf(SchemaProblem.class)
        .hasMessageStartingWith("the schema ");
  }

  @Test
  void says_where_a_schema_stops_being_json() {
    assertThatThrownBy(() -> AnswerSchema.of("{\n  \"type\": }"))
        .isInstanceOf(SchemaProblem.class)
        .hasMessageStartingWith("the schema is not valid JSON: ")
        .hasMessageEndingWith("(line 2, column 11)");
  }

  @Test
  void fetches_nothing() throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var schema = "{\"$ref\":\"http://127.0.0.1:%d/s.json\"}".formatted(server.getLocalPort());

      assertThatThrownBy(() -> AnswerSchema.of(schema))
          .isInstanceOf(SchemaProblem.class)
          .hasMessageStartingWith("the schema cannot be used: it refers to http://127.0.0.1:")
          .hasMessageEndingWith(", and nothing is fetched");

      server.setSoTimeout(50);
      assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void gives_up_a_pattern_that_takes_forever() throws Exception {
    var schema = AnswerSchema.of("{\"pattern\":\"^(a|a?)+\\\\1$\"}", Duration.ofMillis(500));

    assertThat(schema.complaints("\"" + "a".repeat(60) + "!\""))
        .containsExactly("it could not be checked: it takes longer than 500 ms");
  }

  @Test
  void gives_up_a_schema_that_refers_to_itself_for_ever() throws Exception {
    try {
      var schema = AnswerSchema.of("{\"allOf\":[{\"$ref\":\"#\"}]}");
      assertThat(schema.complaints("1")).singleElement().asString().startsWith("it could not be");
    } catch (SchemaProblem e) {
      assertThat(e).hasMessageStartingWith("the schema cannot be used: ");
    }
  }

  @Test
  void refuses_a_schema_that_is_nested_too_deeply() {
    var depth = 100_000;
    var schema = "{\"not\":".repeat(depth) + "{}" + "}".repeat(depth);

    assertThatThrownBy(() -> AnswerSchema.of(schema)).isInstanceOf(SchemaProblem.class);
  }

  @Test
  void complains_about_a_message_that_is_nested_too_deeply() throws Exception {
    var schema = AnswerSchema.of("{\"items\":{\"$ref\":\"#\"}}");

    assertThat(schema.complaints("[".repeat(100_000) + "]".repeat(100_000))).hasSize(1);
  }
}
