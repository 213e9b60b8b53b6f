package dev.sluice.backends.oip;

import com.google.protobuf.ByteString;
import dev.sluice.backends.Vectors;
import dev.sluice.backends.grpc.MalformedResponseException;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferResponse;
import dev.sluice.inference.ModelInferResponse.InferOutputTensor;
import java.nio.ByteOrder;
import java.util.List;

/** Finds the vectors in a response. */
final class VectorsReader {

  private static final String DATATYPE = "FP32";

  private final String name;

  /** A reader of vectors in the tensor called {@code name}. */
  VectorsReader(String name) {
    this.name = name;
  }

  /** The vectors of so many inputs. */
  Vectors read(ModelInferResponse response, int inputs) throws MalformedResponseException {
    for (int i = 0; i < response.getOutputsCount(); i++) {
      InferOutputTensor output = response.getOutputs(i);
      if (output.getName().equals(name)) {
        if (!output.getDatatype().equals(DATATYPE)) {
          throw wrong("", ResponseReader.printable(output.getDatatype()), DATATYPE);
        }
        int dimensions = dimensions(output.getShapeList(), inputs);
        float[] values =
            response.getRawOutputContentsCount() > i
                ? raw(response.getRawOutputContents(i), (long) inputs * dimensions)
                : typed(output.getContents(), (long) inputs * dimensions);
        check(values);
        return new Vectors(dimensions, values);
      }
    }
    throw new MalformedResponseException("no output " + name);
  }

  /** The last length of a shape that has one vector for each input. */
  private int dimensions(List<Long> shape, int inputs) throws MalformedResponseException {
    boolean isOne = shape.size() == 1 && inputs == 1;
    boolean isOneEach = shape.size() == 2 && shape.getFirst() == inputs;
    long dimensions = isOne || isOneEach ? shape.getLast() : 0;
    if (dimensions < 1 || dimensions > Integer.MAX_VALUE) {
      throw wrong(".shape", shape.toString(), "[" + inputs + ", length of the vectors]");
    }
    return (int) dimensions;
  }

  private float[] raw(ByteString raw, long count) throws MalformedResponseException {
    if (raw.size() != count * Float.BYTES) {
      throw wrong(".contents", raw.size() + " bytes", count * Float.BYTES + ", as its shape says");
    }
    float[] values = new float[(int) count];
    raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private float[] typed(InferTensorContents contents, long count)
      throws MalformedResponseException {
    if (contents.getFp32ContentsCount() != count) {
      throw wrong(
          ".contents", contents.getFp32ContentsCount() + " values", count + ", as its shape says");
    }
    float[] values = new float[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = contents.getFp32Contents(i);
    }
    return values;
  }

  private void check(float[] values) throws MalformedResponseException {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new MalformedResponseException(name + ": a value that is no number");
      }
    }
  }

  private MalformedResponseException wrong(String part, String value, String expected) {
    return new MalformedResponseException(
        "%s%s: %s (expected: %s)".formatted(name, part, value, expected));
  }
}
