package dev.orchestrator.headless;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Event.ExecBegan;
import dev.orchestrator.engine.event.Event.ExecEnded;
import dev.orchestrator.engine.event.Event.ToolRequested;
import dev.orchestrator.engine.event.Item.CommandExecution;
import dev.orchestrator.engine.event.SessionId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Which call and which session a shown command is: items do not say it, their texts do.
///
/// Confined to its thread.
final class RunningCommands {
  private static final int MOST_UNSHOWN = 64;

  private final Map<String, Known> items = new LinkedHashMap<>();
  private final List<ToolRequested> unshown = new ArrayList<>();
  private final Map<SessionId, CallId> sessions = new HashMap<>();
  private final Map<CallId, List<Path>> spools = new HashMap<>();

  /// A command that is shown.
  ///
  /// @param call null if it could not be found
  record Known(CommandExecution item, Instant since, @Nullable ToolRequested call) {}

  /// A command may be shown soon.
  void requested(ToolRequested it) {
    unshown.add(it);
    if (unshown.size() > MOST_UNSHOWN) {
      unshown.removeFirst();
    }
  }

  void began(ExecBegan it) {
    if (it.call() != null) {
      sessions.put(it.session(), it.call());
    }
  }

  void ended(ExecEnded it) {
    var call = sessions.remove(it.session());
    if (call != null) {
      // Of several attempts the last one counts.
      spools.put(
          call, it.output().stream().flatMap(total -> Stream.ofNullable(total.spool())).toList());
    }
  }

  void started(CommandExecution item, Instant at) {
    items.put(item.id(), new Known(item, at, take(item)));
  }

  /// The command of an item that is over, as it was when it was first shown.
  Known completed(CommandExecution item, Instant at) {
    var known = items.remove(item.id());
    return known == null ? new Known(item, at, take(item)) : known;
  }

  /// The call with the longest text that the command contains: it stands there in quotes, in the
  /// arguments of a shell.
  private @Nullable ToolRequested take(CommandExecution item) {
    var shown = letters(item.command());
    @Nullable ToolRequested best = null;
    for (var it : unshown) {
      if (shown.contains(letters(it.text()))
          && (best == null || letters(it.text()).length() > letters(best.text()).length())) {
        best = it;
      }
    }
    if (best != null) {
      unshown.remove(best);
    }
    return best;
  }

  /// Without what quoting changes.
  private static String letters(String text) {
    var letters = new StringBuilder();
    text.codePoints().filter(Character::isLetterOrDigit).forEach(letters::appendCodePoint);
    return letters.toString();
  }

  /// Where all output of a command is; empty if it is kept nowhere.
  List<Path> spools(Known it) {
    return it.call() == null ? List.of() : spools.getOrDefault(it.call().call(), List.of());
  }

  /// Those that are not over, the oldest first.
  List<Known> running() {
    return List.copyOf(items.values());
  }
}
