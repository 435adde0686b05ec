package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Kind;
import dev.orchestrator.engine.plan.Command.Word;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds commands that destroy something: files, history, devices, permissions.
///
/// Errs on the side of finding too much. Where a target is not known, it may be any.
public final class Dangers {
  private static final Set<String> DEVICES =
      Set.of(
          "wipefs",
          "fdisk",
          "sfdisk",
          "cfdisk",
          "gdisk",
          "sgdisk",
          "parted",
          "blkdiscard",
          "mkswap",
          "hdparm",
          "nvme",
          "cryptsetup",
          "lvremove",
          "vgremove",
          "pvremove",
          "zpool",
          "zfs",
          "diskutil");
  private static final Set<String> MACHINE =
      Set.of("shutdown", "reboot", "halt", "poweroff", "init", "telinit", "kexec");

  private static final Pattern PATTERN =
      Pattern.compile("(?:[A-Za-z0-9_./+-]*/)?[A-Za-z0-9_*?][A-Za-z0-9_.+*?-]*");

  private Dangers() {}

  /// All of them in a plan, in the order of its commands.
  public static List<Danger> in(Plan plan) {
    return plan.commands().stream().flatMap(it -> of(it).stream()).toList();
  }

  /// What is destructive about one command.
  public static List<Danger> of(Command command) {
    var found = new ArrayList<Danger>();
    for (var it : command.redirections()) {
      if (it.kind() == Kind.WRITE) {
        var file = it.file();
        var targets = file == null ? List.<Path>of() : List.of(file);
        found.add(new Danger("truncate", text(command), targets, file != null, false, command));
      }
    }
    if (command.words().isEmpty() || !command.words().getFirst().isLiteral()) {
      return found;
    }
    var words = command.words();
    var name = baseName(words.getFirst().text());
    switch (name) {
      case "rm", "unlink", "rmdir" -> {
        if (name.equals("rm") && hasOption(words, "frR", Set.of("force", "recursive"))) {
          found.add(files("delete", command));
        }
      }
      case "shred", "srm" -> found.add(files("delete", command));
      case "truncate" -> found.add(files("truncate", command, withoutSize(words)));
      case "chmod", "chown", "chgrp", "setfacl", "chattr" -> {
        if (hasOption(words, "R", Set.of("recursive"))) {
          found.add(files("permissions", command, withoutMode(words)));
        }
      }
      case "find" -> find(command, found);
      case "git" -> GitDangers.of(command, found);
      case "dd" -> dd(command, found);
      case "rsync" -> {
        if (words.stream()
            .anyMatch(
                it -> it.text().startsWith("--del") || it.text().startsWith("--remove-source"))) {
          found.add(files("delete", command));
        }
      }
      case "kill", "pkill", "killall", "killall5" -> {
        if (!name.equals("kill") || words.stream().skip(1).anyMatch(Dangers::isEveryone)) {
          found.add(beyond("processes", command));
        }
      }
      case "systemctl", "loginctl" -> {
        if (words.stream()
            .anyMatch(it ->
                Set.of("poweroff", "reboot", "halt", "kexec", "rescue", "emergency")
                    .contains(it.text()))) {
          found.add(beyond("machine", command));
        }
      }
      default -> {
        if (MACHINE.contains(name)) {
          found.add(beyond("machine", command));
        } else if (DEVICES.contains(name)
            || name.equals("mkfs")
            || name.startsWith("mkfs.")
            || name.startsWith("newfs")) {
          found.add(beyond("device", command));
        }
      }
    }
    return found;
  }

  /// The arguments of `truncate` without the value of its option.
  private static List<Word> withoutSize(List<Word> words) {
    var left = new ArrayList<Word>();
    for (var i = 1; i < words.size(); i++) {
      if (!Set.of("-s", "-r", "-cs").contains(words.get(i - 1).text())) {
        left.add(words.get(i));
      }
    }
    return left;
  }

