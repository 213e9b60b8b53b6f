package dev.sluice.gateway.core.admission;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The books on tenants: what each has under way, what is left of its tokens, and what it took of
 * each model of late.
 *
 * <p>Mutable, since every request writes; not thread-safe. Bounded: whoever comes when as many
 * tenants as are told apart are busy shares the account of the others.
 *
 * @implNote The share is max-min fair, for those who take most of all: while a model is contended,
 *     a level is found at which nine tenths of what all took of late would be taken if nobody had
 *     more than that, and who is above it, and above half of all, is refused until he is not. So
 *     one tenant cannot push the others out, whatever it asks for, and as soon as there is room
 *     again it may have it. Below half, prices decide as among requests of one tenant: to cut
 *     everybody at the level cost a fleet with many unequal tenants a tenth of its good answers
 *     (trace ServeGen at 0.4 times its rate), for the sake of nobody. A tenant alone is always
 *     within its share.
 */
public final class TenantBooks {

  /** Tenants told apart. Chosen without measurement; an account takes some hundred bytes. */
  static final int MOST_TENANTS = 10_000;

  /** Whose account those share who are too many to be told apart. */
  private static final String OTHERS = "_other";

  /** How long what was taken is remembered: as long as a deployment's work is. */
  private static final double MEMORY_NANOS = 10e9;

  /** Part of what all took of late that may be taken while there is too little. */
  private static final double KEPT = 0.9;

  /** Part of what all took of late up to which a tenant's part is left to prices. */
  private static final double MOST_OF_ALL = 0.5;

  /** How long a level holds: as long as the verdict whether a model is contended. */
  private static final long LEVEL_NANOS = 100_000_000;

  /** What is less than a token was forgotten. */
  private static final double FORGOTTEN = 1;

  private final Terms terms;
  private final Map<String, Account> accounts = new LinkedHashMap<>();
  private final Map<String, ModelBook> models = new LinkedHashMap<>();

  /**
   * What holds for each tenant.
   *
   * @param mostStreams most requests under way at once; 0: no limit
   * @param tokensPerMinute most tokens of prompts and answers in a minute; 0: no limit
   */
  public record Terms(int mostStreams, long tokensPerMinute) {
    /** No limits. */
    public static final Terms NONE = new Terms(0, 0);

    public Terms {
      if (mostStreams < 0 || tokensPerMinute < 0) {
        throw new IllegalArgumentException(
            "terms: %d streams, %d tokens a minute (expected: both >= 0)"
                .formatted(mostStreams, tokensPerMinute));
      }
    }
  }

  private static final class Account {
    private int streams;
    private double tokens;
    private long atNanos;
  }

  private static final class ModelBook {
    private final Map<String, Taken> taken = new LinkedHashMap<>();
    private double level = Double.POSITIVE_INFINITY;
    private long levelNanos = Long.MIN_VALUE;
  }

  /** Tokens taken of late: a sum that forgets. */
  private record Taken(double tokens, long atNanos) {
    private Taken plus(double more, long nowNanos) {
      return new Taken(Math.max(0, at(nowNanos) + more), Math.max(atNanos, nowNanos));
    }

    private double at(long nowNanos) {
      return tokens * StrictMath.exp(-Math.max(0, nowNanos - atNanos) / MEMORY_NANOS);
    }
  }

  /** Empty books. */
  public TenantBooks(Terms terms) {
    this.terms = terms;
  }

  /**
   * A request arrives: how its tenant stands without it. It is under way from now on, until {@link
   * #ended}.
   *
   * @param contended whether the model has too little capacity for all
   */
  public Standing arrived(String tenant, String model, boolean contended, long nowNanos) {
    Account account = account(tenant, nowNanos);
    boolean full = terms.mostStreams() > 0 && account.streams >= terms.mostStreams();
    account.streams++;
    return new Standing(
        full, contended && isAboveShare(tenant, model, nowNanos), quota(account, nowNanos));
  }

  /**
   * A request is going to be served.
   *
   * @param most tokens that it uses at most: they are set aside until it has ended
   * @param expected tokens that it takes as far as known
   */
  public void routed(String tenant, String model, long most, long expected, long nowNanos) {
    Account account = account(tenant, nowNanos);
    account.tokens = left(account, nowNanos) - most;
    account.atNanos = nowNanos;
    add(tenant, model, expected, nowNanos);
  }

