package dev.sluice.gateway.transport;

import dev.sluice.gateway.core.Offer;
import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.v1.ListModelsResponse;
import dev.sluice.v1.ModelAbility;
import dev.sluice.v1.PriceRange;
import java.util.ArrayList;
import java.util.List;

/** What {@code ListModels} answers. */
final class ModelListing {

  private ModelListing() {}

  static ListModelsResponse of(List<Offer> offers) {
    ListModelsResponse.Builder response = ListModelsResponse.newBuilder();
    offers.forEach(offer -> response.addModels(model(offer)));
    return response.build();
  }

  private static dev.sluice.v1.Model model(Offer offer) {
    Model model = offer.model();
    dev.sluice.v1.Model.Builder message =
        dev.sluice.v1.Model.newBuilder()
            .setName(model.name())
            .addAllAliases(model.aliases())
            .setContextTokens(model.contextTokens())
            .setDefaultServiceClass(model.serviceClass())
            .addAllAbilities(abilities(offer))
            .setPrice(price(offer.price()));
    for (AcceleratorKind kind : offer.kinds()) {
      message.addAccelerators(ResponseWriter.accelerator(kind.name()));
    }
    Budget achievable = offer.achievable();
    if (achievable != null) {
      message.setAchievable(ResponseWriter.budget(achievable));
    }
    return message.build();
  }

  private static List<ModelAbility> abilities(Offer offer) {
    List<ModelAbility> abilities = new ArrayList<>(2);
    abilities.add(
        switch (offer.model().task()) {
          case GENERATE -> ModelAbility.MODEL_ABILITY_GENERATE;
          case EMBED -> ModelAbility.MODEL_ABILITY_EMBED;
        });
    switch (offer.continuation()) {
      case NONE -> {}
      case EXACT -> abilities.add(ModelAbility.MODEL_ABILITY_RESUME_EXACT);
      case PLAUSIBLE -> abilities.add(ModelAbility.MODEL_ABILITY_RESUME_PLAUSIBLE);
    }
    for (Ability ability : offer.abilities()) {
      abilities.add(
          switch (ability) {
            case TOOLS -> ModelAbility.MODEL_ABILITY_TOOLS;
            case JSON_OBJECT -> ModelAbility.MODEL_ABILITY_JSON_OBJECT;
            case JSON_SCHEMA -> ModelAbility.MODEL_ABILITY_JSON_SCHEMA;
          });
    }
    return abilities;
  }

  private static PriceRange price(Offer.Price price) {
    return PriceRange.newBuilder()
        .setLeastPerMillionInputUsd(price.leastInput())
        .setMostPerMillionInputUsd(price.mostInput())
        .setLeastPerMillionOutputUsd(price.leastOutput())
        .setMostPerMillionOutputUsd(price.mostOutput())
        .build();
  }
}
