package dev.orchestrator.engine.event;

/// Size of a terminal.
///
/// @param columns 1 to 65535
/// @param rows 1 to 65535
public record WindowSize(int columns, int rows) {
  /// What terminals are when nobody says otherwise.
  public static final WindowSize DEFAULT = new WindowSize(80, 24);

  private static final int LARGEST = 0xffff;

  public WindowSize {
    if (columns < 1 || columns > LARGEST || rows < 1 || rows > LARGEST) {
      throw new IllegalArgumentException(
          "window size %dx%d is outside 1x1 to 65535x65535".formatted(columns, rows));
    }
  }
}
