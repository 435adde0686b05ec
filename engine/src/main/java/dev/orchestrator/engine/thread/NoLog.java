package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps nothing.
enum NoLog implements ThreadLog {
  INSTANCE;

  @Override
  public void turn(TurnContext context, String prompt) {}

  @Override
  public void append(ResponseItem item) {}

  @Override
  public void usage(Usage total, Usage last) {}

  @Override
  public void compacted(List<ResponseItem> history) {}

  @Override
  public void completed(@Nullable String lastMessage) {}

  @Override
  public void failed(String message) {}

  @Override
  public void aborted(String reason) {}

  @Override
  public void rename(String name) {}

  @Override
  public void close() {}
}
