package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A thread as it was read. Immutable.
///
/// @param meta what it is; with the name that it has now
/// @param origin where it was forked from; null if it was not
/// @param history what a model is told of it: every call has an output, because providers accept no
///   other history; a call that was cut off has the output `aborted`
/// @param usage tokens of the whole thread, those before a fork included
/// @param last the settings of its last turn; null if it had none
/// @param file where it is kept
/// @param updated when something was last kept
/// @param bytes size of the file
/// @param wholeBytes size of the file's whole records: less than `bytes` if the last one was cut
///   off
/// @param nextOrdinal what the next record will be called
public record StoredThread(
    ThreadMeta meta,
    @Nullable Origin origin,
    List<ResponseItem> history,
    Usage usage,
    @Nullable TurnContext last,
    Path file,
    Instant updated,
    long bytes,
    long wholeBytes,
    long nextOrdinal) {
  public StoredThread {
    history = List.copyOf(history);
  }
}
