package dev.sluice.gateway;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import dev.sluice.gateway.core.admission.Means;
import dev.sluice.gateway.transport.NettyMemory;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** Reads how far the process has used up what it has for itself (faults §5.6). */
final class ProcessWatch implements Supplier<Means> {

  private final HeapWatch heap = new HeapWatch();
  private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
  private final BufferPoolMXBean buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
          .filter(pool -> pool.getName().equals("direct"))
          .findFirst()
          .orElseThrow();
  private final double mostBufferBytes = mostBufferBytes();
  private final DoubleSupplier lag;

  /** A watch over this process, whose share of lag {@code lag} tells. */
  ProcessWatch(DoubleSupplier lag) {
    this.lag = lag;
  }

  @Override
  public Means get() {
    return new Means(heap.getAsDouble(), directMemory(), descriptors(), lag.getAsDouble());
  }

  /** Of the buffers that the JDK counts, which are Jetty's, or of those that Netty counts. */
  private double directMemory() {
    return Math.max(buffers.getMemoryUsed() / mostBufferBytes, NettyMemory.share());
  }

  /** What the JVM was told, or as much as the heap may have if it was told nothing. */
  private static double mostBufferBytes() {
    HotSpotDiagnosticMXBean machine =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    long told = Long.parseLong(machine.getVMOption("MaxDirectMemorySize").getValue());
    return told > 0 ? told : Runtime.getRuntime().maxMemory();
  }

  private double descriptors() {
    return system instanceof UnixOperatingSystemMXBean unix && unix.getMaxFileDescriptorCount() > 0
        ? unix.getOpenFileDescriptorCount() / (double) unix.getMaxFileDescriptorCount()
        : 0;
  }
}
