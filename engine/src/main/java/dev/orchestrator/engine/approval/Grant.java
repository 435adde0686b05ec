package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A remembered answer.
///
/// @param id short, for people to name it by
/// @param allows false for a remembered no
/// @param covers what it is about
/// @param scope how far it reaches
/// @param where the run, task or workspace it is bound to; empty for [Scope#USER]
/// @param level the least confinement it was given for: it covers that and anything stricter
/// @param openings what it allows beyond that
/// @param givenAt when
/// @param by the front end it was given through
/// @param expires until when it counts; null for no end
/// @param uses how often it may still be used; negative for any number
/// @param reason what was said with it; null if nothing was
public record Grant(
    String id,
    boolean allows,
    Cover covers,
    Scope scope,
    String where,
    Level level,
    List<Opening> openings,
    Instant givenAt,
    String by,
    @Nullable Instant expires,
    int uses,
    @Nullable String reason) {
  public Grant {
    openings = List.copyOf(openings);
  }

  /// Any number of uses.
  public static final int UNLIMITED = -1;

  /// How far an answer reaches.
  public enum Scope {
    RUN,
    TASK,
    WORKSPACE,
    USER
  }

  Grant withUses(int left) {
    return new Grant(
        id, allows, covers, scope, where, level, openings, givenAt, by, expires, left, reason);
  }
}
