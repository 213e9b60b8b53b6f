package dev.sluice.loadtest.live.fault;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.backends.Prompt;
import dev.sluice.backends.emulated.EmulatedText;
import dev.sluice.loadtest.live.Witness;
import dev.sluice.loadtest.report.Testimony;
import dev.sluice.v1.GenerateRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds one answer to the token oracle, and notes the silence around each fault. */
final class AnswerWitness implements Witness {

  private final Happenings happenings;
  private final String model;
  private final long sentNanos;
  private byte @Nullable [] message;
  private @Nullable EmulatedText oracle;
  private final List<Testimony.Crossing> crossings = new ArrayList<>();
  private int seen;
  private long lastNanos;
  private int wrongTokens;
  private volatile Testimony testimony = Testimony.NOTHING;

  /** A witness of the answer to {@code message}, a request with a prompt of token ids. */
  AnswerWitness(Happenings happenings, String model, byte[] message) {
    this.happenings = happenings;
    this.model = model;
    this.message = message;
    seen = happenings.count();
    sentNanos = happenings.sinceStart();
    lastNanos = sentNanos;
  }

  @Override
  public void tokens(int index, int count, String text, long nowNanos) {
    sign(nowNanos);
    if (!text.equals(oracle().text(index, count))) {
      wrongTokens += count;
    }
  }

  @Override
  public void closed(long nowNanos) {
    sign(nowNanos);
    message = null;
    testimony = new Testimony(wrongTokens, crossings);
  }

  private void sign(long nowNanos) {
    for (int happened = happenings.count(); seen < happened; seen++) {
      crossings.add(new Testimony.Crossing(seen, lastNanos, nowNanos));
    }
    lastNanos = nowNanos;
  }

  /** Made with the first token, off the thread that sends. */
  private EmulatedText oracle() {
    EmulatedText made = oracle;
    if (made == null) {
      made = EmulatedText.of(model, new Prompt.TokenIds(ids()), null);
      oracle = made;
      message = null;
    }
    return made;
  }

  private int[] ids() {
    try {
      return GenerateRequest.parseFrom(message).getTokens().getIdsList().stream()
          .mapToInt(Integer::intValue)
          .toArray();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a request of our own cannot be read", e);
    }
  }

  /** What was seen, once the call has ended. */
  Testimony testimony() {
    return testimony;
  }
}
