package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a caller would have received, one word for each event. */
final class RecordingWire implements Wire, BadAnswer.Powers {

  final List<String> events = new ArrayList<>();
  boolean open = true;
  int chunksLeft;

  /** What was recorded since this was asked before. */
  List<String> drain() {
    List<String> drained = List.copyOf(events);
    events.clear();
    return drained;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void begin() {
    events.add("begin");
  }

  @Override
  public void send(TokenChunk chunk) {
    events.add(chunk.index() + ":" + chunk.text());
  }

  @Override
  public void sendRaw(byte[] bytes) {
    events.add("garbage");
  }

  @Override
  public void chunkLeft() {
    chunksLeft++;
  }

  @Override
  public void finish(Completion completion) {
    events.add("finished " + completion.outputTokens());
  }

  @Override
  public void end(Refusal refusal) {
    events.add(refusal.code() + " " + refusal.tokensDelivered());
  }

  @Override
  public void endWithoutAccount() {
    events.add("OK");
  }

  @Override
  public void die() {
    events.add("died");
  }

  @Override
  public void goAway() {
    events.add("goaway");
  }
}
