package org.brokecluster.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.FINAL;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import akka.actor.typed.javadsl.AbstractBehavior;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The rules of the structure that a compiler does not know. */
@AnalyzeClasses(
    packages = ArchitectureTest.BASE,
    importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
  /** The node's tests are packed for the tests of whole clusters. */
  static final class NoTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  static final String BASE = "org.brokecluster";

  @ArchTest
  static final ArchRule modulesPointInwards =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("protocol")
          .definedBy(BASE + ".protocol..")
          .layer("shared")
          .definedBy(BASE + ".shared..")
          .layer("coordinator")
          .definedBy(BASE + ".coordinator..")
          .layer("node")
          .definedBy(BASE + ".node..")
          .layer("simulation")
          .definedBy(BASE + ".simulation..")
          .whereLayer("simulation")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("coordinator")
          .mayOnlyBeAccessedByLayers("simulation")
          .whereLayer("node")
          .mayOnlyBeAccessedByLayers("simulation")
          .whereLayer("shared")
          .mayOnlyBeAccessedByLayers("coordinator", "node", "simulation")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers("shared", "coordinator", "node", "simulation");

  @ArchTest
  static final ArchRule routingIsPure =
      noClasses()
          .that()
          .resideInAnyPackage(
              BASE + ".coordinator.routing..", BASE + ".coordinator.history.learning..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "akka..", "com.typesafe..", "java.net..", "java.nio..", "java.sql..", "scala..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .because("a decision must be repeatable from its inputs alone");

  @ArchTest
  static final ArchRule theLifeOfARequestIsPure =
      noClasses()
          .that()
          .haveNameMatching(".*\\.(RequestLife|OpenAttempts|Admission|RoutingState|Breakers)")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "com.typesafe..", "java.io..", "java.net..", "java.sql..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime");

  @ArchTest
  static final ArchRule whatTheSimulationRunsKnowsNoActorAndNoClock =
      noClasses()
          .that()
          .haveNameMatching(
              ".*\\.(RequestRun|RequestLife|EdgeDesk|NodeDesk|AttemptLife|EdgeStream|TermBallot)")
          .or()
          .resideInAPackage(BASE + ".simulation..")
          .and()
          .haveSimpleNameNotStartingWith("Simulate")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..", "java.net..", "java.nio.file..", "java.sql..")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .because("the same seed must give the same run");

  @ArchTest
  static final ArchRule actorsAreFinalAndBuiltByCreate =
      classes()
          .that()
          .areAssignableTo(AbstractBehavior.class)
          .should()
          .haveModifier(FINAL)
          .andShould()
          .haveOnlyPrivateConstructors()
          .andShould()
          .haveSimpleNameEndingWith("Actor");

  @ArchTest
  static final ArchRule nobodySleeps =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule actorsNeverWait =
      noClasses()
          .that()
          .areAssignableTo(AbstractBehavior.class)
          .should()
          .callMethod(java.util.concurrent.CompletableFuture.class, "join")
          .orShould()
          .callMethod(java.util.concurrent.CompletableFuture.class, "get")
          .orShould()
          .callMethod(java.util.concurrent.CountDownLatch.class, "await");

  @ArchTest
  static final ArchRule verbsOfOneKindKnowNothingOfAnother =
      slices()
          .matching(BASE + ".coordinator.cli.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              alwaysTrue(),
              resideInAnyPackage(BASE + ".coordinator.cli.client", BASE + ".coordinator.cli.text"))
          .because("they share how they ask and how they show, and nothing else");

  @ArchTest
  static final ArchRule noCyclesInTheCommandLine =
      slices().matching(BASE + ".coordinator.cli.(*)..").should().beFreeOfCycles();

  // The protocol's three conversations name each other, because control goes round in a circle.
  @ArchTest
  static final ArchRule noCyclesInTheCoordinator =
      slices().matching(BASE + ".coordinator.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesInTheNode =
      slices().matching(BASE + ".node.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule noCyclesInWhatIsShared =
      slices().matching(BASE + ".shared.(*)..").should().beFreeOfCycles();
}
