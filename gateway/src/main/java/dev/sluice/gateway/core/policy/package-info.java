/**
 * Stage 6: whom to ask. Route or refuse. May see: {@code request}, {@code fleet}, {@code
 * selection}, {@code prediction}.
 */
@NullMarked
package dev.sluice.gateway.core.policy;

import org.jspecify.annotations.NullMarked;
