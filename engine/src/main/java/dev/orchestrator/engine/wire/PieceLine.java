package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.SessionId;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The line of a piece of output, for the one kind of fact that comes by the thousand: a library
/// takes several times as long for it as the rest of its way through the program.
///
/// Confined to one thread: what stays the same is kept between calls.
final class PieceLine {
  /// The wire name of such a fact.
  static final String TYPE = "exec.chunk";

  private static final byte[] TEXT = bytes(",\"text\":\"");
  private static final byte[] BASE64 = bytes(",\"base64\":\"");
  private static final byte[] QUOTE = bytes("\"");
  private static final byte[] END = bytes("}\n");

  private final StringBuilder head = new StringBuilder(256);
  private final JsonText text;

  private @Nullable SessionId session;
  private @Nullable Channel channel;
  private String origin = "";

  PieceLine(JsonText text) {
    this.text = text;
  }

  /// Writes the line with its line break.
  ///
  /// @param at the envelope's instant
  /// @param hasBytes whether the piece's bytes belong into the line
  void write(
      Envelope envelope,
      OutputAppended piece,
      String at,
      boolean hasBytes,
      ByteArrayOutputStream out) {
    var bytes = piece.bytes().shared();
    head.setLength(0);
    head.append("{\"type\":\"").append(TYPE);
    head.append("\",\"seq\":").append(envelope.sequence());
    head.append(",\"at\":\"").append(at);
    head.append('"').append(origin(piece));
    head.append(",\"offset\":").append(piece.offset());
    head.append(",\"len\":").append(bytes.length);
    out.writeBytes(bytes(head.toString()));
    if (hasBytes && piece.isText()) {
      out.writeBytes(TEXT);
      var size = text.escape(bytes);
      out.write(text.bytes(), 0, size);
      out.writeBytes(QUOTE);
    } else if (hasBytes) {
      out.writeBytes(BASE64);
      out.writeBytes(Base64.getEncoder().encode(bytes));
      out.writeBytes(QUOTE);
    }
    out.writeBytes(END);
  }

  /// The fields that say where a piece is from: as a rule, from where the one before was.
  private String origin(OutputAppended piece) {
    if (piece.channel() != channel || !piece.session().equals(session)) {
      session = piece.session();
      channel = piece.channel();
      var name = new String(Json.line(piece.session().value()), StandardCharsets.UTF_8);
      origin = ",\"session\":" + name + ",\"stream\":\"" + JsonlEncoder.lower(channel) + '"';
    }
    return origin;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
