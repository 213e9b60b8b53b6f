/**
 * The nouns of a request: what is asked, how long the caller can wait, why it failed. May see: the
 * JDK subset of the core.
 */
@NullMarked
package dev.sluice.gateway.core.request;

import org.jspecify.annotations.NullMarked;
