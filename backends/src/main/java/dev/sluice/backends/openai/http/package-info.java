/**
 * A small HTTP/1.1 client for streamed answers of inference engines, one exchange to a connection
 * at a time.
 *
 * <p>The JDK's client cannot do what an engine's habits ask for: it expires idle connections by one
 * system property for the whole process, where every engine closes at its own time, and it does not
 * tell whether a connection that failed had been used before. Both decide whether a failure may be
 * tried again. Here each exchange runs blocking on the virtual thread of its caller, so that a
 * caller who does not read stops the engine through TCP itself, and a cancelled exchange is a
 * closed socket.
 *
 * <p>Promises: bounded (head, chunk lines and trailers), strict (what is not HTTP/1.1 is an error),
 * follows no redirect, sends no byte in clear text where TLS was asked for. Sees the JDK alone.
 */
@NullMarked
package dev.sluice.backends.openai.http;

import org.jspecify.annotations.NullMarked;
