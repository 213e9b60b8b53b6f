/** Time: the only place that reads the clock. */
@NullMarked
package dev.sluice.gateway.time;

import org.jspecify.annotations.NullMarked;
