/**
 * Whose certificates are believed, for adapters that speak over TLS.
 *
 * <p>Promises: believes no certificate out of its time. May see: the JDK.
 */
@NullMarked
package dev.sluice.backends.tls;

import org.jspecify.annotations.NullMarked;
