package dev.sluice.backends.emulated.model;

import org.jspecify.annotations.Nullable;

/**
 * Blocks by their hash.
 *
 * <p>Open addressing with linear probing over one array, half full at most: a long prompt asks for
 * thousands of blocks, and a map of boxed numbers took most of a simulation's time.
 */
final class BlockTable {

  private static final int FIRST_ROOM = 1 << 6;

  private KvCache.@Nullable Block[] slots = new KvCache.Block[FIRST_ROOM];
  private int size;

  /** The block with {@code hash}, or null. */
  KvCache.@Nullable Block find(long hash) {
    return slots[placeOf(hash)];
  }

  /** Adds {@code block} unless there is one with its hash; whether it was added. */
  boolean addIfAbsent(KvCache.Block block) {
    int place = placeOf(block.hash);
    if (slots[place] != null) {
      return false;
    }
    slots[place] = block;
    size++;
    if (2 * size > slots.length) {
      grow();
    }
    return true;
  }

  /** Takes out the block with {@code hash}, which is there. */
  void remove(long hash) {
    int hole = placeOf(hash);
    size--;
    int place = hole;
    while (true) {
      place = (place + 1) & (slots.length - 1);
      KvCache.Block block = slots[place];
      if (block == null) {
        break;
      }
      // a block whose search would not pass the hole stays where it is
      int fromHome = (place - home(block.hash)) & (slots.length - 1);
      int fromHole = (place - hole) & (slots.length - 1);
      if (fromHome >= fromHole) {
        slots[hole] = block;
        hole = place;
      }
    }
    slots[hole] = null;
  }

  /** Number of blocks. */
  int size() {
    return size;
  }

  private int placeOf(long hash) {
    int place = home(hash);
    while (true) {
      KvCache.Block block = slots[place];
      if (block == null || block.hash == hash) {
        return place;
      }
      place = (place + 1) & (slots.length - 1);
    }
  }

  /** The multiplier is 2^64 divided by the golden ratio (Knuth 6.4): hashes may be poor. */
  private int home(long hash) {
    return (int) ((hash * 0x9E3779B97F4A7C15L) >>> 32) & (slots.length - 1);
  }

  private void grow() {
    KvCache.@Nullable Block[] old = slots;
    slots = new KvCache.Block[2 * old.length];
    for (KvCache.Block block : old) {
      if (block != null) {
        slots[placeOf(block.hash)] = block;
      }
    }
  }

  @Override
  public String toString() {
    return "BlockTable[" + size + "]";
  }
}