  /// The arguments of `chmod` and its like without the first one, which is no file.
  private static List<Word> withoutMode(List<Word> words) {
    var left = new ArrayList<>(words.subList(1, words.size()));
    for (var i = 0; i < left.size(); i++) {
      if (!left.get(i).text().startsWith("-")) {
        left.remove(i);
        break;
      }
    }
    return left;
  }

  private static boolean isEveryone(Word it) {
    return it.text().equals("-1") || it.text().equals("0");
  }

  /// A danger about the files that the arguments name.
  static Danger files(String kind, Command command) {
    return files(kind, command, command.words().subList(1, command.words().size()));
  }

  static Danger files(String kind, Command command, List<Word> arguments) {
    var targets = new ArrayList<Path>();
    var areKnown = true;
    var areOptions = true;
    for (var it : arguments) {
      if (areOptions && it.isLiteral() && it.text().startsWith("-")) {
        areOptions = !it.text().equals("--");
        continue;
      }
      var file = resolve(it, command);
      if (file == null) {
        areKnown = false;
      } else {
        targets.add(file);
      }
    }
    return new Danger(kind, text(command), targets, areKnown && !targets.isEmpty(), false, command);
  }

  static Danger beyond(String kind, Command command) {
    return new Danger(kind, text(command), List.of(), false, true, command);
  }

  private static @Nullable Path resolve(Word it, Command command) {
    var place = new Place(command.directory(), true);
    var text = it.text();
    if (it.isLiteral() || !PATTERN.matcher(text).matches()) {
      return place.resolve(it);
    }
    // What a pattern in the last part of a path matches is in the folder before it.
    var folder = text.substring(0, text.lastIndexOf('/') + 1);
    return place.resolve(new Word(folder.isEmpty() ? "." : folder, true));
  }

  /// Whether an option is given, or may be in what is not known.
  static boolean hasOption(List<Word> words, String letters, Set<String> names) {
    for (var it : words.subList(1, words.size())) {
      var text = it.text();
      if (!it.isLiteral()) {
        // Unquoted, it may be any number of words, options among them.
        if (text.startsWith("$")
            || text.startsWith("`")
            || text.startsWith("{")
            || text.startsWith("-")
            || text.contains("@")
            || text.equals("…")) {
          return true;
        }
      } else if (text.equals("--")) {
        return false;
      } else if (text.startsWith("--")) {
        // Programs accept beginnings of long options.
        var option = text.substring(2);
        if (names.stream().anyMatch(name -> !option.isEmpty() && name.startsWith(option))) {
          return true;
        }
      } else if (text.startsWith("-") && text.chars().anyMatch(c -> letters.indexOf(c) >= 0)) {
        return true;
      }
    }
    return false;
  }

  private static void find(Command command, List<Danger> found) {
    var words = command.words();
    if (words.stream()
        .noneMatch(it ->
            Set.of("-delete", "-fprint", "-fprint0", "-fls", "-fprintf").contains(it.text()))) {
      return;
    }
    // Starting points stand before the first test.
    var points = new ArrayList<Word>();
    for (var it : words.subList(1, words.size())) {
      if (it.text().startsWith("-") || it.text().equals("(") || it.text().equals("!")) {
        if (!Set.of("-H", "-L", "-P").contains(it.text())) {
          break;
        }
      } else {
        points.add(it);
      }
    }
    if (points.isEmpty()) {
      points.add(new Word(".", true));
    }
    found.add(files("delete", command, points));
  }

  private static void dd(Command command, List<Danger> found) {
    for (var it : command.words()) {
      if (it.text().startsWith("of=")) {
        var file = resolve(new Word(it.text().substring(3), it.isLiteral()), command);
        var targets = file == null ? List.<Path>of() : List.of(file);
        found.add(new Danger("device", text(command), targets, file != null, false, command));
      } else if (!it.isLiteral()) {
        found.add(new Danger("device", text(command), List.of(), false, false, command));
      }
    }
  }

  static String baseName(String program) {
    return program.substring(program.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
  }

  static String text(Command command) {
    return String.join(" ", command.words().stream().map(Word::text).toList());
  }
}
