package dev.sluice.backends.emulated.server;

import dev.sluice.backends.Generation;
import java.util.function.IntUnaryOperator;

/** Knows where one token's text ends, for a server that must part tokens that came together. */
@FunctionalInterface
public interface TokenLengths {

  /** All the text of tokens that came together belongs to the last of them. */
  TokenLengths UNKNOWN = _ -> _ -> 0;

  /** How many characters each token of the answer to {@code generation} has, by its index. */
  IntUnaryOperator of(Generation generation);
}
