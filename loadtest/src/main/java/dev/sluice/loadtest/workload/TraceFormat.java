package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.List;

/** A trace format; which one a file has is told by how it begins. */
public enum TraceFormat {
  /** See {@link AzureRows}. */
  AZURE_CSV("Azure CSV"),
  /** See {@link BurstGptRows}. */
  BURSTGPT_CSV("BurstGPT CSV"),
  /** See {@link ServeGenRows}. */
  SERVEGEN_CSV("ServeGen CSV"),
  /** See {@link LengthRows}. */
  LENGTHS_CSV("lengths CSV"),
  /** See {@link ScheduleRows}. */
  SCHEDULE_CSV("schedule of a live run"),
  /** See {@link OwnRows}. */
  OWN_CSV("own CSV"),
  /** See {@link AgentReader}. */
  AGENT_JSON("agent JSON"),
  /** See {@link ClientReader}. */
  SERVEGEN_CLIENTS_JSON("ServeGen clients JSON"),
  /** See {@link BailianRows}. */
  BAILIAN_JSONL("Bailian JSONL"),
  /** See {@link MooncakeRows}. */
  MOONCAKE_JSONL("Mooncake JSONL"),
  /** See {@link OwnRows}. */
  OWN_JSONL("own JSONL");

  private static final int SHOWN_CHARACTERS = 80;

  private final String title;

  TraceFormat(String title) {
    this.title = title;
  }

  /** Its name for people. */
  public String title() {
    return title;
  }

  /** Columns or keys by which it is told. */
  private List<String> names() {
    return switch (this) {
      case AZURE_CSV -> AzureRows.COLUMNS;
      case BURSTGPT_CSV -> BurstGptRows.COLUMNS;
      case SERVEGEN_CSV -> ServeGenRows.COLUMNS;
      case LENGTHS_CSV -> LengthRows.COLUMNS;
      case SCHEDULE_CSV -> ScheduleRows.COLUMNS;
      case OWN_CSV, OWN_JSONL -> OwnRows.COLUMNS;
      case AGENT_JSON -> List.of("block_size", "requests");
      case SERVEGEN_CLIENTS_JSON -> List.of("client", "windows");
      case BAILIAN_JSONL -> List.of("chat_id", "timestamp", "input_length");
      case MOONCAKE_JSONL -> List.of("timestamp", "input_length");
    };
  }

  /** Whether arrivals are the trace's own; otherwise they are drawn. */
  boolean isRecorded() {
    return switch (this) {
      case AGENT_JSON, SERVEGEN_CLIENTS_JSON, LENGTHS_CSV -> false;
      default -> true;
    };
  }

  /** Whether the first line is a header. */
  boolean isCsv() {
    return switch (this) {
      case AZURE_CSV, BURSTGPT_CSV, SERVEGEN_CSV, LENGTHS_CSV, SCHEDULE_CSV, OWN_CSV -> true;
      default -> false;
    };
  }

  /** How its lines are read; for formats of one request a line. */
  LineParser parser(String header, TraceOptions options) {
    return switch (this) {
      case AZURE_CSV -> LineParser.csv(header, new AzureRows());
      case BURSTGPT_CSV -> LineParser.csv(header, new BurstGptRows());
      case SERVEGEN_CSV -> LineParser.csv(header, new ServeGenRows());
      case LENGTHS_CSV ->
          LineParser.csv(header, new LengthRows(options.arrivalRate(), options.seed()));
      case SCHEDULE_CSV -> LineParser.csv(header, new ScheduleRows());
      case OWN_CSV -> LineParser.csv(header, new OwnRows());
      case BAILIAN_JSONL -> LineParser.json(new BailianRows());
      case MOONCAKE_JSONL -> LineParser.json(new MooncakeRows());
      case OWN_JSONL -> LineParser.json(new OwnRows());
      case AGENT_JSON, SERVEGEN_CLIENTS_JSON ->
          throw new IllegalStateException(title + ": no lines (expected: a format of lines)");
    };
  }

  /** The format of a file that begins like this. */
  static TraceFormat detect(String file, String head) {
    String text = head.strip();
    if (text.isEmpty()) {
      throw new TraceException(file + ":1: empty file (expected: a trace)");
    }
    String firstLine = text.lines().findFirst().orElse("");
    CsvColumns columns = CsvColumns.of(firstLine);
    for (TraceFormat format : values()) {
      if (format.isCsv() ? columns.include(format.names()) : format.hasKeys(text)) {
        return format;
      }
    }
    String shown =
        firstLine.length() > SHOWN_CHARACTERS
            ? firstLine.substring(0, SHOWN_CHARACTERS) + "…"
            : firstLine;
    throw new TraceException(
        "%s:1: first line \"%s\" (expected: one of %s)".formatted(file, shown, describeAll()));
  }

  private boolean hasKeys(String text) {
    return text.startsWith("{") && names().stream().allMatch(key -> text.contains('"' + key + '"'));
  }

  private static String describeAll() {
    List<String> formats = new ArrayList<>();
    for (TraceFormat format : values()) {
      formats.add(format.title + " (" + String.join(", ", format.names()) + ")");
    }
    return String.join("; ", formats);
  }
}
