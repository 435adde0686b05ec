package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.InstructionSource;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Change;
import dev.orchestrator.engine.event.Item.Kind;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Item.Todo;
import dev.orchestrator.engine.event.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Facts about a model and its tools.
final class AgentExamples {
  private static final Path SHOP = Path.of("/home/ada/shop");

  static final List<Event> FACTS =
      List.of(
          new Event.InstructionsLoaded(
              List.of(new InstructionSource(SHOP.resolve("AGENTS.md"), "0".repeat(64), 32768, 12))),
          new Event.ItemCompleted(new Item.Reasoning("item_0", "Weighing two options.")),
          new Event.ItemCompleted(new Item.AgentMessage("item_1", "The second one.")),
          new Event.ItemStarted(
              new Item.FileChange(
                  "item_2",
                  List.of(
                      new Change(SHOP.resolve("a.txt"), Kind.ADD),
                      new Change(SHOP.resolve("b.txt"), Kind.UPDATE),
                      new Change(SHOP.resolve("c.txt"), Kind.DELETE)),
                  Status.IN_PROGRESS)),
          new Event.ItemUpdated(
              new Item.TodoList("item_3", List.of(new Todo("Read", true), new Todo("Fix", false)))),
          new Event.ItemCompleted(new Item.Trouble("item_4", "unsupported call: sing")),
          new Event.ModelReplied(1, "gpt-5.5", new Usage(5, 4, 3, 2, 1), Duration.ofMillis(1200)),
          new Event.ThreadCompacted(120, 7, 250_000));

  static final String CODEX_LINES =
      """
      {"type":"item.completed","item":{"id":"item_0","type":"reasoning","text":"Weighing two options."}}
      {"type":"item.completed","item":{"id":"item_1","type":"agent_message","text":"The second one."}}
      {"type":"item.started","item":{"id":"item_2","type":"file_change","changes":[{"path":"/home/ada/shop/a.txt","kind":"add"},{"path":"/home/ada/shop/b.txt","kind":"update"},{"path":"/home/ada/shop/c.txt","kind":"delete"}],"status":"in_progress"}}
      {"type":"item.updated","item":{"id":"item_3","type":"todo_list","items":[{"text":"Read","completed":true},{"text":"Fix","completed":false}]}}
      {"type":"item.completed","item":{"id":"item_4","type":"error","message":"unsupported call: sing"}}
      """;

  /// `@` stands for place and time.
  static final String LINES =
      """
      {"type":"instructions.loaded",@,"sources":[{"file":"/home/ada/shop/AGENTS.md","sha256":"0000000000000000000000000000000000000000000000000000000000000000","bytes":32768,"cut_bytes":12}]}
      {"type":"item.completed",@,"item":{"id":"item_0","type":"reasoning","text":"Weighing two options."}}
      {"type":"item.completed",@,"item":{"id":"item_1","type":"agent_message","text":"The second one."}}
      {"type":"item.started",@,"item":{"id":"item_2","type":"file_change","changes":[{"path":"/home/ada/shop/a.txt","kind":"add"},{"path":"/home/ada/shop/b.txt","kind":"update"},{"path":"/home/ada/shop/c.txt","kind":"delete"}],"status":"in_progress"}}
      {"type":"item.updated",@,"item":{"id":"item_3","type":"todo_list","items":[{"text":"Read","completed":true},{"text":"Fix","completed":false}]}}
      {"type":"item.completed",@,"item":{"id":"item_4","type":"error","message":"unsupported call: sing"}}
      {"type":"model.replied",@,"number":1,"model":"gpt-5.5","usage":{"input_tokens":5,"cached_input_tokens":4,"cache_write_input_tokens":3,"output_tokens":2,"reasoning_output_tokens":1},"elapsed_ms":1200}
      {"type":"thread.compacted",@,"entries_before":120,"entries_after":7,"tokens_before":250000}
      """;

  private AgentExamples() {}
}