  /**
   * A request has ended, however it ended.
   *
   * @param reserved tokens that were set aside for it; 0 when it was never served
   * @param used tokens that it used
   */
  public void ended(String tenant, long reserved, long used, long nowNanos) {
    Account account = account(tenant, nowNanos);
    account.streams = Math.max(0, account.streams - 1);
    if (reserved > 0) {
      account.tokens = left(account, nowNanos) + reserved - used;
      account.atNanos = nowNanos;
    }
  }

  /** Requests of {@code tenant} that are under way. */
  int streams(String tenant) {
    Account account = accounts.get(key(tenant));
    return account == null ? 0 : account.streams;
  }

  /** Tenants that are told apart now. */
  public int tenants() {
    return accounts.size();
  }

  private Account account(String tenant, long nowNanos) {
    Account known = accounts.get(key(tenant));
    if (known != null) {
      return known;
    }
    Account opened = new Account();
    opened.tokens = terms.tokensPerMinute();
    opened.atNanos = nowNanos;
    if (accounts.size() >= MOST_TENANTS - 1) {
      forget(nowNanos);
    }
    accounts.put(key(tenant), opened);
    return opened;
  }

  /** The name that a tenant's account goes by. */
  private String key(String tenant) {
    return accounts.size() < MOST_TENANTS - 1 || accounts.containsKey(tenant) ? tenant : OTHERS;
  }

  /** Closes the accounts of those who have nothing under way and whose tokens are all there. */
  private void forget(long nowNanos) {
    for (Iterator<Account> each = accounts.values().iterator(); each.hasNext(); ) {
      Account account = each.next();
      if (account.streams == 0 && left(account, nowNanos) >= terms.tokensPerMinute()) {
        each.remove();
      }
    }
  }

  private Standing.Quota quota(Account account, long nowNanos) {
    return terms.tokensPerMinute() == 0
        ? Standing.Quota.NONE
        : new Standing.Quota(left(account, nowNanos), terms.tokensPerMinute());
  }

  private double left(Account account, long nowNanos) {
    double came = Math.max(0, nowNanos - account.atNanos) / 60e9 * terms.tokensPerMinute();
    return Math.min(terms.tokensPerMinute(), account.tokens + came);
  }

  private void add(String tenant, String model, long tokens, long nowNanos) {
    Map<String, Taken> taken = models.computeIfAbsent(model, _ -> new ModelBook()).taken;
    String name = taken.size() < MOST_TENANTS - 1 || taken.containsKey(tenant) ? tenant : OTHERS;
    taken.put(name, taken.getOrDefault(name, new Taken(0, nowNanos)).plus(tokens, nowNanos));
  }

  private boolean isAboveShare(String tenant, String model, long nowNanos) {
    ModelBook book = models.get(model);
    if (book == null) {
      return false;
    }
    if (book.levelNanos == Long.MIN_VALUE || nowNanos - book.levelNanos >= LEVEL_NANOS) {
      book.taken.values().removeIf(taken -> taken.at(nowNanos) < FORGOTTEN);
      book.level = level(book.taken, nowNanos);
      book.levelNanos = nowNanos;
    }
    Taken taken = book.taken.getOrDefault(tenant, book.taken.get(OTHERS));
    return taken != null && taken.at(nowNanos) > book.level;
  }

  /** The most that each may have taken so that all together took {@link #KEPT} of what they did. */
  private static double level(Map<String, Taken> taken, long nowNanos) {
    if (taken.size() < 2) {
      return Double.POSITIVE_INFINITY;
    }
    double[] ascending = new double[taken.size()];
    int count = 0;
    double sum = 0;
    for (Taken each : taken.values()) {
      ascending[count] = each.at(nowNanos);
      sum += ascending[count++];
    }
    Arrays.sort(ascending);
    double left = KEPT * sum;
    for (int i = 0; i < count; i++) {
      double equal = left / (count - i);
      if (ascending[i] >= equal) {
        return Math.max(equal, MOST_OF_ALL * sum);
      }
      left -= ascending[i];
    }
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String toString() {
    return "TenantBooks[" + accounts.size() + " tenants, " + terms + "]";
  }
}
