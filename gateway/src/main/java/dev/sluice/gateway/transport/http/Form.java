package dev.sluice.gateway.transport.http;

/**
 * How the caller wants the answer.
 *
 * @param stream as events, or in one piece
 * @param withUsage whether one more event tells the usage
 */
record Form(boolean stream, boolean withUsage) {}
