package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorTextsTest {
  @Test
  void gives_the_librarys_words() {
    assertThat(ErrorTexts.of("C", 30)).contains("Read-only file system");
  }

  @Test
  void has_none_in_a_locale_that_is_not_installed() {
    assertThat(ErrorTexts.of("xx_XX.UTF-8", 30)).isEmpty();
  }
}
