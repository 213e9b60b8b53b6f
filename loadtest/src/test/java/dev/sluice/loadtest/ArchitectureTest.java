package dev.sluice.loadtest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.loadtest.simulate.Progress;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.Timer;
import java.util.concurrent.ThreadLocalRandom;

@AnalyzeClasses(packages = "dev.sluice.loadtest", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  /** See workload's package-info. */
  @ArchTest
  static final ArchRule workloadSeesNothingOfItsProcess =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.loadtest.workload")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(System.class);

  /** See workload's package-info. */
  @ArchTest
  static final ArchRule workloadSeesTheJdkAlone =
      classes()
          .that()
          .resideInAPackage("dev.sluice.loadtest.workload")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.sluice.loadtest.workload", "java..", "org.jspecify.annotations"));

  /** See the package-info of each: equal inputs give equal results. */
  @ArchTest
  static final ArchRule onlyLiveSeesClockAndChance =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sluice.loadtest.workload",
              "dev.sluice.loadtest.report..",
              "dev.sluice.loadtest.simulate..",
              "dev.sluice.loadtest.bound")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(
              Clock.class, Instant.class, Random.class, ThreadLocalRandom.class, Timer.class);

  /** See the package-info of each; the simulator plays several runs at a time. */
  @ArchTest
  static final ArchRule onlyLiveAndSimulateHaveThreads =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sluice.loadtest.workload",
              "dev.sluice.loadtest.report..",
              "dev.sluice.loadtest.bound")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(Thread.class)
          .orShould()
          .dependOnClassesThat()
          .resideInAPackage("java.util.concurrent..");

  /** See report's package-info. */
  @ArchTest
  static final ArchRule reportSeesNoTransport =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.loadtest.report..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.grpc..",
                  "com.google.protobuf..",
                  "dev.sluice.v1..",
                  "dev.sluice.gateway..",
                  "dev.sluice.backends..",
                  "dev.sluice.loadtest.live.."));

  /** See simulate's package-info. */
  @ArchTest
  static final ArchRule simulateSeesTheCoreAndTheEngines =
      classes()
          .that()
          .resideInAPackage("dev.sluice.loadtest.simulate")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.sluice.loadtest.simulate",
                  "dev.sluice.loadtest.workload",
                  "dev.sluice.loadtest.report",
                  "dev.sluice.loadtest.bound",
                  "dev.sluice.gateway.core..",
                  "dev.sluice.gateway.config",
                  "dev.sluice.backends",
                  "dev.sluice.backends.profile",
                  "dev.sluice.backends.emulated",
                  "dev.sluice.backends.emulated.model",
                  "java..",
                  "org.jspecify.annotations",
                  "org.snakeyaml.engine.."));

  /** See the package-info of simulate.fault. */
  @ArchTest
  static final ArchRule faultSeesTheCoreAlone =
      classes()
          .that()
          .resideInAPackage("dev.sluice.loadtest.simulate.fault")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "dev.sluice.loadtest.simulate.fault",
                      "dev.sluice.gateway.core..",
                      "java..",
                      "org.jspecify.annotations")
                  .or(equivalentTo(Progress.class)));

  /** See bound's package-info. */
  @ArchTest
  static final ArchRule boundSeesEnginesAndWorkloadAlone =
      classes()
          .that()
          .resideInAPackage("dev.sluice.loadtest.bound")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "dev.sluice.loadtest.bound",
                  "dev.sluice.loadtest.workload",
                  "dev.sluice.backends.emulated.model",
                  "dev.sluice.backends.profile",
                  "java..",
                  "org.jspecify.annotations"));

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.sluice.loadtest.(*)..").should().beFreeOfCycles();
}
