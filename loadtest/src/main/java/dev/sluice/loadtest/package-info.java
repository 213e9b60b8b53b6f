/**
 * The command {@code sluice-load}: arguments in, exit code out.
 *
 * <p>Promises: only this package wires the others together, and only {@link
 * dev.sluice.loadtest.LoadMain} ends the process. May see: everything in the module, picocli.
 */
@NullMarked
package dev.sluice.loadtest;

import org.jspecify.annotations.NullMarked;
