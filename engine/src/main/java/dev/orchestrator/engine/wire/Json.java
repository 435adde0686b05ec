package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.posix.OsText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// JSON documents as maps, lists, strings, numbers, booleans and null.
///
/// Safe from any thread.
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final int DEEPEST = 64;

  private Json() {}

  static JsonGenerator generator(OutputStream out) {
    return FACTORY.createGenerator(ObjectWriteContext.empty(), out, JsonEncoding.UTF8);
  }

  /// Writes a value as one line, without a line break.
  ///
  /// @param value maps with text keys, collections, text, paths, whole numbers, booleans and null
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
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  /// Reads one document.
  ///
  /// @throws IOException if it is not valid JSON, or nested deeper than 64 levels
  public static @Nullable Object read(byte[] document) throws IOException {
    try (var json = FACTORY.createParser(ObjectReadContext.empty(), document)) {
      json.nextToken();
      var value = value(json, 0);
      if (json.nextToken() != null) {
        throw new IOException("more than one JSON document");
      }
      return value;
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /// Reads one document that is an object.
  ///
  /// @throws IOException if it is not
  public static Map<String, @Nullable Object> readObject(byte[] document) throws IOException {
    if (read(document) instanceof Map<?, ?> map) {
      var object = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((name, it) -> object.put(String.valueOf(name), it));
      return object;
    }
    throw new IOException("not a JSON object");
  }

  private static @Nullable Object value(JsonParser json, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new IOException("nested deeper than " + DEEPEST + " levels");
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
          object.put(name, value(json, depth + 1));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(json, depth + 1));
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
