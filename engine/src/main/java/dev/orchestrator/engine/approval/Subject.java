package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.plan.Plan;
import java.nio.file.Path;
import java.util.List;

/// What a verdict is about.
public sealed interface Subject {
  /// One line for people.
  String text();

  /// A command.
  ///
  /// @param escalated whether it is to run outside the sandbox
  record Shell(Plan plan, boolean escalated) implements Subject {
    @Override
    public String text() {
      return plan.text();
    }
  }

  /// Changes to files, made by the orchestrator itself.
  ///
  /// @param files absolute
  record Patch(List<Path> files) implements Subject {
    public Patch {
      files = List.copyOf(files);
    }

    @Override
    public String text() {
      return "patch " + String.join(", ", files.stream().map(Path::toString).toList());
    }
  }

  /// A tool of an MCP server.
  ///
  /// @param readOnly what the server says about it; a hint
  record Mcp(String server, String tool, boolean readOnly) implements Subject {
    @Override
    public String text() {
      return server + "/" + tool;
    }
  }
}
