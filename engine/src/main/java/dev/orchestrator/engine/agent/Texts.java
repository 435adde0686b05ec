package dev.orchestrator.engine.agent;

/// What a model is told first, unless somebody says otherwise.
public final class Texts {
  private Texts() {}

  /// How to work.
  public static String instructions() {
    return Descriptions.text("instructions.md");
  }

  /// How to review a change.
  public static String review() {
    return Descriptions.text("review.md");
  }
}
