package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Answers that are remembered: those of this run in memory, all others in a file of the
/// orchestrator's home.
///
/// Every line of the file has the hash of its content. A line that is damaged makes the whole file
/// count for nothing, and says so.
///
/// Safe from any thread.
public final class Grants {
  private static final int ID_BYTES = 4;

  private final GrantFile file;

  /// Guarded by itself.
  private final List<Grant> session = new ArrayList<>();

  /// Remembers in a file, which need not exist.
  public Grants(Path file) {
    this.file = new GrantFile(file);
  }

  /// Where the answers are kept.
  public Path file() {
    return file.path();
  }

  /// A new name for a grant.
  public static String newId() {
    return HexFormat.of().formatHex(Posix.random(ID_BYTES));
  }

  /// Remembers an answer, for this run in memory only.
  ///
  /// @throws IOException if it cannot be kept
  public void add(Grant grant) throws IOException {
    if (grant.scope() == Scope.RUN) {
      synchronized (session) {
        session.add(grant);
      }
      return;
    }
    file.add(_ -> Optional.of(GrantLines.fields(grant)));
  }

  /// Answers of this run, the newest first.
  public List<Grant> ofThisRun() {
    synchronized (session) {
      return session.stream().filter(Grants::counts).toList().reversed();
    }
  }

  private static boolean counts(Grant it) {
    return it.uses() != 0 && (it.expires() == null || Instant.now().isBefore(it.expires()));
  }

  /// Answers kept in the file that still count, the newest first.
  ///
  /// @throws GrantsException if the file is damaged
  /// @throws IOException if it cannot be read
  public List<Grant> kept() throws IOException {
    return file.read().values().stream().filter(Grants::counts).toList().reversed();
  }

  /// Notes that a grant is used, if its uses are counted.
  ///
  /// @return whether it still counts; if not, it must not be used
  /// @throws IOException if that cannot be kept; the grant must not be used then
  public boolean use(Grant grant) throws IOException {
    if (grant.uses() < 0) {
      return true;
    }
    if (grant.scope() == Scope.RUN) {
      return useInRun(grant.id());
    }
    return file.add(grants -> {
      var now = grants.get(grant.id());
      return now != null && counts(now) ? Optional.of(ended("used", grant.id())) : Optional.empty();
    });
  }

  private boolean useInRun(String id) {
    synchronized (session) {
      var index = 0;
      while (index < session.size() && !session.get(index).id().equals(id)) {
        index++;
      }
      if (index == session.size() || !counts(session.get(index))) {
        return false;
      }
      session.set(index, session.get(index).withUses(session.get(index).uses() - 1));
      return true;
    }
  }

  private static Map<String, @Nullable Object> ended(String how, String id) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put(how, id);
    fields.put("at", Instant.now().toString());
    return fields;
  }

  /// Ends a grant.
  ///
  /// @return the grant; empty if there is none by that name
  /// @throws IOException if the file cannot be read or written
  public Optional<Grant> revoke(String id) throws IOException {
    var found = new AtomicReference<@Nullable Grant>();
    file.add(grants -> {
      found.set(grants.get(id));
      return grants.containsKey(id) ? Optional.of(ended("revoked", id)) : Optional.empty();
    });
    return Optional.ofNullable(found.get());
  }
}
