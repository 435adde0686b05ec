package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Change;
import dev.orchestrator.engine.event.Item.Kind;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.patch.FileChange;
import dev.orchestrator.engine.patch.Patch;
import dev.orchestrator.engine.patch.PatchException;
import dev.orchestrator.engine.patch.PatchPlan;
import dev.orchestrator.engine.patch.PatchResult;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinements;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.DeniedBy;
import dev.orchestrator.engine.tool.Tool;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import dev.orchestrator.engine.tool.ToolResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The tool `apply_patch`: changes files, all of them or none.
///
/// A patch is verified as a whole, then judged by the files that it touches, links resolved; the
/// orchestrator itself writes them.
final class ApplyPatch implements ModelTool {
  static final String NAME = "apply_patch";
  private static final String BY_SETTINGS = "; rejected by user approval settings";

  private final ToolOrchestrator door;
  private final Items items;
  private final Setting setting;
  private final Ending ending;
  private final Path directory;
  private final boolean asFunction;

  /// @param directory where relative paths start
  /// @param asFunction whether the model takes functions only, and no tool with a grammar
  ApplyPatch(
      ToolOrchestrator door,
      Items items,
      Setting setting,
      Ending ending,
      Path directory,
      boolean asFunction) {
    this.door = door;
    this.items = items;
    this.setting = setting;
    this.ending = ending;
    this.directory = directory;
    this.asFunction = asFunction;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, @Nullable Object> description() {
    return asFunction ? Descriptions.APPLY_PATCH_FUNCTION : Descriptions.APPLY_PATCH;
  }

  @Override
  public ToolAnswer call(ResponseItem call, Runnable begun)
      throws BadArguments, InterruptedException {
    var patch =
        call.type().equals("custom_tool_call")
            ? call.input()
            : Arguments.of(call).required("input");
    return new ToolAnswer.Text(apply(patch, directory, begun));
  }

  /// A patch in a script of the shell: its answer is wrapped once more, as Codex does.
  ToolAnswer fromShell(String patch, Path where, Runnable begun)
      throws BadArguments, InterruptedException {
    var begunNanos = System.nanoTime();
    var text = apply(patch, where, begun);
    return new ToolAnswer.Text(
        "Wall time: %s seconds\nOutput:\n%s"
            .formatted(Seconds.text(System.nanoTime() - begunNanos, 4), text));
  }

  private String apply(String text, Path where, Runnable begun)
      throws BadArguments, InterruptedException {
    PatchPlan plan;
    try {
      plan = PatchPlan.of(Patch.parse(text), where);
    } catch (PatchException e) {
      throw new BadArguments(e.toolMessage());
    }
    var call = new Call(plan, where, begun);
    var begunNanos = System.nanoTime();
    var result = door.invoke(call);
    return switch (result) {
      case ToolResult.Completed<PatchResult> it -> {
        call.complete(Status.COMPLETED);
        yield "Exit code: 0\nWall time: %s seconds\nOutput:\n%s"
            .formatted(Seconds.text(System.nanoTime() - begunNanos, 1), it.result().text());
      }
      case ToolResult.Blocked<PatchResult> it -> {
        call.complete(Status.FAILED);
        yield "patch rejected: " + it.reason();
      }
      case ToolResult.Refused<PatchResult> it -> {
        call.complete(Status.DECLINED);
        ending.refused(it);
        yield refusal(it);
      }
      case ToolResult.Unconfined<PatchResult> it -> {
        call.complete(Status.FAILED);
        yield "patch rejected: " + it.reason();
      }
      case ToolResult.Failed<PatchResult> it -> {
        call.complete(Status.FAILED);
        yield it.cause().getCause() instanceof PatchException why
            ? why.toolMessage()
            : "apply_patch failed: " + it.cause().getMessage();
      }
    };
  }

  private String refusal(ToolResult.Refused<PatchResult> it) {
    switch (it.by()) {
      case DeniedBy.Person(var words) -> {
        return Refusals.byPerson("patch rejected by user", words);
      }
      case DeniedBy.Nobody _ -> {
        return "patch rejected: " + it.reason();
      }
      case DeniedBy.Verdict by when !by.isFor("outside") -> {
        return "patch rejected: " + it.reason();
      }
      case DeniedBy.Verdict _ -> {}
    }
    return setting.confinement().level() == Level.READ_ONLY
        ? "patch rejected: writing is blocked by read-only sandbox" + BY_SETTINGS
        : "patch rejected: writing outside of the project" + BY_SETTINGS;
  }

  /// One patch on its way through the door.
  private final class Call implements Tool<PatchResult> {
    private final PatchPlan plan;
    private final Path where;
    private final Runnable begun;
    private final List<Change> changes;
    private @Nullable Item item;

    Call(PatchPlan plan, Path where, Runnable begun) {
      this.plan = plan;
      this.where = where;
      this.begun = begun;
      this.changes = changes(plan);
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Subject subject() {
      // A link is replaced where it stands, and what it leads to is what its reader means.
      return new Subject.Patch(
          plan.touched().stream()
              .flatMap(it -> Stream.of(standing(it), Confinements.real(it)))
              .distinct()
              .toList());
    }

    @Override
    public Path directory() {
      return where;
    }

    @Override
    public boolean startsPrograms() {
      return false;
    }

    @Override
    public PatchResult attempt(Attempt attempt) throws IOException {
      item = items.start(id -> new Item.FileChange(id, changes, Status.IN_PROGRESS));
      begun.run();
      try {
        return plan.apply();
      } catch (PatchException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    @Override
    public List<Denial> denials(PatchResult result, Attempt attempt) {
      return List.of();
    }

    void complete(Status status) {
      var shown = item;
      if (shown == null) {
        items.add(id -> new Item.FileChange(id, changes, status));
      } else {
        items.complete(new Item.FileChange(shown.id(), changes, status));
      }
    }
  }

  /// Where a path stands: without the links on the way to it.
  private static Path standing(Path path) {
    var parent = path.getParent();
    return parent == null ? path : Confinements.real(parent).resolve(path.getFileName());
  }

  /// One entry per file, by what becomes of it in the end.
  private static List<Change> changes(PatchPlan plan) {
    var kinds = new TreeMap<Path, Kind>();
    for (var it : plan.changes()) {
      kinds.merge(it.path(), kind(it), ApplyPatch::together);
    }
    return kinds.entrySet().stream().map(it -> new Change(it.getKey(), it.getValue())).toList();
  }

  private static Kind kind(FileChange it) {
    return switch (it.kind()) {
      case ADD -> Kind.ADD;
      case UPDATE -> Kind.UPDATE;
      case DELETE -> Kind.DELETE;
    };
  }

  private static Kind together(Kind first, Kind second) {
    return first == Kind.ADD && second == Kind.UPDATE ? Kind.ADD : second;
  }
}
