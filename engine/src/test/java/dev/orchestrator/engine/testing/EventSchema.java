package dev.orchestrator.engine.testing;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.orchestrator.engine.wire.Schemas;
import java.util.List;

/// The published schemas, for checking whatever a test sees written.
public final class EventSchema {
  private static final EventSchema EVENTS = of("events");

  private final String name;
  private final Schema schema;

  private EventSchema(String name, Schema schema) {
    this.name = name;
    this.schema = schema;
  }

  /// A schema by its name.
  ///
  /// @param name one of [Schemas#NAMES]
  public static EventSchema of(String name) {
    var registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    return new EventSchema(name, registry.getSchema(Schemas.text(name)));
  }

  /// Fails if a line of JSON lines or of a journal breaks its schema.
  public static void check(String line) {
    EVENTS.require(line);
  }

  /// What is wrong with a document; empty if nothing is.
  public List<String> complaints(String json) {
    return schema.validate(json, InputFormat.JSON).stream().map(Object::toString).toList();
  }

  /// Fails if a document breaks this schema.
  public void require(String json) {
    var complaints = complaints(json);
    if (!complaints.isEmpty()) {
      throw new AssertionError(
          "against the schema of %s: %s%n%s".formatted(name, json, String.join("\n", complaints)));
    }
  }
}
