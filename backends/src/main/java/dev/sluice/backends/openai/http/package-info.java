/**
 * Exchanges with inference engines over HTTP/1.1, on Jetty's client, whose types do not leave this
 * package; its threads do, to bring news to who must not keep them waiting.
 *
 * <p>What is added to Jetty is what an engine's habits ask for: nothing is read that nobody takes,
 * so that a caller who does not read stops the engine through TCP itself; a connection expires
 * before its engine closes it; and a failure tells whether the request had left, and whether its
 * connection had been used before. Both decide whether it may be tried again.
 *
 * <p>Promises: bounded (head and trailers), strict (what is not HTTP/1.1 is an error), follows no
 * redirect, sends no byte in clear text where TLS was asked for, repeats no word of a server. Sees
 * the JDK, {@code backends.tls} and Jetty.
 */
@NullMarked
package dev.sluice.backends.openai.http;

import org.jspecify.annotations.NullMarked;
