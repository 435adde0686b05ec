package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.Event.ErrorReported;
import dev.orchestrator.engine.event.Event.ModelReplied;
import dev.orchestrator.engine.event.Event.ThreadCompacted;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.model.ModelClient.Notice;
import dev.orchestrator.engine.model.ModelClient.Reply;
import dev.orchestrator.engine.model.ModelFailure;
import dev.orchestrator.engine.model.ModelRequest;
import dev.orchestrator.engine.model.ResponseItem;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The loop: ask the model, run its calls, until it has nothing more to call.
///
/// Confined to the thread of the run.
final class Turn {
  private static final int MOST_CUTS = 8;

  private final AgentRequest request;
  private final EventSink events;
  private final ModelClient model;
  private final Conversation conversation;
  private final Toolbox tools;
  private final Items items;
  private final Ending ending;
  private final Consumer<WaitingOn> waiting;
  private int requests;
  private @Nullable String lastMessage;

  /// @param waiting is told what the turn waits for
  Turn(
      AgentRequest request,
      EventSink events,
      ModelClient model,
      Conversation conversation,
      Toolbox tools,
      Items items,
      Ending ending,
      Consumer<WaitingOn> waiting) {
    this.request = request;
    this.events = events;
    this.model = model;
    this.conversation = conversation;
    this.tools = tools;
    this.items = items;
    this.ending = ending;
    this.waiting = waiting;
  }

  /// The turn cannot go on.
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  /// What the model said last; null for nothing.
  @Nullable String lastMessage() {
    return lastMessage;
  }

  /// Runs it to its regular end.
  ///
  /// @throws ModelFailure if the model cannot be asked
  /// @throws Failed if it came to an end that is none
  /// @throws IOException if the thread cannot be kept
  void run(ResponseItem prompt) throws ModelFailure, Failed, IOException, InterruptedException {
    conversation.add(prompt);
    var isSecondTry = false;
    while (true) {
      var reply = askWithRoom();
      var calls = reply.calls();
      if (calls.isEmpty()) {
        var complaints = complaints();
        if (complaints.isEmpty()) {
          return;
        }
        if (isSecondTry) {
          throw new Failed(
              "the answer does not match the output schema: " + String.join("; ", complaints));
        }
        isSecondTry = true;
        conversation.add(ResponseItem.user(correction(complaints)));
        continue;
      }
      waiting.accept(WaitingOn.COMMAND);
      tools.run(calls, conversation::add);
      waiting.accept(WaitingOn.NONE);
      var fatal = ending.fatal();
      if (fatal != null) {
        throw new Failed(fatal);
      }
      if (reply.usage().input() + reply.usage().output() >= request.model().compactAtTokens()) {
        compact(reply.usage().input());
      }
    }
  }

  private List<String> complaints() {
    var check = request.check();
    return check == null ? List.of() : check.complaints(lastMessage == null ? "" : lastMessage);
  }

  private static String correction(List<String> complaints) {
    return "Your answer does not match the required JSON schema:\n- "
        + String.join("\n- ", complaints)
        + "\nAnswer again with one JSON value that does, and nothing else.";
  }

  /// Asks; if the conversation does not fit, once more with a summary of it.
  private Reply askWithRoom() throws ModelFailure, IOException, InterruptedException {
    try {
      return ask();
    } catch (ModelFailure e) {
      if (e.kind() != ModelFailure.Kind.CONTEXT_WINDOW || conversation.size() < 3) {
        throw e;
      }
      compact(0);
      return ask();
    }
  }

  private Reply ask() throws ModelFailure, IOException, InterruptedException {
    var seen = new Seen();
    waiting.accept(WaitingOn.MODEL);
    var begun = System.nanoTime();
    try {
      var reply =
          model.ask(
              asked(
                  conversation.after(request.preamble()),
                  tools.descriptions(),
                  request.model().parallelCalls(),
                  request.model().text()),
              seen);
      replied(reply, begun);
      conversation.addAll(reply.items());
      conversation.used(reply.usage());
      return reply;
    } catch (ModelFailure | InterruptedException e) {
      // What was shown is part of the conversation.
      conversation.addAll(seen.shown);
      throw e;
    } finally {
      waiting.accept(WaitingOn.NONE);
    }
  }

  private void replied(Reply reply, long begunNanos) {
    var elapsed = Duration.ofNanos(System.nanoTime() - begunNanos);
    events.publish(new ModelReplied(++requests, request.model().name(), reply.usage(), elapsed));
  }

  private ModelRequest asked(
      List<ResponseItem> input,
      List<Map<String, @Nullable Object>> descriptions,
      boolean parallelCalls,
      Map<String, @Nullable Object> text) {
    return new ModelRequest(
        request.model().name(),
        input,
        descriptions,
        parallelCalls,
        request.model().reasoning(),
        text,
        conversation.id(),
        Map.of());
  }

  private void compact(long tokensBefore) throws ModelFailure, IOException, InterruptedException {
    var before = conversation.size();
    for (var cuts = 0; ; cuts++) {
      try {
        conversation.compact(summary());
        events.publish(new ThreadCompacted(before, conversation.size(), tokensBefore));
        return;
      } catch (ModelFailure e) {
        if (e.kind() != ModelFailure.Kind.CONTEXT_WINDOW
            || cuts >= MOST_CUTS
            || conversation.size() < 3) {
          throw e;
        }
        conversation.forgetOldest();
      }
    }
  }

  private String summary() throws ModelFailure, IOException, InterruptedException {
    waiting.accept(WaitingOn.MODEL);
    var begun = System.nanoTime();
    var input = new ArrayList<>(conversation.after(request.preamble()));
    input.add(ResponseItem.user(Texts.COMPACT));
    var reply = model.ask(asked(input, List.of(), false, Map.of()), new Quiet());
    replied(reply, begun);
    conversation.used(reply.usage());
    waiting.accept(WaitingOn.NONE);
    var text = new StringBuilder();
    reply.items().stream()
        .filter(ResponseItem::isAssistantMessage)
        .forEach(it -> text.append(it.messageText()).append('\n'));
    return text.toString();
  }

  /// Tells of retries only.
  private class Quiet implements ModelClient.Listener {
    @Override
    public void completed(ResponseItem item) {}

    @Override
    public void retrying(Notice notice) {
      events.publish(new ErrorReported(items.masked(notice.text())));
    }
  }

  /// Shows what the model says as soon as it has said it.
  private final class Seen extends Quiet {
    final List<ResponseItem> shown = new ArrayList<>();

    @Override
    public void completed(ResponseItem item) {
      if (item.isAssistantMessage()) {
        var said = item.messageText();
        lastMessage = request.isReview() ? ReviewText.of(said) : said;
        items.message(lastMessage);
        shown.add(item);
      } else if (item.type().equals("reasoning")) {
        items.reasoning(item.reasoningText());
        shown.add(item);
      }
    }
  }
}
