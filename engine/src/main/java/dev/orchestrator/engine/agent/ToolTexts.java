package dev.orchestrator.engine.agent;

/// The tools, as a model is told of them.
final class ToolTexts {
  /// By name: the description and the JSON Schema of the arguments.
  static final String TOOLS =
      """
      {
        "exec_command": {
          "description": "Runs a script in the user's shell. Returns its output and exit code, or, if it is still running after yield_time_ms, a session ID for write_stdin. Without a terminal its standard input is closed.",
          "parameters": {
            "type": "object",
            "properties": {
              "cmd": {"type": "string", "description": "The script."},
              "workdir": {"type": "string", "description": "Where it runs; the workspace if left out."},
              "shell": {"type": "string", "description": "The shell; the user's if left out."},
              "login": {"type": "boolean", "description": "Whether the shell reads the user's profile (-l). Default: true."},
              "tty": {"type": "boolean", "description": "Whether it gets a terminal, to be typed into with write_stdin. Default: false."},
              "yield_time_ms": {"type": "number", "description": "How long to wait for its end, in milliseconds: 250 to 30000. Default: 10000."},
              "max_output_tokens": {"type": "number", "description": "How much output to return at most. Default: 10000."},
              "sandbox_permissions": {"type": "string", "enum": ["use_default", "require_escalated"], "description": "require_escalated asks the user to let it run outside the sandbox."},
              "justification": {"type": "string", "description": "With require_escalated: one sentence that tells the user why."},
              "prefix_rule": {"type": "array", "items": {"type": "string"}, "description": "With require_escalated: first words of commands that the user may allow from now on."}
            },
            "required": ["cmd"],
            "additionalProperties": false
          }
        },
        "write_stdin": {
          "description": "Types into a command that exec_command has left running, or, without chars, waits for more of its output.",
          "parameters": {
            "type": "object",
            "properties": {
              "session_id": {"type": "number", "description": "The command's session ID."},
              "chars": {"type": "string", "description": "What to type; \\\\u0003 interrupts. Empty: only look."},
              "yield_time_ms": {"type": "number", "description": "How long to wait for output, in milliseconds. Default: 250 after typing, 5000 otherwise."},
              "max_output_tokens": {"type": "number", "description": "How much output to return at most. Default: 10000."}
            },
            "required": ["session_id"],
            "additionalProperties": false
          }
        },
        "apply_patch": {
          "description": "Changes files. Give the patch itself, from *** Begin Patch to *** End Patch; do not wrap it in JSON or in a command.",
          "parameters": {
            "type": "object",
            "properties": {
              "input": {"type": "string", "description": "The patch: *** Begin Patch, then *** Add File: PATH with + lines, *** Delete File: PATH, or *** Update File: PATH with @@ and lines that begin with a space, - or +, then *** End Patch."}
            },
            "required": ["input"],
            "additionalProperties": false
          }
        },
        "update_plan": {
          "description": "Shows the user what you mean to do, step by step. At most one step is in progress at a time.",
          "parameters": {
            "type": "object",
            "properties": {
              "explanation": {"type": "string", "description": "Why the plan is as it is."},
              "plan": {
                "type": "array",
                "description": "The steps, in order.",
                "items": {
                  "type": "object",
                  "properties": {
                    "step": {"type": "string", "description": "What is to be done."},
                    "status": {"type": "string", "enum": ["pending", "in_progress", "completed"], "description": "How far it has come."}
                  },
                  "required": ["step", "status"],
                  "additionalProperties": false
                }
              }
            },
            "required": ["plan"],
            "additionalProperties": false
          }
        },
        "view_image": {
          "description": "Shows you a picture of this machine: PNG, JPEG, GIF or WebP.",
          "parameters": {
            "type": "object",
            "properties": {
              "path": {"type": "string", "description": "The file."}
            },
            "required": ["path"],
            "additionalProperties": false
          }
        }
      }
      """;

  /// What a patch looks like, as a Lark grammar.
  static final String PATCH_GRAMMAR =
      """
      start: begin_patch hunk+ end_patch
      begin_patch: "*** Begin Patch" LF
      end_patch: "*** End Patch" LF?

      hunk: add_hunk | delete_hunk | update_hunk
      add_hunk: "*** Add File: " filename LF add_line+
      delete_hunk: "*** Delete File: " filename LF
      update_hunk: "*** Update File: " filename LF change_move? change?

      filename: /(.+)/
      add_line: "+" /(.*)/ LF -> line

      change_move: "*** Move to: " filename LF
      change: (change_context | change_line)+ eof_line?
      change_context: ("@@" | "@@ " /(.+)/) LF
      change_line: ("+" | "-" | " ") /(.*)/ LF
      eof_line: "*** End of File" LF

      %import common.LF
      """;

  private ToolTexts() {}
}
