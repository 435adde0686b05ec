package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.secret.Redaction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a turn shows: numbers items in the order of their first appearance, and sees to it that
/// each that was started is completed, once.
///
/// Safe from any thread.
final class Items {
  private final EventSink events;
  private final Redaction redaction;

  // Guarded by this, so that lines of one item cannot change places.
  private final Map<String, Item> open = new LinkedHashMap<>();
  private int next;

  Items(EventSink events, Redaction redaction) {
    this.events = events;
    this.redaction = redaction;
  }

  /// Makes an item of its id.
  interface Making {
    Item of(String id);
  }

  /// Makes an item that has yet to be completed.
  synchronized Item start(Making made) {
    var item = made.of("item_" + next++);
    open.put(item.id(), item);
    events.publish(new Event.ItemStarted(item));
    return item;
  }

  /// An item that was started is different now.
  synchronized void update(Item item) {
    if (open.replace(item.id(), item) != null) {
      events.publish(new Event.ItemUpdated(item));
    }
  }

  /// An item that was started is over; nothing happens if it was already.
  synchronized void complete(Item item) {
    if (open.remove(item.id()) != null) {
      events.publish(new Event.ItemCompleted(item));
    }
  }

  /// Makes an item that is complete at once.
  synchronized void add(Making made) {
    events.publish(new Event.ItemCompleted(made.of("item_" + next++)));
  }

  /// The model says something.
  void message(String text) {
    add(id -> new Item.AgentMessage(id, masked(text)));
  }

  /// The model tells of its thinking; nothing is shown of nothing.
  void reasoning(String text) {
    if (!text.isBlank()) {
      add(id -> new Item.Reasoning(id, masked(text)));
    }
  }

  /// Something went wrong that does not end the turn.
  void trouble(String message) {
    add(id -> new Item.Trouble(id, masked(message)));
  }

  /// Takes secrets out of a text.
  String masked(String text) {
    return redaction.mask(text);
  }

  /// Those that are not over.
  synchronized List<Item> open() {
    return List.copyOf(open.values());
  }
}
