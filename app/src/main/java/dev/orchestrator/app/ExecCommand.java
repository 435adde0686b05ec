package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.app.flags.AccessFlags;
import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.app.flags.ExecFlags.Doing;
import dev.orchestrator.app.flags.SettingsFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.agent.AgentRequest;
import dev.orchestrator.engine.agent.AnswerCheck;
import dev.orchestrator.engine.agent.Conversation;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.event.InstructionSource;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.instructions.Instructions;
import dev.orchestrator.engine.model.Cassette;
import dev.orchestrator.engine.model.HttpModelClient;
import dev.orchestrator.engine.model.Limits;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.model.ModelFailure;
import dev.orchestrator.engine.model.Pace;
import dev.orchestrator.engine.model.Provider;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.schema.AnswerSchema;
import dev.orchestrator.engine.schema.SchemaProblem;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.settings.Origin;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.settings.SettingsSources.Flag;
import dev.orchestrator.engine.settings.Trust;
import dev.orchestrator.engine.thread.ThreadLog;
import dev.orchestrator.engine.thread.ThreadMeta;
import dev.orchestrator.engine.thread.ThreadStore;
import dev.orchestrator.engine.thread.TurnContext;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// `orchestrator exec`: everything up to the first request, in the order in which it can fail.
final class ExecCommand {
  private static final int SHOWN_PROMPT_CHARS = 200;
  private static final int MOST_SCHEMA_BYTES = 1024 * 1024;
  private static final String WRITABLE = "sandbox_workspace_write.writable_roots";
  private static final Optional<String> NOTHING = Optional.empty();

  private final Invocation invocation;
  private final Home home;
  private final BooleanSupplier begins;

  /// A command.
  ///
  /// @param begins asked on the calling thread before the first thing is changed; false ends it
  ExecCommand(Invocation invocation, BooleanSupplier begins) {
    this.invocation = invocation;
    this.home = invocation.home();
    this.begins = begins;
  }

  /// @return the code to end with
  /// @throws UsageError if an option says something that cannot be
  /// @throws ExecFailure if the run cannot begin
  int run(ExecFlags flags) throws UsageError, ExecFailure, IOException, InterruptedException {
    flags.ignored().forEach(it -> say("%s is accepted and has no meaning here".formatted(it)));
    var ofEnvironment = Redaction.of(invocation.variables());
    var stored = new ThreadStore(home.threads(), InstantSource.system(), ofEnvironment);
    var here = directory(flags.cwd());
    var thread = ExecThread.find(flags, stored, here);
    var directory = flags.cwd().isPresent() ? here : directoryOf(thread, here);
    var settings = settings(flags, directory);
    if (!begins.getAsBoolean()) {
      return Signal.TERM.exitCode();
    }
    // Codex passes over keys that it does not know; as items they would be part of the turn.
    settings.unknown().forEach(this::say);
    var prompts = new Prompts(flags, invocation);
    var text = prompts.text();
    var schema = schema(flags);
    if (!flags.skipGitCheck() && RunFolder.workTree(directory).isEmpty()) {
      throw new ExecFailure(
          "Not inside a trusted directory and --skip-git-repo-check was not specified.");
    }
    var run = Names.run(InstantSource.system());
    var task = flags.task().orElse(RunFolder.taskFor(directory));
    var addDirs = addDirs(flags, directory);
    var access =
        Access.open(
            accessFlags(flags, settings, addDirs, thread.context()),
            settings,
            invocation,
            directory,
            Parts.records(flags.runsDir(), settings, directory, invocation),
            run,
            task);
    if (!flags.allowLooser() && !settings.flag("orchestrator.exec.allow_looser").orElse(false)) {
      var said = new ArrayList<>(addDirs);
      if (isSaid(settings, WRITABLE)) {
        said.addAll(settings.paths(WRITABLE).orElse(List.of()));
      }
      refuseLooser(said, thread.context(), access);
    }
    var probing = Probing.start(access, invocation);
    var models = new Models(flags.settings(), settings, invocation::variable);
    var provider = models.provider();
    var redaction = ofEnvironment.and(models.secrets(provider));
    var store = new ThreadStore(home.threads(), InstantSource.system(), redaction);
    var last = thread.context();
    var model =
        models.name(flags.doing() instanceof Doing.Review, last == null ? null : last.model());
    var id = thread.id();
    var confined = !access.setting().confinement().isNone();
    var found = Instructions.find(home.codex(), directory, settings);
    var shell = new ModelShell(invocation, settings, run, id);
    var preamble =
        new Preamble(
            settings,
            access.setting(),
            found,
            Place.of(
                invocation,
                directory,
                access.setting().confinement(),
                ModelShell.file(invocation)));
    var log = log(flags, thread, store, id, directory, provider);
    var request =
        new AgentRequest(
            run,
            task,
            Main.VERSION,
            command(flags, text, redaction),
            directory,
            new Conversation.Beginning(id, thread.history(), thread.usage(), log),
            context(run, directory, access, model, provider, settings),
            preamble.items(flags.doing() instanceof Doing.Review),
            text.isEmpty() ? null : prompts.item(text.get()),
            text.orElse(""),
            found.sources().stream().map(ExecCommand::source).toList(),
            warnings(settings, found),
            models.setting(model, provider, schema == null ? null : format(schema)),
            shell.setting(directory, models.limit(model), confined),
            settings.flag("tools.update_plan.enabled").orElse(false),
            flags.doing() instanceof Doing.Review,
            schema == null ? null : check(schema),
            flags.timeout(),
            redaction,
            null,
            null);
    return new ExecComposition(invocation, probing)
        .run(flags, request, access, client(flags, provider, directory, redaction), settings);
  }

