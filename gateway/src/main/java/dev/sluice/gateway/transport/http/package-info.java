/**
 * Stage 1 over HTTP: the API that OpenAI's clients speak. What is asked becomes an {@link
 * dev.sluice.gateway.call.InboundCall} and goes the way of every other; this front adds no
 * decision. May see: what {@code transport} shares between the fronts, {@code core}, {@code call},
 * {@code time}, Jetty and Jackson, {@code dev.sluice.v1} to decode what a backend encoded. Handlers
 * run on Jetty's selector and never block.
 */
@NullMarked
package dev.sluice.gateway.transport.http;

import org.jspecify.annotations.NullMarked;
