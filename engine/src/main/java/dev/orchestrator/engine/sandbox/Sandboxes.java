package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.SandboxReport;
import dev.orchestrator.engine.event.SandboxReport.Finding;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds out by trying which sandbox works here, and chooses the best: bubblewrap, else Landlock,
/// else none; Seatbelt on macOS.
public final class Sandboxes {
  /// The variable that chooses a backend: `bubblewrap`, `landlock` or `none`.
  public static final String CHOICE = "ORCHESTRATOR_SANDBOX_BACKEND";

  private Sandboxes() {}

  /// Where to look.
  ///
  /// @param path value of `PATH`, in which the tools are searched
  /// @param distrusted folders that commands may write: no tool is taken from there
  /// @param choice value of [#CHOICE]; empty for the best one
  public record Surroundings(String path, List<Path> distrusted, String choice) {
    public Surroundings {
      distrusted = List.copyOf(distrusted);
    }
  }

  /// What to use, and why.
  public record Probe(Sandbox sandbox, SandboxReport report) {}

  /// Tries what is needed to choose. Starts one process, and takes some 10 ms once the classes it
  /// needs are loaded.
  ///
  /// @throws IllegalArgumentException if a backend is asked for that does not exist
  public static Probe probe(Surroundings where) {
    return probe(where, false);
  }

  /// Tries everything, for people who want to know; chooses the same.
  ///
  /// @throws IllegalArgumentException if a backend is asked for that does not exist
  public static Probe probeAll(Surroundings where) {
    return probe(where, true);
  }

  private static Probe probe(Surroundings where, boolean all) {
    var findings = new ArrayList<Finding>();
    Sandbox chosen = new NoSandbox();
    for (var candidate : candidates(where.choice())) {
      var isChosen = !(chosen instanceof NoSandbox);
      if (isChosen && !all) {
        break;
      }
      var found =
          switch (candidate) {
            case "bubblewrap" -> BubblewrapTrial.run(new Tools(where), findings, all);
            case "landlock" -> LandlockTrial.run(findings);
            case "seatbelt" -> SeatbeltTrial.run(findings);
            default -> throw new IllegalStateException(candidate);
          };
      if (!isChosen && found.isPresent()) {
        chosen = found.get();
      }
    }
    return new Probe(chosen, new SandboxReport(chosen.name(), findings));
  }

  private static List<String> candidates(String choice) {
    return switch (choice) {
      case "" ->
          System.getProperty("os.name", "").startsWith("Mac")
              ? List.of("seatbelt")
              : List.of("bubblewrap", "landlock");
      case "bubblewrap", "landlock" -> List.of(choice);
      case "none" -> List.of();
      default ->
          throw new IllegalArgumentException(
              "%s is '%s'; use bubblewrap, landlock or none, or unset it"
                  .formatted(CHOICE, choice));
    };
  }
}
