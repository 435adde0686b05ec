package dev.orchestrator.engine.patch;

/// A patch that cannot be read, does not fit, or could not be applied: what Codex says about it.
public final class PatchException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final String TO_MODELS = "apply_patch verification failed: ";

  private final String verified;

  private PatchException(String printed, String verified) {
    super(printed, null, false, false);
    this.verified = verified;
  }

  /// The text is not a patch at all.
  static PatchException invalid(String why) {
    return new PatchException("Invalid patch: " + why, "invalid patch: " + why);
  }

  /// One part of it is wrong.
  ///
  /// @param line within the patch, from 1
  static PatchException invalidHunk(int line, String why) {
    return new PatchException(
        "Invalid patch hunk on line %d: %s".formatted(line, why),
        "invalid hunk at line %d, %s".formatted(line, why));
  }

  /// It is a patch, and cannot be applied here.
  static PatchException failed(String why) {
    return new PatchException(why, why);
  }

  /// What the program prints, without a line break at its end.
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /// What a model is told that called the tool.
  public String toolMessage() {
    return TO_MODELS + verified;
  }
}
