package dev.sluice.loadtest.bound;

import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import dev.sluice.backends.profile.Service;
import dev.sluice.loadtest.workload.Budget;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** A small random fleet of shipped profiles, some of them cut down, and requests for it. */
final class RandomCase {

  private static final int BLOCK_TOKENS = 16;

  /** A request before it is known what it asks for. */
  record Request(long arrivalNanos, int promptTokens, int outputTokens, double value, long family) {

    /** The prompt begins as all of its family do, for three quarters of it. */
    long[] hashes(int index) {
      int shared = promptTokens * 3 / 4 / BLOCK_TOKENS;
      int own = promptTokens / BLOCK_TOKENS - shared;
      return LongStream.concat(
              LongStream.range(family, family + shared),
              LongStream.range(0, own).map(i -> -1_000_000L * (index + 1) - i))
          .toArray();
    }
  }

  final SplittableRandom random;
  final List<Profile> profiles = new ArrayList<>();
  final List<Integer> replicas = new ArrayList<>();
  final List<Request> requests = new ArrayList<>();
  final boolean hashed;

  /** Short prompts that all come at once: the batch is larger than a chunk. */
  private final boolean swarm;

  RandomCase(long seed) {
    random = new SplittableRandom(seed);
    hashed = random.nextBoolean();
    swarm = random.nextInt(6) == 0;
    int longestPrompt = swarm ? 3 : 4 << random.nextInt(10);
    int longestAnswer = 2 << random.nextInt(9);
    int longest = longestPrompt + longestAnswer;
    int pools = 1 + random.nextInt(3);
    for (int i = 0; i < pools; i++) {
      profiles.add(profile(i == 0 ? (int) seed : random.nextInt(1 << 20), longest));
      replicas.add(1 + random.nextInt(2));
    }
    drawRequests(longestPrompt, longestAnswer);
  }

  private void drawRequests(int longestPrompt, int longestAnswer) {
    int count = 3 + random.nextInt(50);
    double gapNanos = swarm ? 1 : Math.pow(10, 5 + 4 * random.nextDouble());
    boolean bursts = random.nextBoolean();
    double at = 0;
    for (int i = 0; i < count; i++) {
      if (!bursts || random.nextInt(8) == 0) {
        at += -Math.log(1 - random.nextDouble()) * gapNanos * (bursts ? 8 : 1);
      }
      int prompt = 1 + random.nextInt(longestPrompt);
      int output = !swarm && random.nextInt(8) == 0 ? 1 : 1 + random.nextInt(longestAnswer);
      double value = random.nextInt(3) == 0 ? 0.1 + 5 * random.nextDouble() : 1;
      requests.add(
          new Request((long) at, prompt, output, value, (1 + random.nextInt(4)) * 100_000L));
    }
  }

  /** The shipped profile of this number, counted round, or a variant of it. */
  private Profile profile(int number, int longest) {
    List<String> names = Profiles.names();
    Profile shipped = Profiles.find(names.get(number % names.size())).orElseThrow();
    return switch (shipped.service()) {
      case Service.Slots _ ->
          random.nextBoolean() ? shipped : shipped.withSlots(1 + random.nextInt(3));
      case Service.Batch batch ->
          random.nextInt(4) == 0 ? shipped : cutDown(shipped, batch, longest);
    };
  }

  /** The profile with a scheduler that is often short of batch, chunk or memory. */
  private Profile cutDown(Profile shipped, Service.Batch batch, int longest) {
    // room for little more than one sequence: whoever runs beside it is preempted
    long kvTokens = random.nextBoolean() ? longest + longest / 4 + 64 : batch.limits().kvTokens();
    Service.BatchLimits limits =
        new Service.BatchLimits(
            4 << random.nextInt(9),
            1 + random.nextInt(40),
            kvTokens,
            BLOCK_TOKENS,
            random.nextBoolean());
    Service.HostFloor floor =
        switch (random.nextInt(4)) {
          case 0 -> Service.HostFloor.NONE;
          case 1 -> new Service.HostFloor(batch.stepNanos() * 1.5, batch.perSequenceNanos() * 2);
          default -> batch.hostFloor();
        };
    Service.Batch service =
        new Service.Batch(
            batch.stepNanos(),
            batch.perSequenceNanos(),
            batch.perKvTokenNanos() * (random.nextInt(4) == 0 ? 30 : 1),
            batch.perPromptTokenNanos() * (random.nextInt(4) == 0 ? 0.01 : 1),
            floor,
            limits);
    return new Profile(
        shipped.name(),
        shipped.deployment(),
        service,
        random.nextInt(3) == 0 ? 0 : shipped.overheadNanos() * random.nextInt(1_000_000),
        shipped.energy(),
        shipped.price(),
        shipped.contextTokens());
  }

  long[] hashes(int request) {
    return hashed ? requests.get(request).hashes(request) : new long[0];
  }

  List<BoundPool> pools() {
    return IntStream.range(0, profiles.size())
        .mapToObj(i -> BoundPool.of(profiles.get(i), replicas.get(i)))
        .toList();
  }

  /** The problem with these budgets; all pools may serve all requests. */
  BoundProblem problem(List<Budget> budgets) {
    PrefixReuse reuse = new PrefixReuse(BLOCK_TOKENS);
    for (int i = 0; i < requests.size(); i++) {
      reuse.note(i, requests.get(i).arrivalNanos(), hashes(i));
    }
    BitSet all = new BitSet();
    all.set(0, profiles.size());
    BoundProblem.Builder builder = BoundProblem.builder(pools());
    for (int i = 0; i < requests.size(); i++) {
      Request request = requests.get(i);
      int cached =
          Math.min(
              request.promptTokens(),
              reuse.cachedTokensAtMost(
                  i, firstTokenUntil(request.arrivalNanos(), budgets.get(i)), hashes(i)));
      builder.add(
          new BoundRequest(
              request.arrivalNanos(),
              request.promptTokens(),
              request.outputTokens(),
              cached,
              request.value(),
              budgets.get(i)),
          all);
    }
    return builder.build();
  }

  private static long firstTokenUntil(long arrivalNanos, Budget budget) {
    long ttft = budget.ttftNanos() == 0 ? Long.MAX_VALUE / 2 : budget.ttftNanos();
    long total = budget.totalNanos() == 0 ? Long.MAX_VALUE / 2 : budget.totalNanos();
    return arrivalNanos + Math.min(ttft, total);
  }

  EngineEvaluator evaluator(BoundProblem problem) {
    return new EngineEvaluator(
        problem, EngineEvaluator.replicasOf(problem, profiles), this::hashes);
  }

  int[] randomAssignment(int deployments) {
    return random.ints(requests.size(), 0, deployments).toArray();
  }

  List<Budget> withoutBudgets() {
    return requests.stream().map(_ -> Budget.NONE).toList();
  }
}
