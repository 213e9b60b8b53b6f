package dev.sluice.backends.openai;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendContractTest;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Generation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;

/** The adapter keeps the backend's contract before an engine that answers prompts by rote. */
final class OpenAiBackendContractTest extends BackendContractTest {

  private static final Pattern PROMPT =
      Pattern.compile("\"prompt\":\"Tell me about (\\d+) things\\.([^\"]*)\"");
  private static final long TOKEN_NANOS = 300_000;

  private final List<Upstream> upstreams = new ArrayList<>();

  @Override
  protected Backend open(int slots) {
    Semaphore free = new Semaphore(slots, true);
    Upstream upstream = new Upstream(call -> answer(call, free));
    upstreams.add(upstream);
    return new OpenAiBackendFactory()
        .create(
            new BackendSpec(
                "contract",
                "contract-model",
                null,
                Map.of(
                    "base_url",
                    upstream.url(),
                    "preset",
                    "vllm",
                    "continuation",
                    "exact",
                    "metrics",
                    false)));
  }

  /** An answer that is continued must be one without chance. */
  @Override
  protected Generation generation(int outputTokens) {
    return withoutChance(super.generation(outputTokens));
  }

  /** Tokens that came while nobody asked leave together, those of the socket's buffers too. */
  @Override
  protected boolean joinsWaitingTokens() {
    return false;
  }

  private static void answer(Upstream.Call call, Semaphore free) throws Exception {
    Matcher prompt = PROMPT.matcher(call.body());
    if (!prompt.find()) {
      call.plain(400, "", "{\"error\":{\"message\":\"?\",\"type\":\"invalid_request_error\"}}");
      return;
    }
    int tokens = Integer.parseInt(prompt.group(1));
    StringBuilder whole = new StringBuilder();
    int first = 0;
    while (whole.length() < prompt.group(2).length()) {
      whole.append(word(first++));
    }
    if (!whole.toString().equals(prompt.group(2))) {
      call.plain(400, "", "{\"error\":{\"message\":\"?\",\"type\":\"invalid_request_error\"}}");
      return;
    }
    free.acquire();
    try {
      call.stream();
      for (int i = first; i < tokens; i++) {
        LockSupport.parkNanos(TOKEN_NANOS);
        call.token(word(i));
      }
      call.reason("stop").usage(7 + first, tokens - first).done();
    } finally {
      free.release();
    }
  }

  private static String word(int index) {
    return " w" + index;
  }

  @AfterEach
  void closeUpstreams() {
    upstreams.forEach(Upstream::close);
  }
}
