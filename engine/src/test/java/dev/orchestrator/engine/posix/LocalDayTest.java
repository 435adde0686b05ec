package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDayTest {
  @ParameterizedTest
  @ValueSource(strings = {"2026-11-23T12:00:00Z", "1999-12-31T12:00:00Z", "2028-02-29T12:00:00Z"})
  void is_the_day_that_Java_says(String moment) {
    var it = Instant.parse(moment);

    assertThat(LocalDay.of(it, System.getenv("TZ")).date())
        .isEqualTo(LocalDate.ofInstant(it, ZoneId.systemDefault()));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,                       Europe/Berlin",
    ":America/New_York,                   America/New_York",
    ":/usr/share/zoneinfo/Asia/Tokyo,     Asia/Tokyo",
    "CET-1CEST,                           CET-1CEST"
  })
  void names_the_zone_that_the_variable_names(String variable, String zone) {
    assertThat(LocalDay.of(Instant.EPOCH, variable).zone()).isEqualTo(zone);
  }

  @Test
  void names_the_machines_zone_without_the_variable() {
    assertThat(LocalDay.of(Instant.EPOCH, null).zone()).isNotBlank().doesNotStartWith("/");
  }
}
