package dev.orchestrator.app.flags;

import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// A manual page in troff's `man` macros (`man(7)`), made from the same model as the help.
final class ManPage {
  private ManPage() {}

  static String of(CommandSpec spec) {
    var page = new StringBuilder();
    var name = spec.qualifiedName("-");
    page.append(".TH ").append(name.toUpperCase(Locale.ROOT)).append(" 1\n");
    page.append(".SH NAME\n").append(text(name)).append(" \\- ").append(summary(spec)).append('\n');
    page.append(".SH SYNOPSIS\n");
    var synopsis = spec.usageMessage().customSynopsis();
    page.append(text(synopsis.length > 0 ? synopsis[0] : spec.qualifiedName() + " [OPTION]…"))
        .append('\n');
    page.append(".SH DESCRIPTION\n").append(text(description(spec))).append('\n');
    page.append(".SH OPTIONS\n");
    spec.options().forEach(option -> describe(page, option));
    if (!spec.subcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      spec.subcommands()
          .forEach((command, line) ->
              page.append(".TP\n.B ")
                  .append(text(command))
                  .append('\n')
                  .append(text(description(line.getCommandSpec())))
                  .append('\n'));
    }
    var footer = spec.usageMessage().footer();
    if (footer.length > 0) {
      page.append(".SH EXIT STATUS\n.nf\n");
      for (var line : footer) {
        page.append(text(line)).append('\n');
      }
      page.append(".fi\n");
    }
    return page.toString();
  }

  private static void describe(StringBuilder page, OptionSpec option) {
    page.append(".TP\n.B ").append(text(String.join(", ", option.names())));
    if (option.arity().max() > 0) {
      page.append(" \\fI").append(text(option.paramLabel())).append("\\fR");
    }
    page.append('\n').append(text(String.join(" ", option.description()))).append('\n');
  }

  private static String description(CommandSpec spec) {
    return String.join(" ", spec.usageMessage().description());
  }

  private static String summary(CommandSpec spec) {
    var all = description(spec);
    var end = all.indexOf(':') > 0 ? all.indexOf(':') : all.indexOf('.');
    return text(end < 0 ? all : all.substring(0, end));
  }

  /// A line that begins with a dot or a quote would be a request, and a dash would be a hyphen.
  private static String text(String plain) {
    var escaped = plain.replace("\\", "\\e").replace("-", "\\-");
    return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
  }
}
