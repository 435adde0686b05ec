package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The questions asked in one workspace, as far as they tell what an answer would have covered.
///
/// At most [#REMEMBERED] count. Losing one costs a number in a prompt, so what cannot be read is
/// passed over.
///
/// Safe from any thread.
public final class QuestionLog {
  /// Most questions that count.
  public static final int REMEMBERED = 200;

  private final Path folder;
  private final Path workspace;

  private QuestionLog(Path folder, Path workspace) {
    this.folder = folder;
    this.workspace = workspace;
  }

  /// The log of a workspace.
  ///
  /// @param folder of all logs, in the orchestrator's home
  public static QuestionLog of(Path folder, Path workspace) {
    return new QuestionLog(folder, workspace);
  }

  private Path file() {
    return folder.resolve(Cover.hash(workspace.toString()).substring(0, 16) + ".jsonl");
  }

  /// One question: what it was about, as a whole and part by part.
  ///
  /// @param text hash of a command's text; empty for anything else
  /// @param parts each with its exact key, and its words where only they matter; empty for what was
  ///   not understood
  public record Entry(String text, List<Part> parts) {
    public Entry {
      parts = List.copyOf(parts);
    }

    /// One part of a question.
    ///
    /// @param key of a [Cover.Exact]
    /// @param words literal ones; empty if a shape could never have covered it
    record Part(String key, List<String> words) {
      Part {
        words = List.copyOf(words);
      }

      private boolean isCoveredBy(Cover cover) {
        return switch (cover) {
          case Cover.Exact it -> it.key().equals(key);
          case Cover.OpaqueText _ -> false;
          case Cover.Shape it ->
              !words.isEmpty()
                  && it.covers(words.stream().map(word -> new Word(word, true)).toList());
          case Cover.McpTool it ->
              key.equals("mcp " + it.text())
                  || (it.tool().equals(Cover.Shape.ANY)
                      && key.startsWith("mcp " + it.server() + "/"));
          case Cover.Writable it ->
              key.startsWith("path ") && Path.of(key.substring(5)).startsWith(it.path());
        };
      }
    }

    /// What is to be remembered of a question.
    public static Entry of(Subject subject, Verdict verdict) {
      return switch (subject) {
        case Subject.Shell it when it.plan().isOpaque() ->
            new Entry(Cover.hash(it.plan()), List.of());
        case Subject.Shell it -> {
          var asked = Choices.asked(it, verdict);
          yield new Entry(
              Cover.hash(it.plan()),
              asked.stream().map(command -> part(command, verdict.exactOnly())).toList());
        }
        case Subject.Patch it ->
            new Entry("", it.files().stream().map(f -> new Part("path " + f, List.of())).toList());
        case Subject.Mcp it -> new Entry("", List.of(new Part("mcp " + it.text(), List.of())));
      };
    }

    private static Part part(Command command, boolean exactOnly) {
      var words = Reach.literal(command);
      var known = !exactOnly && words.size() == command.words().size();
      return new Part(Cover.keyOf(command), known ? words : List.of());
    }

    /// Whether an answer with these covers would have made the question needless.
    boolean isCoveredBy(List<Cover> covers) {
      return covers.stream().anyMatch(this::isText)
          || (!parts.isEmpty()
              && parts.stream().allMatch(part -> covers.stream().anyMatch(part::isCoveredBy)));
    }

    private boolean isText(Cover cover) {
      return cover instanceof Cover.OpaqueText it && it.hash().equals(text);
    }
  }

  /// The last questions, the newest last.
  public synchronized List<Entry> entries() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file(), StandardCharsets.UTF_8);
    } catch (IOException _) {
      return List.of();
    }
    var entries = new ArrayList<Entry>();
    for (var line : lines.subList(Math.max(0, lines.size() - REMEMBERED), lines.size())) {
      try {
        entries.add(entry(Json.readObject(line.getBytes(StandardCharsets.UTF_8))));
      } catch (IOException | IllegalArgumentException _) {
        // One number less in a prompt.
      }
    }
    return entries;
  }

  private static Entry entry(Map<String, @Nullable Object> fields) {
    var parts = new ArrayList<Entry.Part>();
    if (fields.get("parts") instanceof List<?> list) {
      for (var it : list) {
        var part = GrantLines.object(it);
        parts.add(
            new Entry.Part(
                GrantLines.text(part, "key"),
                part.get("words") instanceof List<?> words
                    ? words.stream().map(String::valueOf).toList()
                    : List.of()));
      }
    }
    return new Entry(GrantLines.text(fields, "text"), parts);
  }

  /// Adds a question.
  ///
  /// @throws IOException if it cannot be kept
  public synchronized void add(Entry entry) throws IOException {
    Files.createDirectories(folder);
    var file = file();
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else if (Files.size(file) > REMEMBERED * 4096L) {
      shorten();
    }
    Files.write(file, line(entry), StandardOpenOption.APPEND);
  }

  private void shorten() throws IOException {
    var kept = entries();
    var file = file();
    Files.write(file, new byte[0]);
    for (var it : kept.subList(kept.size() / 2, kept.size())) {
      Files.write(file, line(it), StandardOpenOption.APPEND);
    }
  }

  private static byte[] line(Entry entry) {
    var parts = new ArrayList<Map<String, @Nullable Object>>();
    for (var it : entry.parts()) {
      var part = new LinkedHashMap<String, @Nullable Object>();
      part.put("key", it.key());
      part.put("words", it.words());
      parts.add(part);
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("text", entry.text());
    fields.put("parts", parts);
    var text = new String(Json.line(fields), StandardCharsets.UTF_8) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
