package dev.sluice.gateway.transport.oip;

import com.google.protobuf.ByteString;
import dev.sluice.gateway.transport.UnreadableException;
import dev.sluice.inference.InferTensorContents;
import dev.sluice.inference.ModelInferRequest.InferInputTensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One input of a request. It is checked as it is read: its type, that its contents are as many as
 * its shape says, and that they are what they seem.
 *
 * @param input the input, with its contents if they are typed
 * @param raw its contents as bytes; null if they are typed
 */
record Tensor(InferInputTensor input, @Nullable ByteString raw) {

  private static final int MOST_SHOWN_CHARACTERS = 32;

  /** How many elements its shape makes. */
  long elements() throws UnreadableException {
    long elements = 1;
    for (long length : input.getShapeList()) {
      if (length < 0 || (length > 0 && elements > Integer.MAX_VALUE / length)) {
        throw refused("shape", input.getShapeList().toString(), "lengths that fit the contents");
      }
      elements *= length;
    }
    return elements;
  }

  /** Its elements, which are texts. */
  List<String> texts() throws UnreadableException {
    if (!input.getDatatype().equals("BYTES")) {
      throw wrongType("BYTES");
    }
    List<ByteString> elements = raw == null ? typed().getBytesContentsList() : split(raw);
    check(elements.size());
    List<String> texts = new ArrayList<>(elements.size());
    for (ByteString element : elements) {
      try {
        texts.add(
            StandardCharsets.UTF_8.newDecoder().decode(element.asReadOnlyByteBuffer()).toString());
      } catch (CharacterCodingException e) {
        throw refused("contents", "not UTF-8", "text");
      }
    }
    return texts;
  }

  /** Its only element, a flag. */
  boolean flag() throws UnreadableException {
    if (!input.getDatatype().equals("BOOL")) {
      throw wrongType("BOOL");
    }
    ByteBuffer bytes = number(1, raw == null ? typed().getBoolContentsCount() : 0);
    return bytes == null ? typed().getBoolContents(0) : bytes.get() != 0;
  }

  /** Its only element, a whole number. */
  long whole() throws UnreadableException {
    InferTensorContents typed = typed();
    return switch (input.getDatatype()) {
      case "INT32" -> {
        ByteBuffer bytes = number(Integer.BYTES, typed.getIntContentsCount());
        yield bytes == null ? typed.getIntContents(0) : bytes.getInt();
      }
      case "INT64" -> {
        ByteBuffer bytes = number(Long.BYTES, typed.getInt64ContentsCount());
        yield bytes == null ? typed.getInt64Contents(0) : bytes.getLong();
      }
      case "UINT32" -> {
        ByteBuffer bytes = number(Integer.BYTES, typed.getUintContentsCount());
        yield Integer.toUnsignedLong(bytes == null ? typed.getUintContents(0) : bytes.getInt());
      }
      case "UINT64" -> {
        ByteBuffer bytes = number(Long.BYTES, typed.getUint64ContentsCount());
        yield bytes == null ? typed.getUint64Contents(0) : bytes.getLong();
      }
      default -> throw wrongType("INT32, INT64, UINT32 or UINT64");
    };
  }

  /** Its only element, a number. */
  double real() throws UnreadableException {
    InferTensorContents typed = typed();
    return switch (input.getDatatype()) {
      case "FP32" -> {
        ByteBuffer bytes = number(Float.BYTES, typed.getFp32ContentsCount());
        // through its digits: 0.7 in 32 bits is 0.7, not 0.699999988079071
        yield Double.parseDouble(
            Float.toString(bytes == null ? typed.getFp32Contents(0) : bytes.getFloat()));
      }
      case "FP64" -> {
        ByteBuffer bytes = number(Double.BYTES, typed.getFp64ContentsCount());
        yield bytes == null ? typed.getFp64Contents(0) : bytes.getDouble();
      }
      default -> throw wrongType("FP32 or FP64");
    };
  }

  private InferTensorContents typed() {
    return input.getContents();
  }

  /** The bytes of the only element; null if it is typed. */
  private @Nullable ByteBuffer number(int width, int typedCount) throws UnreadableException {
    if (elements() != 1) {
      throw refused("shape", input.getShapeList().toString(), "one element");
    }
    ByteString bytes = raw;
    if (bytes == null) {
      check(typedCount);
      return null;
    }
    if (bytes.size() != width) {
      throw refused("contents", bytes.size() + " bytes", width + " bytes");
    }
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void check(int count) throws UnreadableException {
    if (count != elements()) {
      throw refused(
          "contents", count + " elements", "as many as its shape " + input.getShapeList() + " has");
    }
  }

  private List<ByteString> split(ByteString bytes) throws UnreadableException {
    List<ByteString> elements = new ArrayList<>(1);
    ByteBuffer lengths = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at < bytes.size()) {
      int left = bytes.size() - at - Integer.BYTES;
      int length = left < 0 ? -1 : lengths.getInt(at);
      if (length < 0 || length > left) {
        throw refused(
            "contents",
            bytes.size() + " bytes that are cut off at " + at,
            "elements after their lengths in four bytes");
      }
      elements.add(bytes.substring(at + Integer.BYTES, at + Integer.BYTES + length));
      at += Integer.BYTES + length;
    }
    return elements;
  }

  private UnreadableException wrongType(String expected) {
    String datatype = input.getDatatype();
    boolean isShown =
        datatype.length() <= MOST_SHOWN_CHARACTERS
            && datatype.chars().allMatch(c -> c > ' ' && c < 0x7f);
    return refused("datatype", isShown ? "'" + datatype + "'" : "another", expected);
  }

  private UnreadableException refused(String what, String value, String expected) {
    return UnreadableException.malformed(
        "%s.%s: %s (expected: %s)".formatted(input.getName(), what, value, expected));
  }

  /** Tells what it is, not what it holds. */
  @Override
  public String toString() {
    return "Tensor[" + input.getName() + ", " + input.getDatatype() + "]";
  }
}
