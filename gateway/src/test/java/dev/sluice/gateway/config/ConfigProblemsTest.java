package dev.sluice.gateway.config;

import static dev.sluice.gateway.config.ConfigFixtures.SMALLEST;
import static dev.sluice.gateway.config.ConfigFixtures.problems;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every mistake is named at once, with its place, its value and what was expected. */
final class ConfigProblemsTest {

  @Test
  void mistakesOfEverySortAreNamedAtOnceEachWithItsPlace() {
    assertThat(
            problems(
                """
                listeners: {grpc: 8980}
                modells: []
                models:
                  - name: llama-3.3-70b
                    context_tokens: -1
                    service_class: chatt
                    budget: {ttft: 300, total: 1h}
                  - {name: qwen3-8b, context_tokens: 8192}
                service_classes:
                  - {name: chat, value: .nan, criticality: urgent}
                fleet:
                  - id: gpu
                    kind: emulatd
                    model: llama-3.3-70b
                    profile: h100x4-llama-3.3-70
                    count: 0
                  - {id: gpu, kind: emulated, model: llama-3.3-7b, profile: h100x4-llama-3.3-70b}
                  - {id: far, kind: remote, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b}
                policy: {name: round-robbin}
                """))
        .containsExactly(
            "f:1:19: listeners.grpc: '8980' (expected: HOST:PORT with a port of 0..65535, IPv6 in"
                + " brackets)",
            "f:2:1: unknown key 'modells' (did you mean 'models'?)",
            "f:5:21: models[0].context_tokens: '-1' (expected: a whole number of 1..100000000)",
            "f:6:20: models[0].service_class: 'chatt' is no name under service_classes (did you"
                + " mean 'chat'?)",
            "f:7:20: models[0].budget.ttft: '300' (expected: a length of time above zero with us,"
                + " ms, s, m or h, such as 300ms)",
            "f:7:32: models[0].budget.total: 1h (expected: at most limits.max_total, 10m)",
            "f:8:12: models[1].name: no backend serves 'qwen3-8b' (expected: an entry of fleet with"
                + " it)",
            "f:10:25: service_classes[0].value: '.nan' (expected: a number above 0)",
            "f:10:44: service_classes[0].criticality: 'urgent' (expected: one of critical_plus,"
                + " critical, sheddable_plus, sheddable)",
            "f:13:11: fleet[0].kind: 'emulatd' (did you mean 'emulated'?)",
            "f:15:14: fleet[0].profile: 'h100x4-llama-3.3-70' does not exist (did you mean"
                + " 'h100x4-llama-3.3-70b'?)",
            "f:16:12: fleet[0].count: '0' (expected: a whole number of 1..1000)",
            "f:17:10: fleet[1].id: 'gpu' is there twice (first in line 12)",
            "f:17:38: fleet[1].model: 'llama-3.3-7b' is no name under models (did you mean"
                + " 'llama-3.3-70b'?)",
            "f:17:61: fleet[1].profile: 'h100x4-llama-3.3-70b' is for model llama-3.3-70b"
                + " (expected: one for llama-3.3-7b)",
            "f:18:5: fleet[2].settings: 'address' is missing (where it listens)",
            "f:19:16: policy.name: 'round-robbin' (did you mean 'round-robin'?)");
  }

  @Test
  void aBackendThatCannotDoWhatItsModelDoesIsNamed() {
    assertThat(
            problems(
                """
                models:
                  - {name: llama-3.1-8b, context_tokens: 8192, task: embed}
                  - {name: qwen3-embedding-0.6b, context_tokens: 8192}
                  - {name: embedder, context_tokens: 512, task: embed}
                  - {name: misspelt, context_tokens: 8192, task: embedd}
                fleet:
                  - {id: a, kind: emulated, model: llama-3.1-8b, profile: h100-llama-3.1-8b}
                """))
        .contains(
            "f:5:50: models[3].task: 'embedd' (did you mean 'embed'?)",
            "f:4:12: models[2].name: no backend serves 'embedder' (expected: an entry of fleet with"
                + " it)");
    assertThat(
            problems(
                """
                models:
                  - {name: llama-3.1-8b, context_tokens: 512, task: embed}
                  - {name: qwen3-embedding-0.6b, context_tokens: 8192}
                fleet:
                  - {id: a, kind: emulated, model: llama-3.1-8b, profile: h100-llama-3.1-8b}
                  - id: b
                    kind: emulated
                    model: qwen3-embedding-0.6b
                    profile: xeon-qwen3-embedding-0.6b
                """))
        .containsExactly(
            "f:5:36: fleet[0].model: 'llama-3.1-8b' has task: embed (expected: one that this"
                + " backend can serve, which is [generate])",
            "f:8:12: fleet[1].model: 'qwen3-embedding-0.6b' has task: generate (expected: one that"
                + " this backend can serve, which is [embed])");
  }

