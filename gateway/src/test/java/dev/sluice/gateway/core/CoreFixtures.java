package dev.sluice.gateway.core;

import dev.sluice.gateway.core.fleet.AcceleratorKind;
import dev.sluice.gateway.core.fleet.Calibration;
import dev.sluice.gateway.core.fleet.Deployment;
import dev.sluice.gateway.core.fleet.DeploymentState;
import dev.sluice.gateway.core.fleet.Economics;
import dev.sluice.gateway.core.fleet.Figures;
import dev.sluice.gateway.core.fleet.Load;
import dev.sluice.gateway.core.fleet.Measured;
import dev.sluice.gateway.core.fleet.Report;
import dev.sluice.gateway.core.request.AdmittedRequest;
import dev.sluice.gateway.core.request.Budget;
import dev.sluice.gateway.core.request.Catalogue;
import dev.sluice.gateway.core.request.Constraints;
import dev.sluice.gateway.core.request.Criticality;
import dev.sluice.gateway.core.request.InferenceRequest;
import dev.sluice.gateway.core.request.Model;
import dev.sluice.gateway.core.request.OutputLength;
import dev.sluice.gateway.core.request.ServiceClass;
import dev.sluice.gateway.core.request.Size;
import java.util.List;

/**
 * Requests and deployments for tests: a 70B model on four H100 (science §2.1, measured) and on an
 * LPU (§3.3).
 */
public final class CoreFixtures {

  public static final long MILLISECOND = 1_000_000;
  public static final long SECOND = 1_000 * MILLISECOND;
  public static final String MODEL = "llama-3.3-70b";

  private CoreFixtures() {}

  public static Model model() {
    return new Model(MODEL, List.of("big"), 32_768, 256, "chat", new Budget(0, 0, 60 * SECOND));
  }

  public static ServiceClass chat() {
    return new ServiceClass(
        "chat", new Budget(450 * MILLISECOND, 40 * MILLISECOND, 0), 1, Criticality.CRITICAL);
  }

  public static Catalogue catalogue() {
    return new Catalogue(
        List.of(model()),
        List.of(
            chat(),
            new ServiceClass(
                "coding",
                new Budget(500 * MILLISECOND, 10 * MILLISECOND, 0),
                3,
                Criticality.CRITICAL)));
  }

  public static InferenceRequest request(Size size, Budget budget, String serviceClass) {
    return new InferenceRequest(
        "r-1",
        MODEL,
        size,
        budget,
        serviceClass,
        Constraints.NONE,
        new InferenceRequest.Timing(0, Long.MAX_VALUE));
  }

  public static InferenceRequest withConstraints(Constraints constraints) {
    return new InferenceRequest(
        "r-1",
        MODEL,
        new Size(1000, 200, 0),
        Budget.NONE,
        "",
        constraints,
        new InferenceRequest.Timing(0, Long.MAX_VALUE));
  }

  public static AdmittedRequest admitted(int promptTokens, int outputTokens, Budget budget) {
    return new AdmittedRequest(
        request(new Size(promptTokens, outputTokens, outputTokens), budget, ""),
        model(),
        chat(),
        budget,
        600 * SECOND,
        OutputLength.hinted(outputTokens, outputTokens));
  }

  public static DeploymentState state(Deployment deployment, Load load) {
    return new DeploymentState(
        deployment, load, true, Report.NONE, Measured.NOTHING, Calibration.NONE, 0);
  }

  public static Deployment gpu(int index, String backend) {
    return deployment(
        index,
        backend,
        AcceleratorKind.GPU,
        new Figures.Batch(
            15.9 * MILLISECOND,
            0.100 * MILLISECOND,
            0,
            92_000,
            new Figures.Floor(0, 0),
            new Figures.Limits(2048, 256, 448_000),
            15 * MILLISECOND),
        12.0);
  }

  public static Deployment lpu(int index, String backend, int slots) {
    return deployment(
        index,
        backend,
        AcceleratorKind.LPU,
        new Figures.Slots(3.6 * MILLISECOND, slots, 100_000, 3.6 * MILLISECOND, 20 * MILLISECOND),
        100.0);
  }

  private static Deployment deployment(
      int index, String backend, AcceleratorKind kind, Figures figures, double perHourUsd) {
    return new Deployment(
        index,
        new Deployment.Identity(backend, MODEL, kind, "eu-west", "profile-of-" + kind, ""),
        figures,
        new Economics(perHourUsd, 0, 0, new Economics.Energy(27.8, 0.381, 0.05)),
        32_768);
  }
}
