package dev.sluice.loadtest.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Reader of fitted clients from alibaba/ServeGen (Xiang and others, "ServeGen: Workload
 * Characterization and Generation of Large Language Model Serving in Production", 2025), one JSON
 * object each: {@code client}; {@code windows} of start in seconds, rate, variation, family, shape
 * and scale; {@code lengths} by block start, as lists of values and probabilities. The share of
 * reasoning is read past: it is a part of the output.
 */
final class ClientReader {
  private static final int MAX_WINDOWS = 1_000_000;
  private static final int MAX_VALUES = TraceLine.MAX_TOKENS;

  private final JsonText json;

  ClientReader(JsonText json) {
    this.json = json;
  }

  ClientProfile read() throws Malformed {
    String name = "";
    List<ClientProfile.Window> windows = new ArrayList<>();
    NavigableMap<Long, ClientProfile.Lengths> lengths = new TreeMap<>();
    try {
      for (boolean more = json.openObject(); more; more = json.nextMember()) {
        switch (json.key()) {
          case "client" -> name = json.label();
          case "windows" -> readWindows(windows);
          case "lengths" -> readLengths(lengths);
          default -> json.skip();
        }
      }
      return new ClientProfile(name, windows, lengths);
    } catch (IllegalArgumentException e) {
      throw json.at(String.valueOf(e.getMessage()));
    }
  }

  private void readWindows(List<ClientProfile.Window> windows) throws Malformed {
    for (boolean more = json.openList(); more; more = json.nextItem()) {
      if (windows.size() == MAX_WINDOWS) {
        throw json.at("windows (expected: at most " + MAX_WINDOWS + ")");
      }
      json.openList();
      long start = json.wholeNumber();
      json.nextItem();
      double rate = json.number();
      json.nextItem();
      json.skip();
      json.nextItem();
      ClientProfile.Family family = family(json.text());
      json.nextItem();
      double shape = json.number();
      while (json.nextItem()) {
        json.skip();
      }
      windows.add(new ClientProfile.Window(start, rate, family, shape));
    }
  }

  private ClientProfile.Family family(String name) throws Malformed {
    return switch (name) {
      case "Gamma" -> ClientProfile.Family.GAMMA;
      case "Weibull" -> ClientProfile.Family.WEIBULL;
      default -> throw json.at("family: " + name + " (expected: Gamma or Weibull)");
    };
  }

  private void readLengths(NavigableMap<Long, ClientProfile.Lengths> lengths) throws Malformed {
    for (boolean more = json.openObject(); more; more = json.nextMember()) {
      long start = blockStart(json.key());
      ClientProfile.Weighted input = null;
      ClientProfile.Weighted output = null;
      for (boolean field = json.openObject(); field; field = json.nextMember()) {
        switch (json.key()) {
          case "input_tokens" -> input = readWeighted();
          case "output_tokens" -> output = readWeighted();
          default -> json.skip();
        }
      }
      if (input == null || output == null) {
        throw json.at("lengths (expected: input_tokens and output_tokens)");
      }
      lengths.put(start, new ClientProfile.Lengths(input, output));
    }
  }

  private long blockStart(String key) throws Malformed {
    try {
      return Long.parseLong(key);
    } catch (NumberFormatException _) {
      throw json.at("block: " + key + " (expected: its start in seconds)");
    }
  }

  private ClientProfile.Weighted readWeighted() throws Malformed {
    json.openList();
    double[] values = readNumbers();
    json.nextItem();
    double[] probabilities = readNumbers();
    if (json.nextItem()) {
      throw json.at("(expected: a list of values and one of probabilities)");
    }
    int[] tokens = Arrays.stream(values).mapToInt(value -> (int) Math.round(value)).toArray();
    return new ClientProfile.Weighted(tokens, probabilities);
  }

  private double[] readNumbers() throws Malformed {
    double[] numbers = new double[64];
    int count = 0;
    for (boolean more = json.openList(); more; more = json.nextItem()) {
      if (count == MAX_VALUES) {
        throw json.at("values (expected: at most " + MAX_VALUES + ")");
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = json.number();
    }
    return Arrays.copyOf(numbers, count);
  }
}
