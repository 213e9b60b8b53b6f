package dev.sluice.gateway;

import dev.sluice.gateway.call.Assignment;
import dev.sluice.gateway.call.RequestAccount;
import dev.sluice.gateway.call.RequestRecord;
import dev.sluice.gateway.core.admission.Standing;
import dev.sluice.gateway.core.admission.TenantBooks;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Failure;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.registry.FleetRegistry;
import dev.sluice.gateway.time.NanoClock;

/** Keeps the books on tenants: tells how one stands, and watches its requests until they end. */
final class TenantDesk {

  private final Object lock = new Object();

  /** Guarded by {@link #lock}, which is held for some map accesses and never over anything else. */
  private final TenantBooks books;

  private final Catalogue catalogue;
  private final FleetRegistry registry;
  private final NanoClock clock;

  TenantDesk(
      TenantBooks.Terms terms, Catalogue catalogue, FleetRegistry registry, NanoClock clock) {
    books = new TenantBooks(terms);
    this.catalogue = catalogue;
    this.registry = registry;
    this.clock = clock;
  }

  /** How the tenant of {@code request}, which has arrived, stands without it. */
  Standing standing(InferenceRequest request) {
    String model = model(request);
    boolean contended = registry.snapshot().isContended(model);
    synchronized (lock) {
      return books.arrived(request.constraints().tenant(), model, contended, clock.nanoTime());
    }
  }

  /** An account that tells the tenant's books what becomes of a request, once. */
  RequestAccount watched(RequestAccount account, InferenceRequest request) {
    return new Watched(account, request);
  }

  /** The name of a model by which all its callers meet, whichever alias they use. */
  private String model(InferenceRequest request) {
    Model model = catalogue.model(request.model());
    return model == null ? "" : model.name();
  }

  private final class Watched implements RequestAccount {
    private final RequestAccount account;
    private final InferenceRequest request;
    private long reserved;
    private boolean ended;

    Watched(RequestAccount account, InferenceRequest request) {
      this.account = account;
      this.request = request;
    }

    @Override
    public void routed(AdmittedRequest admitted, Assignment assignment) {
      if (reserved == 0) {
        reserved = admitted.mostTokens();
        synchronized (lock) {
          books.routed(
              request.constraints().tenant(),
              admitted.model().name(),
              reserved,
              admitted.expectedTokens(),
              clock.nanoTime());
        }
      }
      account.routed(admitted, assignment);
    }

    @Override
    public void resumed(AdmittedRequest admitted, Assignment assignment, RequestRecord.Seam seam) {
      account.resumed(admitted, assignment, seam);
    }

    @Override
    public void delivered(int count) {
      account.delivered(count);
    }

    @Override
    public int deliveredTokens() {
      return account.deliveredTokens();
    }

    @Override
    public RequestRecord complete(
        String reason, RequestRecord.Usage usage, RequestRecord.Expense expense) {
      end();
      return account.complete(reason, usage, expense);
    }

    @Override
    public void fail(Failure failure) {
      end();
      account.fail(failure);
    }

    private void end() {
      if (ended) {
        return;
      }
      ended = true;
      long used = reserved == 0 ? 0 : request.size().promptTokens() + deliveredTokens();
      synchronized (lock) {
        books.ended(request.constraints().tenant(), reserved, used, clock.nanoTime());
      }
    }

    @Override
    public String toString() {
      return "Watched[" + account + "]";
    }
  }

  @Override
  public String toString() {
    synchronized (lock) {
      return "TenantDesk[" + books + "]";
    }
  }
}
