package dev.sluice.loadtest.workload;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The text of one trace file, plain or compressed with gzip, read piece by piece: by lines of
 * bounded length, or as the source of a {@link JsonText}. Its checksum is taken on the way.
 */
final class TraceText implements JsonText.Source, Closeable {
  /** The largest prompt that is read, ten million tokens in blocks of 16, has 5 MB of ids. */
  static final int MAX_LINE_CHARACTERS = 1 << 23;

  private static final int BUFFER_CHARACTERS = 1 << 16;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final String file;
  private final InputStream raw;
  private final MessageDigest digest = Checksums.sha256();
  private final Reader reader;
  private final char[] buffer = new char[BUFFER_CHARACTERS];
  private final StringBuilder line = new StringBuilder();
  private int position;
  private int limit;
  private int lineNumber;
  private boolean overlong;
  private String sha256 = "";

  private TraceText(String file, InputStream stream) throws IOException {
    this.file = file;
    raw = new BufferedInputStream(new DigestInputStream(stream, digest), BUFFER_CHARACTERS);
    reader = new InputStreamReader(isCompressed() ? unpacked() : raw, StandardCharsets.UTF_8);
  }

  /** Opens a file. */
  static TraceText open(Path path) throws IOException {
    InputStream stream;
    try {
      stream = Files.newInputStream(path);
    } catch (NoSuchFileException _) {
      throw new TraceException(path + ": no such file");
    }
    String file = String.valueOf(path.getFileName());
    try {
      return new TraceText(file, stream);
    } catch (EOFException | ZipException e) {
      stream.close();
      throw damaged(file, e);
    } catch (IOException e) {
      stream.close();
      throw e;
    }
  }

  private boolean isCompressed() throws IOException {
    raw.mark(2);
    boolean magic = raw.read() == 0x1F && raw.read() == 0x8B;
    raw.reset();
    return magic;
  }

  private InputStream unpacked() throws IOException {
    return new GZIPInputStream(raw, BUFFER_CHARACTERS);
  }

  /** The name of the file. */
  String file() {
    return file;
  }

  /** Number of the line that was read last, from 1. */
  int lineNumber() {
    return lineNumber;
  }

  /** Checksum of the file; empty until all of it has been read. */
  String sha256() {
    return sha256;
  }

  /** The first characters, at most 65 536, which stay to be read. */
  String head() throws IOException {
    while (limit < buffer.length && fillBuffer()) {
      // until there is a whole buffer, or no more
    }
    return new String(buffer, position, limit - position);
  }

  /** Whether each line is a JSON object of its own; before anything is read. */
  boolean hasObjectPerLine() throws IOException {
    String head = head().strip();
    int end = head.indexOf('\n');
    return end < 0 || head.substring(0, end).strip().endsWith("}");
  }

  /** Goes to the next line that is not blank; false at the end. */
  boolean advance() throws IOException {
    do {
      if (!readLine()) {
        return false;
      }
    } while (!overlong && isBlank());
    return true;
  }

  /** The line, without its end; only its beginning when it is {@link #overlong}. */
  String line() {
    return line.toString();
  }

  /** Whether the line is longer than {@link #MAX_LINE_CHARACTERS}; the rest of it is not kept. */
  boolean overlong() {
    return overlong;
  }

  private boolean readLine() throws IOException {
    line.setLength(0);
    overlong = false;
    boolean any = false;
    while (position < limit || refill()) {
      any = true;
      int end = position;
      while (end < limit && buffer[end] != '\n') {
        end++;
      }
      keep(end);
      position = end;
      if (end < limit) {
        position++;
        break;
      }
    }
    if (any) {
      lineNumber++;
      dropCarriageReturn();
    }
    return any;
  }

  private void keep(int end) {
    int room = MAX_LINE_CHARACTERS - line.length();
    overlong |= end - position > room;
    line.append(buffer, position, Math.min(room, end - position));
  }

  private void dropCarriageReturn() {
    int last = line.length() - 1;
    if (last >= 0 && line.charAt(last) == '\r') {
      line.setLength(last);
    }
  }

  private boolean isBlank() {
    for (int i = 0; i < line.length(); i++) {
      if (!Character.isWhitespace(line.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int fill(char[] into) {
    try {
      if (position == limit && !refill()) {
        return -1;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    int count = Math.min(into.length, limit - position);
    CharBuffer.wrap(buffer, position, count).get(into, 0, count);
    position += count;
    return count;
  }

  private boolean refill() throws IOException {
    position = 0;
    limit = 0;
    return fillBuffer();
  }

  private boolean fillBuffer() throws IOException {
    int count = read();
    if (count < 0) {
      if (sha256.isEmpty()) {
        drainRaw();
      }
      return false;
    }
    if (limit == 0 && lineNumber == 0 && count > 0 && buffer[0] == BYTE_ORDER_MARK) {
      buffer[0] = ' ';
    }
    limit += count;
    return true;
  }

  private int read() throws IOException {
    try {
      return reader.read(buffer, limit, buffer.length - limit);
    } catch (EOFException | ZipException e) {
      throw damaged(file, e);
    }
  }

  private static TraceException damaged(String file, IOException e) {
    return new TraceException(
        file + ": damaged: " + e.getMessage() + " (expected: a whole compressed file)");
  }

  /** Reads what follows a compressed stream, so that the checksum is that of the whole file. */
  private void drainRaw() throws IOException {
    raw.transferTo(OutputStream.nullOutputStream());
    sha256 = Checksums.hex(digest);
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
