/**
 * The adapter for servers of the Open Inference Protocol v2 over gRPC: Triton, MLServer, KServe,
 * OpenVINO and whoever speaks alike. Text in; text or vectors out.
 *
 * <p>Promises: sends a model no input that its metadata does not name, where it names any; shows no
 * answer as whole that the server did not end; repeats none of the server's words in its failures,
 * since they may quote the prompt. One call per generation or embedding, so that cancelling one
 * ends no other.
 *
 * <p>May see: the backend port, {@code backends.grpc}, {@code backends.text}, {@code
 * dev.sluice.inference}, gRPC, Jackson.
 */
@NullMarked
package dev.sluice.backends.oip;

import org.jspecify.annotations.NullMarked;
