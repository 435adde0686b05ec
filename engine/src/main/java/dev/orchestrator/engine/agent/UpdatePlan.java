package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Todo;
import dev.orchestrator.engine.model.ResponseItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tool `update_plan`: shows what the model means to do. One item per turn, completed when the
/// turn is.
final class UpdatePlan implements ModelTool {
  static final String NAME = "update_plan";
  private static final List<String> STATES = List.of("pending", "in_progress", "completed");
  private static final int MOST_STEPS = 1000;

  private final Items items;

  // Guarded by this.
  private Item.@Nullable TodoList shown;

  UpdatePlan(Items items) {
    this.items = items;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, @Nullable Object> description() {
    return Descriptions.UPDATE_PLAN;
  }

  @Override
  public ToolAnswer call(ResponseItem call, Runnable begun) throws BadArguments {
    var todos = new ArrayList<Todo>();
    for (var step : Arguments.of(call).objects("plan")) {
      var state = step.required("status");
      if (!STATES.contains(state)) {
        throw new BadArguments(
            "failed to parse function arguments: unknown status `%s`, expected one of %s"
                .formatted(state, String.join(", ", STATES)));
      }
      todos.add(new Todo(items.masked(step.required("step")), state.equals("completed")));
    }
    if (todos.size() > MOST_STEPS) {
      throw new BadArguments("the plan has more than " + MOST_STEPS + " steps");
    }
    show(todos);
    begun.run();
    return new ToolAnswer.Text("Plan updated");
  }

  private synchronized void show(List<Todo> todos) {
    if (shown == null) {
      shown = (Item.TodoList) items.start(id -> new Item.TodoList(id, todos));
    } else {
      shown = new Item.TodoList(shown.id(), todos);
      items.update(shown);
    }
  }

  /// The turn ends.
  synchronized void complete() {
    if (shown != null) {
      items.complete(shown);
    }
  }
}
