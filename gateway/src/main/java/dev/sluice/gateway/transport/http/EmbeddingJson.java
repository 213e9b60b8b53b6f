package dev.sluice.gateway.transport.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/** One vector as OpenAI's API has it. */
final class EmbeddingJson {

  private EmbeddingJson() {}

  /**
   * Writes one vector.
   *
   * @param values those of all vectors
   * @param first place of its first one
   * @param count how many it has
   * @param asBase64 as floats of four bytes, the lowest first, in base64; else as numbers
   */
  static void write(
      JsonBytes out, int index, float[] values, int first, int count, boolean asBase64) {
    out.raw("{\"object\":\"embedding\",\"index\":").number(index).raw(",\"embedding\":");
    if (asBase64) {
      ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(values, first, count);
      out.raw("\"").raw(Base64.getEncoder().encode(bytes.array())).raw("\"}");
      return;
    }
    out.raw("[");
    for (int i = first; i < first + count; i++) {
      out.raw(i == first ? "" : ",").raw(Float.toString(values[i]));
    }
    out.raw("]}");
  }
}
