package dev.sluice.backends.oip;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendContractTest;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Generation;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/** The adapter keeps the backend's contract before a server that answers prompts by rote. */
abstract class OipContractTest extends BackendContractTest {

  private static final Pattern PROMPT =
      Pattern.compile("Tell me about (\\d+) things\\.(.*)", Pattern.DOTALL);
  private static final long TOKEN_NANOS = 300_000;

  private final Flavour flavour;
  private final List<OipServer> servers = new ArrayList<>();

  OipContractTest(Flavour flavour) {
    this.flavour = flavour;
  }

  @Override
  protected Backend open(int slots) {
    Semaphore free = new Semaphore(slots, true);
    OipServer server = new OipServer(flavour, call -> answer(call, free));
    servers.add(server);
    return new OipBackendFactory()
        .create(
            new BackendSpec(
                "contract",
                "contract-model",
                null,
                Map.of(
                    "target",
                    server.target(),
                    "flavour",
                    flavour.name().toLowerCase(Locale.ROOT),
                    "continuation",
                    "exact")));
  }

  /** An answer that is continued must be one without chance. */
  @Override
  protected Generation generation(int outputTokens) {
    return withoutChance(super.generation(outputTokens));
  }

  /** Chunks come as the server made them. */
  @Override
  protected boolean joinsWaitingTokens() {
    return false;
  }

  private static void answer(OipServer.Call call, Semaphore free) throws Exception {
    Matcher prompt = PROMPT.matcher(call.text("text_input"));
    if (!prompt.matches()) {
      call.close(Status.INVALID_ARGUMENT);
      return;
    }
    int tokens = Integer.parseInt(prompt.group(1));
    StringBuilder whole = new StringBuilder();
    int first = 0;
    while (whole.length() < prompt.group(2).length()) {
      whole.append(word(first++));
    }
    if (!whole.toString().equals(prompt.group(2))) {
      call.close(Status.INVALID_ARGUMENT);
      return;
    }
    while (!free.tryAcquire(1, java.util.concurrent.TimeUnit.MILLISECONDS)) {
      if (call.isCancelled()) {
        return;
      }
    }
    try {
      for (int i = first; i < tokens && !call.isCancelled(); i++) {
        LockSupport.parkNanos(TOKEN_NANOS);
        call.piece(word(i));
      }
      call.end();
    } finally {
      free.release();
    }
  }

  /** Four bytes, as the estimate of a token has it. */
  private static String word(int index) {
    return " w%02d".formatted(index % 100);
  }

  @AfterEach
  void closeServers() {
    servers.forEach(OipServer::close);
  }
}
