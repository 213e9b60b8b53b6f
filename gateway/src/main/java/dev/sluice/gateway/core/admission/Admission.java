package dev.sluice.gateway.core.admission;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Lengths;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.Reason;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.request.Task;
import org.jspecify.annotations.Nullable;

/**
 * The gate: resolves model and class, fills in the budget, bounds the deadline, and refuses what
 * can not be.
 *
 * @param catalogue what can be asked for
 * @param maxTotalNanos longest a request may take, whatever its budget
 */
public record Admission(Catalogue catalogue, long maxTotalNanos) {

  /** What became of a request at the gate. */
  public sealed interface Result {}

  /** It may enter. */
  public record Admitted(AdmittedRequest request) implements Result {}

  /** It may not. */
  public record Rejected(Failure failure) implements Result {}

  /**
   * What the gate knows of the gateway itself.
   *
   * @param draining whether the gateway shuts down
   * @param fullness share that is used up of what it can hold, 0 … 1 and more
   * @param lengths how long answers become
   * @param standing how the tenant stands
   */
  public record Gate(boolean draining, double fullness, Lengths lengths, Standing standing) {
    /** Nothing in the way, and nothing known of lengths. */
    public static final Gate OPEN = new Gate(false, 0, Lengths.UNLEARNED);

    /** A gate that knows nothing of tenants. */
    public Gate(boolean draining, double fullness, Lengths lengths) {
      this(draining, fullness, lengths, Standing.FREE);
    }
  }

  /** Decides on {@code request} at {@code nowNanos}. */
  public Result admit(InferenceRequest request, Gate gate, long nowNanos) {
    if (gate.draining()) {
      return rejected(Reason.DRAINING, "the gateway is shutting down; another one may serve this");
    }
    Model model = catalogue.model(request.model());
    if (model == null) {
      return rejected(Reason.MODEL_NOT_FOUND, "model: no model of this name (see ListModels)");
    }
    ServiceClass serviceClass = serviceClass(request, model);
    if (serviceClass == null) {
      return rejected(
          Reason.MALFORMED_REQUEST,
          "service_class: no class of this name (expected: one of " + catalogue.classNames() + ")");
    }
    if (gate.fullness() >= serviceClass.criticality().admittedBelow()) {
      return rejected(
          Reason.OVERLOADED, "the gateway is too full for requests of this class's criticality");
    }
    Failure misfit = misfit(request, model);
    if (misfit != null) {
      return new Rejected(misfit);
    }
    Failure excess = excess(request, model, gate.standing());
    if (excess != null) {
      return new Rejected(excess);
    }
    Budget whole = budget(request, serviceClass, model).atMost(maxTotalNanos);
    Budget budget = request.size().begunTokens() == 0 ? whole : whole.ofTheRest();
    long deadlineNanos = deadlineNanos(request, budget);
    if (deadlineNanos - nowNanos <= 0) {
      return rejected(Reason.DEADLINE_EXPIRED, "deadline: passed before the request was routed");
    }
    return new Admitted(
        new AdmittedRequest(
            request,
            model,
            serviceClass,
            budget,
            deadlineNanos,
            output(request, gate.lengths(), model)));
  }

  private static Budget budget(InferenceRequest request, ServiceClass serviceClass, Model model) {
    Budget own = request.budget();
    return switch (model.task()) {
      case GENERATE -> own.orElse(serviceClass.budget()).orElse(model.budget());
      case EMBED ->
          own.ofOnePiece()
              .orElse(serviceClass.budget().ofOnePiece())
              .orElse(model.budget().ofOnePiece());
    };
  }

  private static OutputLength output(InferenceRequest request, Lengths lengths, Model model) {
    return switch (model.task()) {
      case GENERATE ->
          lengths
              .of(request, model, maxOutputTokens(request, model))
              .after(request.size().begunTokens());
      case EMBED -> OutputLength.hinted(1, 1);
    };
  }

  private @Nullable ServiceClass serviceClass(InferenceRequest request, Model model) {
    String name = request.serviceClass().isEmpty() ? model.serviceClass() : request.serviceClass();
    return name.isEmpty() ? ServiceClass.NONE : catalogue.serviceClass(name);
  }

