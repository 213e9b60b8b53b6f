package dev.sluice.gateway.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whatever headers say, a budget is none, or above zero and no longer than a century, or refused by
 * the header's name on one line of printable characters. Lines of the input are {@code name:
 * value}.
 */
final class FuzzBudgets {

  private static final long CENTURY_NANOS = 3_200_000_000_000_000_000L;

  @FuzzTest(maxDuration = "60s")
  void holds(byte[] data) {
    Map<String, List<String>> headers = headers(data);
    try {
      Budget budget = Budgets.read(Budgets.Said.NOTHING, headers::get);
      isOne(budget.firstTokenNanos(), headers, "slo-ttft-ms");
      isOne(budget.perTokenNanos(), headers, "slo-tpot-ms");
      isOne(budget.totalNanos(), headers, "slo-e2e-ms");
    } catch (UnreadableException e) {
      assertThat(e.failure().reason()).isEqualTo(Reason.BUDGET_INVALID);
      assertThat(e.failure().message()).startsWith("x-").contains("(expected: ");
      assertThat(e.failure().message().chars())
          .allMatch(c -> c >= ' ' && (c < 0x7f || c == '\u2026'));
    }
    try {
      assertThat(Tenants.read(headers::get)).matches("[A-Za-z0-9._:/-]{0,128}");
    } catch (UnreadableException e) {
      assertThat(e.failure().reason()).isEqualTo(Reason.MALFORMED_REQUEST);
    }
  }

  private static void isOne(long nanos, Map<String, List<String>> headers, String what) {
    boolean isSaid = headers.containsKey("x-" + what) || headers.containsKey("x-llm-d-" + what);
    assertThat(nanos).isBetween(isSaid && !what.contains("e2e") ? 1L : 0L, CENTURY_NANOS);
  }

  private static Map<String, List<String>> headers(byte[] data) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line : new String(data, StandardCharsets.ISO_8859_1).split("\n", -1)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        headers
            .computeIfAbsent(line.substring(0, colon), _ -> new ArrayList<>())
            .add(line.substring(colon + 2));
      }
    }
    return headers;
  }
}
