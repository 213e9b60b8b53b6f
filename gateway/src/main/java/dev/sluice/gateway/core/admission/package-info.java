/**
 * Stage 3: may this request enter? Fills in what the caller left out and refuses what is malformed.
 * May see: {@code request}, {@code fleet}.
 */
@NullMarked
package dev.sluice.gateway.core.admission;

import org.jspecify.annotations.NullMarked;
