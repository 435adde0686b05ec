package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.posix.OsText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.SerializableString;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.io.SerializedString;
import tools.jackson.core.json.JsonFactory;

/// JSON documents as maps, lists, strings, numbers, booleans and null.
///
/// Safe from any thread.
public final class Json {
  /// Decimals are read by the JDK: the library's own reader takes milliseconds to load, and there
  /// are few to read.
  private static final JsonFactory FACTORY =
      JsonFactory.builder().disable(StreamReadFeature.USE_FAST_DOUBLE_PARSER).build();

  private static final int DEEPEST = 64;
  private static final int MOST_VALUES = 200_000;

  private Json() {}

  static JsonGenerator generator(OutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  /// A value that is written already, for a document that is written again and again while most of
  /// it stays as it is. Copying one costs a fraction of writing its value.
  public static final class Written {
    private final SerializableString text;

    /// @param value what [#line] takes
    public Written(@Nullable Object value) {
      text = new SerializedString(new String(line(value), StandardCharsets.UTF_8));
    }
  }

  /// Writes a value as one line, without a line break.
  ///
  /// @param value maps with text keys, collections, text, paths, whole numbers, booleans and null,
  ///   and any of these as [Written]
  public static byte[] line(@Nullable Object value) {
    var out = new ByteArrayOutputStream();
    try (var json = generator(out)) {
      write(json, value);
    }
    return out.toByteArray();
  }

  static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> map -> {
        json.writeStartObject();
        map.forEach((name, it) -> {
          json.writeName(OsText.printable(String.valueOf(name)));
          write(json, it);
        });
        json.writeEndObject();
      }
      case Collection<?> list -> {
        json.writeStartArray();
        list.forEach(it -> write(json, it));
        json.writeEndArray();
      }
      case Boolean it -> json.writeBoolean(it);
      case Integer it -> json.writeNumber(it);
      case Long it -> json.writeNumber(it);
      case Double it -> json.writeNumber(it);
      case String it -> json.writeString(OsText.printable(it));
      case Path it -> json.writeString(OsText.printable(it.toString()));
      case Written it -> json.writeRawValue(it.text);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  /// Loads what reading and writing need, so that it can be done beside something else. Blocks for
  /// some milliseconds.
  public static void prepare() {
    try {
      var _ = read(line(Map.of()));
    } catch (IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// Reads one document.
  ///
  /// @throws IOException if it is not valid JSON, or nested deeper than 64 levels
  public static @Nullable Object read(byte[] document) throws IOException {
    return read(document, document.length, new Shape(Set.of(), Integer.MAX_VALUE));
  }

  private static @Nullable Object read(byte[] buffer, int length, Shape shape) throws IOException {
    try (var json = FACTORY.createParser(ObjectReadContext.empty(), buffer, 0, length)) {
      json.nextToken();
      var value = shape.value(json, 0, "");
      if (json.nextToken() != null) {
        throw new IOException("more than one JSON document");
      }
      return value;
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /// Looks whether a text is one document, without keeping it.
  ///
  /// @throws IOException if it is not; the message says where
  public static void check(String document) throws IOException {
    try (var json = FACTORY.createParser(ObjectReadContext.empty(), document)) {
      if (json.nextToken() == null) {
        throw new IOException("it is empty");
      }
      json.skipChildren();
      if (json.nextToken() != null) {
        var where = json.currentTokenLocation();
        throw new IOException("there is more after its end" + at(where));
      }
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage() + at(e.getLocation()), e);
    }
  }

  private static String at(@Nullable TokenStreamLocation it) {
    return it == null ? "" : " (line %d, column %d)".formatted(it.getLineNr(), it.getColumnNr());
  }

  /// Reads one document that is an object.
  ///
  /// @throws IOException if it is not
  public static Map<String, @Nullable Object> readObject(byte[] document) throws IOException {
    return object(read(document));
  }

  /// Reads one document that is an object and comes from a stranger: parts of it that nobody reads
  /// never become values, and 200,000 values are the most, whatever their size.
  ///
  /// @param buffer begins with the document
  /// @param length how many of its bytes are the document
  /// @param skipped fields of the top's fields that are left out: `response.output`
  /// @throws IOException if it is not
  public static Map<String, @Nullable Object> readObject(
      byte[] buffer, int length, Set<String> skipped) throws IOException {
    return object(read(buffer, length, new Shape(skipped, MOST_VALUES)));
  }

  private static Map<String, @Nullable Object> object(@Nullable Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      var object = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((name, it) -> object.put(String.valueOf(name), it));
      return object;
    }
    throw new IOException("not a JSON object");
  }

  /// What a document may be. Confined to one reading.
  private static final class Shape {
    private final Set<String> skipped;
    private int values;

    Shape(Set<String> skipped, int values) {
      this.skipped = skipped;
      this.values = values;
    }

    /// @param above the name of the top's field that this is in; empty at the top
    @Nullable Object value(JsonParser json, int depth, String above) throws IOException {
      if (depth > DEEPEST) {
        throw new IOException("nested deeper than " + DEEPEST + " levels");
      }
      if (--values < 0) {
        throw new IOException("more than " + MOST_VALUES + " values");
      }
      var token = json.currentToken();
      if (token == null) {
        throw new IOException("the document is empty");
      }
      return switch (token) {
        case START_OBJECT -> {
          var object = new LinkedHashMap<String, @Nullable Object>();
          while (json.nextToken() != JsonToken.END_OBJECT) {
            var name = json.currentName();
            json.nextToken();
            if (depth == 1 && !skipped.isEmpty() && skipped.contains(above + "." + name)) {
              json.skipChildren();
            } else {
              object.put(name, value(json, depth + 1, depth == 0 ? name : above));
            }
          }
          yield object;
        }
        case START_ARRAY -> {
          List<@Nullable Object> array = new ArrayList<>();
          while (json.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(json, depth + 1, above));
          }
          yield array;
        }
        case VALUE_STRING -> json.getString();
        case VALUE_NUMBER_INT -> json.getLongValue();
        case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        default -> throw new IOException("unexpected " + token);
      };
    }
  }
}
