package dev.sluice.loadtest.live.fault;

import dev.sluice.backends.emulated.fault.MisbehaviourText;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.loadtest.live.fault.FaultPlan.PlannedAccelerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a plan's file. */
public final class FaultPlanReader {

  private static final int MOST_PORT = 65_535;
  private static final double MOST_SPEED = 1e6;
  private static final double MOST_FACTOR = 1_000;

  /** An event that is repeated more often than this is a slip of the pen. */
  private static final int MOST_EVENTS = 100_000;

  private static final List<String> KINDS = List.of("kill", "drain", "freeze", "slow", "misbehave");

  private final Set<String> names = new LinkedHashSet<>();

  private FaultPlanReader() {}

  /**
   * Reads {@code file}.
   *
   * @throws PlanException with file, line and column of the first mistake
   */
  public static FaultPlan read(Path file) throws IOException, PlanException {
    return parse(file.toString(), Files.readString(file));
  }

  static FaultPlan parse(String file, String text) throws PlanException {
    return new FaultPlanReader().plan(file, PlanNode.parse(file, text));
  }

  private FaultPlan plan(String file, PlanNode root) throws PlanException {
    List<PlannedAccelerator> accelerators = new ArrayList<>();
    for (PlanNode each : root.objects("accelerators")) {
      accelerators.add(accelerator(each));
    }
    if (accelerators.isEmpty()) {
      throw root.complaint("accelerators", "at least one");
    }
    FaultPlan.Gateway gateway = gateway(root.object("gateway"));
    List<FaultEvent> events = new ArrayList<>();
    for (PlanNode each : root.objects("events")) {
      events.addAll(events(each));
    }
    root.done();
    events.sort(Comparator.comparingLong(FaultEvent::atNanos));
    return new FaultPlan(file, accelerators, gateway, events);
  }

  private PlannedAccelerator accelerator(PlanNode node) throws PlanException {
    String name = node.text("name");
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw node.complaint("name", "up to 64 of A-Z a-z 0-9 . _ -");
    }
    if (!names.add(name)) {
      throw node.complaint("name", "a name that no other accelerator has");
    }
    PlannedAccelerator accelerator =
        new PlannedAccelerator(
            name,
            profile(node),
            (int) node.number("port", 0, MOST_PORT),
            node.has("speed") ? node.number("speed", 0, MOST_SPEED) : 1,
            node.has("misbehave") ? behaviour(node, "misbehave") : "",
            node.has("share") ? node.number("share", 0, 1) : 1,
            node.nanos("revive", 0));
    node.done();
    return accelerator;
  }

  private static Profile profile(PlanNode node) throws PlanException {
    String name = node.text("profile");
    return Profiles.find(name)
        .orElseThrow(
            () -> node.complaint("profile", "a profile, such as " + Profiles.nearest(name)));
  }

  private static FaultPlan.Gateway gateway(@org.jspecify.annotations.Nullable PlanNode node)
      throws PlanException {
    if (node == null) {
      return new FaultPlan.Gateway("127.0.0.1:8990", "127.0.0.1:8992", "");
    }
    FaultPlan.Gateway gateway =
        new FaultPlan.Gateway(
            node.text("grpc", "127.0.0.1:8990"),
            node.text("admin", "127.0.0.1:8992"),
            node.text("policy", ""));
    node.done();
    return gateway;
  }

  private List<FaultEvent> events(PlanNode node) throws PlanException {
    FaultEvent first = event(node, node.nanos("at"));
    List<FaultEvent> events = new ArrayList<>();
    events.add(first);
    if (node.has("every")) {
      long everyNanos = node.nanos("every");
      long untilNanos = node.nanos("until");
      for (long at = first.atNanos() + everyNanos; at <= untilNanos; at += everyNanos) {
        events.add(first.at(at));
        if (events.size() > MOST_EVENTS) {
          throw node.complaint(
              "every", "at most " + MOST_EVENTS + " times until " + node.text("until"));
        }
      }
    }
    node.done();
    return events;
  }

  private FaultEvent event(PlanNode node, long atNanos) throws PlanException {
    List<String> found = KINDS.stream().filter(node::has).toList();
    if (found.size() != 1) {
      throw node.complaint("expected exactly one of " + String.join(", ", KINDS));
    }
    String kind = found.getFirst();
    String target = node.text(kind);
    if (!names.contains(target)) {
      throw node.complaint(kind, "one of " + String.join(", ", names));
    }
    return switch (kind) {
      case "kill" -> new FaultEvent.Kill(atNanos, target, node.nanos("restart_after", 0));
      case "drain" -> new FaultEvent.Drain(atNanos, target, node.nanos("restart_after", 0));
      case "freeze" -> new FaultEvent.Freeze(atNanos, target, node.nanos("for"));
      case "slow" ->
          new FaultEvent.Misbehave(
              atNanos,
              target,
              kind,
              "slow=" + node.number("factor", 1, MOST_FACTOR),
              1,
              node.nanos("for", 0));
      default ->
          new FaultEvent.Misbehave(
              atNanos,
              target,
              kind,
              behaviour(node, "behaviour"),
              node.has("share") ? node.number("share", 0, 1) : 1,
              node.nanos("for", 0));
    };
  }

  private static String behaviour(PlanNode node, String key) throws PlanException {
    String text = node.text(key);
    try {
      MisbehaviourText.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw node.complaint(key, String.valueOf(e.getMessage()));
    }
  }
}
