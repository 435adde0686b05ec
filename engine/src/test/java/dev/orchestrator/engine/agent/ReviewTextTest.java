package dev.orchestrator.engine.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReviewTextTest {
  @Test
  void tells_each_finding_with_its_place() {
    assertThat(
            ReviewText.of(
                """
                {"findings":[{"title":"Loses the last line","body":"When it has no line break.\\nSeen in tests.",
                "code_location":{"absolute_file_path":"/shop/cart.py","line_range":{"start":7,"end":9}}}],
                "overall_correctness":"patch is incorrect","overall_explanation":"One line is lost."}\
                """))
        .isEqualTo(
            """
            One line is lost.

            Review comment:

            - Loses the last line — /shop/cart.py:7-9
              When it has no line break.
              Seen in tests.\
            """);
  }

  @Test
  void finds_the_review_among_other_text() {
    assertThat(
            ReviewText.of(
                "Here it is:\n```json\n{\"findings\":[],\"overall_explanation\":\"Fine.\"}\n```"))
        .isEqualTo("Fine.");
  }

  @Test
  void says_so_when_nothing_was_found_and_nothing_explained() {
    assertThat(ReviewText.of("{\"findings\":[]}")).isEqualTo("The review has found nothing.");
  }

  @Test
  void leaves_anything_else_as_it_is() {
    assertThat(ReviewText.of("I cannot {do} that")).isEqualTo("I cannot {do} that");
    assertThat(ReviewText.of("{\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(ReviewText.of("")).isEmpty();
  }
}
