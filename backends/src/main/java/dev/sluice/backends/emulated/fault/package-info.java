/**
 * Ways in which an emulated accelerator can be told to fail its callers, and whom it fails.
 *
 * <p>Values and their text form only: {@code emulated.server} carries them out. May see: gRPC's
 * status codes.
 */
@NullMarked
package dev.sluice.backends.emulated.fault;

import org.jspecify.annotations.NullMarked;
