package dev.sluice.gateway.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.core.CoreFixtures;
import dev.sluice.gateway.core.request.Prefix;
import dev.sluice.gateway.core.request.Size;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PrefixMemoryTest {

  private static final int BLOCK = 256;
  private static final long CAPACITY = 100 * BLOCK;

  private final PrefixMemory empty = PrefixMemory.empty(CAPACITY);

  @Test
  void nothingIsHeldOfWhatWasNeverSent() {
    assertThat(empty.heldTokens(blocks(1, 10))).isZero();
    assertThat(empty.after(blocks(100, 5), 1280).heldTokens(blocks(1, 10))).isZero();
    assertThat(empty.after(Prefix.NONE, 1280).heldTokens(Prefix.NONE)).isZero();
  }

  @Test
  void aPromptIsHeldAsFarAsItBeginsAlike() {
    PrefixMemory memory = empty.after(blocks(1, 10), 10 * BLOCK);
    assertThat(memory.heldTokens(blocks(1, 10))).isEqualTo(10 * BLOCK);
    assertThat(memory.heldTokens(blocks(1, 7))).isEqualTo(7 * BLOCK);
    assertThat(memory.heldTokens(blocks(1, 30))).isEqualTo(10 * BLOCK);
    Prefix branch = new Prefix(BLOCK, new long[] {1, 2, 3, 104, 105});
    assertThat(memory.heldTokens(branch)).isEqualTo(3 * BLOCK);
  }

  @Test
  void aPromptIsForgottenWhenAsMuchWasWrittenAsFits() {
    PrefixMemory memory = empty.after(blocks(1, 4), 4 * BLOCK);
    PrefixMemory full = memory.after(blocks(1000, 99), 99 * BLOCK);
    assertThat(full.heldTokens(blocks(1, 4))).isEqualTo(4 * BLOCK);
    assertThat(full.after(Prefix.NONE, BLOCK).heldTokens(blocks(1, 4))).isZero();
  }

  @Test
  void aPromptThatIsUsedAgainIsYoungAgain() {
    PrefixMemory memory = empty.after(blocks(1, 4), 4 * BLOCK);
    for (int i = 1; i <= 10; i++) {
      memory = memory.after(blocks(1000L * i, 60), 60 * BLOCK).after(blocks(1, 4), 0);
      assertThat(memory.heldTokens(blocks(1, 4))).isEqualTo(4 * BLOCK);
    }
  }

  @Test
  void aMemoryDoesNotChangeWhenTheNextOneIsMade() {
    PrefixMemory before = empty.after(blocks(1, 4), 4 * BLOCK);
    PrefixMemory after = before.after(blocks(1, 8), 8 * BLOCK);
    assertThat(before.heldTokens(blocks(1, 8))).isEqualTo(4 * BLOCK);
    assertThat(after.heldTokens(blocks(1, 8))).isEqualTo(8 * BLOCK);
  }

  @Test
  void smallBlocksAreRoundedDownToTheGrain() {
    Prefix small = new Prefix(16, LongStream.rangeClosed(1, 40).toArray());
    PrefixMemory memory = empty.after(small, 640);
    assertThat(memory.heldTokens(small)).isEqualTo(2 * PrefixMemory.GRAIN_TOKENS);
    Prefix large = new Prefix(512, LongStream.rangeClosed(1, 3).toArray());
    assertThat(empty.after(large, 1536).heldTokens(large)).isEqualTo(3 * 512);
  }

  @Test
  void anEngineWithoutACacheHoldsNothing() {
    Deployment lpu = CoreFixtures.lpu(0, "lpu", 8);
    Size size = new Size(2560, 10, 10, blocks(1, 10));
    FleetSnapshot fleet = FleetSnapshot.of(List.of(lpu));
    fleet = fleet.after(new Observation.Dispatched(0, Work.of(fleet.get(0), size, 10), 0));
    assertThat(fleet.get(0).cachedTokens(size)).isZero();
  }

  @Test
  void theLastTokenIsAlwaysProcessedAndOnlyTheRestIsWork() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(CoreFixtures.gpu(0, "gpu")));
    Size size = new Size(2560, 10, 10, blocks(1, 10));
    Work cold = Work.of(fleet.get(0), size, 10);
    assertThat(cold.promptTokens()).isEqualTo(2560);
    fleet = fleet.after(new Observation.Dispatched(0, cold, 0));
    assertThat(fleet.get(0).cachedTokens(size)).isEqualTo(2559);
    Work warm = Work.of(fleet.get(0), size, 10);
    assertThat(warm.promptTokens()).isEqualTo(1);
    assertThat(warm.kvTokens()).isEqualTo(cold.kvTokens());
    assertThat(warm.prefillNanos()).isLessThan(cold.prefillNanos() / 1000);
    assertThat(warm.ahead()).isEqualTo(1);
  }

  @Test
  void whoCouldNotBeReachedHoldsNothingAnyMore() {
    FleetSnapshot fleet = FleetSnapshot.of(List.of(CoreFixtures.gpu(0, "gpu")));
    Size size = new Size(2560, 10, 10, blocks(1, 10));
    fleet =
        fleet
            .after(new Observation.Dispatched(0, Work.of(fleet.get(0), size, 10), 0))
            .after(new Observation.Reachability(0, false))
            .after(new Observation.Reachability(0, true));
    assertThat(fleet.get(0).cachedTokens(size)).isZero();
  }

  /** Against a table without bounds: never more than is there, and hardly less. */
  @Test
  void theBoundedTableLosesLittleOfWhatIsThere() {
    long found = 0;
    long there = 0;
    for (long seed = 0; seed < 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      PrefixMemory memory = empty;
      Map<Long, Long> stamps = new LinkedHashMap<>();
      long written = 0;
      for (int step = 0; step < 300; step++) {
        Prefix prefix = blocks(1000L * random.nextInt(30), random.nextInt(1, 12));
        long reference = held(stamps, written, prefix);
        long held = memory.heldTokens(prefix);
        assertThat(held).as("seed %d, step %d", seed, step).isLessThanOrEqualTo(reference);
        found += held;
        there += reference;
        int tokens = random.nextInt(4000);
        written += tokens;
        for (long hash : prefix.blockHashes()) {
          stamps.put(hash, written);
        }
        memory = memory.after(prefix, tokens);
      }
    }
    assertThat(found).isGreaterThan(there * 99 / 100);
  }

  private static long held(Map<Long, Long> stamps, long written, Prefix prefix) {
    long held = 0;
    for (long hash : prefix.blockHashes()) {
      Long stamp = stamps.get(hash);
      if (stamp == null || written - stamp >= CAPACITY) {
        break;
      }
      held += BLOCK;
    }
    return held;
  }

  @Test
  void aPromptLargerThanTheMemoryIsHeldAsFarAsItFits() {
    PrefixMemory memory = empty.after(blocks(1, 2048), 2048 * BLOCK);
    assertThat(memory.heldTokens(blocks(1, 2048))).isLessThanOrEqualTo((int) CAPACITY);
    PrefixMemory vast = PrefixMemory.empty(Long.MAX_VALUE / 4);
    assertThat(vast.after(blocks(1, 2048), 2048 * BLOCK).heldTokens(blocks(1, 2048)))
        .isEqualTo(2048 * BLOCK);
  }

  /** Blocks of {@link #BLOCK} tokens whose hashes count up from {@code first}. */
  private static Prefix blocks(long first, int count) {
    long[] hashes = LongStream.range(first, first + count).toArray();
    return new Prefix(BLOCK, Arrays.copyOf(hashes, count));
  }
}
