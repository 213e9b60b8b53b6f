package dev.sluice.loadtest.simulate.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.backends.emulated.model.Engine;
import dev.sluice.backends.emulated.model.EngineListener;
import dev.sluice.backends.emulated.model.Sequence;
import dev.sluice.backends.emulated.model.StepNoise;
import dev.sluice.backends.profile.Profile;
import dev.sluice.backends.profile.Profiles;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PacedEngineTest {

  private static final Profile GPU = Profiles.find("h100x4-llama-3.3-70b").orElseThrow();

  @Test
  void anEvenPaceIsTheModels() {
    Engine engine = Engine.of(GPU, StepNoise.none(), 0);
    Sequence sequence = new Sequence(1, 1_000, 100);
    engine.submit(sequence, 0);
    engine.advanceTo(Engine.NEVER - 1, new EngineListener() {});
    List<Long> paced = serve(Pace.EVEN, 0);
    assertThat(paced).containsExactly(sequence.firstTokenNanos(), sequence.endedNanos());
  }

  @Test
  void halfThePaceTakesTwiceTheTime() {
    List<Long> even = serve(Pace.EVEN, 0);
    List<Long> slow = serve((_, _) -> 2, 0);
    for (int i = 0; i < even.size(); i++) {
      assertThat(slow.get(i)).isCloseTo(2 * even.get(i), within(1_000L));
    }
  }

  @Test
  void aSlowDownBeginsWhenItIsSaidTo() {
    long laterNanos = 10_000_000_000L;
    Pace pace = Pace.slowerFrom(laterNanos, 1.5);
    assertThat(serve(pace, 0)).isEqualTo(serve(Pace.EVEN, 0));
    long even = serve(Pace.EVEN, laterNanos).getLast() - laterNanos;
    long slow = serve(pace, laterNanos).getLast() - laterNanos;
    assertThat(slow).isCloseTo(even * 3 / 2, within(1_000L));
  }

  @Test
  void aMixtureOfExpertsCostsMostInTheMiddle() {
    Pace pace = Pace.rootOfBatch(64, 0.4);
    assertThat(pace.ratio(0, 0)).isEqualTo(1);
    assertThat(pace.ratio(0, 16)).isCloseTo(1.4, within(1e-9));
    assertThat(pace.ratio(0, 64)).isEqualTo(1);
    assertThat(pace.ratio(0, 100)).isEqualTo(1);
  }

  /** Instants of the first and the last token of one request that is sent at {@code atNanos}. */
  private static List<Long> serve(Pace pace, long atNanos) {
    PacedEngine engine = new PacedEngine(Engine.of(GPU, StepNoise.none(), 0), pace);
    List<Long> instants = new ArrayList<>();
    long[] nowNanos = {atNanos};
    EngineListener listener =
        new EngineListener() {
          @Override
          public void firstToken(Sequence sequence, long engineNanos) {
            instants.add(nowNanos[0]);
          }

          @Override
          public void finished(Sequence sequence, long engineNanos) {
            instants.add(nowNanos[0]);
          }
        };
    engine.advanceTo(atNanos, listener);
    engine.submit(new Sequence(1, 1_000, 100));
    for (long next = engine.nextEventNanos(); next != Engine.NEVER; ) {
      nowNanos[0] = next;
      engine.advanceTo(next, listener);
      next = engine.nextEventNanos();
    }
    return instants;
  }
}
