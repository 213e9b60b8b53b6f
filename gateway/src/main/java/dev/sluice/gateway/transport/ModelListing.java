package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.fleet.FleetSnapshot;
import dev.sluice.gateway.core.fleet.Pool;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.v1.Accelerator;
import dev.sluice.v1.ListModelsResponse;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.IntStream;

/** What {@code ListModels} answers. */
final class ModelListing {

  private ModelListing() {}

  static ListModelsResponse of(Catalogue catalogue, FleetSnapshot fleet) {
    ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
    catalogue.models().stream()
        .sorted(Comparator.comparing(Model::name))
        .forEach(model -> response.addModels(model(model, fleet)));
    return response.build();
  }

  private static dev.sluice.v1.Model model(Model model, FleetSnapshot fleet) {
    Set<Accelerator> accelerators = EnumSet.noneOf(Accelerator.class);
    for (Pool pool : fleet.pools(model.name())) {
      if (IntStream.of(pool.members()).anyMatch(index -> fleet.get(index).reachable())) {
        accelerators.add(ResponseWriter.accelerator(pool.example().kind().name()));
      }
    }
    return dev.sluice.v1.Model.newBuilder()
        .setName(model.name())
        .addAllAliases(model.aliases())
        .setContextTokens(model.contextTokens())
        .setDefaultServiceClass(model.serviceClass())
        .addAllAccelerators(accelerators)
        .build();
  }
}