  /// What every turn needs is made ready while settings are read: native calls, JSON, the parser of
  /// scripts, and the way to the model. Nobody waits for it.
  static void warm(ExecFlags flags) {
    Thread.ofPlatform()
        .name("warm")
        .daemon()
        .start(() -> {
          var _ = Posix.isSupported();
          Json.prepare();
          var _ = new Plans(_ -> null).ofScript("true", Path.of("/"));
        });
    if (flags.replay().isEmpty()) {
      Thread.ofPlatform().name("warm-model").daemon().start(HttpModelClient::prepare);
    }
  }

  private Path directory(Optional<Path> named) throws ExecFailure {
    var directory = invocation.directory(named);
    try {
      return directory.toRealPath();
    } catch (IOException _) {
      throw new ExecFailure("--cd: %s is no folder; name one that is there".formatted(directory));
    }
  }

  /// A thread goes on where it was, unless the command line says otherwise.
  private static Path directoryOf(ExecThread thread, Path here) throws ExecFailure {
    var last = thread.context();
    if (last == null || last.cwd().equals(here)) {
      return here;
    }
    if (!Files.isDirectory(last.cwd())) {
      throw new ExecFailure(
          "the thread's folder %s is gone; say where to go on with --cd".formatted(last.cwd()));
    }
    return last.cwd();
  }

  private Settings settings(ExecFlags flags, Path directory) throws UsageError {
    var settings = Configuration.load(settingsFlags(flags), invocation, directory);
    if (!flags.settings().trust() || settings.trust() != Trust.UNKNOWN) {
      return settings;
    }
    var project = RunFolder.workTree(directory).orElse(directory).toString();
    var trusted = new Flag("--trust", Settings.key("projects", project, "trust_level"), "trusted");
    return Configuration.load(settingsFlags(flags), List.of(trusted), invocation, directory);
  }

  private static SettingsFlags settingsFlags(ExecFlags flags) {
    var it = flags.settings();
    return new SettingsFlags(it.overrides(), it.profile(), it.ignoreUserConfig(), it.strict());
  }

  /// Whether this command line says it: then it holds, whatever the thread had.
  private static boolean isSaid(Settings settings, String key) {
    return settings.origin(key) instanceof Origin.KeyValue;
  }

