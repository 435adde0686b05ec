package dev.orchestrator.app.flags;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns picocli's complaints into ours.
final class Parsing {
  private Parsing() {}

  static ParseResult parse(CommandLine line, List<String> arguments) throws UsageError {
    try {
      return line.parseArgs(arguments.toArray(String[]::new));
    } catch (ParameterException e) {
      throw new UsageError(explain(e) + "; see " + line.getCommandSpec().name() + " --help");
    }
  }

  private static String explain(ParameterException e) {
    return switch (e) {
      case UnmatchedArgumentException it when it.isUnknownOption() ->
          "unknown option '" + it.getUnmatched().getFirst() + "'";
      case UnmatchedArgumentException it ->
          "too many words, beginning with '" + it.getUnmatched().getFirst() + "'";
      case MissingParameterException it -> it.getMissing().isEmpty() ? first(e) : missing(it);
      case OverwrittenOptionException it -> it.getOverwritten().paramLabel() + " is given twice";
      default -> first(e);
    };
  }

  private static String missing(MissingParameterException e) {
    var what = e.getMissing().getFirst();
    return what.isOption()
        ? ((CommandLine.Model.OptionSpec) what).longestName()
            + " needs a value: "
            + what.paramLabel()
        : what.paramLabel() + " is missing";
  }

  private static String first(ParameterException e) {
    var message = String.valueOf(e.getMessage());
    var end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
