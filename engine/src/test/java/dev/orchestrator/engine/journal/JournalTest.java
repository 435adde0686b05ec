package dev.orchestrator.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.ErrorReported;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.testing.EventSchema;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final List<Event> STORY =
      List.of(
          new Event.TurnStarted(),
          new ErrorReported("grün\n🙂"),
          new OutputAppended(new SessionId("s1"), Channel.STDERR, 7, Bytes.of("hello"), true),
          new Event.TurnFailed("over"));

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void inNewFolder() {
    file = folder.resolve("events.jsonl");
  }

  @Test
  void holds_every_fact_as_one_line_without_bytes_of_output() throws Exception {
    write(STORY);

    assertThat(file)
        .hasContent(
            """
            {"type":"turn.started","seq":0,"at":"2026-01-01T12:00:00Z"}
            {"type":"error","seq":1,"at":"2026-01-01T12:00:00Z","message":"grün\\n🙂"}
            {"type":"exec.chunk","seq":2,"at":"2026-01-01T12:00:00Z","session":"s1","stream":"stderr","offset":7,"len":5}
            {"type":"turn.failed","seq":3,"at":"2026-01-01T12:00:00Z","error":{"message":"over"}}
            """);
    assertThat(Files.readAllLines(file)).allSatisfy(EventSchema::check);
  }

  @Test
  void reads_back_what_was_written() throws Exception {
    write(STORY);

    assertThat(Journal.read(file))
        .element(3)
        .isEqualTo(
            Map.of(
                "type",
                "turn.failed",
                "seq",
                3L,
                "at",
                "2026-01-01T12:00:00Z",
                "error",
                Map.of("message", "over")));
  }

  @Test
  void is_readable_up_to_the_last_whole_line_wherever_it_was_cut_off() throws Exception {
    write(STORY);
    var whole = Journal.read(file);
    var bytes = Files.readAllBytes(file);

    for (var length = 0; length <= bytes.length; length++) {
      var cut = Arrays.copyOf(bytes, length);
      Files.write(file, cut);
      assertThat(Journal.read(file)).as("%d bytes", length).isEqualTo(whole.subList(0, lines(cut)));
    }
  }

  @Test
  void is_on_disk_before_the_next_subscriber_hears_of_the_last_fact() throws Exception {
    try (var journal = Journal.open(file)) {
      journal.accept(new Envelope(0, NOON, STORY.get(0)), false);
      journal.accept(new Envelope(1, NOON, STORY.get(1)), true);

      assertThat(Journal.read(file)).hasSize(2);
    }
  }

  @Test
  void does_not_gather_more_than_a_few_facts_in_memory() throws Exception {
    try (var journal = Journal.open(file)) {
      journal.accept(new Envelope(0, NOON, new ErrorReported("x".repeat(40_000))), false);

      assertThat(Journal.read(file)).hasSize(1);
    }
  }

  @Test
  void is_never_written_over_another_one() throws Exception {
    Files.writeString(file, "{}\n");

    assertThatThrownBy(() -> Journal.open(file)).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(file).hasContent("{}\n");
  }

  @Test
  void says_which_file_could_not_be_written() throws Exception {
    var journal = Journal.open(file);
    journal.close();

    assertThatThrownBy(() -> journal.accept(new Envelope(0, NOON, STORY.get(0)), true))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the journal cannot be written: " + file);
  }

  @Test
  void refuses_to_read_a_whole_line_that_is_no_fact() throws Exception {
    Files.writeString(file, "{}\nnonsense\n{}\n");

    assertThatThrownBy(() -> Journal.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void refuses_to_read_a_file_that_is_not_there() {
    assertThatThrownBy(() -> Journal.read(file)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void keeps_nothing_for_an_ephemeral_run() throws Exception {
    Journal.none().accept(new Envelope(0, NOON, STORY.get(0)), true);

    assertThat(folder).isEmptyDirectory();
  }

  private void write(List<Event> story) throws IOException {
    try (var journal = Journal.open(file)) {
      for (var index = 0; index < story.size(); index++) {
        journal.accept(new Envelope(index, NOON, story.get(index)), index == story.size() - 1);
      }
    }
  }

  private static int lines(byte[] bytes) {
    var lines = 0;
    for (var it : bytes) {
      lines += it == '\n' ? 1 : 0;
    }
    return lines;
  }
}
