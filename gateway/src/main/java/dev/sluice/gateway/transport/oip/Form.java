package dev.sluice.gateway.transport.oip;

import java.util.List;

/**
 * How the answer to a request is wanted.
 *
 * @param id the caller's id for the request, which every response has; may be empty
 * @param model the model as the caller called it
 * @param stream whether piece by piece
 * @param shape of the answer's tensor if it is a text: the prompt's
 * @param emptyFinal whether the last response of a stream is to have no tensor
 */
record Form(String id, String model, boolean stream, List<Long> shape, boolean emptyFinal) {
  Form {
    shape = List.copyOf(shape);
  }

  /** Of vectors, which come in one piece and have a shape of their own. */
  static Form ofVectors(String id, String model) {
    return new Form(id, model, false, List.of(), false);
  }
}
