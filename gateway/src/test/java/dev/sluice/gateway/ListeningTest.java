package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.gateway.config.GatewayConfig;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A listener that cannot be opened is named. */
final class ListeningTest {

  @Test
  void eachOfTheThreePortsThatIsInUseIsNamed() throws Exception {
    try (GatewayFixtures first = new GatewayFixtures()) {
      for (int taken :
          new int[] {
            first.gateway.grpcPort(), first.gateway.httpPort(), first.gateway.adminPort()
          }) {
        GatewayConfig.Address free = new GatewayConfig.Address("127.0.0.1", 0);
        GatewayConfig.Address inUse = new GatewayConfig.Address("127.0.0.1", taken);
        IOException failure =
            catchThrowableOfType(
                IOException.class,
                () ->
                    GatewayFixtures.start(
                        new GatewayConfig.Listeners(
                            taken == first.gateway.grpcPort() ? inUse : free,
                            taken == first.gateway.httpPort() ? inUse : free,
                            taken == first.gateway.adminPort() ? inUse : free)));
        assertThat(failure)
            .hasMessageStartingWith("127.0.0.1:" + taken + ": ")
            .hasMessageEndingWith("Address already in use");
      }
    }
  }
}
