package dev.sluice.gateway;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Tells how full the heap is of what is still needed: the pools as the last collection left them,
 * as a share of the most the heap may have (faults §5.6). What is garbage does not count.
 */
final class HeapWatch implements DoubleSupplier {

  private final List<MemoryPoolMXBean> pools =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(
              pool ->
                  pool.getType() == MemoryType.HEAP && pool.isCollectionUsageThresholdSupported())
          .toList();
  private final double mostBytes = Runtime.getRuntime().maxMemory();

  @Override
  public double getAsDouble() {
    long bytes = 0;
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage left = pool.getCollectionUsage();
      bytes += left == null ? 0 : left.getUsed();
    }
    return bytes / mostBytes;
  }
}
