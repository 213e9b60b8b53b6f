package dev.sluice.gateway.call;

import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.BudgetPart;
import dev.sluice.gateway.core.request.Failure;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one account of an ended request. No prompt text, no secret.
 *
 * @param asked what was asked
 * @param route who served it; null when it was never routed
 * @param outcome how it ended
 * @param usage tokens
 * @param times lengths of time, measured here
 * @param missed parts of the budget that were not met
 * @param expense estimated cost and energy
 */
public record RequestRecord(
    Asked asked,
    @Nullable Routing route,
    Outcome outcome,
    Usage usage,
    Times times,
    List<BudgetPart> missed,
    Expense expense) {

  public RequestRecord {
    missed = List.copyOf(missed);
  }

  /** The account of a call that could not be read and was over after {@code totalNanos}. */
  public static RequestRecord ofUnreadable(Failure failure, long totalNanos) {
    return new RequestRecord(
        Asked.NOTHING,
        null,
        new Failed(failure),
        Usage.estimated(0, 0),
        new Times(0, 0, 0, totalNanos),
        List.of(),
        Expense.NOTHING);
  }

  /** A request's id and the name of the model it asks for, as the caller wrote it. */
  public record Asked(String id, String model) {
    /** What a call asks that cannot be read. */
    static final Asked NOTHING = new Asked("", "");
  }

  /**
   * Who served a request, what was expected, and how many attempts it took.
   *
   * @param assignment of the last attempt
   * @param attempts number of attempts
   * @param resumes where the answer was continued by another attempt, in order
   */
  public record Routing(
      AdmittedRequest request, Assignment assignment, int attempts, List<Resume> resumes) {
    public Routing {
      resumes = List.copyOf(resumes);
    }
  }

  /** One continuation of an answer that broke off: where, and who went on. */
  public record Resume(Seam seam, Assignment assignment) {}

  /**
   * Where one attempt went on with what another had begun.
   *
   * @param index of the first token of the next attempt
   * @param exact whether it is token for token what the answer would have been
   */
  public record Seam(int index, boolean exact) {}

  /** How a request ended. */
  public sealed interface Outcome {}

  /** Answered in full; {@code reason} is the backend's word for why the answer ended. */
  public record Completed(String reason) implements Outcome {}

  /** Not answered in full. */
  public record Failed(Failure failure) implements Outcome {}

  /**
   * Tokens of a request.
   *
   * @param counted where the counts are from
   */
  public record Usage(int inputTokens, int outputTokens, int cachedInputTokens, Counted counted) {

    /** Usage that no backend accounted for. */
    public static Usage estimated(int inputTokens, int outputTokens) {
      return new Usage(inputTokens, outputTokens, 0, Counted.ESTIMATE);
    }
  }

  /** Where counts of tokens are from, the surest first. */
  public enum Counted {
    /** The backend's own account. */
    BACKEND,
    /** The model's tokenizer, applied to the text. */
    TOKENIZER,
    /** The length of the text, by what such text took before. */
    ESTIMATE;

    /** Its name in logs and answers. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Lengths of time from the request's arrival, in nanoseconds; 0 where there is none.
   *
   * @param decisionNanos until the decision was made
   * @param firstTokenNanos until the first token
   * @param perTokenNanos mean per token after the first
   * @param totalNanos until the end
   */
  public record Times(
      long decisionNanos, long firstTokenNanos, long perTokenNanos, long totalNanos) {}

  /** Estimated cost in US dollars and energy in joules. */
  public record Expense(double costUsd, double energyJoules) {

    /** No expense. */
    public static final Expense NOTHING = new Expense(0, 0);

    /** Both together. */
    public Expense plus(Expense other) {
      return new Expense(costUsd + other.costUsd, energyJoules + other.energyJoules);
    }
  }
}
