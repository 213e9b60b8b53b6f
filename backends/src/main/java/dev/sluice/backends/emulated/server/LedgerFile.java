package dev.sluice.backends.emulated.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books as a file that survives the death of the process: one line for each event, handed to
 * the operating system before the event takes effect.
 *
 * <p>A line is {@code SERIAL EVENT REQUEST_ID INDEX COUNT}, parted by one space, {@code -} for no
 * id. Events are {@code open}, {@code sends} (tokens INDEX … INDEX+COUNT−1) and the ends {@code
 * refused}, {@code completed}, {@code failed} and {@code cancelled} (INDEX of the first token,
 * COUNT of all). The line {@code 0 begin PROCESS_ID 0 0} opens the books of a process; generations
 * that were open before it died with the one before.
 *
 * <p>It writes on the thread that brings the event, into the page cache: some microseconds each. It
 * is for tests of faults, not for measuring speed.
 */
public final class LedgerFile implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(LedgerFile.class);

  private final Path path;
  private final FileChannel channel;
  private boolean broken;

  private LedgerFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens the books at {@code path}, to which this process's are appended.
   *
   * @throws IOException if the file cannot be written
   */
  public static LedgerFile open(Path path) throws IOException {
    LedgerFile file =
        new LedgerFile(
            path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    file.write(0, "begin", Long.toString(ProcessHandle.current().pid()), 0, 0);
    return file;
  }

  static String word(Ledger.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Appends one line. A file that fails is given up with one message: it is incomplete anyway. */
  synchronized void write(long serial, String event, String requestId, int index, int count) {
    if (broken) {
      return;
    }
    String id = requestId.isEmpty() ? "-" : requestId;
    String line = serial + " " + event + " " + id + " " + index + " " + count + "\n";
    try {
      ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      broken = true;
      logger.error("the ledger {} is incomplete from here on", path, e);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    broken = true;
    channel.close();
  }

  @Override
  public String toString() {
    return "LedgerFile[" + path + "]";
  }
}
