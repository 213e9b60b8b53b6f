package dev.sluice.gateway.transport.oip;

import dev.sluice.gateway.core.request.Task;
import dev.sluice.inference.DataType;
import java.util.List;

/**
 * The tensors by which models that do the same task are asked and answer, by their usual names.
 *
 * @param inputs what is read, in the order in which it is told
 * @param output what is answered
 */
record Signature(List<Described> inputs, Described output) {

  /** A length that may be any. */
  private static final long ANY = -1;

  private static final Signature GENERATE =
      new Signature(
          List.of(
              new Described(Tensors.TEXT_INPUT, "BYTES", DataType.TYPE_STRING, List.of(1L)),
              new Described(Tensors.STREAM, "BOOL", DataType.TYPE_BOOL, List.of(1L)),
              new Described(Tensors.MAX_TOKENS, "INT32", DataType.TYPE_INT32, List.of(1L)),
              new Described(Tensors.TEMPERATURE, "FP32", DataType.TYPE_FP32, List.of(1L)),
              new Described(Tensors.TOP_P, "FP32", DataType.TYPE_FP32, List.of(1L)),
              new Described(Tensors.TOP_K, "INT32", DataType.TYPE_INT32, List.of(1L)),
              new Described(Tensors.SEED, "INT64", DataType.TYPE_INT64, List.of(1L)),
              new Described(Tensors.STOP, "BYTES", DataType.TYPE_STRING, List.of(ANY))),
          new Described(Tensors.TEXT_OUTPUT, "BYTES", DataType.TYPE_STRING, List.of(1L)));

  private static final Signature EMBED =
      new Signature(
          List.of(
              new Described(Tensors.TEXT_INPUT, "BYTES", DataType.TYPE_STRING, List.of(ANY)),
              new Described(Tensors.DIMENSIONS, "INT32", DataType.TYPE_INT32, List.of(1L))),
          new Described(Tensors.EMBEDDING, "FP32", DataType.TYPE_FP32, List.of(ANY, ANY)));

  Signature {
    inputs = List.copyOf(inputs);
  }

  /**
   * One tensor.
   *
   * @param datatype as metadata has it
   * @param config as a configuration has it
   * @param shape its lengths; -1 for any
   */
  record Described(String name, String datatype, DataType config, List<Long> shape) {
    Described {
      shape = List.copyOf(shape);
    }
  }

  /** Of models that do {@code task}. */
  static Signature of(Task task) {
    return switch (task) {
      case GENERATE -> GENERATE;
      case EMBED -> EMBED;
    };
  }

  /** Whether there is an input of this name. */
  boolean takes(String name) {
    for (Described input : inputs) {
      if (input.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** Names of the inputs. */
  List<String> names() {
    return inputs.stream().map(Described::name).toList();
  }
}
