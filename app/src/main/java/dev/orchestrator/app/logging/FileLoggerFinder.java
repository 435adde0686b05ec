package dev.orchestrator.app.logging;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// Sends every [System.Logger] to `logs/orchestrator.log` in the orchestrator's home.
///
/// Only warnings and errors are kept. The file is opened when the first of them comes, and moved
/// aside to `orchestrator.log.1` when it has grown to 1 MiB. A log that cannot be written is done
/// without.
public final class FileLoggerFinder extends System.LoggerFinder {
  /// The system property that names the orchestrator's home.
  public static final String HOME = "orchestrator.home";

  private static final long LARGEST_BYTES = 1 << 20;

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new FileLogger(name);
  }

  private record FileLogger(String name) implements System.Logger {
    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return level.compareTo(Level.WARNING) >= 0 && level != Level.OFF;
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String text, @Nullable Throwable thrown) {
      if (isLoggable(level)) {
        var trace = new StringWriter();
        if (thrown != null) {
          thrown.printStackTrace(new PrintWriter(trace));
        }
        append("%s %s %s: %s%n%s".formatted(Instant.now(), level, name, text, trace));
      }
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... values) {
      if (isLoggable(level)) {
        var text =
            values == null || values.length == 0 ? format : MessageFormat.format(format, values);
        log(level, bundle, text, (Throwable) null);
      }
    }

    private static synchronized void append(String lines) {
      var home = System.getProperty(HOME);
      if (home == null) {
        return;
      }
      var file = Path.of(home, "logs", "orchestrator.log");
      try {
        Files.createDirectories(file.getParent());
        if (Files.exists(file) && Files.size(file) > LARGEST_BYTES) {
          var aside = file.resolveSibling("orchestrator.log.1");
          Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.write(
            file,
            lines.getBytes(StandardCharsets.UTF_8),
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
      } catch (IOException _) {
        // There is nowhere left to say so.
      }
    }
  }
}
