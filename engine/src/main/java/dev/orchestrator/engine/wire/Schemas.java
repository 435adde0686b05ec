package dev.orchestrator.engine.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The JSON Schemas (2020-12) of everything written, as they stand in `docs/schema/`.
public final class Schemas {
  /// What there are schemas for.
  public static final List<String> NAMES = List.of("events", "manifest", "metrics", "state");

  private Schemas() {}

  /// The text of a schema.
  ///
  /// @param name one of [#NAMES]
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no schema '" + name + "'; there are " + NAMES);
    }
    try (var in = Schemas.class.getResourceAsStream("schema/" + name + ".schema.json")) {
      if (in == null) {
        throw new IllegalStateException("the schema of " + name + " was not packaged");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
