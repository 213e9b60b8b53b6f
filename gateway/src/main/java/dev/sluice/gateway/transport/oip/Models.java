package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.call.ModelTally;
import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.Task;
import dev.sluice.gateway.transport.Checks;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferStatistics;
import dev.sluice.inference.ModelConfig;
import dev.sluice.inference.ModelConfigResponse;
import dev.sluice.inference.ModelInput;
import dev.sluice.inference.ModelMetadataResponse;
import dev.sluice.inference.ModelOutput;
import dev.sluice.inference.ModelStatistics;
import dev.sluice.inference.ModelStatisticsResponse;
import dev.sluice.inference.ModelTransactionPolicy;
import dev.sluice.inference.RepositoryIndexRequest;
import dev.sluice.inference.RepositoryIndexResponse;
import dev.sluice.inference.StatisticDuration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * What is told of the models.
 *
 * @param catalogue the models that there are
 * @param fleet the fleet as it is
 * @param tallies what was asked of them
 */
record Models(
    Catalogue catalogue, Supplier<FleetSnapshot> fleet, Supplier<List<ModelTally>> tallies) {

  private static final String PLATFORM = "sluice";

  /** The model of this name and version. */
  Model find(String name, String version) throws UnreadableException {
    Checks.name("name", name);
    InferReader.checkVersion(version);
    Model model = catalogue.model(name);
    if (model == null) {
      throw new UnreadableException(
          Reason.MODEL_NOT_FOUND,
          "name: '%s' (expected: a model that RepositoryIndex lists, or an alias)".formatted(name));
    }
    return model;
  }

  /** Whether a backend of {@code model} can be reached. */
  boolean isReady(Model model) {
    FleetSnapshot now = fleet.get();
    for (Pool pool : now.pools(model.name())) {
      if (IntStream.of(pool.members()).anyMatch(index -> now.get(index).reachable())) {
        return true;
      }
    }
    return false;
  }

  ModelMetadataResponse metadata(Model model) {
    ModelMetadataResponse.Builder response =
        ModelMetadataResponse.newBuilder().setName(model.name()).setPlatform(PLATFORM);
    Signature signature = Signature.of(model.task());
    signature.inputs().forEach(input -> response.addInputs(metadata(input)));
    return response.addOutputs(metadata(signature.output())).build();
  }

  private static ModelMetadataResponse.TensorMetadata metadata(Signature.Described tensor) {
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(tensor.name())
        .setDatatype(tensor.datatype())
        .addAllShape(tensor.shape())
        .build();
  }

  ModelConfigResponse config(Model model) {
    Signature signature = Signature.of(model.task());
    ModelConfig.Builder config =
        ModelConfig.newBuilder()
            .setName(model.name())
            .setPlatform(PLATFORM)
            .setBackend(PLATFORM)
            .setModelTransactionPolicy(
                ModelTransactionPolicy.newBuilder().setDecoupled(model.task() == Task.GENERATE));
    for (Signature.Described input : signature.inputs()) {
      config.addInput(
          ModelInput.newBuilder()
              .setName(input.name())
              .setDataType(input.config())
              .addAllDims(input.shape())
              .setOptional(!input.name().equals(Tensors.TEXT_INPUT)));
    }
    config.addOutput(
        ModelOutput.newBuilder()
            .setName(signature.output().name())
            .setDataType(signature.output().config())
            .addAllDims(signature.output().shape()));
    return ModelConfigResponse.newBuilder().setConfig(config).build();
  }

  RepositoryIndexResponse index(RepositoryIndexRequest request) throws UnreadableException {
    if (!request.getRepositoryName().isEmpty()) {
      throw UnreadableException.malformed(
          "repository_name: %s (expected: none, as there is one repository)"
              .formatted(Tensors.shown(request.getRepositoryName())));
    }
    RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
    for (Model model : catalogue.models()) {
      boolean ready = isReady(model);
      if (ready || !request.getReady()) {
        response
            .addModelsBuilder()
            .setName(model.name())
            .setState(ready ? "READY" : "UNAVAILABLE")
            .setReason(ready ? "" : "no backend can be reached");
      }
    }
    return response.build();
  }

  /** Of the model of this name; of all if it is empty. */
  ModelStatisticsResponse statistics(String name, String version) throws UnreadableException {
    String only = name.isEmpty() ? "" : find(name, version).name();
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    for (ModelTally tally : tallies.get()) {
      if (only.isEmpty() || only.equals(tally.model())) {
        response.addModelStats(statistics(tally));
      }
    }
    return response.build();
  }

  private static ModelStatistics statistics(ModelTally tally) {
    return ModelStatistics.newBuilder()
        .setName(tally.model())
        .setLastInference(tally.lastSeconds() * 1_000)
        .setInferenceCount(tally.completed())
        .setExecutionCount(tally.completed())
        .setInferenceStats(
            InferStatistics.newBuilder()
                .setSuccess(duration(tally.completed(), tally.completedNanos()))
                .setFail(duration(tally.failed(), tally.failedNanos()))
                .setQueue(duration(tally.completed(), tally.queueNanos()))
                .setComputeInfer(
                    duration(tally.completed(), tally.completedNanos() - tally.queueNanos())))
        .build();
  }

  private static StatisticDuration duration(long count, long nanos) {
    return StatisticDuration.newBuilder().setCount(count).setNs(nanos).build();
  }
}
