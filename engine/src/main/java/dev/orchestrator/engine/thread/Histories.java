package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.model.ResponseItem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Histories that a provider accepts: every call has an output, every output a call.
final class Histories {
  /// What a model is told of a call whose output was never kept; Codex's word.
  static final String ABORTED = "aborted";

  private static final Set<String> OUTPUTS =
      Set.of("function_call_output", "custom_tool_call_output");

  private Histories() {}

  /// The same history with outputs for the calls that have none, each behind the calls and outputs
  /// it stands among, and without outputs that no call stands before.
  static List<ResponseItem> complete(List<ResponseItem> history) {
    var answered = new HashSet<String>();
    for (var it : history) {
      if (isOutput(it)) {
        answered.add(it.callId());
      }
    }
    var complete = new ArrayList<ResponseItem>(history.size());
    var called = new HashSet<String>();
    var open = new ArrayList<ResponseItem>();
    for (var it : history) {
      if (!isPartOfBatch(it)) {
        close(open, complete);
      }
      if (isOutput(it) && !called.contains(it.callId())) {
        continue;
      }
      complete.add(it);
      if (it.isCall()) {
        called.add(it.callId());
        if (!answered.contains(it.callId())) {
          open.add(it);
        }
      }
    }
    close(open, complete);
    return complete;
  }

  private static void close(List<ResponseItem> open, List<ResponseItem> complete) {
    open.forEach(it -> complete.add(it.answer(ABORTED)));
    open.clear();
  }

  private static boolean isPartOfBatch(ResponseItem it) {
    return it.isCall() || isOutput(it) || it.type().equals("reasoning");
  }

  private static boolean isOutput(ResponseItem it) {
    return OUTPUTS.contains(it.type());
  }
}
