package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import dev.orchestrator.engine.settings.Settings.SourceFile;
import dev.orchestrator.engine.settings.Settings.SourceFile.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads every layer and lays them over each other. Confined to one thread, used once.
final class Loader {
  private static final String FILE = "config.toml";
  private static final String OUR_FOLDER = ".orchestrator";
  private static final String CODEX_FOLDER = ".codex";
  private static final String PROFILE = "[A-Za-z0-9][A-Za-z0-9_-]*";

  private final SettingsSources sources;
  private final Checker checker;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<SourceFile> files = new ArrayList<>();

  Loader(SettingsSources sources) {
    this.sources = sources;
    this.checker = new Checker(sources.userHome());
  }

  Settings load() throws SettingsException {
    var users = users();
    var session = session();
    var own = users.copy();
    own.overlay(session);
    var places = ProjectPlaces.of(sources.cwd(), markers(own));
    var trust = trust(own, places);
    var forbidden = new ArrayList<String>();
    var whole = users.copy();
    for (var file : projectFiles(places)) {
      project(file, trust, places, users, forbidden).ifPresent(whole::overlay);
    }
    whole.overlay(session);
    problems.addAll(checker.problems());
    var odd = new ArrayList<>(checker.unknown());
    odd.addAll(forbidden);
    (sources.strict() ? problems : warnings).addAll(odd);
    if (!problems.isEmpty()) {
      throw new SettingsException(problems);
    }
    return new Settings(whole, trust, places, files, warnings, checker.unknown());
  }

  /// The machine's and the user's files.
  private Table users() {
    var users = new Table(new Origin.Default());
    sources.machine().ifPresent(it -> read(it.resolve(FILE), State.READ).ifPresent(users::overlay));
    for (var folder : List.of(sources.codexHome(), sources.home())) {
      if (sources.ignoreUserConfig()) {
        ignored(folder.resolve(FILE), State.LEFT_OUT);
      } else {
        read(folder.resolve(FILE), State.READ).ifPresent(users::overlay);
      }
    }
    sources
        .profile()
        .ifPresent(name -> {
          if (!name.matches(PROFILE)) {
            problems.add(
                "--profile: '%s' is no name; use letters, digits, '-' and '_'".formatted(name));
            return;
          }
          read(sources.codexHome().resolve(name + "." + FILE), State.READ)
              .ifPresent(users::overlay);
        });
    return users;
  }

  /// The environment, what was given with `-c`, and options, in this order.
  private Table session() {
    var session = new Table(new Origin.KeyValue());
    for (var key : Keys.withVariables()) {
      var text = sources.environment().apply(key.variable());
      if (text != null && !text.isEmpty()) {
        session.put(key.path(), new Leaf(text, new Origin.Environment(key.variable())));
      }
    }
    if (!sources.overrides().isEmpty()) {
      try {
        session.overlay(Overrides.layer(sources.overrides()));
      } catch (SettingsException e) {
        problems.addAll(e.problems());
      }
    }
    for (var it : sources.flags()) {
      session.put(Values.path(it.key()), new Leaf(it.value(), new Origin.Flag(it.option())));
    }
    return checker.check(session, sources.cwd());
  }

  private Optional<Table> read(Path file, State state) {
    try {
      var table = TomlFile.read(file);
      if (table.isEmpty()) {
        return Optional.empty();
      }
      files.add(new SourceFile(file, state));
      return Optional.of(checker.check(table.get(), file.toAbsolutePath().resolveSibling("")));
    } catch (SettingsException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private void ignored(Path file, State state) {
    if (Files.exists(file)) {
      files.add(new SourceFile(file, state));
    }
  }

  private static List<String> markers(Table own) {
    var path = List.of("project_root_markers");
    var value = own.find(path) instanceof Leaf it ? it.value() : null;
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(".git");
  }

  private static Trust trust(Table own, ProjectPlaces places) {
    for (var name : places.names()) {
      if (own.find(List.of("projects", name, "trust_level")) instanceof Leaf it) {
        return it.value().equals("trusted") ? Trust.TRUSTED : Trust.UNTRUSTED;
      }
    }
    return Trust.UNKNOWN;
  }

  /// The project's files, the one that wins last; the user's own are not a project's.
  private List<Path> projectFiles(ProjectPlaces places) {
    var found = new ArrayList<Path>();
    for (var folder : places.folders()) {
      for (var name : List.of(CODEX_FOLDER, OUR_FOLDER)) {
        var here = folder.resolve(name);
        if (!isUsers(here)) {
          found.add(here.resolve(FILE));
        }
      }
    }
    return found;
  }

  private boolean isUsers(Path folder) {
    return isSame(folder, sources.home()) || isSame(folder, sources.codexHome());
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return one.equals(other) || (Files.exists(one) && Files.isSameFile(one, other));
    } catch (java.io.IOException _) {
      return false;
    }
  }

  private Optional<Table> project(
      Path file, Trust trust, ProjectPlaces places, Table users, List<String> forbidden) {
    if (trust != Trust.TRUSTED) {
      if (Files.exists(file)) {
        ignored(file, trust == Trust.UNTRUSTED ? State.UNTRUSTED : State.UNKNOWN_PROJECT);
        warnings.add(untrusted(file, trust, places));
      }
      return Optional.empty();
    }
    var read = read(file, State.READ);
    if (read.isEmpty()) {
      return read;
    }
    var tightening = new Tightening(users);
    var allowed = tightening.allowed(read.get());
    forbidden.addAll(tightening.forbidden());
    warnings.addAll(tightening.warnings());
    return Optional.of(allowed);
  }

  private String untrusted(Path file, Trust trust, ProjectPlaces places) {
    if (trust == Trust.UNTRUSTED) {
      return "%s is ignored: the project %s is marked as untrusted".formatted(file, places.main());
    }
    return "%s is ignored: %s is not known to be trusted; to trust it, add [projects.%s] and below"
            .formatted(file, places.main(), Values.dotted(List.of(places.main().toString())))
        + " it trust_level = \"trusted\" to "
        + sources.codexHome().resolve(FILE);
  }
}
