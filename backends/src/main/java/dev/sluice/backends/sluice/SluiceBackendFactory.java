package dev.sluice.backends.sluice;

import dev.sluice.backends.Backend;
import dev.sluice.backends.BackendFactory;
import dev.sluice.backends.BackendSpec;
import dev.sluice.backends.Continuation;
import dev.sluice.backends.InvalidSetting;
import dev.sluice.backends.InvalidSettingException;
import dev.sluice.backends.Setting;
import dev.sluice.backends.Task;
import dev.sluice.backends.grpc.Address;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes backends that are asked over {@code sluice.v1.Inference}: kind {@code sluice}. */
public final class SluiceBackendFactory implements BackendFactory {

  private static final String ADDRESS = "address";
  private static final String KEEPALIVE = "keepalive";
  private static final String CONNECTIONS = "connections";
  private static final String CONTINUATION = "continuation";
  private static final String EXACT = "exact";
  private static final String NO_CONTINUATION = "none";

  private static final long DEFAULT_KEEPALIVE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** More pings than this are answered with too_many_pings by servers of gRPC's own making. */
  private static final long LEAST_KEEPALIVE_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** One connection carries hundreds of streams; more than this is a slip of the pen. */
  private static final long MOST_CONNECTIONS = 64;

  /** For {@code ServiceLoader}. */
  public SluiceBackendFactory() {}

  @Override
  public String kind() {
    return "sluice";
  }

  @Override
  public boolean needsProfile() {
    return false;
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        new Setting(
            ADDRESS,
            Setting.Type.TEXT,
            true,
            List.of(),
            "Where it listens, as HOST:PORT; a gateway or an accelerator process."),
        new Setting(
            KEEPALIVE,
            Setting.Type.DURATION,
            false,
            List.of(),
            "How long a connection may be silent before it is probed, at least 10s; 60s if unset."),
        new Setting(
            CONNECTIONS,
            Setting.Type.WHOLE_NUMBER,
            false,
            List.of(),
            "How many connections share the requests, 1 to 64; 1 if unset."),
        new Setting(
            CONTINUATION,
            Setting.Type.TEXT,
            false,
            List.of(EXACT, NO_CONTINUATION),
            "Whether it goes on token for token with an answer that another backend began, as"
                + " sluice-accelerator does, and a gateway some of whose backends do: exact or"
                + " none; none if unset."));
  }

  @Override
  public List<InvalidSetting> check(BackendSpec spec) {
    List<InvalidSetting> invalid = new ArrayList<>();
    String address = spec.text(ADDRESS, "");
    if (Address.parse(address).isEmpty()) {
      invalid.add(new InvalidSetting(ADDRESS, address, "HOST:PORT"));
    }
    long keepaliveNanos = spec.number(KEEPALIVE, DEFAULT_KEEPALIVE_NANOS);
    if (keepaliveNanos < LEAST_KEEPALIVE_NANOS) {
      String value = TimeUnit.NANOSECONDS.toMillis(keepaliveNanos) + "ms";
      invalid.add(new InvalidSetting(KEEPALIVE, value, "at least 10s"));
    }
    long connections = spec.number(CONNECTIONS, 1);
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      invalid.add(new InvalidSetting(CONNECTIONS, Long.toString(connections), "1 to 64"));
    }
    return invalid;
  }

  /** What lies behind it says whether it does both; a gateway may. */
  @Override
  public Set<Task> tasks(BackendSpec spec) {
    return EnumSet.allOf(Task.class);
  }

  @Override
  public Continuation continuation(BackendSpec spec) {
    return spec.text(CONTINUATION, NO_CONTINUATION).equals(EXACT)
        ? Continuation.EXACT
        : Continuation.NONE;
  }

  @Override
  public Backend create(BackendSpec spec) {
    List<InvalidSetting> invalid = check(spec);
    if (!invalid.isEmpty()) {
      throw new InvalidSettingException(invalid);
    }
    return new SluiceBackend(
        Address.parse(spec.text(ADDRESS, "")).orElseThrow(),
        spec.number(KEEPALIVE, DEFAULT_KEEPALIVE_NANOS),
        (int) spec.number(CONNECTIONS, 1));
  }
}
