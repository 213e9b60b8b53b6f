package dev.sluice.loadtest.workload;

/**
 * Who asks, and on what terms, as far as a trace says so.
 *
 * @param tenant the client; empty: not told
 * @param serviceClass the kind of request in the trace's own word, which need not be a class that
 *     the gateway knows; empty: not told
 * @param budget the request's own; {@link Budget#NONE}: not told
 */
public record Terms(String tenant, String serviceClass, Budget budget) {
  /** Nothing told. */
  public static final Terms NONE = new Terms("", "", Budget.NONE);

  static Terms ofTenant(String tenant) {
    return new Terms(tenant, "", Budget.NONE);
  }

  static Terms ofClass(String serviceClass) {
    return new Terms("", serviceClass, Budget.NONE);
  }
}
