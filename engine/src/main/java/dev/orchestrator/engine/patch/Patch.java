package dev.orchestrator.engine.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a patch says, part by part, in its order. Paths are as they were written.
public record Patch(List<Hunk> hunks) {
  /// Beyond this no text is read as a patch; in characters.
  public static final int MOST_CHARS = 4 * 1024 * 1024;

  /// Beyond this neither a patch is read nor a file changed; in lines.
  public static final int MOST_LINES = 250_000;

  /// Beyond this no patch is read; in parts.
  public static final int MOST_HUNKS = 1000;

  static final String BEGIN = "*** Begin Patch";
  static final String END = "*** End Patch";

  public Patch {
    hunks = List.copyOf(hunks);
  }

  /// One part: what becomes of one file.
  public sealed interface Hunk {
    /// The file, relative to the folder the patch is applied in, or absolute.
    String path();

    /// A whole new file. One that is there already is replaced.
    record AddFile(String path, List<String> lines) implements Hunk {
      public AddFile {
        lines = List.copyOf(lines);
      }
    }

    /// A file that goes.
    record DeleteFile(String path) implements Hunk {}

    /// A file that changes.
    ///
    /// @param movedTo where it is afterwards; null where it was
    /// @param chunks never empty
    record UpdateFile(String path, @Nullable String movedTo, List<Chunk> chunks) implements Hunk {
      public UpdateFile {
        chunks = List.copyOf(chunks);
      }
    }
  }

  /// Lines that stand in a file, and what becomes of them.
  ///
  /// @param anchor a line that stands somewhere before them; null for none
  /// @param lines never empty
  /// @param atEnd whether they are the file's last lines
  public record Chunk(@Nullable String anchor, List<Line> lines, boolean atEnd) {
    public Chunk {
      lines = List.copyOf(lines);
    }

    /// The lines that are looked for; none if there are only new ones, which go to the file's end.
    public List<String> before() {
      return lines.stream().filter(it -> it.sign() != Line.Sign.ADDED).map(Line::text).toList();
    }
  }

  /// One line of a chunk.
  public record Line(Sign sign, String text) {
    /// What becomes of a line.
    public enum Sign {
      /// It stays as it is in the file, even if the patch has it a little differently.
      CONTEXT,
      REMOVED,
      ADDED
    }
  }

  /// Reads a patch, with or without the lines of a here-document around it.
  ///
  /// @throws PatchException if it is not one, with the number of the line that is wrong
  public static Patch parse(String text) throws PatchException {
    return new PatchReader(text).read();
  }
}
