package dev.orchestrator.engine.patch;

import dev.orchestrator.engine.patch.Patch.Chunk;
import dev.orchestrator.engine.patch.Patch.Hunk;
import dev.orchestrator.engine.patch.Patch.Line;
import dev.orchestrator.engine.patch.Patch.Line.Sign;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the text of a patch, as widely as Codex does: markers may be padded, a first chunk may
/// stand without its `@@`. Used once, by one thread.
final class PatchReader {
  private static final String ADD = "*** Add File: ";
  private static final String DELETE = "*** Delete File: ";
  private static final String UPDATE = "*** Update File: ";
  private static final String MOVE = "*** Move to: ";
  private static final String END_OF_FILE = "*** End of File";
  private static final String MARKER = "***";
  private static final String CHUNK = "@@";
  private static final String ANCHORED = "@@ ";

  private static final Set<String> HEREDOCS = Set.of("<<EOF", "<<'EOF'", "<<\"EOF\"");
  private static final String HEREDOC_END = "EOF";

  /// Begin, end and the two lines of a here-document around them.
  private static final int LEAST_WRAPPED_LINES = 4;

  private final List<String> lines;

  /// The next line, and one past the last.
  private int at;

  private int end;

  /// What is added to an index to number a line for people.
  private int numbering;

  PatchReader(String text) throws PatchException {
    if (text.length() > Patch.MOST_CHARS) {
      throw PatchException.invalid(
          "It has %d characters, %d are allowed. Split it into several patches"
              .formatted(text.length(), Patch.MOST_CHARS));
    }
    if (hasHalfCharacter(text)) {
      throw PatchException.invalid("It has half a character (an unpaired surrogate)");
    }
    var source = SourceText.of(Blanks.trim(text));
    if (source.isEmpty()) {
      throw PatchException.invalid(
          "It has more than %d lines. Split it into several patches".formatted(Patch.MOST_LINES));
    }
    lines = source.get().lines();
    end = lines.size();
  }

  private static boolean hasHalfCharacter(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))
          && (i + 1 == text.length()
              || !Character.isSurrogatePair(text.charAt(i), text.charAt(++i)))) {
        return true;
      }
    }
    return false;
  }

  Patch read() throws PatchException {
    open();
    var hunks = new ArrayList<Hunk>();
    while (at < end) {
      if (hunks.size() == Patch.MOST_HUNKS) {
        throw PatchException.invalid(
            "It changes more than %d files. Split it into several patches"
                .formatted(Patch.MOST_HUNKS));
      }
      hunks.add(hunk());
    }
    return new Patch(hunks);
  }

  /// Takes the first and the last line off. Lines are counted from the patch's own first one.
  private void open() throws PatchException {
    if (!isFramed() && isWrapped()) {
      at++;
      end--;
    }
    if (at >= end || !isBegin()) {
      throw PatchException.invalid("The first line of the patch must be '" + Patch.BEGIN + "'");
    }
    if (!isFramed()) {
      throw PatchException.invalid("The last line of the patch must be '" + Patch.END + "'");
    }
    numbering = 1 - at;
    at++;
    end--;
  }

  private boolean isWrapped() {
    return end >= LEAST_WRAPPED_LINES
        && HEREDOCS.contains(lines.getFirst())
        && lines.getLast().endsWith(HEREDOC_END);
  }

  private boolean isBegin() {
    return Blanks.trim(lines.get(at)).equals(Patch.BEGIN);
  }

  private boolean isFramed() {
    return at < end - 1 && isBegin() && Blanks.trim(lines.get(end - 1)).equals(Patch.END);
  }

  private Hunk hunk() throws PatchException {
    var first = at;
    var header = Blanks.trim(lines.get(at++));
    if (header.startsWith(ADD)) {
      return new Hunk.AddFile(path(header, ADD, first), added());
    }
    if (header.startsWith(DELETE)) {
      return new Hunk.DeleteFile(path(header, DELETE, first));
    }
    if (header.startsWith(UPDATE)) {
      return update(path(header, UPDATE, first), first);
    }
    throw wrong(
        first,
        "'%s' is not a valid hunk header. Valid hunk headers: '%s{path}', '%s{path}', '%s{path}'"
            .formatted(header, ADD, DELETE, UPDATE));
  }

  private String path(String header, String marker, int line) throws PatchException {
    var path = header.substring(marker.length());
    if (path.indexOf(0) >= 0) {
      throw wrong(line, "The path has a NUL character");
    }
    return path;
  }

  private List<String> added() {
    var found = new ArrayList<String>();
    while (at < end && lines.get(at).startsWith("+")) {
      found.add(lines.get(at++).substring(1));
    }
    return found;
  }

  private Hunk update(String path, int first) throws PatchException {
    @Nullable String movedTo = null;
    if (at < end && lines.get(at).startsWith(MOVE)) {
      movedTo = path(lines.get(at), MOVE, at);
      at++;
    }
    var chunks = new ArrayList<Chunk>();
    while (at < end && !lines.get(at).startsWith(MARKER)) {
      if (Blanks.trim(lines.get(at)).isEmpty()) {
        at++;
      } else {
        chunks.add(chunk(chunks.isEmpty()));
      }
    }
    if (chunks.isEmpty()) {
      throw wrong(first, "Update file hunk for path '%s' is empty".formatted(path));
    }
    return new Hunk.UpdateFile(path, movedTo, chunks);
  }

  private Chunk chunk(boolean isFirst) throws PatchException {
    @Nullable String anchor = null;
    var first = at;
    var header = lines.get(at);
    if (header.equals(CHUNK) || header.startsWith(ANCHORED)) {
      anchor = header.equals(CHUNK) ? null : header.substring(ANCHORED.length());
      at++;
    } else if (!isFirst) {
      throw wrong(
          first,
          "Expected update hunk to start with a @@ context marker, got: '%s'".formatted(header));
    }
    var found = new ArrayList<Line>();
    var body = at;
    while (at < end && !lines.get(at).equals(END_OF_FILE)) {
      var line = line(lines.get(at));
      if (line.isEmpty()) {
        if (at == body) {
          // Codex counts from the chunk's first line, whether that is a header or not.
          throw wrong(
              first + 1,
              ("Unexpected line found in update hunk: '%s'. Every line should start with ' '"
                      + " (context line), '+' (added line), or '-' (removed line)")
                  .formatted(lines.get(at)));
        }
        return new Chunk(anchor, found, /* atEnd= */ false);
      }
      found.add(line.get());
      at++;
    }
    if (at == body) {
      throw wrong(first + 1, "Update hunk does not contain any lines");
    }
    var atEnd = at < end;
    if (atEnd) {
      at++;
    }
    return new Chunk(anchor, found, atEnd);
  }

  private static Optional<Line> line(String text) {
    if (text.isEmpty()) {
      return Optional.of(new Line(Sign.CONTEXT, ""));
    }
    var rest = text.substring(1);
    return switch (text.charAt(0)) {
      case ' ' -> Optional.of(new Line(Sign.CONTEXT, rest));
      case '-' -> Optional.of(new Line(Sign.REMOVED, rest));
      case '+' -> Optional.of(new Line(Sign.ADDED, rest));
      default -> Optional.empty();
    };
  }

  private PatchException wrong(int index, String why) {
    return PatchException.invalidHunk(index + numbering, why);
  }
}
