package dev.orchestrator.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// What the packages say about themselves, as tests.
class ArchitectureTest {
  private static final String APP = "dev.orchestrator.app";
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(APP);

  @Test
  void looks_at_the_real_code() {
    assertThat(OURS).hasSizeGreaterThan(15);
  }

  @Test
  void lets_no_packages_form_a_cycle() {
    slices().matching(APP + ".(**)").should().beFreeOfCycles().check(OURS);
  }

  @Test
  void keeps_the_parts_from_knowing_the_whole() {
    noClasses()
        .that()
        .resideInAnyPackage(APP + ".flags", APP + ".logging")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(APP)
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage(APP + ".logging")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            APP + ".flags", "dev.orchestrator.engine..", "dev.orchestrator.headless..")
        .check(OURS);
  }

  @Test
  void keeps_the_parser_of_flags_to_the_package_of_flags() {
    noClasses()
        .that()
        .resideOutsideOfPackage(APP + ".flags")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("picocli..")
        .because("starting a command must not pay for it")
        .check(OURS);
  }

  @Test
  void keeps_the_engines_libraries_to_the_engine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "com.lmax.disruptor..", "tools.jackson..", "com.pty4j..", "java.lang.foreign..")
        .check(OURS);
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
  void ends_the_process_in_one_place_only() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Main.class.getName())
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
  void takes_environment_and_standard_streams_from_the_invocation_only() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(Invocation.class.getName())
        // A program of the build of its own.
        .and()
        .doNotHaveFullyQualifiedName(Training.class.getName())
        .should()
        .callMethodWhere(describe("reads the environment", it -> calls(it, System.class, "getenv")))
        .orShould()
        .accessFieldWhere(
            describe(
                "uses a standard stream",
                it ->
                    it.getTargetOwner().isEquivalentTo(System.class)
                        || it.getTargetOwner().isEquivalentTo(java.io.FileDescriptor.class)))
        .because("tests run the program with another one")
        .check(OURS);
  }

  @Test
  void marks_every_package_as_free_of_null() {
    assertThat(OURS.stream().map(it -> it.getPackage()).distinct())
        .hasSizeGreaterThanOrEqualTo(3)
        .allMatch(it -> it.tryGetPackageInfo().isPresent(), "has a page of its own")
        .allMatch(it -> it.isAnnotatedWith(NullMarked.class), "is @NullMarked");
  }

  private static boolean calls(JavaAccess<?> access, Class<?> owner, String method) {
    return access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(method);
  }
}
