package dev.sluice.backends.sluice;

/** Checks UTF-8 without decoding it. */
final class Utf8 {

  private Utf8() {}

  /** Whether {@code bytes} from {@code start} to before {@code end} are UTF-8. */
  static boolean isWellFormed(byte[] bytes, int start, int end) {
    int i = start;
    while (i < end) {
      int length = lengthAt(bytes, i, end);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }

  /**
   * Bytes of the character at {@code i}, or 0 if there is none. Table 3-7 of the Unicode standard.
   */
  private static int lengthAt(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 0xff;
    if (lead < 0x80) {
      return 1;
    }
    int length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    if (length == 0 || end - i < length) {
      return 0;
    }
    int second = bytes[i + 1] & 0xff;
    // no overlong forms, no surrogates, nothing beyond U+10FFFF
    int least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int k = 2; k < length; k++) {
      if ((bytes[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
