package dev.sluice.gateway.transport.oip;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import dev.sluice.gateway.call.ModelTally;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.transport.RequestCall;
import dev.sluice.gateway.transport.RequestMessage;
import dev.sluice.gateway.transport.Requests;
import dev.sluice.gateway.transport.ResponseMarshaller;
import dev.sluice.gateway.transport.Statuses;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.GRPCInferenceServiceGrpc;
import dev.sluice.inference.ModelConfigRequest;
import dev.sluice.inference.ModelMetadataRequest;
import dev.sluice.inference.ModelReadyRequest;
import dev.sluice.inference.ModelReadyResponse;
import dev.sluice.inference.ModelStatisticsRequest;
import dev.sluice.inference.RepositoryIndexRequest;
import dev.sluice.inference.ServerLiveRequest;
import dev.sluice.inference.ServerLiveResponse;
import dev.sluice.inference.ServerMetadataRequest;
import dev.sluice.inference.ServerMetadataResponse;
import dev.sluice.inference.ServerReadyRequest;
import dev.sluice.inference.ServerReadyResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The service of the Open Inference Protocol. Of each request {@code ModelInfer} and {@code
 * ModelStreamInfer} make an {@link dev.sluice.gateway.call.InboundCall}; the other methods tell
 * what there is.
 */
public final class InferenceFront {

  private static final String NAME = "sluice";

  /** What Triton calls the parts of its protocol that are here. */
  private static final List<String> EXTENSIONS =
      List.of("model_configuration", "parameters", "statistics");

  private final RequestCall.Surroundings surroundings;
  private final InferReader reader;
  private final Models models;
  private final BooleanSupplier ready;
  private final List<Method> methods = new ArrayList<>();

  /**
   * What the front tells of the gateway.
   *
   * @param catalogue the models that there are
   * @param fleet the fleet as it is
   * @param tallies what was asked of the models
   * @param ready whether new work is wanted
   */
  public record Views(
      Catalogue catalogue,
      Supplier<FleetSnapshot> fleet,
      Supplier<List<ModelTally>> tallies,
      BooleanSupplier ready) {}

  /** A method and what answers it. */
  private record Method(
      MethodDescriptor<RequestMessage, byte[]> descriptor,
      ServerCallHandler<RequestMessage, byte[]> handler) {}

  /** Answers a question. */
  private interface Answering<Q> {
    MessageLite answer(Q question) throws UnreadableException;
  }

  private InferenceFront(RequestCall.Surroundings surroundings, Requests requests, Views views) {
    this.surroundings = surroundings;
    reader = new InferReader(requests, views.catalogue());
    models = new Models(views.catalogue(), views.fleet(), views.tallies());
    ready = views.ready();
  }

  /** The service, to be put into a server. */
  public static ServerServiceDefinition service(
      RequestCall.Surroundings surroundings, Requests requests, Views views) {
    return new InferenceFront(surroundings, requests, views).service();
  }

  private ServerServiceDefinition service() {
    aboutTheServer();
    aboutModels();
    methods.add(
        new Method(
            raw(GRPCInferenceServiceGrpc.getModelInferMethod()),
            (call, metadata) -> new InferCall(call, metadata, surroundings, reader)));
    methods.add(
        new Method(
            raw(GRPCInferenceServiceGrpc.getModelStreamInferMethod()),
            (call, metadata) -> new StreamCall(call, metadata, surroundings, reader)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(GRPCInferenceServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(
                GRPCInferenceServiceGrpc.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.descriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(method -> service.addMethod(method.descriptor(), method.handler()));
    return service.build();
  }

  private void aboutTheServer() {
    ask(
        GRPCInferenceServiceGrpc.getServerLiveMethod(),
        ServerLiveRequest.parser(),
        _ -> ServerLiveResponse.newBuilder().setLive(true).build());
    ask(
        GRPCInferenceServiceGrpc.getServerReadyMethod(),
        ServerReadyRequest.parser(),
        _ -> ServerReadyResponse.newBuilder().setReady(ready.getAsBoolean()).build());
    ask(
        GRPCInferenceServiceGrpc.getServerMetadataMethod(),
        ServerMetadataRequest.parser(),
        _ ->
            ServerMetadataResponse.newBuilder().setName(NAME).addAllExtensions(EXTENSIONS).build());
    ask(
        GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
        RepositoryIndexRequest.parser(),
        models::index);
  }

  private void aboutModels() {
    ask(
        GRPCInferenceServiceGrpc.getModelReadyMethod(),
        ModelReadyRequest.parser(),
        question ->
            ModelReadyResponse.newBuilder()
                .setReady(
                    models.isReady(models.find(question.getName(), question.getVersion()))
                        && ready.getAsBoolean())
                .build());
    ask(
        GRPCInferenceServiceGrpc.getModelMetadataMethod(),
        ModelMetadataRequest.parser(),
        question -> models.metadata(models.find(question.getName(), question.getVersion())));
    ask(
        GRPCInferenceServiceGrpc.getModelConfigMethod(),
        ModelConfigRequest.parser(),
        question -> models.config(models.find(question.getName(), question.getVersion())));
    ask(
        GRPCInferenceServiceGrpc.getModelStatisticsMethod(),
        ModelStatisticsRequest.parser(),
        question -> models.statistics(question.getName(), question.getVersion()));
  }

  private <Q> void ask(MethodDescriptor<Q, ?> method, Parser<Q> parser, Answering<Q> answering) {
    methods.add(
        new Method(
            raw(method),
            ServerCalls.asyncUnaryCall(
                (message, response) -> {
                  byte[] answer;
                  try {
                    answer = answering.answer(parse(message, parser)).toByteArray();
                  } catch (UnreadableException e) {
                    response.onError(
                        Statuses.status(e.failure())
                            .asException(Statuses.trailers(e.failure(), 0)));
                    return;
                  }
                  response.onNext(answer);
                  response.onCompleted();
                })));
  }

  private <Q> Q parse(RequestMessage message, Parser<Q> parser) throws UnreadableException {
    try {
      return parser.parseFrom(message.within(surroundings.mostBytes()));
    } catch (InvalidProtocolBufferException e) {
      throw UnreadableException.malformed("message: another (" + e.getMessage() + ")");
    }
  }

  /** Messages are decoded where their faults can be answered well. */
  private MethodDescriptor<RequestMessage, byte[]> raw(MethodDescriptor<?, ?> method) {
    return method.toBuilder(
            new RequestMessage.Marshaller(surroundings.mostBytes()), new ResponseMarshaller())
        .build();
  }
}
