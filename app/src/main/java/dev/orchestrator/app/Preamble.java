package dev.orchestrator.app;

import dev.orchestrator.engine.agent.Texts;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.instructions.Instructions;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What every request begins with, in Codex's order: how to work, what is allowed, the files of
/// instructions, the place.
record Preamble(Settings settings, Setting setting, Instructions found, String place) {
  private static final int MOST_BYTES = 1024 * 1024;

  /// @param isReview whether a change is to be reviewed instead of made
  List<ResponseItem> items(boolean isReview) throws ExecFailure {
    var items = new ArrayList<ResponseItem>();
    items.add(ResponseItem.developer(isReview ? Texts.REVIEW : base()));
    var more = new ArrayList<Map<String, @Nullable Object>>();
    if (settings.flag("include_permissions_instructions").orElse(true)) {
      more.add(ResponseItem.text(permissions()));
    }
    for (var key : List.of("instructions", "developer_instructions")) {
      settings
          .text(key)
          .filter(it -> !it.isBlank())
          .ifPresent(it -> more.add(ResponseItem.text(it)));
    }
    if (!more.isEmpty()) {
      items.add(ResponseItem.developer(List.copyOf(more)));
    }
    var parts = new ArrayList<Map<String, @Nullable Object>>();
    found.message().ifPresent(it -> parts.add(ResponseItem.text(it)));
    if (settings.flag("include_environment_context").orElse(true)) {
      parts.add(ResponseItem.text(place));
    }
    if (!parts.isEmpty()) {
      items.add(ResponseItem.user(List.copyOf(parts)));
    }
    return items;
  }

  private String base() throws ExecFailure {
    Optional<Path> file = settings.path("model_instructions_file");
    if (file.isEmpty()) {
      return Texts.INSTRUCTIONS;
    }
    try {
      if (Files.size(file.get()) > MOST_BYTES) {
        throw new ExecFailure(
            "model_instructions_file: %s is larger than 1 MiB".formatted(file.get()));
      }
      return Files.readString(file.get(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ExecFailure(
          "model_instructions_file: %s cannot be read: %s".formatted(file.get(), e.getMessage()));
    }
  }

  /// What the model should know of what it may do; the sandbox and the approvals hold it anyway.
  private String permissions() {
    var confinement = setting.confinement();
    var text = new StringBuilder("<permissions>\n");
    text.append(
        switch (confinement.level()) {
          case READ_ONLY -> "Sandbox: read-only. Commands can read files and write nowhere.\n";
          case WORKSPACE_WRITE ->
              "Sandbox: workspace-write. Commands can write in: "
                  + String.join(", ", confinement.writable().stream().map(Path::toString).toList())
                  + ". Protected in each: .git, .codex, .agents, .aws, .orchestrator, .runs.\n";
          case DANGER_FULL_ACCESS -> "Sandbox: none (danger-full-access).\n";
        });
    if (!confinement.isNone()) {
      text.append(confinement.network() ? "Network: open.\n" : "Network: closed.\n");
    }
    text.append("Approvals: ").append(setting.policy().text()).append(". ");
    text.append(
        switch (setting.policy()) {
          case Policy.Never _ ->
              "Nobody is asked: what the sandbox stops stays stopped, and asking for more access is"
                  + " refused. Do not set sandbox_permissions.";
          case Policy.Untrusted _ -> "The user is asked about everything but known-safe reads.";
          case Policy.OnRequest _, Policy.OnFailure _, Policy.Granular _ ->
              "The user is asked when the sandbox stops something, or when you ask for"
                  + " sandbox_permissions=require_escalated with a justification.";
        });
    return text.append("\n</permissions>").toString();
  }
}
