package dev.sluice.backends.oip;

import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.ModelInferRequest;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelStreamInferResponse;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How a server answers: the protocol's streams are Triton's and MLServer's, which differ. */
enum Flavour {
  /** A stream of {@code ModelStreamInferResponse}; the last one is marked. */
  TRITON,
  /** A stream of {@code ModelInferResponse} under the same name; its end is the answer's. */
  MLSERVER,
  /** No stream: one {@code ModelInferResponse}. */
  UNARY;

  private static final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> STREAM =
      GRPCInferenceServiceGrpc.getModelStreamInferMethod();
  private static final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> OTHER_STREAM =
      STREAM.toBuilder(STREAM.getRequestMarshaller(), new Wrapping()).build();
  private static final MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> ONE =
      GRPCInferenceServiceGrpc.getModelInferMethod().toBuilder(
              STREAM.getRequestMarshaller(), new Wrapping())
          .build();

  /** The flavour that is written {@code name} in the configuration. */
  static Flavour named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /** All names. */
  static List<String> names() {
    return Arrays.stream(values()).map(each -> each.name().toLowerCase(Locale.ROOT)).toList();
  }

  /** What is called; whatever is answered arrives as Triton's message. */
  MethodDescriptor<ModelInferRequest, ModelStreamInferResponse> method() {
    return switch (this) {
      case TRITON -> STREAM;
      case MLSERVER -> OTHER_STREAM;
      case UNARY -> ONE;
    };
  }

  /** Puts the protocol's response where Triton has it. */
  private static final class Wrapping
      implements MethodDescriptor.Marshaller<ModelStreamInferResponse> {

    private static final MethodDescriptor.Marshaller<ModelInferResponse> INNER =
        ProtoUtils.marshaller(ModelInferResponse.getDefaultInstance());

    @Override
    public InputStream stream(ModelStreamInferResponse response) {
      return INNER.stream(response.getInferResponse());
    }

    @Override
    public ModelStreamInferResponse parse(InputStream stream) {
      return ModelStreamInferResponse.newBuilder().setInferResponse(INNER.parse(stream)).build();
    }
  }
}
