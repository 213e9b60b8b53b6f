package dev.sluice.loadtest.report;

import java.util.List;

/** An HTML page under construction that refers to nothing outside itself. */
final class HtmlPage {
  static final int COLOURS = 8;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --ink:#1b1f24; --soft:#59636e; --paper:#fff; --rule:#d9dee3;
        --c0:#2563a8; --c1:#c2571a; --c2:#2e7d4f; --c3:#8e44ad; --c4:#a8871d; --c5:#14808c;
        --c6:#b03a5b; --c7:#5f6b7a; --bad:#b3261e; --good:#2e7d4f; }
      @media (prefers-color-scheme: dark) { :root { --ink:#e6e9ed; --soft:#9aa4af; --paper:#14171a;
        --rule:#30363d; --c0:#6aa9ec; --c1:#eb9560; --c2:#6cc492; --c3:#c58be0; --c4:#d9bb58;
        --c5:#5cc3ce; --c6:#e884a1; --c7:#a3adb8; --bad:#f28b82; --good:#6cc492; } }
      body { font:15px/1.5 system-ui,sans-serif; color:var(--ink); background:var(--paper);
        max-width:66rem; margin:2rem auto; padding:0 1rem; }
      h1 { font-size:1.4rem; margin:0; } h2 { font-size:1.05rem; margin:2rem 0 .4rem; }
      p, .legend { color:var(--soft); margin:.2rem 0; } code { overflow-wrap:anywhere; }
      .bad { color:var(--bad); font-weight:600; } .good { color:var(--good); font-weight:600; }
      .scroll { overflow-x:auto; }
      table { border-collapse:collapse; width:100%; font-size:.88rem; }
      th, td { text-align:right; padding:.2rem .5rem; border-bottom:1px solid var(--rule);
        white-space:nowrap; font-variant-numeric:tabular-nums; }
      th { font-weight:600; color:var(--soft); } th:first-child, td:first-child { text-align:left; }
      svg { width:100%; height:auto; } svg text { fill:var(--soft); font-size:11px; }
      .grid { stroke:var(--rule); stroke-width:1; }
      .curve { fill:none; stroke-width:1.8; stroke-linejoin:round; }
      .budget { stroke-width:1.2; stroke-dasharray:4 3; }
      .band { fill:var(--soft); opacity:.16; } .edge { stroke:var(--soft); stroke-dasharray:5 4; }
      .best { stroke-width:3; } .d1 { stroke-dasharray:7 3; } .d2 { stroke-dasharray:2 3; }
      .d3 { stroke-dasharray:9 3 2 3; } .area { stroke:none; opacity:.85; }
      .all { fill:none; stroke:var(--ink); stroke-width:1; } .axis { stroke:var(--soft); }
      svg text.strong { fill:var(--ink); font-weight:600; font-size:12px; }
      .grid2 { display:grid; grid-template-columns:repeat(auto-fit,minmax(26rem,1fr)); gap:.6rem; }
      .compact table { font-size:.78rem; } .compact td, .compact th { padding:.15rem .35rem; }
      .narrow { max-width:34rem; }
      .legend span { white-space:nowrap; } .legend svg { width:2.2em; height:.8em;
        margin:0 .35em 0 1em; vertical-align:middle; }
      .legend i { display:inline-block; width:.8em; height:.8em; border-radius:2px;
        margin:0 .35em 0 1em; }
      """;

  private final StringBuilder text = new StringBuilder();

  HtmlPage(String title) {
    text.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    text.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    text.append("<title>").append(Svg.escape(title)).append("</title>\n<style>\n").append(STYLE);
    for (int colour = 0; colour < COLOURS; colour++) {
      text.append(".s%1$d { stroke:var(--c%1$d); } .f%1$d { fill:var(--c%1$d); ".formatted(colour))
          .append("background:var(--c%d); }\n".formatted(colour));
    }
    text.append("</style>\n</head>\n<body>\n");
  }

  static String strokeOf(int colour) {
    return "s" + colour % COLOURS;
  }

  static String fillOf(int colour) {
    return "f" + colour % COLOURS;
  }

  /** Adds what is HTML already. */
  HtmlPage append(Object html) {
    text.append(html);
    return this;
  }

  HtmlPage heading(String title) {
    return append("<h2>").append(Svg.escape(title)).append("</h2>\n");
  }

  /** A coloured square before each name. */
  HtmlPage legend(List<String> names) {
    append("<div class=\"legend\">");
    for (int colour = 0; colour < names.size(); colour++) {
      append("<i class=\"").append(fillOf(colour)).append("\"></i>");
      append(Svg.escape(names.get(colour)));
    }
    return append("</div>\n");
  }

  /** A table whose first row is its header. */
  HtmlPage table(List<List<String>> rows) {
    append("<div class=\"scroll\"><table>");
    row("th", rows.getFirst());
    rows.subList(1, rows.size()).forEach(row -> row("td", row));
    return append("</table></div>\n");
  }

  private void row(String element, List<String> cells) {
    append("<tr>");
    for (String cell : cells) {
      append("<").append(element).append(">").append(Svg.escape(cell));
      append("</").append(element).append(">");
    }
    append("</tr>\n");
  }

  /** The page as text. */
  String close() {
    return text + "</body>\n</html>\n";
  }
}
