package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Gives what it was told to give, in turn; fails when it is asked for more.
final class FakeTool implements Tool<String> {
  /// The line that every denial is seen by.
  static final String EVIDENCE = "touch: /srv/x: Read-only file system";

  private final Subject subject;
  private final Path directory;
  private List<Reason> reasons = List.of();
  private final Deque<Object> results = new ArrayDeque<>();
  private final Deque<List<Denial>> denials = new ArrayDeque<>();
  private final List<List<Opening>> openings = new ArrayList<>();

  FakeTool(Subject subject, Path directory) {
    this.subject = subject;
    this.directory = directory;
  }

  FakeTool because(Reason... said) {
    reasons = List.of(said);
    return this;
  }

  FakeTool returning(String result) {
    results.add(result);
    denials.add(List.of());
    return this;
  }

  FakeTool throwing(Exception failure) {
    results.add(failure);
    return this;
  }

  /// Says that the last result came of a denial.
  FakeTool denied(Grade grade, Opening smallest) {
    denials.removeLast();
    denials.add(List.of(new Denial(grade, smallest, "writing /srv/x", EVIDENCE)));
    return this;
  }

  List<List<Opening>> openings() {
    return openings;
  }

  @Override
  public String name() {
    return "exec_command";
  }

  @Override
  public Subject subject() {
    return subject;
  }

  @Override
  public List<Reason> reasons() {
    return reasons;
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public String attempt(Attempt attempt) throws InterruptedException, IOException {
    openings.add(attempt.confinement().openings());
    return switch (results.remove()) {
      case InterruptedException it -> throw it;
      case IOException it -> throw it;
      case RuntimeException it -> throw it;
      case Object it -> it.toString();
    };
  }

  @Override
  public List<Denial> denials(String result, Attempt attempt) {
    return denials.remove();
  }
}