  @Test
  void oneMistakeIsOneProblemWhateverDependsOnIt() {
    assertThat(problems(SMALLEST.replace("models:", "modells:")))
        .containsExactly("f:1:1: unknown key 'modells' (did you mean 'models'?)");
    assertThat(problems(SMALLEST.replace("name: llama-3.3-70b", "name: 'llama 70b'")))
        .containsExactly(
            "f:2:11: models[0].name: 'llama 70b' (expected: 1 to 128 characters of A-Z a-z 0-9 . _"
                + " : / -)");
    assertThat(problems(SMALLEST.replace("    model: llama-3.3-70b\n", "")))
        .containsExactly(
            "f:5:5: fleet[0]: 'model' is missing (name of the model it serves, one of those under"
                + " models)");
  }

  @Test
  void whatIsNeededAndNotThereIsNamed() {
    assertThat(problems("policy: {name: round-robin}"))
        .containsExactly(
            "f:1:1: 'models' is missing (what can be asked for)",
            "f:1:1: 'fleet' is missing (the backends)");
    assertThat(problems("models: []\nfleet: []\n"))
        .containsExactly(
            "f:1:9: models: an empty list (expected: 1..10000 items)",
            "f:2:8: fleet: an empty list (expected: 1..10000 items)");
    assertThat(problems("models:\nfleet: 5\n"))
        .containsExactly(
            "f:1:8: models: nothing (expected: a list)", "f:2:8: fleet: '5' (expected: a list)");
    assertThat(problems(SMALLEST.replace("    profile: h100x4-llama-3.3-70b\n", "")))
        .containsExactly(
            "f:5:5: fleet[0]: 'profile' is missing (name of the profile to forecast it by,"
                + " which sluice-accelerator profiles lists, or a file NAME.yaml that holds one,"
                + " as sluice-accelerator fit writes it)");
  }

  @Test
  void whatIsThereTwiceIsNamedWithTheFirst() {
    assertThat(problems(SMALLEST + "fleet: []\n")).containsExactly("f:9:1: 'fleet' is there twice");
    String alike =
        """
          - {id: a, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b, count: 3}
          - {id: a-2, kind: emulated, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b}
        """;
    assertThat(problems(SMALLEST + alike))
        .containsExactly("f:10:10: fleet[2].id: 'a-2' is there twice (first in line 9)");
    assertThat(problems(SMALLEST.replace("context", "aliases: [x, x]\n    context")))
        .containsExactly("f:3:18: models[0].aliases[1]: 'x' is there twice (first in line 3)");
  }

  @Test
  void anAliasIsForCallersNotForTheFile() {
    String text =
        SMALLEST.replace("context", "aliases: [big]\n    context")
            + "  - {id: a, kind: emulated, model: big, profile: h100x4-llama-3.3-70b}\n";
    assertThat(problems(text).getFirst())
        .isEqualTo("f:10:36: fleet[1].model: 'big' is an alias (expected: the name itself)");
  }

  @Test
  void aClassIsMissedEvenWhenThereAreNone() {
    assertThat(problems(SMALLEST.replace("context", "service_class: chat\n    context")))
        .containsExactly(
            "f:3:20: models[0].service_class: 'chat' is no name under service_classes (there are"
                + " none)");
  }

  @Test
  void settingsAreThoseOfTheKind() {
    assertThat(problems(SMALLEST + "    settings: {slotz: 3, noise: loud}\n"))
        .containsExactly(
            "f:9:16: fleet[0].settings: unknown key 'slotz' (did you mean 'slots'?)",
            "f:9:33: fleet[0].settings.noise: 'loud' (expected: a number)");
    String remote =
        """
          - id: far
            kind: remote
            model: llama-3.3-70b
            profile: h100x4-llama-3.3-70b
            settings: {address: '', mode: ssl, keepalive: 0s, connections: 1.5, verify: yes}
        """;
    assertThat(problems(SMALLEST + remote))
        .containsExactly(
            "f:13:25: fleet[1].settings.address: nothing (expected: a text)",
            "f:13:35: fleet[1].settings.mode: 'ssl' (expected: one of plain, tls)",
            "f:13:51: fleet[1].settings.keepalive: '0s' (expected: a length of time above zero with"
                + " us, ms, s, m or h, such as 300ms)",
            "f:13:68: fleet[1].settings.connections: '1.5' (expected: a whole number of at least"
                + " 0)",
            "f:13:81: fleet[1].settings.verify: 'yes' (expected: true or false)");
  }

