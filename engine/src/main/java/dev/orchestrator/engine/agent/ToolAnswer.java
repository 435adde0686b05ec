package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.model.ResponseItem;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the model is told about a call.
sealed interface ToolAnswer {
  /// A text.
  record Text(String text) implements ToolAnswer {}

  /// A picture.
  ///
  /// @param url `data:image/png;base64,…`
  record Image(String url) implements ToolAnswer {}

  /// As an entry of the conversation.
  default ResponseItem to(ResponseItem call) {
    return switch (this) {
      case Text it -> call.answer(it.text());
      case Image it -> {
        List<Map<String, @Nullable Object>> parts = List.of(ResponseItem.image(it.url()));
        yield ResponseItem.functionOutput(call.callId(), parts);
      }
    };
  }
}
