/**
 * Measures an engine and fits a profile to it: {@code sluice-accelerator fit}.
 *
 * <p>Promises: {@link dev.sluice.backends.fit.StepFit} is pure; only {@link
 * dev.sluice.backends.fit.Probes} asks an engine, through the backend port. May see: the backend
 * port and {@code profile}; it finds the adapter as the gateway does.
 */
@NullMarked
package dev.sluice.backends.fit;

import org.jspecify.annotations.NullMarked;
