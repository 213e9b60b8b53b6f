/**
 * Stage 4: which deployments could serve this request, and why not the others? Hard constraints
 * only. May see: {@code request}, {@code fleet}.
 */
@NullMarked
package dev.sluice.gateway.core.selection;

import org.jspecify.annotations.NullMarked;
