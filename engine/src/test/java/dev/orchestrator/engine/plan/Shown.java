package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Kind;
import dev.orchestrator.engine.plan.Command.Word;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The small language of this package's tests: plans as one line.
///
/// Commands stand between ` ; `, words are joined by blanks, unknown ones are in `‹›`. Before the
/// words stand `sudo>` wrappers and assignments, behind them `>file` redirections and, where it is
/// not `/ws`, the folder as `@folder`. An opaque plan ends with ` ?`.
final class Shown {
  static final Path WORKSPACE = Path.of("/ws");
  static final Plans PLANS = new Plans(name -> name.equals("HOME") ? "/home/me" : null);

  private Shown() {}

  static String script(String script) {
    return of(PLANS.ofScript(script, WORKSPACE));
  }

  static String words(String... words) {
    return of(PLANS.ofWords(List.of(words), WORKSPACE));
  }

  static String of(Plan plan) {
    var commands = plan.commands().stream().map(Shown::of).collect(Collectors.joining(" ; "));
    return plan.isOpaque() ? commands + " ?" : commands;
  }

  static String of(Command command) {
    var shown = new StringBuilder();
    command.wrappers().stream()
        .filter(Set.of("sudo", "doas", "chroot")::contains)
        .forEach(it -> shown.append(it).append("> "));
    command
        .assignments()
        .forEach(it -> shown.append(it.name()).append('=').append(of(it.value())).append(' '));
    shown.append(command.words().stream().map(Shown::of).collect(Collectors.joining(" ")));
    for (var it : command.redirections()) {
      if (it.kind() != Kind.DUPLICATE) {
        var sign =
            switch (it.kind()) {
              case READ -> "<";
              case WRITE -> ">";
              case APPEND -> ">>";
              case READ_WRITE -> "<>";
              case HERE -> "<<";
              case DUPLICATE -> "";
            };
        shown
            .append(' ')
            .append(sign)
            .append(it.kind() == Kind.HERE ? "" : String.valueOf(it.file()));
      }
    }
    if (!WORKSPACE.equals(command.directory())) {
      shown.append(" @").append(command.directory());
    }
    return shown.toString().strip();
  }

  private static String of(Word word) {
    return word.isLiteral() ? word.text() : "‹" + word.text() + "›";
  }
}
