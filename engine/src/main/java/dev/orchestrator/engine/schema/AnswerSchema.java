package dev.orchestrator.engine.schema;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.orchestrator.engine.agent.AnswerCheck;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A JSON Schema that the last message must match: draft 2020-12, or the older one that its
/// `$schema` names.
///
/// What it refers to must be within itself: nothing is fetched. As the specification has it, a
/// `format` is a note and not a condition.
///
/// Safe from any thread. Methods block for 5 seconds at most.
public final class AnswerSchema implements AnswerCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_COMPLAINTS = 10;
  private static final int LONGEST_COMPLAINT_CHARS = 300;
  private static final String ADDRESS = "[A-Za-z][A-Za-z0-9+.-]*:\\S+";
  private static final long STACK_BYTES = 4L << 20;

  private final Schema schema;
  private final Duration patience;

  private AnswerSchema(Schema schema, Duration patience) {
    this.schema = schema;
    this.patience = patience;
  }

  /// Reads a schema.
  ///
  /// @throws SchemaProblem if it is no JSON, is no valid schema, or refers to something outside
  public static AnswerSchema of(String json) throws SchemaProblem {
    return of(json, PATIENCE);
  }

  /// @param patience how long a check may take
  static AnswerSchema of(String json, Duration patience) throws SchemaProblem {
    try {
      Json.check(json);
    } catch (IOException e) {
      throw new SchemaProblem("the schema is not valid JSON: " + e.getMessage(), e);
    }
    try {
      return new AnswerSchema(within(PATIENCE, () -> load(json)), patience);
    } catch (Unfinished e) {
      throw new SchemaProblem("the schema cannot be used: " + e.getMessage(), e);
    }
  }

  private static Schema load(String json) throws SchemaProblem {
    var config =
        SchemaRegistryConfig.builder()
            .formatAssertionsEnabled(false)
            .locale(Locale.ENGLISH)
            .pathType(PathType.JSON_POINTER)
            .regularExpressionFactory(new Patterns())
            .build();
    var registry =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            it ->
                it.schemaRegistryConfig(config)
                    .schemaLoader(loader -> loader.fetchRemoteResources(false)));
    var schema = registry.getSchema(json, InputFormat.JSON);
    var dialect = schema.getSchemaContext().getDialect().getId();
    var problems = registry.getSchema(SchemaLocation.of(dialect)).validate(json, InputFormat.JSON);
    if (!problems.isEmpty()) {
      throw new SchemaProblem("the schema is not valid: " + complaint(problems.getFirst()));
    }
    // References are followed now, not when there is an answer at last.
    schema.initializeValidators();
    return schema;
  }

  @Override
  public List<String> complaints(String message) {
    try {
      Json.check(message);
    } catch (IOException e) {
      return List.of(shortened("it is not valid JSON: " + e.getMessage()));
    }
    try {
      return within(patience, () -> schema.validate(message, InputFormat.JSON)).stream()
          .map(AnswerSchema::complaint)
          .distinct()
          .limit(MOST_COMPLAINTS)
          .toList();
    } catch (Unfinished | SchemaProblem e) {
      return List.of(shortened("it could not be checked: " + e.getMessage()));
    }
  }

  private static String complaint(Error it) {
    var where = it.getInstanceLocation().toString();
    return shortened((where.isEmpty() ? "/" : where) + ": " + it.getMessage());
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_COMPLAINT_CHARS
        ? text
        : text.substring(0, LONGEST_COMPLAINT_CHARS) + "…";
  }

  /// Something could not be brought to its end.
  private static final class Unfinished extends Exception {
    private static final long serialVersionUID = 1;

    Unfinished(String message) {
      super(message);
    }
  }

  /// Does something on a thread that nobody needs to wait for: a schema can be made to take
  /// forever, or to fill a stack.
  private static <T> T within(Duration patience, Callable<T> work)
      throws Unfinished, SchemaProblem {
    var task = new FutureTask<T>(work);
    var thread = new Thread(null, task, "schema", STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      throw new Unfinished("it takes longer than " + patience.toMillis() + " ms");
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new Unfinished("the run is ended");
    } catch (ExecutionException e) {
      throw unfinished(e.getCause());
    } finally {
      task.cancel(true);
    }
  }

  private static Unfinished unfinished(@Nullable Throwable cause) throws SchemaProblem {
    return switch (cause) {
      case SchemaProblem it -> throw it;
      case StackOverflowError _ -> new Unfinished("it is nested too deeply");
      // The library tells of what it cannot use by unchecked exceptions of many kinds.
      case RuntimeException it -> {
        var inner = it.getCause();
        var message = String.valueOf((inner == null ? it : inner).getMessage());
        // All that is said of a reference that was not followed is the reference.
        yield new Unfinished(
            message.matches(ADDRESS)
                ? "it refers to " + message + ", and nothing is fetched"
                : message);
      }
      case null, default -> new Unfinished(String.valueOf(cause));
    };
  }
}
