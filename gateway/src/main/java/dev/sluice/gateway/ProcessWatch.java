package dev.sluice.gateway;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.DoubleSupplier;

/**
 * Tells how far the process has used up what it has for itself: the scarcer of its heap and its
 * file descriptors, as a share (faults §5.6).
 */
final class ProcessWatch implements DoubleSupplier {

  private final HeapWatch heap = new HeapWatch();
  private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

  @Override
  public double getAsDouble() {
    return Math.max(heap.getAsDouble(), descriptors());
  }

  private double descriptors() {
    return system instanceof UnixOperatingSystemMXBean unix && unix.getMaxFileDescriptorCount() > 0
        ? unix.getOpenFileDescriptorCount() / (double) unix.getMaxFileDescriptorCount()
        : 0;
  }
}
