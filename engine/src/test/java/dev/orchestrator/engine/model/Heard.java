package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.ModelClient.Delta;
import dev.orchestrator.engine.model.ModelClient.Listener;
import dev.orchestrator.engine.model.ModelClient.Notice;
import java.util.ArrayList;
import java.util.List;

/// Keeps what it is told.
final class Heard implements Listener {
  final List<ResponseItem> items = new ArrayList<>();
  final List<Delta> deltas = new ArrayList<>();
  final List<String> notices = new ArrayList<>();

  @Override
  public void completed(ResponseItem item) {
    items.add(item);
  }

  @Override
  public void delta(Delta delta) {
    deltas.add(delta);
  }

  @Override
  public void retrying(Notice notice) {
    notices.add(notice.text());
  }
}
