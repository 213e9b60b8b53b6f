/**
 * Hardware profiles: the figures of one hardware × model × precision × parallelism as data, each
 * with source, confidence and date, typed and checked when loaded.
 *
 * <p>May see: the JDK and the YAML parser. Formulas and sources: {@link
 * dev.sluice.backends.profile.Profile}.
 */
@NullMarked
package dev.sluice.backends.profile;

import org.jspecify.annotations.NullMarked;
