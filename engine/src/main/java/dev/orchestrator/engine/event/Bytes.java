package dev.orchestrator.engine.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes that never change.
public final class Bytes {
  private final byte[] bytes;

  private Bytes(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Copies part of an array.
  public static Bytes copyOf(byte[] array, int offset, int length) {
    return new Bytes(Arrays.copyOfRange(array, offset, offset + length));
  }

  /// The bytes of a text in UTF-8.
  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// How many there are.
  public int size() {
    return bytes.length;
  }

  /// The bytes themselves, shared to spare a copy per consumer: they are only ever read.
  public byte[] shared() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes it && Arrays.equals(bytes, it.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
