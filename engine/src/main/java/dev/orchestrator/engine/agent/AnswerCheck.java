package dev.orchestrator.engine.agent;

import java.util.List;

/// Whether the model's last message is what was asked for.
public interface AnswerCheck {
  /// What is wrong with it, in words that the model can act on; empty if nothing is.
  List<String> complaints(String message);
}
