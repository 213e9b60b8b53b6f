package dev.sluice.gateway.config;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;

/** The names that one part of the file gives and others use. */
final class Names {

  /** Most names of one kind, counting every one of backends alike: bounds memory. */
  static final int MOST = 10_000;

  private final Map<Kind, Book> books = new EnumMap<>(Kind.class);
  private final Reading reading;

  Names(Reading reading) {
    this.reading = reading;
    for (Kind kind : Kind.values()) {
      books.put(kind, new Book());
    }
  }

  /** What a name is the name of. */
  enum Kind {
    MODEL("models"),
    SERVICE_CLASS("service_classes"),
    BACKEND("fleet");

    /** The part of the file that gives such names. */
    private final String section;

    Kind(String section) {
      this.section = section;
    }
  }

  /** What a place does with a name. */
  enum Role {
    /** It gives it: nothing else of the kind has it. */
    GIVES,
    /** It gives another name for the same thing, which callers may use but the file may not. */
    GIVES_ALIAS,
    /** It uses it: somewhere it is given. */
    USES
  }

  /** A name where it stands. */
  record Mention(String name, String path, Node node) {
    int line() {
      return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
    }
  }

  /** The names of one kind. */
  private static final class Book {
    private final Map<String, Mention> given = new LinkedHashMap<>();
    private final Map<String, Mention> all = new LinkedHashMap<>();
    private final List<Mention> used = new ArrayList<>();
    private final Set<Role> unread = EnumSet.noneOf(Role.class);
  }

  /** Notes a name; false after a problem, because the name is there already. */
  boolean mention(Kind kind, Role role, Mention mention) {
    Book book = book(kind);
    if (role == Role.USES) {
      return book.used.add(mention);
    }
    if (book.all.size() >= MOST) {
      String message = "the names under %s are more than %d".formatted(kind.section, MOST);
      reading.problem(mention.node(), mention.path(), message);
      return false;
    }
    Mention earlier = book.all.putIfAbsent(mention.name(), mention);
    if (earlier != null) {
      reading.problem(
          mention.node(),
          mention.path(),
          "'%s' is there twice (first in line %d)".formatted(mention.name(), earlier.line()));
      return false;
    }
    if (role == Role.GIVES) {
      book.given.put(mention.name(), mention);
    }
    return true;
  }

  /** Notes that a name of this kind should stand somewhere but could not be read. */
  void unread(Kind kind, Role role) {
    book(kind).unread.add(role);
  }

  /** Notes what is used but not given, and models that no backend uses; once, at the end. */
  void check() {
    for (Kind kind : Kind.values()) {
      Book book = book(kind);
      // a name that could not be read may be the one that is used
      if (!book.unread.contains(Role.GIVES)) {
        book.used.forEach(use -> checkGiven(kind, use));
      }
    }
    Book models = book(Kind.MODEL);
    if (!models.unread.contains(Role.USES)) {
      checkServed(models);
    }
  }

  private void checkGiven(Kind kind, Mention use) {
    Book book = book(kind);
    if (book.given.containsKey(use.name())) {
      return;
    }
    String what =
        book.all.containsKey(use.name())
            ? " is an alias (expected: the name itself)"
            : " is no name under "
                + kind.section
                + Texts.suggestion(use.name(), book.given.keySet());
    reading.problem(use.node(), use.path(), "'" + use.name() + "'" + what);
  }

  private void checkServed(Book models) {
    Set<String> used = models.used.stream().map(Mention::name).collect(Collectors.toSet());
    for (Mention model : models.given.values()) {
      if (!used.contains(model.name())) {
        reading.problem(
            model.node(),
            model.path(),
            "no backend serves '" + model.name() + "' (expected: an entry of fleet with it)");
      }
    }
  }

  private Book book(Kind kind) {
    return books.computeIfAbsent(kind, _ -> new Book());
  }
}
