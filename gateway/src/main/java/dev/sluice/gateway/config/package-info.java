/**
 * The configuration: one YAML file bound to a tree of records that cannot be wrong.
 *
 * <p>Promises: every mistake of a file is reported at once with {@code file:line:column}, the
 * value, what was expected and the nearest known key; unknown keys are mistakes; after binding
 * nothing checks again; no file, however hostile, makes it throw. May see: the backend port (kinds
 * and their settings), profiles, the core (names of policies, and the nouns that the configuration
 * is turned into), the YAML parser.
 */
@NullMarked
package dev.sluice.gateway.config;

import org.jspecify.annotations.NullMarked;
