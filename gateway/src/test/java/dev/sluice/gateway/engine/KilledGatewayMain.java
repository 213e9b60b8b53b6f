package dev.sluice.gateway.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process that starts a fake engine and waits to be killed. */
final class KilledGatewayMain {

  private KilledGatewayMain() {}

  /** Starts the fake engine in the folder, which calls in at the port. */
  public static void main(String[] folderAndPort) throws InterruptedException {
    Engines engines =
        new Engines(
            List.of(EngineFixtures.engine("a", Integer.parseInt(folderAndPort[1]))),
            EngineFixtures.terms(Path.of(folderAndPort[0]), Tether.ofThisMachine(), 0));
    engines.start();
    new CountDownLatch(1).await();
  }
}
