package dev.sluice.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.or;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** Holds the packages to what their {@code package-info} promises. */
@AnalyzeClasses(
    packages = "dev.sluice",
    importOptions = {
      ImportOption.DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestsOfOtherModules.class
    })
final class ArchitectureTest {

  /** Tests of the backends are in a jar once they are packaged. */
  static final class DoNotIncludeTestsOfOtherModules implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  private static final String CORE = "dev.sluice.gateway.core..";

  /** See the package-info of {@code dev.sluice.gateway.core}. */
  @ArchTest
  static final ArchRule coreIsPure =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat(
              or(
                  resideInAnyPackage(
                      CORE,
                      "java.lang..",
                      "java.util",
                      "java.util.function",
                      "java.util.random",
                      "org.jspecify.annotations"),
                  equivalentTo(Duration.class)));

  /** See the package-info of {@code dev.sluice.gateway.core}. */
  @ArchTest
  static final ArchRule coreHasNoAmbientInputs =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat(
              belongToAnyOf(
                  System.class,
                  Thread.class,
                  ThreadLocal.class,
                  ScopedValue.class,
                  Timer.class,
                  Random.class,
                  UUID.class));

  /** The order of {@code Map.of} and {@code Set.of} changes from one start to the next. */
  @ArchTest
  static final ArchRule coreIteratesInAFixedOrder =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .callMethodWhere(
              target(owner(belongToAnyOf(Map.class, Set.class)))
                  .and(target(nameMatching("of|ofEntries|copyOf"))));

  /** See the package-info of each stage. */
  @ArchTest
  static final ArchRule stagesDependForwardOnly =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(CORE)
          .layer("entry")
          .definedBy("dev.sluice.gateway.core")
          .layer("request")
          .definedBy("..core.request..")
          .layer("fleet")
          .definedBy("..core.fleet..")
          .layer("admission")
          .definedBy("..core.admission..")
          .layer("selection")
          .definedBy("..core.selection..")
          .layer("prediction")
          .definedBy("..core.prediction..")
          .layer("policy")
          .definedBy("..core.policy..")
          .layer("attempt")
          .definedBy("..core.attempt..")
          .whereLayer("entry")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("attempt")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("policy")
          .mayOnlyBeAccessedByLayers("attempt", "entry")
          .whereLayer("prediction")
          .mayOnlyBeAccessedByLayers("policy", "attempt", "entry")
          .whereLayer("selection")
          .mayOnlyBeAccessedByLayers("prediction", "policy", "entry")
          .whereLayer("admission")
          .mayOnlyBeAccessedByLayers("entry")
          .whereLayer("fleet")
          .mayOnlyBeAccessedByLayers(
              "admission", "selection", "prediction", "policy", "attempt", "entry");

  /** The shell's stages meet in {@code call} and are wired in the root package only. */
  @ArchTest
  static final ArchRule shellStagesDoNotSeeEachOther =
      slices()
          .matching("dev.sluice.gateway.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              alwaysTrue(),
              resideInAnyPackage(
                  CORE,
                  "dev.sluice.gateway.call..",
                  "dev.sluice.gateway.config..",
                  "dev.sluice.gateway.time.."));

