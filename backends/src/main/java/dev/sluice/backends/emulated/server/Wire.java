package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Completion;
import dev.sluice.backends.TokenChunk;

/** What can be sent to the caller of one call. Calls never overlap; none after an end. */
interface Wire {

  /** Whether the caller still listens. */
  boolean isOpen();

  /** Begins the answer without a token. */
  void begin();

  /** Sends tokens as they are told, right or wrong. */
  void send(TokenChunk chunk);

  /** Sends bytes as if they were a message. */
  void sendRaw(byte[] bytes);

  /** Says that a chunk of the backend's has left, so that it may bring more. */
  void chunkLeft();

  /** Sends the account and ends well. */
  void finish(Completion completion);

  /** Ends the call, and the generation behind it. */
  void end(Refusal refusal);

  /** Ends the call as if all were well, without an account, and the generation behind it. */
  void endWithoutAccount();
}
