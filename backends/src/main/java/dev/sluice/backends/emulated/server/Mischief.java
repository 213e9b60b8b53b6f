package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Generation;
import dev.sluice.backends.emulated.fault.Misbehaviour;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The means of an accelerator to misbehave: spoils answers, ends connections, ends the process. */
final class Mischief implements BadAnswer.Powers, AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(Mischief.class);

  /** The port is free as soon as the listening socket is closed, which takes some milliseconds. */
  private static final long REBIND_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final int MOST_REBINDS = 2_000;

  private final Listening listening;
  private final StageThread stage;
  private final TokenLengths lengths;
  private boolean leaving; // the stage's thread only

  Mischief(Listening listening, StageThread stage, TokenLengths lengths) {
    this.listening = listening;
    this.stage = stage;
    this.lengths = lengths;
  }

  /** How many characters of text the token of an index has in the answer to {@code generation}. */
  IntUnaryOperator characters(Generation generation) {
    return lengths.of(generation);
  }

  /**
   * What is to stand between the backend and the caller.
   *
   * @param characters how many characters of text the token of an index has
   */
  BadAnswer answer(List<Misbehaviour> ways, Wire wire, IntUnaryOperator characters) {
    return new BadAnswer(ways, wire, stage, this, characters);
  }

  /**
   * Sends SIGKILL to this process: no hook runs, no buffer is flushed, the kernel resets the
   * connections. {@code Runtime.halt} would be politer than what it stands for.
   */
  @Override
  public void die() {
    String pid = Long.toString(ProcessHandle.current().pid());
    logger.info("told to die: kill -9 {}", pid);
    try {
      new ProcessBuilder("kill", "-9", pid).start();
    } catch (IOException e) {
      logger.error("cannot die: no 'kill' on the path", e);
    }
  }

  @Override
  public void goAway() {
    if (!leaving) {
      leaving = true;
      int port = listening.port();
      listening.sayGoodbye();
      comeBack(port, MOST_REBINDS);
    }
  }

  private void comeBack(int port, int triesLeft) {
    try {
      listening.listen(port);
      leaving = false;
    } catch (IOException e) {
      if (triesLeft == 0) {
        logger.error("cannot listen on port {} again", port, e);
      } else {
        stage.at(stage.nanoTime() + REBIND_NANOS, () -> comeBack(port, triesLeft - 1));
      }
    }
  }

  @Override
  public void close() {
    stage.close();
  }
}