  @Test
  void settingsThatContradictEachOtherAreNamed() {
    assertThat(problems(SMALLEST + "listeners: {grpc: 'h:1', admin: 'h:1'}\n"))
        .containsExactly(
            "f:9:33: listeners.admin: 'h:1' (expected: another address than that of grpc)");
    assertThat(problems(SMALLEST + "listeners: {grpc: 'h:1', http: 'h:1', admin: 'h:2'}\n"))
        .containsExactly(
            "f:9:32: listeners.http: 'h:1' (expected: another address than that of grpc)");
    assertThat(problems(SMALLEST.replace("8192", "8192\n    max_output_tokens: 9000")))
        .containsExactly(
            "f:4:24: models[0].max_output_tokens: 9000 (expected: at most context_tokens, 8192)");
    assertThat(problems(SMALLEST.replace("8192", "100")))
        .containsExactly(
            "f:2:5: models[0].max_output_tokens: 1024 (expected: at most context_tokens, 100)");
    assertThat(
            problems(
                SMALLEST + "service_classes: [{name: a, budget: {ttft: 2s, total: 1500ms}}]\n"))
        .containsExactly(
            "f:9:44: service_classes[0].budget.ttft: 2s (expected: at most total, 1500ms)");
  }

  @Test
  void howAnEngineIsStartedIsCheckedWithoutLookingForIt() {
    String remote =
        "  - {id: %s, kind: remote, model: llama-3.3-70b, profile: h100x4-llama-3.3-70b, count:"
            + " %d,\n"
            + "     settings: {address: 'h:1'}, start: %s}\n";
    assertThat(
            problems(
                SMALLEST
                    + "    start: {command: [a]}\n"
                    + remote.formatted("b", 1, "{install: pip}")
                    + remote.formatted("c", 1, "{command: [], comand: x}")
                    + remote.formatted("d", 1, "{command: [a, [b], \"\\0\", ''], files: m.gguf}")
                    + remote.formatted("e", 2, "{command: [a]}")
                    + remote.formatted("f", 1, "llama-server")))
        .containsExactly(
            "f:9:12: fleet[0].start: an object (expected: left out, because emulated runs in the"
                + " gateway itself)",
            "f:11:41: fleet[1].start: 'command' is missing (the program, a path beside this file or"
                + " without a slash a name on the PATH, and its arguments; no shell reads them, and"
                + " this file's folder is where it runs)",
            "f:13:51: fleet[2].start.command: an empty list (expected: 1..10000 items)",
            "f:13:55: fleet[2].start: unknown key 'comand' (did you mean 'command'?)",
            "f:15:55: fleet[3].start.command[1]: a list (expected: a text without NUL)",
            "f:15:60: fleet[3].start.command[2]: '?' (expected: a text without NUL)",
            "f:15:66: fleet[3].start.command[3]: nothing (expected: a text without NUL)",
            "f:15:78: fleet[3].start.files: 'm.gguf' (expected: a list)",
            "f:17:41: fleet[4].start: an object (expected: left out, because one engine would be"
                + " all 2 of count)",
            "f:19:41: fleet[5].start: 'llama-server' (expected: an object with keys)");
  }

  @Test
  void aPriceSaysAtLeastOneFigure() {
    assertThat(problems(SMALLEST + "    price: {}\n"))
        .containsExactly(
            "f:9:12: fleet[0].price: an empty object (expected: at least one of per_hour,"
                + " per_million_input, per_million_output)");
  }

  @Test
  void capsAreNamedWithTheirPlace() {
    assertThat(
            problems(
                SMALLEST + "policy: {vendor_share: {NVIDA: 0.5, NVIDIA: 1.5}, power_cap: 40}\n"))
        .containsExactly(
            "f:9:25: policy.vendor_share.NVIDA: no backend is of this vendor (did you mean"
                + " 'NVIDIA'?)",
            "f:9:45: policy.vendor_share.NVIDIA: '1.5' (expected: a number above 0 and at most 1)",
            "f:9:62: policy.power_cap: '40' (expected: a power above zero with W, kW or MW, such"
                + " as 40kW)");
    assertThat(problems(SMALLEST + "policy: {vendor_share: {}}\n"))
        .containsExactly("f:9:24: policy.vendor_share: an empty object (expected: 1..100 vendors)");
    assertThat(problems(SMALLEST + "policy: {vendor_share: [NVIDIA]}\n"))
        .containsExactly("f:9:24: policy.vendor_share: a list (expected: an object of vendors)");
    assertThat(problems(SMALLEST + "policy: {vendor_share: {NVIDIA: 1, NVIDIA: 1, a b: 1}}\n"))
        .containsExactly(
            "f:9:36: policy.vendor_share: 'NVIDIA' is there twice",
            "f:9:47: policy.vendor_share: 'a b' (expected: the name of a vendor)");
  }

