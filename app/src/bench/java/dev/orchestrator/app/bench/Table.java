package dev.orchestrator.app.bench;

import java.util.ArrayList;
import java.util.List;

/// All that was measured, side by side.
///
/// Confined to the main thread.
final class Table {
  private static final List<String> HEAD =
      List.of("what", "ours", "beside it", "ratio", "bar", "", "what is beside it");
  private static final String GAP = "  ";

  /// A part of the table under its own heading.
  private record Section(String title, List<Row> rows) {}

  private final List<Section> sections = new ArrayList<>();

  /// Adds rows under a heading.
  void add(String title, List<Row> rows) {
    sections.add(new Section(title, List.copyOf(rows)));
  }

  /// What is over its budget by more than chance explains.
  List<String> failures() {
    return sections.stream()
        .flatMap(section ->
            section.rows().stream()
                .filter(Row::isFailure)
                .map(row -> "%s: %s: %s".formatted(section.title(), row.what(), row.ours())))
        .toList();
  }

  /// The table as text, lines as wide as its longest cells need.
  String text() {
    var lines = new ArrayList<List<String>>();
    lines.add(HEAD);
    for (var section : sections) {
      lines.add(List.of());
      lines.add(List.of(section.title()));
      section.rows().stream().map(Table::cells).forEach(lines::add);
    }
    var widths = widths(lines);
    var text = new StringBuilder();
    for (var line : lines) {
      text.append(line(line, widths)).append('\n');
    }
    return text.toString();
  }

  private static List<String> cells(Row row) {
    var beside = row.beside();
    return List.of(
        GAP + row.what(),
        row.ours().toString(),
        beside == null ? "" : beside.amount().toString(),
        row.ratio(),
        row.limit(),
        row.verdict(),
        beside == null ? "" : beside.what());
  }

  private static int[] widths(List<List<String>> lines) {
    var widths = new int[HEAD.size()];
    for (var line : lines) {
      for (var column = 0; line.size() > 1 && column < line.size(); column++) {
        widths[column] = Math.max(widths[column], line.get(column).length());
      }
    }
    return widths;
  }

  private static String line(List<String> cells, int[] widths) {
    var line = new StringBuilder();
    for (var column = 0; column < cells.size(); column++) {
      var cell = cells.get(column);
      var room = " ".repeat(Math.max(0, widths[column] - cell.length()));
      var isNumber = column > 0 && column < 5;
      line.append(column == 0 ? "" : GAP).append(isNumber ? room + cell : cell + room);
    }
    return line.toString().stripTrailing();
  }
}
