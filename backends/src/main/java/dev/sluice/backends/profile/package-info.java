/**
 * Hardware profiles: the figures of one hardware × model × precision × parallelism as data, each
 * with source, confidence and date, typed and checked when loaded.
 *
 * <p>Resources say what is known of hardware, models and deployments; {@link
 * dev.sluice.backends.profile.Roofline} and {@link dev.sluice.backends.profile.SlotDerivation} say
 * what follows; {@link dev.sluice.backends.profile.Profiles} finds the outcome. May see: the JDK,
 * the YAML parser and, for the two commands, picocli.
 */
@NullMarked
package dev.sluice.backends.profile;

import org.jspecify.annotations.NullMarked;
