package dev.sluice.gateway.transport;

import io.grpc.Metadata;

/**
 * The name of a header, which is the same in HTTP and in gRPC's metadata.
 *
 * @param text the name, in lower case
 * @param key what gRPC looks it up by, made once
 */
record HeaderName(String text, Metadata.Key<String> key) {

  static HeaderName of(String text) {
    return new HeaderName(text, Metadata.Key.of(text, Metadata.ASCII_STRING_MARSHALLER));
  }
}
