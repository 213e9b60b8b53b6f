package dev.sluice.gateway.core.request;

/** Knows how long answers become. */
@FunctionalInterface
public interface Lengths {

  /** Nothing was learned: hints, else typical lengths. */
  Lengths UNLEARNED =
      (request, _, most) -> {
        int hint = request.size().expectedOutputTokens();
        return hint > 0 ? OutputLength.hinted(most, hint) : OutputLength.typical(most);
      };

  /** How long the answer to {@code request} for {@code model} may become, up to {@code most}. */
  OutputLength of(InferenceRequest request, Model model, int most);
}
