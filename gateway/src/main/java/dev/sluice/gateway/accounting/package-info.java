/** Stage 10: exactly one record per request. May see: {@code core}, {@code call}, {@code time}. */
@NullMarked
package dev.sluice.gateway.accounting;

import org.jspecify.annotations.NullMarked;
