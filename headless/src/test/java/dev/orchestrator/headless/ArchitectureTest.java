package dev.orchestrator.headless;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// What the package says about itself, as tests.
class ArchitectureTest {
  private static final String HEADLESS = "dev.orchestrator.headless";
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(HEADLESS);

  @Test
  void looks_at_the_real_code() {
    assertThat(OURS).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void uses_the_engine_as_its_front_ends_see_it() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            HEADLESS + "..",
            "dev.orchestrator.engine",
            "dev.orchestrator.engine.approval",
            "dev.orchestrator.engine.event",
            "dev.orchestrator.engine.posix",
            "dev.orchestrator.engine.secret",
            "dev.orchestrator.engine.wire",
            "java..",
            "org.jspecify.annotations")
        .because("what is inside the engine can then change without its front ends")
        .check(OURS);
  }

  @Test
  void logs_through_the_platform_only() {
    GeneralCodingRules.NO_CLASSES_SHOULD_USE_JAVA_UTIL_LOGGING.check(OURS);
  }

  @Test
  void neither_sleeps_nor_ends_the_process() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "sleeps or ends the process",
                it ->
                    (it.getTargetOwner().isEquivalentTo(Thread.class)
                            && it.getName().equals("sleep"))
                        || (it.getTargetOwner().isEquivalentTo(System.class)
                            && it.getName().equals("exit"))))
        .check(OURS);
  }

  @Test
  void marks_every_package_as_free_of_null() {
    assertThat(OURS.stream().map(it -> it.getPackage()).distinct())
        .isNotEmpty()
        .allMatch(it -> it.tryGetPackageInfo().isPresent(), "has a page of its own")
        .allMatch(it -> it.isAnnotatedWith(NullMarked.class), "is @NullMarked");
  }
}
