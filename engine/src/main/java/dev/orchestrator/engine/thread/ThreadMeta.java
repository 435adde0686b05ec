package dev.orchestrator.engine.thread;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a thread is, from its beginning. Immutable.
///
/// @param id names it; unique over machines and time
/// @param at when it began
/// @param cwd where; absolute
/// @param version of this program
/// @param provider the model provider's name in the settings
/// @param name what people call it; null for nothing; see [#isName]
/// @param baseInstructions what the model was told first, kept so that a resumed thread is told the
///   same; null if it was not kept
public record ThreadMeta(
    UUID id,
    Instant at,
    Path cwd,
    String version,
    String provider,
    @Nullable String name,
    @Nullable String baseInstructions) {
  private static final int LONGEST_NAME_CHARS = 200;

  public ThreadMeta {
    if (!cwd.isAbsolute()) {
      throw new IllegalArgumentException("not an absolute path: " + cwd);
    }
    if (name != null && !isName(name)) {
      throw new IllegalArgumentException("not a thread's name: " + name.length() + " characters");
    }
  }

  /// Whether a text can name a thread: 1 to 200 characters, none of them a control character, and
  /// not only spaces.
  public static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= LONGEST_NAME_CHARS
        && text.chars().noneMatch(Character::isISOControl);
  }

  ThreadMeta withName(@Nullable String newName) {
    return new ThreadMeta(id, at, cwd, version, provider, newName, baseInstructions);
  }
}
