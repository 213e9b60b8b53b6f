package dev.sluice.backends.emulated.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class BlockTableTest {

  private final BlockTable table = new BlockTable();

  @Test
  void findsWhatIsThereAndNothingElse() {
    KvCache.Block block = new KvCache.Block(7);
    assertThat(table.addIfAbsent(block)).isTrue();
    assertThat(table.find(7)).isSameAs(block);
    assertThat(table.find(8)).isNull();
  }

  @Test
  void keepsTheFirstOfTwoWithOneHash() {
    KvCache.Block first = new KvCache.Block(7);
    table.addIfAbsent(first);
    assertThat(table.addIfAbsent(new KvCache.Block(7))).isFalse();
    assertThat(table.find(7)).isSameAs(first);
    assertThat(table.size()).isEqualTo(1);
  }

  /** Few different hashes that differ in their high bits only: many collide. */
  @Test
  void doesWhatAMapDoes() {
    Map<Long, KvCache.Block> expected = new HashMap<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      long hash = random.nextLong(500) << random.nextInt(40);
      if (random.nextInt(5) < 3) {
        KvCache.Block block = new KvCache.Block(hash);
        assertThat(table.addIfAbsent(block)).isEqualTo(expected.putIfAbsent(hash, block) == null);
      } else if (expected.remove(hash) != null) {
        table.remove(hash);
      }
      assertThat(table.find(hash)).isSameAs(expected.get(hash));
    }
    expected.forEach((hash, block) -> assertThat(table.find(hash)).isSameAs(block));
    assertThat(table.size()).isEqualTo(expected.size());
  }
}
