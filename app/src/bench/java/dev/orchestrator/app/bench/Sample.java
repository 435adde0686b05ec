package dev.orchestrator.app.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Measured values of one thing, in one unit.
record Sample(List<Double> sorted) {
  Sample {
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    sorted = sorted.stream().sorted().toList();
  }

  double least() {
    return sorted.getFirst();
  }

  double most() {
    return sorted.getLast();
  }

  double median() {
    return percentile(50);
  }

  /// The smallest value that is not exceeded by this share of all values.
  ///
  /// @param percent 1 to 100
  double percentile(int percent) {
    var rank = (int) Math.ceil(sorted.size() * percent / 100.0);
    return sorted.get(rank - 1);
  }

  /// What one round measured less what the other measured in the same round.
  ///
  /// @param minuends in the order in which they were measured, as the subtrahends are
  static Sample ofDifferences(List<Double> minuends, List<Double> subtrahends) {
    var differences = new ArrayList<Double>();
    for (var index = 0; index < minuends.size(); index++) {
      differences.add(minuends.get(index) - subtrahends.get(index));
    }
    return new Sample(differences);
  }

  /// One line for [#read]: a name without spaces, then the values in their order.
  static String line(String name, List<Double> values) {
    var line = new StringBuilder(name);
    values.forEach(it -> line.append(' ').append(Math.round(it)));
    return line.toString();
  }

  /// The values in lines made by [#line], by name.
  static Map<String, List<Double>> read(String lines) {
    var values = new HashMap<String, List<Double>>();
    lines
        .lines()
        .forEach(line -> {
          var words = List.of(line.split(" ", -1));
          values.put(
              words.getFirst(),
              words.subList(1, words.size()).stream().map(Double::valueOf).toList());
        });
    return values;
  }
}
