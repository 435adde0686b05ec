package dev.orchestrator.engine.patch;

import dev.orchestrator.engine.patch.FileChange.Kind;
import java.util.List;

/// What an applied patch has changed. Immutable.
///
/// @param changes in the order of the patch
public record PatchResult(List<FileChange> changes) {
  public PatchResult {
    changes = List.copyOf(changes);
  }

  /// What is said about it: the files that were added, then those that changed, then those that
  /// went, each by the name that the patch has for it.
  public String text() {
    var text = new StringBuilder("Success. Updated the following files:\n");
    list(Kind.ADD, "A ", text);
    list(Kind.UPDATE, "M ", text);
    list(Kind.DELETE, "D ", text);
    return text.toString();
  }

  private void list(Kind kind, String sign, StringBuilder text) {
    for (var it : changes) {
      if (it.kind() == kind) {
        text.append(sign).append(it.name()).append('\n');
      }
    }
  }
}
