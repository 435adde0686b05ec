package dev.orchestrator.engine;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the packages say about themselves, as tests.
class ArchitectureTest {
  private static final String ENGINE = "dev.orchestrator.engine";
  private static final Path SOURCES = Path.of("src/main/java/dev/orchestrator/engine");
  private static final Pattern DEPENDS_ON =
      Pattern.compile("\\*\\*Depends on\\*\\*(.*?)\\*\\*Invariant", Pattern.DOTALL);
  private static final Pattern QUOTED = Pattern.compile("`([a-z.]+)`");

  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ENGINE);

  @Test
  void looks_at_the_real_code() {
    assertThat(OURS).hasSizeGreaterThan(80);
    assertThat(packages()).hasSizeGreaterThanOrEqualTo(9);
  }

  @Test
  void lets_no_packages_form_a_cycle() {
    slices().matching(ENGINE + ".(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void points_arrows_only_where_the_packages_say() throws Exception {
    var unsaid = new TreeMap<String, Set<String>>();
    for (var it : packages()) {
      // The root stands above everything.
      if (!it.getName().equals(ENGINE)) {
        assertThat(names()).as("what %s says it uses", name(it)).containsAll(stated(it));
        var more = arrowsFrom(it);
        more.removeAll(stated(it));
        if (!more.isEmpty()) {
          unsaid.put(name(it), more);
        }
      }
    }

    assertThat(unsaid).as("arrows that no package-info names").isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          com.lmax.disruptor, bus,           the library behind the bus can be changed in one place
          tools.jackson,      wire,          so can the one that knows JSON
          com.pty4j,          exec.terminal, so can the portable way to start a program on a terminal
          java.lang.foreign,  posix,         a wrong native call can crash the process
          java.net.http,      model,         what a stranger sends is held to its limits in one place
          org.tomlj,          settings,      so can the one that knows TOML
          com.networknt,      schema,        the validator can be changed in one place, and is loaded only there
          org.treesitter,     plan,          the grammar of shell scripts can be changed in one place
          """)
  void keeps_each_library_to_one_package(String library, String keeper, String reason) {
    noClasses()
        .that()
        .resideOutsideOfPackage(ENGINE + "." + keeper)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library + "..")
        .because(reason)
        .check(OURS);
    assertThat(OURS.getPackage(ENGINE + "." + keeper).getClassDependenciesFromThisPackage())
        .as("the rule about %s looks at something", library)
        .anyMatch(it -> it.getTargetClass().getPackageName().startsWith(library));
  }

  @Test
  void leaves_standard_streams_to_the_front_ends() {
    GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(OURS);
  }

  @Test
  void logs_through_the_platform_only() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(OURS);
  }

  @Test
  void waits_for_facts_and_not_for_time() {
    noClasses()
        .should()
        .callMethodWhere(describe("sleeps", it -> calls(it, Thread.class, "sleep")))
        .check(OURS);
  }

  @Test
  void leaves_the_end_of_the_process_to_the_program() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "ends the process",
                it ->
                    calls(it, System.class, "exit")
                        || calls(it, Runtime.class, "exit")
                        || calls(it, Runtime.class, "halt")))
        .check(OURS);
  }

  @Test
  void marks_every_package_as_free_of_null() {
    assertThat(packages())
        .allSatisfy(it -> {
          assertThat(it.tryGetPackageInfo()).as(it.getName()).isPresent();
          assertThat(it.isAnnotatedWith(NullMarked.class)).as(it.getName()).isTrue();
        });
  }

  private static Set<JavaPackage> packages() {
    return OURS.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
  }

  private static Set<String> names() {
    return packages().stream().map(ArchitectureTest::name).collect(Collectors.toSet());
  }

  /// A package's name within the engine; empty for its root.
  private static String name(JavaPackage it) {
    return it.getName().equals(ENGINE) ? "" : it.getName().substring(ENGINE.length() + 1);
  }

  private static Set<String> arrowsFrom(JavaPackage from) {
    var arrows = new TreeSet<String>();
    for (var it : from.getClasses()) {
      for (var dependency : it.getDirectDependenciesFromSelf()) {
        var target = dependency.getTargetClass().getBaseComponentType().getPackage();
        if (target.getName().startsWith(ENGINE) && !target.getName().equals(from.getName())) {
          arrows.add(name(target));
        }
      }
    }
    return arrows;
  }

  /// What a package's own page says that it depends on.
  private static Set<String> stated(JavaPackage it) throws IOException {
    var page =
        Files.readString(SOURCES.resolve(name(it).replace('.', '/')).resolve("package-info.java"));
    var sentence = DEPENDS_ON.matcher(page);
    assertThat(sentence.find()).as("%s says what it depends on", it.getName()).isTrue();
    return QUOTED
        .matcher(sentence.group(1))
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toSet());
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
    return access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(method);
  }
}
