package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// Sessions of one kind and the facts they told, for tests.
final class SessionBench implements EventSink {
  /// Every kind of session there is.
  enum Kind {
    NATIVE_TERMINAL,
    PTY4J_TERMINAL,
    PIPES
  }

  private final Kind kind;
  private final Path folder;
  private final Tree tree = Tree.adopting("test-" + UUID.randomUUID());
  private final Sessions sessions;
  private final AtomicInteger started = new AtomicInteger();
  private boolean typing;
  private WindowSize size = WindowSize.DEFAULT;

  // Guarded by this.
  private final List<Event> facts = new ArrayList<>();

  SessionBench(Kind kind, Path folder) {
    this.kind = kind;
    this.folder = folder;
    this.sessions =
        new Sessions(
            this,
            ReaderPace.UNLIMITED,
            tree,
            Terminals.choose(kind == Kind.PTY4J_TERMINAL ? "pty4j" : "native"),
            folder.resolve("spool-" + UUID.randomUUID()),
            "");
  }

  SessionBench typing() {
    typing = true;
    return this;
  }

  SessionBench sized(WindowSize it) {
    size = it;
    return this;
  }

  Tree tree() {
    return tree;
  }

  Session.Ended run(String script) throws Exception {
    return start(script).await();
  }

  Session start(String script) throws IOException {
    return startProgram(folder, "sh", "-c", script);
  }

  Session startProgram(Path directory, String... words) throws IOException {
    return sessions.start(
        new SessionSpec(
            new SessionId("s" + started.incrementAndGet()),
            null,
            new Program(List.of(words), environment(), directory),
            kind == Kind.PIPES ? Optional.empty() : Optional.of(size),
            typing,
            Spool.DEFAULT_CAP_BYTES,
            Optional.empty(),
            Launch.PLAIN,
            null));
  }

  /// Starts a program with words of its own, and forgets what was told so far.
  Session startQuietly(String... words) throws IOException {
    synchronized (this) {
      facts.clear();
    }
    return startProgram(folder, words);
  }

  private static List<String> environment() {
    try {
      return Processes.ownEnvironment();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void publish(Event event) {
    facts.add(event);
    notifyAll();
  }

  synchronized List<String> texts() {
    return facts.stream()
        .filter(OutputAppended.class::isInstance)
        .map(it -> ((OutputAppended) it).bytes().toString())
        .toList();
  }

  synchronized void awaitOutput(String text) throws InterruptedException {
    while (!String.join("", texts()).contains(text)) {
      wait();
    }
  }

  synchronized <T extends Event> T await(Class<T> kindOfFact) throws InterruptedException {
    while (true) {
      var found = facts.stream().filter(kindOfFact::isInstance).map(kindOfFact::cast).findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      wait();
    }
  }
}