  /// Those of the command line that are there. One that is not opens nothing, which is no reason to
  /// do nothing.
  private List<Path> addDirs(ExecFlags flags, Path directory) {
    var there = new ArrayList<Path>();
    for (var it : flags.addDirs()) {
      var folder = directory.resolve(it).normalize();
      if (Files.isDirectory(folder)) {
        there.add(folder);
      } else {
        say("--add-dir: %s is no folder and is left out".formatted(it));
      }
    }
    return there;
  }

  private static AccessFlags accessFlags(
      ExecFlags flags, Settings settings, List<Path> addDirs, @Nullable TurnContext last) {
    var said = flags.settings();
    var level =
        said.sandbox()
            .or(() -> isSaid(settings, "sandbox_mode") ? settings.text("sandbox_mode") : NOTHING)
            .or(() -> Optional.ofNullable(last).map(TurnContext::sandboxLevel))
            .or(() -> settings.text("sandbox_mode"))
            .orElse(settings.trust() == Trust.UNKNOWN ? "read-only" : "workspace-write");
    // Codex's exec never asks; whoever says that somebody is there to be asked is taken at his
    // word.
    var policy =
        said.policy()
            .or(() ->
                isSaid(settings, "approval_policy")
                    ? Optional.of(settings.approvalPolicy())
                    : NOTHING)
            .or(() -> Optional.ofNullable(last).map(TurnContext::approvalPolicy))
            .orElseGet(
                () -> settings.isSet("approval_policy") ? settings.approvalPolicy() : "never");
    var dirs = new ArrayList<>(addDirs);
    if (last != null) {
      last.writableRoots().stream().filter(it -> !dirs.contains(it)).forEach(dirs::add);
    }
    var network =
        last != null
            && last.network()
            && last.sandboxLevel().equals(level)
            && !isSaid(settings, "sandbox_workspace_write.network_access");
    return new AccessFlags(
        AccessFlags.level(level).orElse(Level.READ_ONLY),
        "",
        Policy.parse(policy),
        true,
        settingsFlags(flags),
        level.equals("read-only") ? List.of() : dirs,
        network,
        flags.rules(),
        flags.ignoreRules(),
        true,
        flags.asking(),
        flags.deadline());
  }

  /// A thread goes on under what it was begun under, or something stricter.
  ///
  /// @param folders that this command line wants to be writable
  private static void refuseLooser(List<Path> folders, @Nullable TurnContext last, Access access)
      throws ExecFailure {
    if (last == null) {
      return;
    }
    var was = AccessFlags.level(last.sandboxLevel()).orElse(Level.READ_ONLY);
    var is = access.setting().confinement();
    var policy = access.setting().policy().text();
    String looser = null;
    if (is.level().compareTo(was) > 0) {
      looser = "sandbox %s instead of %s".formatted(is.level().text(), was.text());
    } else if (!policy.equals(last.approvalPolicy())
        && !isStricter(policy, last.approvalPolicy())) {
      looser = "approvals %s instead of %s".formatted(policy, last.approvalPolicy());
    } else if (is.network() && !last.network() && !is.isNone()) {
      looser = "network instead of none";
    } else if (is.level() == Level.WORKSPACE_WRITE && !last.writableRoots().containsAll(folders)) {
      looser = "more folders that may be written";
    }
    if (looser != null) {
      throw new ExecFailure(
          "the thread was begun under something stricter: %s; leave the option out, or add --allow-looser"
              .formatted(looser));
    }
  }

  private static boolean isStricter(String policy, String before) {
    return List.of("on-request", "on-failure").contains(before)
        && List.of("untrusted", "never", "on-request", "on-failure").contains(policy);
  }

  private static TurnContext context(
      RunId run,
      Path directory,
      Access access,
      String model,
      Provider provider,
      Settings settings) {
    var confinement = access.setting().confinement();
    return new TurnContext(
        run.value(),
        directory,
        access.setting().policy().text(),
        confinement.level().text(),
        access.addDirs(),
        confinement.network(),
        model,
        provider.id(),
        settings.text("model_reasoning_effort").orElse(null),
        settings.text("model_reasoning_summary").orElse(null));
  }

