package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.model.ResponseItem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that the model can call.
///
/// Safe from any thread: calls of one reply run side by side.
interface ModelTool {
  /// The name that the model calls it by.
  String name();

  /// How it is described to the model: an entry of `tools` in a request.
  Map<String, @Nullable Object> description();

  /// Does what was asked. Blocks; mistakes of the model are answers, too.
  ///
  /// @param begun is to be called once something of the call can be seen, at the latest
  /// @throws BadArguments if the call is not understood
  /// @throws InterruptedException if the run is ended meanwhile
  ToolAnswer call(ResponseItem call, Runnable begun) throws BadArguments, InterruptedException;

  /// The model's call is not understood.
  final class BadArguments extends Exception {
    private static final long serialVersionUID = 1;

    BadArguments(String message) {
      super(message);
    }
  }
}
