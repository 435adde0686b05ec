package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Key.Rights;
import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a project's file may change: it may tighten what the user has set, or what holds by
/// default, and never loosen it. Confined to the thread that loads.
///
/// A policy is as strict as another if it is in each situation: running a confined command, wanting
/// more than the sandbox allows, a rule that says `prompt`, an MCP tool. To refuse is stricter than
/// to ask, and to ask is stricter than to run.
final class Tightening {
  private static final List<String> POLICY = List.of("approval_policy");
  private static final List<String> KINDS =
      List.of("sandbox_approval", "rules", "mcp_elicitations");

  /// Strictest first.
  private static final List<String> LEVELS =
      List.of("read-only", "workspace-write", "danger-full-access");

  private static final List<String> INHERITED = List.of("none", "core", "all");

  /// What a situation leads to.
  private enum Step {
    RUN,
    ASK,
    REFUSE
  }

  private final Table user;
  private final List<String> forbidden = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /// @param user what holds without the project
  Tightening(Table user) {
    this.user = user;
  }

  /// Keys that a project may not set.
  List<String> forbidden() {
    return forbidden;
  }

  /// Values that would have loosened something.
  List<String> warnings() {
    return warnings;
  }

  /// What is left of a project's layer.
  Table allowed(Table project) {
    var allowed = new Table(project.origin());
    var policy = project.children().get(POLICY.getFirst());
    if (policy != null) {
      policy(policy, allowed);
    }
    walk(project, List.of(), allowed);
    return allowed;
  }

  private void walk(Table table, List<String> path, Table allowed) {
    table
        .children()
        .forEach((name, node) -> {
          var here = new ArrayList<>(path);
          here.add(name);
          if (here.equals(POLICY)) {
            return;
          }
          var key = Keys.find(here);
          if (key.isPresent()) {
            switch (key.get().project()) {
              case YES -> allowed.put(here, node);
              case NO -> refuse(here, node);
              case TIGHTEN -> tighten(here, node, key.get(), allowed);
            }
          } else if (node instanceof Table it) {
            walk(it, here, allowed);
          }
        });
  }

  private void refuse(List<String> path, Node node) {
    forbidden.add(
        "%s: %s is not for a project to set, and is ignored"
            .formatted(node.origin().text(), Values.dotted(path)));
  }

  private void tighten(List<String> path, Node node, Key key, Table allowed) {
    if (!(node instanceof Leaf leaf)) {
      return;
    }
    var held = user.find(path) instanceof Leaf it ? it : null;
    var value = held == null ? key.preset() : held.value();
    var strict = strictest(path, leaf.value(), value);
    if (strict.isPresent()) {
      allowed.put(path, new Leaf(strict.get(), leaf.origin()));
    } else {
      loose(path, node, leaf.value(), held == null ? null : held.origin(), value);
    }
  }

  /// The value that holds, or empty if the project's is looser.
  private static Optional<Object> strictest(
      List<String> path, Object wanted, @Nullable Object held) {
    var name = path.getLast();
    var holds =
        switch (name) {
          case "sandbox_mode" -> isBefore(LEVELS, wanted, held == null ? LEVELS.get(1) : held);
          case "inherit" -> isBefore(INHERITED, wanted, held);
          case "network_access", "allow_login_shell", "ignore_default_excludes" ->
              wanted.equals(false) || Boolean.TRUE.equals(held);
          case "exclude_tmpdir_env_var", "exclude_slash_tmp" ->
              wanted.equals(true) || Boolean.FALSE.equals(held);
          case "writable_roots" -> texts(wanted).stream().allMatch(it -> isBelow(it, texts(held)));
          case "include_only" -> isPart(texts(wanted), texts(held));
          case "exclude" -> true;
          default -> throw new IllegalStateException("no order of " + Values.dotted(path));
        };
    if (!holds) {
      return Optional.empty();
    }
    return Optional.of(name.equals("exclude") ? both(texts(held), texts(wanted)) : wanted);
  }

  private static boolean isBefore(List<String> order, Object wanted, @Nullable Object held) {
    return order.indexOf(String.valueOf(wanted)) <= order.indexOf(String.valueOf(held));
  }

  private static boolean isBelow(String path, List<String> roots) {
    return roots.stream().anyMatch(it -> Path.of(path).startsWith(Path.of(it)));
  }

  /// An empty list lets everything through.
  private static boolean isPart(List<String> wanted, List<String> held) {
    return held.isEmpty() || (!wanted.isEmpty() && held.containsAll(wanted));
  }

  private static List<String> both(List<String> one, List<String> other) {
    var all = new LinkedHashSet<>(one);
    all.addAll(other);
    return List.copyOf(all);
  }

  private static List<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private void policy(Node wanted, Table allowed) {
    var held = user.find(POLICY);
    var before = steps(held);
    var after = steps(wanted);
    for (var i = 0; i < before.size(); i++) {
      if (after.get(i).compareTo(before.get(i)) < 0) {
        loose(
            POLICY,
            wanted,
            plain(wanted),
            held == null ? null : held.origin(),
            held == null ? "on-request" : plain(held));
        return;
      }
    }
    allowed.put(POLICY, wanted);
  }

  private static Object plain(Node node) {
    return switch (node) {
      case Leaf it -> it.value();
      case Table it -> it.plain();
    };
  }

  /// Per situation: a confined command, more access, a rule's `prompt`, an MCP tool.
  private static List<Step> steps(@Nullable Node policy) {
    if (policy instanceof Table table) {
      var steps = new ArrayList<>(List.of(Step.RUN));
      for (var kind : KINDS) {
        var asked = table.find(List.of("granular", kind)) instanceof Leaf it ? it.value() : false;
        steps.add(asked.equals(true) ? Step.ASK : Step.REFUSE);
      }
      return steps;
    }
    var name = policy instanceof Leaf it ? String.valueOf(it.value()) : "on-request";
    var others = name.equals("never") ? Step.REFUSE : Step.ASK;
    return List.of(name.equals("untrusted") ? Step.ASK : Step.RUN, others, others, others);
  }

  private void loose(
      List<String> path, Node node, Object wanted, @Nullable Origin origin, @Nullable Object held) {
    warnings.add(
        "%s: %s = %s would loosen %s (%s), and is ignored; a project may only tighten"
            .formatted(
                node.origin().text(),
                Values.dotted(path),
                Values.shown(path, wanted),
                held == null ? "what holds" : Values.shown(path, held),
                (origin == null ? new Origin.Default() : origin).text()));
  }

  /// Whether every key that may only be tightened has an order; a test asks.
  static boolean hasOrder(Key key) {
    return key.project() != Rights.TIGHTEN
        || key.path().getFirst().equals(POLICY.getFirst())
        || key.preset() == null
        || strictest(key.path(), key.preset(), key.preset()).isPresent();
  }
}
