/**
 * What the shell's stages share: the call as they see it, its account, the queue that orders its
 * events. No gRPC types. May see: {@code core.request}.
 */
@NullMarked
package dev.sluice.gateway.call;

import org.jspecify.annotations.NullMarked;
