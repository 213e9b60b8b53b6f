package dev.sluice.backends.openai;

import dev.sluice.backends.Vectors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the answer to a request for vectors, which are numbers or, in base64, floats of four bytes
 * each, the lowest first.
 */
final class EmbeddingReader {

  /** As many values as a vector may have. */
  private static final int MOST_DIMENSIONS = 4096;

  /** As many inputs as OpenAI's API allows. */
  private static final int MOST_VECTORS = 2048;

  /** A number as engines write it, and its comma. */
  private static final int MOST_BYTES_PER_VALUE = 25;

  private static final int MOST_OTHER_BYTES = 64 * 1024;
  private static final int MOST_DEPTH = 64;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxStringLength(MOST_DIMENSIONS * MOST_BYTES_PER_VALUE)
                  .build())
          .build();

  private final float[] @Nullable [] vectors;
  private int came;
  private int inputTokens = Event.UNKNOWN;

  private EmbeddingReader(int inputs) {
    vectors = new float[inputs] @Nullable [];
  }

  /** What came; input tokens are {@link Event#UNKNOWN} where the engine does not say. */
  record Read(Vectors vectors, int inputTokens) {}

  /** The answer is not what it should be; says what is wrong, and nothing of the inputs. */
  static final class UnreadableException extends Exception {
    private final String what;

    UnreadableException(String what) {
      super(what, null, false, false);
      this.what = what;
    }

    String what() {
      return what;
    }
  }

  /** Largest answer for so many inputs. */
  static int mostBytes(int inputs) {
    int bytesPerVector = MOST_DIMENSIONS * MOST_BYTES_PER_VALUE;
    return Math.min(inputs, MOST_VECTORS) * bytesPerVector + MOST_OTHER_BYTES;
  }

  /** Reads the answer for so many inputs. */
  static Read read(byte[] body, int inputs) throws UnreadableException {
    EmbeddingReader reader = new EmbeddingReader(inputs);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableException("an answer that is no JSON object");
      }
      reader.readAnswer(parser);
    } catch (JacksonException _) {
      throw new UnreadableException(
          "an answer that is not JSON, or of more than " + mostBytes(inputs) + " bytes");
    }
    return new Read(reader.whole(), reader.inputTokens);
  }

  private void readAnswer(JsonParser parser) throws UnreadableException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("data") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          readVector(parser);
        }
      } else if (name.equals("usage") && value == JsonToken.START_OBJECT) {
        readUsage(parser);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readUsage(JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean isCount = parser.currentName().equals("prompt_tokens");
      if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT && isCount) {
        double count = parser.getDoubleValue();
        inputTokens = count >= 0 && count <= Integer.MAX_VALUE ? (int) count : Event.UNKNOWN;
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readVector(JsonParser parser) throws UnreadableException {
    int index = came;
    float[] values = {};
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        index = parser.getIntValue();
      } else if (name.equals("embedding") && value == JsonToken.START_ARRAY) {
        values = numbers(parser);
      } else if (name.equals("embedding") && value == JsonToken.VALUE_STRING) {
        values = decoded(parser.getString());
      } else {
        parser.skipChildren();
      }
    }
    if (index < 0 || index >= vectors.length || vectors[index] != null) {
      throw new UnreadableException(
          "index: %d (expected: each of 0..%d once)".formatted(index, vectors.length - 1));
    }
    vectors[index] = values;
    came++;
  }

  private static float[] numbers(JsonParser parser) throws UnreadableException {
    float[] values = new float[MOST_DIMENSIONS];
    int count = 0;
    JsonToken token = parser.nextToken();
    while (token != JsonToken.END_ARRAY) {
      if (!token.isNumeric() || count == MOST_DIMENSIONS) {
        throw new UnreadableException(
            "embedding: expected at most " + MOST_DIMENSIONS + " numbers");
      }
      values[count++] = parser.getFloatValue();
      token = parser.nextToken();
    }
    return Arrays.copyOf(values, count);
  }

  private static float[] decoded(String text) throws UnreadableException {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException _) {
      throw new UnreadableException("embedding: not base64");
    }
    if (bytes.length % Float.BYTES != 0) {
      throw new UnreadableException(
          "embedding: %d bytes (expected: four for each value)".formatted(bytes.length));
    }
    FloatBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[floats.remaining()];
    floats.get(values);
    return values;
  }

  private Vectors whole() throws UnreadableException {
    float[] first = vectors[0];
    if (came < vectors.length || first == null || first.length == 0) {
      throw new UnreadableException(
          "%d vectors (expected: %d, not empty)".formatted(came, vectors.length));
    }
    float[] all = new float[vectors.length * first.length];
    for (int i = 0; i < vectors.length; i++) {
      float[] vector = vectors[i];
      if (vector == null || vector.length != first.length) {
        throw new UnreadableException("vectors of unequal length");
      }
      System.arraycopy(vector, 0, all, i * first.length, first.length);
    }
    for (float value : all) {
      if (!Float.isFinite(value)) {
        throw new UnreadableException("a vector with a value that is no number");
      }
    }
    return new Vectors(first.length, all);
  }
}
