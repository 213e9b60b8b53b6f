package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Model;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked for, as OpenAI lists models. */
final class ModelList {

  private final Catalogue catalogue;
  private final long createdSeconds;

  /** The models of {@code catalogue}, offered since {@code createdSeconds}. */
  ModelList(Catalogue catalogue, long createdSeconds) {
    this.catalogue = catalogue;
    this.createdSeconds = createdSeconds;
  }

  JsonBytes all() {
    JsonBytes out = new JsonBytes().raw("{\"object\":\"list\",\"data\":[");
    List<Model> models =
        catalogue.models().stream().sorted(Comparator.comparing(Model::name)).toList();
    for (int i = 0; i < models.size(); i++) {
      write(out.raw(i == 0 ? "" : ","), models.get(i));
    }
    return out.raw("]}");
  }

  /** The model called {@code name}, also by an alias; null when there is none. */
  @Nullable JsonBytes one(String name) {
    Model model = catalogue.model(name);
    return model == null ? null : write(new JsonBytes(), model);
  }

  private JsonBytes write(JsonBytes out, Model model) {
    out.raw("{\"id\":").string(model.name()).raw(",\"object\":\"model\",\"created\":");
    out.number(createdSeconds).raw(",\"owned_by\":\"sluice\",\"aliases\":[");
    for (int i = 0; i < model.aliases().size(); i++) {
      out.raw(i == 0 ? "" : ",").string(model.aliases().get(i));
    }
    return out.raw("],\"max_model_len\":").number(model.contextTokens()).raw("}");
  }
}
