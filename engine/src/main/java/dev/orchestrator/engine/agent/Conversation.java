package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.thread.ThreadLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The history of a thread while a turn runs: everything is kept on disk before it is used.
///
/// Confined to the thread of the run.
public final class Conversation {
  /// How much of what the user said is kept beside a summary; Codex's number of tokens.
  private static final int KEPT_BYTES = 20_000 * 4;

  private final String id;
  private final ThreadLog log;
  private List<ResponseItem> history;
  private Usage total;
  private Usage ofTurn = Usage.NONE;

  /// A thread at the beginning of a turn.
  ///
  /// @param id names it
  /// @param history what was said before
  /// @param usage tokens used before
  /// @param log where it is kept
  public record Beginning(String id, List<ResponseItem> history, Usage usage, ThreadLog log) {
    public Beginning {
      history = List.copyOf(history);
    }
  }

  Conversation(Beginning it) {
    this.id = it.id();
    this.log = it.log();
    this.history = new ArrayList<>(it.history());
    this.total = it.usage();
  }

  String id() {
    return id;
  }

  ThreadLog log() {
    return log;
  }

  /// Of the thread so far.
  Usage total() {
    return total;
  }

  /// Of this turn so far.
  Usage ofTurn() {
    return ofTurn;
  }

  int size() {
    return history.size();
  }

  void add(ResponseItem item) throws IOException {
    log.append(item);
    history.add(item);
  }

  void addAll(List<ResponseItem> items) throws IOException {
    for (var it : items) {
      add(it);
    }
  }

  void used(Usage usage) throws IOException {
    total = total.plus(usage);
    ofTurn = ofTurn.plus(usage);
    log.usage(total, usage);
  }

  /// What a request sends.
  List<ResponseItem> after(List<ResponseItem> preamble) {
    var input = new ArrayList<>(preamble);
    input.addAll(history);
    return input;
  }

  /// Forgets the oldest quarter; what is left begins with something the user said, if it can.
  void forgetOldest() {
    var from = Math.max(1, history.size() / 4);
    while (from < history.size() - 1 && !isUser(history.get(from))) {
      from++;
    }
    history = new ArrayList<>(history.subList(Math.min(from, history.size()), history.size()));
  }

  /// Goes on from a summary: what the user said last, and the summary.
  void compact(String summary) throws IOException {
    var kept = new ArrayList<ResponseItem>();
    var room = KEPT_BYTES;
    for (var it : history.reversed()) {
      if (isUser(it)) {
        room -= it.messageText().getBytes(StandardCharsets.UTF_8).length;
        if (room < 0) {
          break;
        }
        kept.addFirst(it);
      }
    }
    kept.add(ResponseItem.user(Texts.COMPACTED + summary));
    log.compacted(kept);
    history = kept;
  }

  private static boolean isUser(ResponseItem it) {
    return it.type().equals("message") && it.role().equals("user");
  }
}