  /** What the stages share knows the nouns of a request and nothing else. */
  @ArchTest
  static final ArchRule callSeesTheRequestOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.gateway.call")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.sluice.gateway..",
                      "dev.sluice.backends..",
                      "dev.sluice.v1..",
                      "io.grpc..")
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          resideInAnyPackage(
                              "dev.sluice.gateway.call", "dev.sluice.gateway.core.request"))));

  /** Backends are reached through the port, by dispatch alone. */
  @ArchTest
  static final ArchRule backendsAreSeenByDispatchConfigAndTheRoot =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.gateway..")
          .and()
          .resideOutsideOfPackages(
              "dev.sluice.gateway", "dev.sluice.gateway.dispatch", "dev.sluice.gateway.config")
          .should()
          .dependOnClassesThat(resideInAPackage("dev.sluice.backends.."));

  @ArchTest
  static final ArchRule adaptersDoNotSeeTheGatewayNorEachOther =
      slices()
          .matching("dev.sluice.backends.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              alwaysTrue(),
              // what several adapters share, and what measures an engine through the port
              resideInAnyPackage(
                  "dev.sluice.backends.profile..",
                  "dev.sluice.backends.fit..",
                  "dev.sluice.backends.grpc..",
                  "dev.sluice.backends.text..",
                  "dev.sluice.backends.tls.."));

  @ArchTest
  static final ArchRule noCycles =
      slices()
          .matching("dev.sluice.(**)")
          .should()
          .beFreeOfCycles()
          // the port names the profile a backend is described by; profiles know nothing of the port
          .as("packages are free of cycles");

  /** gRPC has its homes; Netty has none (the shaded builders are gRPC's). */
  @ArchTest
  static final ArchRule grpcStaysInItsHomes =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.sluice.gateway.call..",
              CORE,
              "dev.sluice.gateway.dispatch..",
              "dev.sluice.gateway.relay..",
              "dev.sluice.gateway.accounting..",
              "dev.sluice.gateway.registry..",
              "dev.sluice.gateway.observe..",
              "dev.sluice.gateway.admin..",
              "dev.sluice.gateway.config..",
              "dev.sluice.backends",
              "dev.sluice.backends.profile..",
              "dev.sluice.backends.emulated.model..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.grpc..", "dev.sluice.v1..", "com.google.protobuf.."));

  /** Jetty is the HTTP of the callers' front and of the engines' client, and known to no other. */
  @ArchTest
  static final ArchRule jettyStaysInItsHomes =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.gateway.transport.http..", "dev.sluice.backends.openai.http..")
          .should()
          .dependOnClassesThat(resideInAPackage("org.eclipse.jetty.."));

  @ArchTest
  static final ArchRule micrometerStaysInObserve =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sluice.gateway.observe..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.micrometer.."));

  @ArchTest
  static final ArchRule resilienceStaysInDispatch =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.sluice.gateway.dispatch..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.github.resilience4j.."));

  /** Tensors are a wire form: beyond the two ends nobody knows of them. */
  @ArchTest
  static final ArchRule openInferenceStaysInItsHomes =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.sluice.gateway.transport.oip..",
              "dev.sluice.backends.oip..",
              "dev.sluice.inference..")
          .should()
          .dependOnClassesThat(resideInAPackage("dev.sluice.inference.."));

  /** The fronts share what is beside them, and do not see each other. */
  @ArchTest
  static final ArchRule frontsDoNotSeeEachOther =
      slices().matching("dev.sluice.gateway.transport.(*)..").should().notDependOnEachOther();

  /** See the package-info of {@code transport.http}. */
  @ArchTest
  static final ArchRule grpcStaysOutOfTheHttpFront =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.gateway.transport.http..")
          .should()
          .dependOnClassesThat(resideInAPackage("io.grpc.."));

  /** Only {@code gateway.time} reads the clock. */
  @ArchTest
  static final ArchRule noAmbientTimeInTheGateway =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.gateway..")
          .and()
          .resideOutsideOfPackage("dev.sluice.gateway.time..")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethodWhere(
              target(owner(equivalentTo(Clock.class))).and(target(nameMatching("system.*"))))
          .orShould()
          .callMethod(Math.class, "random");

  /** Chance enters in the root package, where the core is called. */
  @ArchTest
  static final ArchRule noAmbientChanceBesideTheRoot =
      noClasses()
          .that()
          .resideInAPackage("dev.sluice.gateway.*..")
          .should()
          .dependOnClassesThat(equivalentTo(ThreadLocalRandom.class));

  /** Public means that another package uses it. */
  @ArchTest
  static final ArchRule publicMeansUsedElsewhere =
      classes()
          .that()
          .resideInAnyPackage("dev.sluice.gateway..", "dev.sluice.backends..")
          .and()
          .arePublic()
          .and()
          .areTopLevelClasses()
          .and()
          .haveSimpleNameNotEndingWith("Main")
          .and()
          .haveSimpleNameNotEndingWith("Factory")
          .and()
          // the load tester, which stands above this module, uses the emulated accelerators
          .resideOutsideOfPackage("dev.sluice.backends.emulated..")
          .should(beUsedFromAnotherPackage());

  private static ArchCondition<JavaClass> beUsedFromAnotherPackage() {
    return new ArchCondition<>("be used from another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        String prefix = type.getName() + "$";
        boolean used =
            type.getPackage().getClasses().stream()
                .filter(c -> c.equals(type) || c.getName().startsWith(prefix))
                .flatMap(c -> c.getDirectDependenciesToSelf().stream())
                .anyMatch(d -> !d.getOriginClass().getPackageName().equals(type.getPackageName()));
        if (!used) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is public but only its own package uses it"));
        }
      }
    };
  }
}
