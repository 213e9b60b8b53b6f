/**
 * Metrics: the one home of Micrometer. Names and meanings are declared here. May see: {@code core},
 * {@code call}.
 */
@NullMarked
package dev.sluice.gateway.observe;

import org.jspecify.annotations.NullMarked;
