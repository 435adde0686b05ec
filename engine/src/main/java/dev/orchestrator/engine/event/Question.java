package dev.orchestrator.engine.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that somebody must decide before a call goes on.
///
/// @param id unguessable; an answer without it does not count
/// @param attempt the attempt that the answer is about, from 1
/// @param text the call, as one line of shell
/// @param commands every simple command in it
/// @param confinement what it would run in
/// @param reasons why it is asked
/// @param choices ways to say yes, the narrowest first
/// @param preset the choice that a plain yes means
/// @param deadline until nobody's answer becomes a no; null to wait
public record Question(
    String id,
    CallId call,
    int attempt,
    String text,
    Path directory,
    List<String> commands,
    String confinement,
    List<Reason> reasons,
    List<Choice> choices,
    String preset,
    @Nullable Duration deadline) {
  public Question {
    commands = List.copyOf(commands);
    reasons = List.copyOf(reasons);
    choices = List.copyOf(choices);
  }

  /// One way to say yes.
  ///
  /// @param id short, for answers
  /// @param text what it allows, for people
  /// @param covered how many of the questions recorded in this workspace it would have answered
  /// @param of how many there are
  public record Choice(String id, String text, int covered, int of) {}
}
