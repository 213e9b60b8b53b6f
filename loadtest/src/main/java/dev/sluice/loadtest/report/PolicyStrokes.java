package dev.sluice.loadtest.report;

import java.util.List;

/** How the line of each policy looks: a colour, and dashes when the colours are used up. */
record PolicyStrokes(List<String> policies) {
  PolicyStrokes {
    policies = List.copyOf(policies);
  }

  String of(String policy) {
    int index = policies.indexOf(policy);
    int round = index / HtmlPage.COLOURS;
    return HtmlPage.strokeOf(index) + (round == 0 ? "" : " d" + Math.min(round, 3));
  }

  String fillOf(String policy) {
    return HtmlPage.fillOf(policies.indexOf(policy));
  }

  /** A sample of its line before each name. */
  String legend(List<String> shown) {
    StringBuilder text = new StringBuilder("<div class=\"legend\">");
    for (String policy : shown) {
      text.append("<span><svg viewBox=\"0 0 32 10\" aria-hidden=\"true\">");
      text.append("<line x1=\"0\" y1=\"5\" x2=\"32\" y2=\"5\" class=\"curve best ");
      text.append(of(policy)).append("\"/></svg>").append(Svg.escape(policy)).append("</span> ");
    }
    return text.append("</div>\n").toString();
  }
}
