/**
 * The nouns of the fleet and its immutable snapshot: an observation makes the next snapshot. May
 * see: {@code request}.
 */
@NullMarked
package dev.sluice.gateway.core.fleet;

import org.jspecify.annotations.NullMarked;
