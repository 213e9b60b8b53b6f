package dev.sluice.gateway.transport;

import io.grpc.netty.shaded.io.netty.util.internal.PlatformDependent;

/**
 * Tells how much of the memory outside of the heap gRPC's Netty uses, which it counts by itself.
 *
 * <p>Asked of a class that Netty calls internal, since no other knows it: gRPC keeps the allocator
 * that it makes to itself, so the public metrics of allocators do not show it.
 */
public final class NettyMemory {

  private NettyMemory() {}

  /** What is in use, as a share of the most that may be. */
  public static double share() {
    // below zero when Netty leaves the counting to the JDK
    return Math.max(0, PlatformDependent.usedDirectMemory())
        / (double) Math.max(1, PlatformDependent.maxDirectMemory());
  }
}
