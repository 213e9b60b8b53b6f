/**
 * Stage 5: how long would it take there? May see: {@code request}, {@code fleet}, {@code
 * selection}.
 */
@NullMarked
package dev.sluice.gateway.core.prediction;

import org.jspecify.annotations.NullMarked;
