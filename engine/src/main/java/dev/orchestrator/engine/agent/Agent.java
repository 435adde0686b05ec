package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.agent.Turn.Failed;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.event.Event.ErrorReported;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.model.ModelFailure;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.sandbox.Sandbox;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One turn of a model with its tools.
///
/// [#run] is called once; [#close] afterwards, whatever came of it. Both by the thread of the run.
public final class Agent {
  private final AgentRequest request;
  private final EventSink events;
  private final ModelClient model;
  private final Items items;
  private final Ending ending = new Ending();
  private final Conversation conversation;
  private final Commands commands;
  private final UpdatePlan plan;
  private final Turn turn;

  /// What the calls of a run go through.
  ///
  /// @param onStart is called whenever a command has been started
  public record Machine(
      ToolOrchestrator door,
      Judge judge,
      Sessions sessions,
      Sandbox sandbox,
      Plans plans,
      RandomGenerator random,
      Runnable onStart) {}

  /// How a turn ended.
  ///
  /// @param failure why it did not come to its regular end; null if it did
  /// @param advice the next step for a person; empty if there is none
  /// @param unanswered why somebody had to be asked who did not answer; null if nobody had to
  /// @param refused why a call was refused; null if none was
  /// @param unconfined why a call could not be confined; null if all could
  /// @param lastMessage what the model said last; null for nothing
  public record Result(
      @Nullable String failure,
      String advice,
      @Nullable String unanswered,
      @Nullable String refused,
      @Nullable String unconfined,
      @Nullable String lastMessage,
      Usage total,
      Usage ofTurn) {}

  /// Prepares a turn.
  ///
  /// @param waiting is told what the turn waits for
  public Agent(
      AgentRequest request,
      EventSink events,
      ModelClient model,
      Machine machine,
      Consumer<WaitingOn> waiting) {
    this.request = request;
    this.events = events;
    this.model = model;
    this.items = new Items(events, request.redaction());
    this.conversation = new Conversation(request.thread());
    this.commands = new Commands(machine, items, request.shell());
    this.plan = new UpdatePlan(items);
    var tools = new Toolbox(tools(machine), items);
    this.turn = new Turn(request, events, model, conversation, tools, items, ending, waiting);
  }

  private List<ModelTool> tools(Machine machine) {
    var patches =
        new ApplyPatch(
            machine.door(),
            items,
            machine.judge().setting(),
            ending,
            request.directory(),
            !request.model().takesGrammars());
    var never = machine.judge().setting().policy() instanceof Policy.Never;
    var tools = new ArrayList<ModelTool>();
    tools.add(new ExecCommand(commands, patches, ending, never));
    tools.add(new WriteStdin(commands, ending));
    if (request.showsPlans()) {
      tools.add(plan);
    }
    tools.add(patches);
    tools.add(new ViewImage(request.directory()));
    return tools;
  }

  /// Shows what a person should know before the turn begins.
  public void warn() {
    request.warnings().forEach(items::trouble);
  }

  /// Runs the turn. Blocks until it is over.
  ///
  /// @throws InterruptedException if the run is ended meanwhile
  public Result run() throws InterruptedException {
    var prompt = request.prompt();
    if (prompt == null) {
      return result(null, "");
    }
    try {
      conversation.log().turn(request.context(), request.promptText());
      turn.run(prompt);
      conversation.log().completed(turn.lastMessage());
      return result(null, "");
    } catch (ModelFailure e) {
      return failed(String.valueOf(e.getMessage()), e.advice());
    } catch (Failed e) {
      return failed(String.valueOf(e.getMessage()), "");
    } catch (IOException e) {
      return failed("the thread cannot be kept: " + e.getMessage(), "");
    } catch (InterruptedException e) {
      note(() -> conversation.log().aborted("interrupted"));
      throw e;
    }
  }

  private Result failed(String message, String advice) {
    var masked = items.masked(message);
    events.publish(new ErrorReported(masked));
    note(() -> conversation.log().failed(masked));
    return result(masked, items.masked(advice));
  }

  private interface Noting {
    void run() throws IOException;
  }

  /// Keeps how the turn ended; if that is not possible, its end is what matters.
  private static void note(Noting it) {
    try {
      it.run();
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "the thread''s end was not kept: {0}", e.getMessage());
    }
  }

  private Result result(@Nullable String failure, String advice) {
    var last = turn.lastMessage();
    return new Result(
        failure,
        advice,
        ending.unanswered(),
        ending.refused(),
        ending.unconfined(),
        last == null ? null : items.masked(last),
        conversation.total(),
        conversation.ofTurn());
  }

  /// How far it has come, for a turn that was ended from outside.
  public Result soFar() {
    return result(null, "");
  }

  /// Ends every command that goes on, and completes every item.
  public void close() throws InterruptedException {
    try {
      commands.endAll();
    } finally {
      plan.complete();
      items.open().forEach(it -> items.complete(ended(it)));
      conversation.log().close();
      model.close();
    }
  }

  private static Item ended(Item it) {
    return switch (it) {
      case Item.CommandExecution command ->
          new Item.CommandExecution(
              command.id(), command.command(), command.output(), -1, Status.FAILED);
      case Item.FileChange change ->
          new Item.FileChange(change.id(), change.changes(), Status.FAILED);
      case Item.TodoList _, Item.AgentMessage _, Item.Reasoning _, Item.Trouble _ -> it;
    };
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Agent.class.getName());
  }
}
