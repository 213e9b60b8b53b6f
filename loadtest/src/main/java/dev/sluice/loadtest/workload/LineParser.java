package dev.sluice.loadtest.workload;

/** The reading of one line of a format that has one request a line. */
interface LineParser {
  /** What a line is; lines come in the order of the file. */
  TraceLine parse(String line);

  /** How a CSV format reads the fields of a line. */
  interface OfFields {
    TraceLine read(CsvColumns columns) throws Malformed;
  }

  /** How a JSON format reads the object of a line. */
  interface OfObject {
    TraceLine read(JsonText json) throws Malformed;
  }

  /** The reading of CSV lines under this header. */
  static LineParser csv(String header, OfFields format) {
    CsvColumns columns = CsvColumns.of(header);
    return line -> {
      try {
        columns.take(line);
        return format.read(columns);
      } catch (Malformed malformed) {
        return TraceLine.Unusable.broken(malformed.getMessage());
      } catch (ArithmeticException _) {
        return TraceLine.Unusable.broken("number out of range");
      }
    };
  }

  /** The reading of JSON lines. */
  static LineParser json(OfObject format) {
    JsonText json = new JsonText();
    return line -> {
      json.startLine(line);
      try {
        TraceLine read = format.read(json);
        json.expectEnd();
        return read;
      } catch (Malformed malformed) {
        return TraceLine.Unusable.broken(malformed.getMessage());
      } catch (ArithmeticException _) {
        return TraceLine.Unusable.broken("column " + json.column() + ": number out of range");
      }
    };
  }
}
