package dev.sluice.gateway.config;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.Parser;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Turns text into the nodes of one YAML document, or notes why it cannot. */
final class YamlReader {

  /** The file needs 6; composing recurses, so that thousands would end the stack. */
  private static final int MOST_LEVELS = 32;

  /** Aliases of lists and objects; a bomb needs many, a person few. */
  private static final int MOST_ALIASES = 50;

  private YamlReader() {}

  /** The document's root, or null after the problem was noted. */
  static @Nullable Node read(String text, Reading reading) {
    LoadSettings settings = settings(text.length());
    try {
      Parser parser = new ParserImpl(settings, new StreamReader(settings, text));
      Optional<Node> root = new Composer(settings, new ShallowParser(parser)).getSingleNode();
      if (root.isPresent()) {
        return root.get();
      }
      reading.problem(1, 1, "empty (expected: an object with models and fleet)");
    } catch (MarkedYamlEngineException e) {
      String context = e.getContext() == null ? "" : e.getContext() + ", ";
      reading.problem(
          e.getProblemMark().or(e::getContextMark), "not YAML: " + context + e.getProblem());
    } catch (ReaderException e) {
      unreadable(e, text, reading);
    } catch (YamlEngineException e) {
      reading.problem(1, 1, "not YAML: " + Texts.firstLine(String.valueOf(e.getMessage())));
    }
    return null;
  }

  private static LoadSettings settings(int length) {
    return LoadSettings.builder()
        .setCodePointLimit(length + 1)
        .setMaxAliasesForCollections(MOST_ALIASES)
        // duplicate keys are reported by the shapes, beside all other problems
        .setAllowDuplicateKeys(true)
        .build();
  }

  private static void unreadable(ReaderException e, String text, Reading reading) {
    int end =
        text.offsetByCodePoints(
            0, Math.min(e.getPosition(), text.codePointCount(0, text.length())));
    String before = text.substring(0, end);
    int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
    int column = end - before.lastIndexOf('\n');
    reading.problem(
        line,
        column,
        "not YAML: the character U+%04X cannot stand here".formatted(e.getCodePoint()));
  }

  /** Refuses documents that are nested too deeply. */
  private static final class ShallowParser implements Parser {
    private final Parser parser;
    private int levels;

    private ShallowParser(Parser parser) {
      this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID id) {
      return parser.checkEvent(id);
    }

    @Override
    public Event peekEvent() {
      return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
      return parser.hasNext();
    }

    @Override
    public Event next() {
      Event event = parser.next();
      switch (event.getEventId()) {
        case SequenceStart, MappingStart -> levels++;
        case SequenceEnd, MappingEnd -> levels--;
        default -> {}
      }
      if (levels > MOST_LEVELS) {
        throw new ParserException("more than " + MOST_LEVELS + " levels", event.getStartMark());
      }
      return event;
    }
  }
}