  private static @Nullable Failure misfit(InferenceRequest request, Model model) {
    if (request.size().task() != model.task()) {
      return Failure.of(
          Reason.UNSUPPORTED,
          switch (model.task()) {
            case GENERATE ->
                "model: %s generates (expected: one that embeds, see ListModels)"
                    .formatted(model.name());
            case EMBED ->
                "model: %s embeds (expected: one that generates, see ListModels)"
                    .formatted(model.name());
          });
    }
    return switch (model.task()) {
      case GENERATE -> tooLong(request, model);
      case EMBED -> tooLongInput(request, model);
    };
  }

  private static @Nullable Failure tooLongInput(InferenceRequest request, Model model) {
    int longestTokens = request.size().longestTokens();
    return longestTokens <= model.contextTokens()
        ? null
        : Failure.of(
            Reason.MALFORMED_REQUEST,
            "input: one of %d tokens (expected: at most %d, the context of %s)"
                .formatted(longestTokens, model.contextTokens(), model.name()));
  }

  private static @Nullable Failure tooLong(InferenceRequest request, Model model) {
    int promptTokens = request.size().inputTokens();
    if (promptTokens >= model.contextTokens()) {
      return Failure.of(
          Reason.MALFORMED_REQUEST,
          "prompt: %d tokens (expected: fewer than the %d of %s's context)"
              .formatted(promptTokens, model.contextTokens(), model.name()));
    }
    int maxOutputTokens = request.size().maxOutputTokens();
    if (maxOutputTokens > model.contextTokens()) {
      return Failure.of(
          Reason.MALFORMED_REQUEST,
          "sampling.max_output_tokens: %d (expected: at most %d, the context of %s)"
              .formatted(maxOutputTokens, model.contextTokens(), model.name()));
    }
    int begunTokens = request.size().begunTokens();
    int most = maxOutputTokens(request, model);
    return begunTokens <= most
        ? null
        : Failure.of(
            Reason.MALFORMED_REQUEST,
            "progress.tokens: %d (expected: at most %d, the longest answer to this request)"
                .formatted(begunTokens, most));
  }

  private static @Nullable Failure excess(
      InferenceRequest request, Model model, Standing standing) {
    if (standing.atMostStreams()) {
      return Failure.of(
          Reason.QUOTA_EXCEEDED, "tenant: has as many requests under way as it may at once");
    }
    long waitNanos = standing.quota().nanosUntil(mostTokens(request, model));
    if (waitNanos > 0) {
      return Failure.of(
              Reason.QUOTA_EXCEEDED,
              "tenant: has used up its tokens (expected: prompt and longest answer within them)")
          .retryAfter(waitNanos);
    }
    return standing.isAboveShare()
        ? Failure.of(
            Reason.QUOTA_EXCEEDED,
            "tenant: took more than its share of this model, which is short of capacity")
        : null;
  }

  /** Tokens that a request uses at most. */
  private static long mostTokens(InferenceRequest request, Model model) {
    return request.size().inputTokens() + (long) maxOutputTokens(request, model);
  }

  /** An answer can not be longer than what the prompt leaves of the context. */
  private static int maxOutputTokens(InferenceRequest request, Model model) {
    if (model.task() == Task.EMBED) {
      return 1; // the piece
    }
    int asked = request.size().maxOutputTokens();
    int left = model.contextTokens() - request.size().inputTokens();
    return Math.min(asked > 0 ? asked : model.maxOutputTokens(), left);
  }

  private long deadlineNanos(InferenceRequest request, Budget budget) {
    long arrivalNanos = request.timing().arrivalNanos();
    long lengthNanos = budget.totalNanos() > 0 ? budget.totalNanos() : maxTotalNanos;
    long ownNanos = request.timing().deadlineNanos();
    return ownNanos == Long.MAX_VALUE || ownNanos - arrivalNanos > lengthNanos
        ? arrivalNanos + lengthNanos
        : ownNanos;
  }

  private static Rejected rejected(Reason reason, String message) {
    return new Rejected(Failure.of(reason, message));
  }
}
