package dev.sluice.gateway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.gateway.config.GatewayConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines are started, started again, and ended with their gateway. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class EnginesTest {

  @TempDir private Path folder;
  private EngineFixtures.Switchboard board;

  @BeforeEach
  void thereIsAProgram() throws Exception {
    EngineFixtures.program(folder);
    board = EngineFixtures.Switchboard.open();
  }

  @AfterEach
  void nobodyListensAnyMore() throws Exception {
    board.close();
  }

  @Test
  void allAreStartedBesideTheFileAndEndedAtTheClose() throws Exception {
    Engines engines = engines(engine("a"), engine("b"));
    engines.start();
    EngineFixtures.Caller one = board.next();
    EngineFixtures.Caller other = board.next();
    assertThat(one.words().getLast()).isEqualTo(folder.toAbsolutePath().toString());
    engines.close();
    one.awaitGone();
    other.awaitGone();
  }

  @Test
  void oneThatEndsByItselfIsStartedAgain() throws Exception {
    try (Engines engines = engines(engine("a"))) {
      engines.start();
      for (int code = 0; code < 3; code++) {
        EngineFixtures.Caller caller = board.next();
        caller.exit(code);
        caller.awaitGone();
      }
      board.next();
    }
  }

  @Test
  void oneThatIsKilledIsStartedAgainOnceItIsGone() throws Exception {
    try (Engines engines = engines(engine("a"))) {
      engines.start();
      EngineFixtures.Caller killed = board.next();
      killed.process().destroyForcibly();
      EngineFixtures.Caller next = board.next();
      assertThat(next.words().getFirst()).isNotEqualTo(killed.words().getFirst());
    }
  }

  @Test
  void oneThatHearsNoSigtermIsKilledWhenTheGraceIsOver() throws Exception {
    Engines engines =
        new Engines(
            List.of(engine("a", "stubborn")),
            EngineFixtures.terms(folder, Tether.ofThisMachine(), 50));
    engines.start();
    EngineFixtures.Caller caller = board.next();
    engines.close();
    caller.awaitGone();
  }

  @Test
  void whatAnEngineLeavesRunningEndsWithIt() throws Exception {
    assumeTrue(Tether.ofThisMachine().isThere(), "no setpriv of util-linux");
    try (Engines engines = engines(engine("a", "forking"))) {
      engines.start();
      EngineFixtures.Caller caller = board.next();
      ProcessHandle child = ProcessHandle.of(Long.parseLong(caller.words().get(1))).orElseThrow();
      caller.exit(0);
      child.onExit().get(EngineFixtures.PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      board.next();
    }
  }

  @Test
  void withoutATetherEnginesAreOwnedAlike() throws Exception {
    Engines engines =
        new Engines(List.of(engine("a")), EngineFixtures.terms(folder, Tether.NONE, 10_000));
    engines.start();
    board.next().exit(1);
    EngineFixtures.Caller again = board.next();
    engines.close();
    again.awaitGone();
  }

  @Test
  void oneThatIsMissingHarmsNoOther() throws Exception {
    GatewayConfig.Engine missing =
        new GatewayConfig.Engine(
            "missing",
            new GatewayConfig.Start(
                new GatewayConfig.Cited("./nothing", "f:1:1: command[0]"),
                List.of(),
                List.of(),
                null,
                null));
    try (Engines engines = engines(missing, engine("a"))) {
      engines.start();
      board.next();
      assertThat(engines.toString()).contains("engine of a").doesNotContain("missing");
    }
  }

  @Test
  void whatItSaysIsAppendedToAFileThatNobodyElseReads() throws Exception {
    try (Engines engines = engines(engine("a"))) {
      engines.start();
      board.next().exit(0);
      board.next().exit(0);
      board.next();
    }
    Path log = folder.resolve("engine.log");
    assertThat(Files.readAllLines(log)).startsWith("said something", "said something");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log)))
        .isEqualTo("rw-------");
  }

  @Test
  void nothingIsStartedAfterTheClose() {
    Engines engines = engines(engine("a"));
    engines.close();
    engines.start();
    assertThat(engines).hasToString("Engines[]");
  }

  @Test
  void whenTheGatewayIsKilledItsEnginesEnd() throws Exception {
    assumeTrue(Tether.ofThisMachine().isThere(), "no setpriv of util-linux");
    Process gateway =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledGatewayMain.class.getName(),
                folder.toString(),
                Integer.toString(board.socket().getLocalPort()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    EngineFixtures.Caller caller = board.next();
    gateway.destroyForcibly();
    caller.awaitGone();
  }

  private Engines engines(GatewayConfig.Engine... engines) {
    return new Engines(
        List.of(engines), EngineFixtures.terms(folder, Tether.ofThisMachine(), 10_000));
  }

  private GatewayConfig.Engine engine(String backend, String... further) {
    return EngineFixtures.engine(backend, board.socket().getLocalPort(), further);
  }
}