  @Test
  void aVendorIsNotMissedWhileTheFleetCanNotBeRead() {
    assertThat(
            problems(
                SMALLEST.replace("kind: emulated", "kind: emulatd")
                    + "policy: {vendor_share: {Groq: 0.5}}\n"))
        .singleElement()
        .asString()
        .contains("emulatd");
  }

  @Test
  void whereABackendStandsAndForWhomIsChecked() {
    assertThat(problems(SMALLEST + "    tenants: []\n    link: 0s\n    vendor: 'a b'\n"))
        .containsExactly(
            "f:9:14: fleet[0].tenants: an empty list (expected: 1..10000 items)",
            "f:10:11: fleet[0].link: '0s' (expected: a length of time above zero with us, ms, s, m"
                + " or h, such as 300ms)",
            "f:11:13: fleet[0].vendor: 'a b' (expected: 1 to 128 characters of A-Z a-z 0-9 . _ : /"
                + " -)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0W", "-1kW", "1", "1 kW", "1kw", "1GW", ".5kW", "1.kW", "1e3W", "0.0MW"})
  void aPowerThatIsNoneIsRefused(String power) {
    assertThat(problems(SMALLEST + "policy: {power_cap: " + power + "}\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:21: policy.power_cap: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0s",
        "-1s",
        "1",
        "1.s",
        ".5s",
        "1 s",
        "+1s",
        "1e3s",
        "1d",
        "٣s",
        "400000h",
        "s",
        "''",
        "0.000001us",
        "0.1234567s",
        "9999999999999999999s"
      })
  void aLengthOfTimeThatIsNoneIsRefused(String length) {
    assertThat(problems(SMALLEST + "limits: {drain: " + length + "}\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:17: limits.drain: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-1",
        "1.0",
        "'5'",
        "1e3",
        "0x10",
        "1_000",
        "+5",
        "99999999999999999999",
        "true",
        "~"
      })
  void aWholeNumberThatIsNoneIsRefused(String number) {
    assertThat(problems(SMALLEST + "limits: {max_in_flight: " + number + "}\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:25: limits.max_in_flight: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {".nan", ".inf", "-.inf", "NaN", "0", "-1", "1e400", "'1'", "one", "{}", "[1]"})
  void aNumberThatIsNoneIsRefused(String number) {
    assertThat(problems(SMALLEST + "service_classes: [{name: a, value: " + number + "}]\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:36: service_classes[0].value: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h",
        ":1",
        "h:",
        "h:65536",
        "h:-1",
        "h:+1",
        "::1:80",
        "[]:1",
        "h h:1",
        "http://h:1",
        "[::1]"
      })
  void anAddressThatIsNoneIsRefused(String address) {
    assertThat(problems(SMALLEST + "listeners: {grpc: '" + address + "'}\n").getFirst())
        .startsWith("f:9:19: listeners.grpc: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "4GiB", "17MiB", "1.5MiB", "-4KiB", "4 MiB", "KiB", "4mib"})
  void aSizeThatIsNoneIsRefused(String size) {
    assertThat(problems(SMALLEST + "limits: {max_message: " + size + "}\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:23: limits.max_message: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '5'          | '5' in quotes (expected
          !include 5   | '5' with the tag '!include' (expected
          ''           | nothing in quotes (expected
          """,
      quoteCharacter = '`')
  void whatLooksRightButIsNotSaysWhy(String value, String found) {
    assertThat(problems(SMALLEST + "limits: {max_in_flight: " + value + "}\n"))
        .singleElement()
        .asString()
        .startsWith("f:9:25: limits.max_in_flight: " + found);
  }

  @Test
  void brokenSyntaxIsOneProblemWithItsPlace() {
    assertThat(problems("models: [\nfleet: }"))
        .singleElement()
        .asString()
        .startsWith("f:2:8: not YAML: ");
    assertThat(problems("models: *nothing"))
        .singleElement()
        .asString()
        .startsWith("f:1:9: not YAML: ");
    assertThat(problems("a: 1\nb: \u0007"))
        .containsExactly("f:2:4: not YAML: the character U+0007 cannot stand here");
    assertThat(problems(SMALLEST + "---\na: 1\n")).singleElement().asString().startsWith("f:9:1: ");
  }

  @Test
  void aFileThatHoldsSomethingElseSaysSo() {
    assertThat(problems(""))
        .containsExactly("f:1:1: empty (expected: an object with models and fleet)");
    assertThat(problems("- a")).containsExactly("f:1:1: a list (expected: an object with keys)");
    assertThat(problems("a")).containsExactly("f:1:1: 'a' (expected: an object with keys)");
  }
}
