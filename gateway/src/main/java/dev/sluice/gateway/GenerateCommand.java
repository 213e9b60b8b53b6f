package dev.sluice.gateway;

import com.google.protobuf.Duration;
import dev.sluice.v1.Admitted;
import dev.sluice.v1.Budget;
import dev.sluice.v1.BudgetPart;
import dev.sluice.v1.Constraints;
import dev.sluice.v1.Finished;
import dev.sluice.v1.Forecast;
import dev.sluice.v1.GenerateRequest;
import dev.sluice.v1.GenerateResponse;
import dev.sluice.v1.InferenceGrpc;
import dev.sluice.v1.Resume;
import dev.sluice.v1.Sampling;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a gateway for one answer, streams it, and says who served it. */
@Command(
    name = "generate",
    description = "Asks a running gateway for one answer and says who served it.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class GenerateCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "PROMPT", description = "The text to continue.")
  private String prompt;

  @Option(names = "--model", required = true, description = "Name of the model.")
  private String model;

  @Option(
      names = "--target",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8980",
      converter = Target.Converter.class,
      description = "Address of the gateway (default: ${DEFAULT-VALUE}).")
  private Target target;

  @Option(
      names = "--ttft",
      paramLabel = "TIME",
      converter = Length.class,
      description = "Budget to the first token, such as 300ms.")
  private @Nullable Duration timeToFirstToken;

  @Option(
      names = "--tpot",
      paramLabel = "TIME",
      converter = Length.class,
      description = "Budget per token after it, such as 5ms.")
  private @Nullable Duration timePerOutputToken;

  @Option(
      names = "--total",
      paramLabel = "TIME",
      converter = Length.class,
      description = "Budget for the whole answer, such as 2s.")
  private @Nullable Duration total;

  @Option(names = "--class", paramLabel = "NAME", defaultValue = "", description = "Service class.")
  private String serviceClass;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most tokens of the answer.")
  private int maxTokens;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the draw.")
  private @Nullable Long seed;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "Randomness of the draw, 0 to 2; 0: none. The engine's own if not said.")
  private @Nullable Double temperature;

  @Option(names = "--chat", description = "Asks as a chat with this one message.")
  private boolean chat;

  @Option(names = "--region", paramLabel = "NAME", description = "Region allowed; may be repeated.")
  private List<String> regions = List.of();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(target.host(), target.port()).usePlaintext().build();
    try {
      Iterator<GenerateResponse> answer =
          InferenceGrpc.newBlockingStub(channel).generate(request());
      Admitted admitted = Admitted.getDefaultInstance();
      while (answer.hasNext()) {
        GenerateResponse response = answer.next();
        switch (response.getEventCase()) {
          case ADMITTED -> admitted = response.getAdmitted();
          case TOKENS -> {
            out.print(response.getTokens().getText());
            out.flush();
          }
          case FINISHED -> {
            out.println();
            response.getFinished().getResumesList().forEach(resume -> out.println(seam(resume)));
            out.println(summary(admitted, response.getFinished()));
          }
          case EVENT_NOT_SET -> {}
        }
      }
      out.flush();
      return 0;
    } catch (StatusRuntimeException e) {
      out.flush();
      spec.commandLine().getErr().println(StatusText.of(e));
      return 1;
    } finally {
      channel.shutdownNow();
    }
  }

  private GenerateRequest request() {
    Budget.Builder budget = Budget.newBuilder();
    if (timeToFirstToken != null) {
      budget.setTimeToFirstToken(timeToFirstToken);
    }
    if (timePerOutputToken != null) {
      budget.setTimePerOutputToken(timePerOutputToken);
    }
    if (total != null) {
      budget.setTotal(total);
    }
    Sampling.Builder sampling = Sampling.newBuilder().setMaxOutputTokens(maxTokens);
    if (seed != null) {
      sampling.setSeed(seed);
    }
    if (temperature != null) {
      sampling.setTemperature(temperature);
    }
    GenerateRequest.Builder request = GenerateRequest.newBuilder();
    if (chat) {
      request.getChatBuilder().addMessagesBuilder().setRole("user").setContent(prompt);
    } else {
      request.setText(prompt);
    }
    return request
        .setModel(model)
        .setSampling(sampling)
        .setBudget(budget)
        .setServiceClass(serviceClass)
        .setConstraints(Constraints.newBuilder().addAllRegions(regions))
        .build();
  }

  private static String seam(Resume resume) {
    return "— broke off and went on from token %d on %s (%s, %s)"
        .formatted(
            resume.getAtIndex(),
            resume.getBackend(),
            kind(resume.getAccelerator().name()),
            resume.getExact() ? "exact" : "plausible");
  }

  private static String summary(Admitted admitted, Finished finished) {
    Forecast forecast = admitted.getForecast();
    return String.format(
        Locale.ROOT,
        "— %s (%s%s) · first token %.0f ms (forecast %.0f%s) · per token %.2f ms (forecast %.2f%s)"
            + " · %d tokens in %.2f s · %s · $%.6f · %.1f J",
        finished.getBackend(),
        kind(finished.getAccelerator().name()),
        admitted.getRegion().isEmpty() ? "" : ", " + admitted.getRegion(),
        millis(finished.getTimeToFirstToken()),
        millis(forecast.getTimeToFirstToken()),
        atMost("%.0f", forecast.getTimeToFirstTokenP90()),
        millis(finished.getTimePerOutputToken()),
        millis(forecast.getTimePerOutputToken()),
        atMost("%.2f", forecast.getTimePerOutputTokenP90()),
        finished.getUsage().getOutputTokens(),
        millis(finished.getTotal()) / 1e3,
        budget(admitted.getBudget(), finished),
        finished.getEstimatedCostUsd(),
        finished.getEstimatedEnergyJoules());
  }

  /** Nothing if the gateway did not say. */
  private static String atMost(String format, Duration p90) {
    return p90.equals(Duration.getDefaultInstance())
        ? ""
        : String.format(Locale.ROOT, ", in 9 of 10 cases up to " + format, millis(p90));
  }

  private static String budget(Budget budget, Finished finished) {
    if (budget.equals(Budget.getDefaultInstance())) {
      return "no budget";
    }
    if (finished.getBudget().getMet()) {
      return "budget met";
    }
    return "budget missed: "
        + String.join(
            ", ",
            finished.getBudget().getMissedList().stream().map(GenerateCommand::part).toList());
  }

  private static String part(BudgetPart part) {
    return part.name().replace("BUDGET_PART_", "").replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  private static String kind(String accelerator) {
    return accelerator.replace("ACCELERATOR_", "");
  }

  private static double millis(Duration duration) {
    return duration.getSeconds() * 1e3 + duration.getNanos() / 1e6;
  }

  /**
   * Reads a length of time such as {@code 300ms}; zero and below are left for the gateway to
   * refuse.
   */
  static final class Length implements picocli.CommandLine.ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      double unitNanos =
          text.endsWith("ms")
              ? 1e6
              : text.endsWith("us")
                  ? 1e3
                  : text.endsWith("m") ? 60e9 : text.endsWith("s") ? 1e9 : 0;
      String number = text.replaceAll("(ms|us|s|m)$", "");
      try {
        double nanos = Double.parseDouble(number) * unitNanos;
        if (unitNanos > 0 && Math.abs(nanos) < 9e18) {
          long whole = (long) nanos;
          return Duration.newBuilder()
              .setSeconds(whole / 1_000_000_000)
              .setNanos((int) (whole % 1_000_000_000))
              .build();
        }
      } catch (NumberFormatException e) {
        // the message below says it all
      }
      throw new picocli.CommandLine.TypeConversionException(
          "'" + text + "' (expected: a number with us, ms, s or m, such as 300ms)");
    }
  }
}