  private static ThreadLog log(
      ExecFlags flags,
      ExecThread thread,
      ThreadStore store,
      String id,
      Path directory,
      Provider provider)
      throws IOException, UsageError {
    var name = flags.name();
    if (name.isPresent() && !ThreadMeta.isName(name.get())) {
      throw new UsageError("--name: '%s' cannot name a thread".formatted(name.get()));
    }
    return flags.ephemeral()
        ? ThreadLog.none()
        : thread.open(
            store,
            new ThreadMeta(
                UUID.fromString(id),
                Instant.now(),
                directory,
                Main.VERSION,
                provider.id(),
                name.orElse(null),
                null));
  }

  private static List<String> command(ExecFlags flags, Optional<String> text, Redaction redaction) {
    var words = new ArrayList<String>();
    words.add("exec");
    switch (flags.doing()) {
      case Doing.Begin _ -> {}
      case Doing.Resume _ -> words.add("resume");
      case Doing.Fork _ -> words.add("fork");
      case Doing.Review _ -> words.add("review");
    }
    text.map(redaction::mask)
        .map(
            it -> it.length() > SHOWN_PROMPT_CHARS ? it.substring(0, SHOWN_PROMPT_CHARS) + "…" : it)
        .map(OsText::printable)
        .ifPresent(words::add);
    return words;
  }

  private static InstructionSource source(Instructions.Source it) {
    return new InstructionSource(it.path(), it.sha256(), it.bytesUsed(), it.bytesCut());
  }

  private static List<String> warnings(Settings settings, Instructions found) {
    var warnings = new ArrayList<>(settings.warnings());
    warnings.removeAll(settings.unknown());
    warnings.addAll(found.warnings());
    return warnings;
  }

  private @Nullable String schema(ExecFlags flags) throws ExecFailure {
    if (flags.outputSchema().isEmpty()) {
      return null;
    }
    var file = invocation.resolve(flags.outputSchema().get());
    try {
      if (Files.size(file) > MOST_SCHEMA_BYTES) {
        throw new ExecFailure("--output-schema: %s is larger than 1 MiB".formatted(file));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new ExecFailure(
          "--output-schema: %s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  private static Map<String, @Nullable Object> format(String schema) throws ExecFailure {
    try {
      var format = new LinkedHashMap<String, @Nullable Object>();
      format.put("type", "json_schema");
      format.put("name", "codex_output_schema");
      format.put("strict", true);
      format.put("schema", Json.read(schema.getBytes(UTF_8)));
      return format;
    } catch (IOException e) {
      throw new ExecFailure("--output-schema: it is no JSON: " + e.getMessage());
    }
  }

  private static AnswerCheck check(String schema) throws ExecFailure {
    try {
      return AnswerSchema.of(schema);
    } catch (SchemaProblem e) {
      throw new ExecFailure("--output-schema: " + e.getMessage());
    }
  }

  private ModelClient client(
      ExecFlags flags, Provider provider, Path directory, Redaction redaction) throws ExecFailure {
    try {
      if (flags.replay().isPresent()) {
        return Cassette.replay(invocation.resolve(flags.replay().get()), directory, redaction);
      }
      var client =
          new HttpModelClient(
              provider,
              invocation::variable,
              Main.VERSION,
              Pace.of(InstantSource.system(), RandomGenerator.getDefault()),
              Limits.DEFAULT);
      return flags.record().isPresent()
          ? Cassette.record(client, invocation.resolve(flags.record().get()), directory, redaction)
          : client;
    } catch (ModelFailure e) {
      throw new ExecFailure(e.getMessage() + (e.advice().isEmpty() ? "" : "; " + e.advice()));
    }
  }

  private void say(String message) {
    invocation.err().println(CommandLines.NAME + ": " + OsText.printable(message));
  }
}
