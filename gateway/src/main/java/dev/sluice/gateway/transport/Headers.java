package dev.sluice.gateway.transport;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** The headers of a request, whichever protocol it came by. */
@FunctionalInterface
public interface Headers {

  /** All values of the header called {@code name}, in order; null or empty when there is none. */
  @Nullable Iterable<String> all(String name);

  /** All values of one of the headers that every front reads. */
  default @Nullable Iterable<String> all(HeaderName name) {
    return all(name.text());
  }

  /** The metadata of a gRPC call as headers. */
  record OfMetadata(Metadata metadata) implements Headers {

    @Override
    public @Nullable Iterable<String> all(String name) {
      return metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }

    @Override
    public @Nullable Iterable<String> all(HeaderName name) {
      return metadata.getAll(name.key());
    }
  }
}
