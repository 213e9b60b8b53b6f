package dev.sluice.gateway.transport.http;

import dev.sluice.gateway.core.Offer;
import dev.sluice.gateway.core.request.Ability;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Model;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be asked for, as OpenAI lists models, and what OpenAI has no fields for. */
final class ModelList {

  private final Supplier<List<Offer>> offers;
  private final long createdSeconds;

  /** The models of {@code offers}, offered since {@code createdSeconds}. */
  ModelList(Supplier<List<Offer>> offers, long createdSeconds) {
    this.offers = offers;
    this.createdSeconds = createdSeconds;
  }

  JsonBytes all() {
    JsonBytes out = new JsonBytes().raw("{\"object\":\"list\",\"data\":[");
    String comma = "";
    for (Offer offer : offers.get()) {
      write(out.raw(comma), offer);
      comma = ",";
    }
    return out.raw("]}");
  }

  /** The model called {@code name}, also by an alias; null when there is none. */
  @Nullable JsonBytes one(String name) {
    for (Offer offer : offers.get()) {
      Model model = offer.model();
      if (model.name().equals(name) || model.aliases().contains(name)) {
        return write(new JsonBytes(), offer);
      }
    }
    return null;
  }

  private JsonBytes write(JsonBytes out, Offer offer) {
    Model model = offer.model();
    out.raw("{\"id\":").string(model.name()).raw(",\"object\":\"model\",\"created\":");
    out.number(createdSeconds).raw(",\"owned_by\":\"sluice\",\"aliases\":[");
    for (int i = 0; i < model.aliases().size(); i++) {
      out.raw(i == 0 ? "" : ",").string(model.aliases().get(i));
    }
    out.raw("],\"max_model_len\":").number(model.contextTokens());
    out.raw(",\"abilities\":[").string(model.task().name().toLowerCase(Locale.ROOT));
    switch (offer.continuation()) {
      case NONE -> {}
      case EXACT -> out.raw(",\"resume_exact\"");
      case PLAUSIBLE -> out.raw(",\"resume_plausible\"");
    }
    for (Ability ability : offer.abilities()) {
      out.raw(",").string(ability.name().toLowerCase(Locale.ROOT));
    }
    price(out.raw("]"), offer.price());
    achievable(out, offer.achievable());
    return out.raw("}");
  }

  private static void price(JsonBytes out, Offer.Price price) {
    out.raw(",\"usd_per_million_tokens\":{\"input\":[").raw(Double.toString(price.leastInput()));
    out.raw(",").raw(Double.toString(price.mostInput())).raw("],\"output\":[");
    out.raw(Double.toString(price.leastOutput())).raw(",");
    out.raw(Double.toString(price.mostOutput())).raw("]}");
  }

  private static void achievable(JsonBytes out, @Nullable Budget budget) {
    if (budget == null) {
      out.raw(",\"achievable\":null");
      return;
    }
    out.raw(",\"achievable\":{");
    if (budget.firstTokenNanos() > 0) {
      out.raw("\"ttft_ms\":").millis(budget.firstTokenNanos());
      out.raw(",\"tpot_ms\":").millis(budget.perTokenNanos()).raw(",");
    }
    out.raw("\"e2e_ms\":").millis(budget.totalNanos()).raw("}");
  }
}
