package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient.Listener;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request and a reply look like on the wire. Safe from any thread.
interface Protocol {
  /// What comes after the base URL.
  String path();

  /// The request's body.
  ///
  /// @param input the conversation, which may be longer than the request's
  Map<String, @Nullable Object> body(ModelRequest request, List<ResponseItem> input);

  /// Begins to read a reply.
  ///
  /// @param items take what is complete
  Reading begin(ModelRequest request, Items items, Listener listener, Failures failures);

  /// A reply that is being read. Confined to one thread.
  interface Reading extends EventReader.Sink {
    /// The tokens used; zeros if nothing was said about them.
    Usage usage();

    /// How long to wait for more; null for as long as the provider's settings say.
    default @Nullable Duration patience() {
      return null;
    }

    /// The reply ends here. Whether it is whole.
    ///
    /// @param framed whether the server said where the reply ends, and this is there
    default boolean end(boolean framed) throws ModelFailure {
      return false;
    }
  }
}
