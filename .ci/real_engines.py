"""Has the gateway start real llama.cpp servers, asks them, and kills them in the middle of their answers; see .ci/real-engines."""
import base64
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from parts import PATIENCE_SECONDS, check, free_port, get, problems, until

# the weights bring no template of their own, and calls of tools need one
TEMPLATE = """{% for tool in tools or [] %}<|im_start|>tools
{{ tool.function | tojson }}<|im_end|>
{% endfor %}{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content or '' }}{% for call in message.tool_calls or [] %}
<tool_call>
{"name": "{{ call.function.name }}", "arguments": {{ call.function.arguments | tojson }}}
</tool_call>{% endfor %}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
HERE = os.path.join(os.getcwd(), "engines/llama.cpp")
FLAGS = ["-c", "4096", "-np", "4", "-t", "1", "-b", "64", "--metrics", "--alias", "gemma"]
EMBEDS = ["--embeddings", "--pooling", "mean"]
# -ub 1 is bit-exact: tokens never share a step, so no sum is rounded differently
GENERATES = ["-ub", "1", "--chat-template", TEMPLATE]
TOKENS = 48
# (what, prompt, as a chat, kill after so many characters)
CASES = [
    ("English", "The history of the bicycle begins", False, 40),
    ("Arabic", "عاصمة المغرب هي الرباط، وأكبر مدنه", False, 20),
    ("emoji", "🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂", False, 9),
    ("chat", "Write three short sentences about the sea 🌊.", True, 30),
]
CITY = {"type": "string", "maxLength": 20}
SCHEMA = {"type": "object", "properties": {"city": CITY, "capital": {"type": "boolean"}}, "required": ["city", "capital"], "additionalProperties": False}
FORM = {
    "messages": [{"role": "user", "content": "Name a city."}],
    "response_format": {"type": "json_schema", "json_schema": {"name": "city", "strict": True, "schema": SCHEMA}},
}
# so small a model calls a tool only after an example, which shows as well that calls and their results reach the engine
TOOLS = {
    "messages": [
        {"role": "user", "content": "Weather in Paris?"},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "c0", "type": "function", "function": {"name": "weather", "arguments": '{"city": "Paris"}'}}],
        },
        {"role": "tool", "tool_call_id": "c0", "content": "sunny"},
        {"role": "user", "content": "Weather in Rabat?"},
    ],
    "tools": [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {"city": CITY}, "required": ["city"]}}}],
    "tool_choice": "required",
    "max_tokens": 32,
}
def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


class Engine:
    """An engine that the gateway starts, found by what the gateway logs of it."""

    def __init__(self, backend, flags, gateway_log):
        self.backend, self.gateway_log, self.port, self.kills = backend, gateway_log, free_port(), 0
        weights = os.path.join(HERE, "gemma.gguf")
        command = [os.path.join(HERE, "llama-server"), "-m", weights, "--port", str(self.port)] + FLAGS + flags
        self.start = json.dumps({"command": command, "files": [weights], "log": backend + ".log", "install": ".ci/real-engines install"})

    def processes(self):
        """All that were started, the newest last."""
        with open(self.gateway_log) as log:
            return [int(process) for process in re.findall("engine of %s runs: .*, process ([0-9]+)," % self.backend, log.read())]

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def ready(self):
        return get(self.url("/health")) is not None

    def busy(self):
        return any(slot["is_processing"] for slot in json.loads(get(self.url("/slots"))))

    def kill(self):
        os.kill(self.processes()[-1], signal.SIGKILL)
        self.kills += 1

    def is_gone(self):
        return not any(is_running(process) for process in self.processes())

    def direct(self, prompt, chat):
        body = {"model": "gemma", "temperature": 0, "max_tokens": TOKENS}
        if chat:
            answer = post(self.url("/v1/chat/completions"), body | {"messages": [{"role": "user", "content": prompt}]})
            return answer["choices"][0]["message"]["content"]
        return post(self.url("/v1/completions"), body | {"prompt": prompt})["choices"][0]["text"]


def is_running(process):
    try:
        with open("/proc/%d/stat" % process) as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def streamed(url, body):
    """The events of a stream, which must end as OpenAI's do."""
    request = urllib.request.Request(url, json.dumps(body | {"stream": True}).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        events = [line[6:].strip() for line in answer if line.startswith(b"data: ")]
    assert events.pop() == b"[DONE]", events
    return [json.loads(event) for event in events]


def called(calls):
    return [(call["function"]["name"], call["function"]["arguments"]) for call in calls]


def check_more_than_words(engines, http):
    """A form and tools: in one piece and streamed through the gateway as the engine answers directly."""
    url, common = "http://%s/v1/chat/completions" % http, {"temperature": 0, "max_tokens": TOKENS}
    direct = [post(e.url("/v1/chat/completions"), {"model": "gemma"} | common | FORM)["choices"][0]["message"]["content"] for e in engines]
    asked = {"model": "gemma-3-270m"} | common
    whole = post(url, asked | FORM)
    text = whole["choices"][0]["message"]["content"]
    answer = json.loads(text)
    check("an answer of a schema is of it, and as directly", set(answer) == {"city", "capital"} and [text] * 2 == direct, repr((text, direct)))
    check("its tokens are the engine's count", whole["usage"]["completion_tokens"] >= 10, repr(whole["usage"]))
    events = streamed(url, asked | FORM)
    check("streamed, it is the same", "".join(e["choices"][0]["delta"].get("content") or "" for e in events) == text)
    direct = [post(e.url("/v1/chat/completions"), {"model": "gemma"} | common | TOOLS)["choices"][0]["message"].get("tool_calls", []) for e in engines]
    whole = post(url, asked | TOOLS)
    calls = whole["choices"][0]["message"].get("tool_calls", [])
    good = len(calls) > 0 and calls[0]["function"]["name"] == "weather" and "city" in json.loads(calls[0]["function"]["arguments"])
    check("a tool that is required is called, and as directly", good and [called(calls)] * 2 == [called(d) for d in direct], repr((calls, direct)))
    deltas = [call for e in streamed(url, asked | TOOLS) for call in e["choices"][0]["delta"].get("tool_calls") or []]
    arguments = "".join(delta["function"].get("arguments", "") for delta in deltas if delta["index"] == 0)
    check("streamed, its pieces make the same call", len(deltas) > 1 and good and arguments == calls[0]["function"]["arguments"], repr(deltas))
    print("     %s; %s" % (text.replace("\n", " "), called(calls)))


def generate(target, prompt, chat):
    command = ["gateway/bin/sluice", "generate", prompt, "--model", "gemma-3-270m", "--target", target, "--temperature", "0", "--max-tokens", str(TOKENS)]
    return subprocess.Popen(command + (["--chat"] if chat else []), stdout=subprocess.PIPE, stderr=sys.stderr)


def split(output):
    """The answer, and what the command says of it in lines that begin with a dash."""
    said = output.decode().split("\n— ")
    return said[0], said[1:]


class Gateway:
    """A gateway in a process of its own."""

    def __init__(self, config, admin, log):
        self.admin = admin
        with open(log, "ab") as file:
            self.process = subprocess.Popen(["gateway/bin/sluice", "serve", "--config", config], stderr=file)

    def get(self, path):
        return get("http://127.0.0.1:%d%s" % (self.admin, path))

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait()


def write_config(config, engines, ports):
    # link: a machine that is busy with other things answers late, which is not what is tested here
    entry = (
        "  - {id: %s, kind: openai, model: %s, profile: cpu-thread-gemma-3-270m, link: 1s, start: %s,\n"
        "     settings: {base_url: '%s', preset: llama.cpp, upstream_model: gemma, continuation: %s}}\n"
    )
    missing = '{"command": ["no-such-server"], "install": "nothing helps"}'
    with open(config, "w") as file:
        file.write("listeners: {grpc: '127.0.0.1:%d', http: '127.0.0.1:%d', admin: '127.0.0.1:%d'}\n" % ports)
        file.write("models:\n  - {name: gemma-3-270m, context_tokens: 1024, max_output_tokens: 64}\n")
        file.write("  - {name: gemma-embeds, context_tokens: 1024, task: embed}\nfleet:\n")
        for engine in engines[:-1]:
            file.write(entry % (engine.backend, "gemma-3-270m", engine.start, engine.url("/v1"), "exact"))
        file.write(entry % (engines[-1].backend, "gemma-embeds", engines[-1].start, engines[-1].url("/v1"), "none"))
        file.write(entry % ("missing", "gemma-3-270m", missing, "http://127.0.0.1:%d/v1" % free_port(), "exact"))


def main():
    work = tempfile.mkdtemp()
    config, gateway_log = os.path.join(work, "fleet.yaml"), os.path.join(work, "gateway.log")
    engines = [Engine("cpu-0", GENERATES, gateway_log), Engine("cpu-1", GENERATES, gateway_log)]
    embedder = Engine("cpu-embeds", EMBEDS, gateway_log)
    grpc, http, admin = free_port(), free_port(), free_port()
    write_config(config, engines + [embedder], (grpc, http, admin))
    gateway = Gateway(config, admin, gateway_log)
    try:
        until("the gateway is not ready", lambda: gateway.get("/readyz") is not None)
        for engine in engines + [embedder]:
            until("the engine is not ready", engine.ready)
        ask(engines, embedder, gateway, (grpc, http))
        fit_and_check(engines[0], work)
        check("no promise was broken", "\nsluice_invariant_violations_total 0" in gateway.get("/metrics"))
    finally:
        gateway.end(signal.SIGTERM)
    check("no engine outlives the gateway", all(engine.is_gone() for engine in engines + [embedder]))
    started = [(len(engine.processes()), 1 + engine.kills) for engine in engines + [embedder]]
    check("what was killed was started again, each time once", all(times == due for times, due in started), repr(started))
    if shutil.which("setpriv"):
        kill_the_gateway(engines + [embedder], Gateway(config, admin, gateway_log))
    with open(gateway_log) as file:
        logged = file.read()
    check("what is not installed is said, and what to type", re.search(r"fleet\.yaml:[0-9:]+ fleet\[3\].*'no-such-server'.*nothing helps", logged))
    check("no prompt is in the log", not any(word in logged for word in ("bicycle", "المغرب", "🎂", "🌊")))
    if problems:
        print(logged[-3000:])
    sys.exit(1 if problems else 0)


def ask(engines, embedder, gateway, ports):
    expected = {prompt: engines[1].direct(prompt, chat) for _, prompt, chat, _ in CASES}
    target, http = "127.0.0.1:%d" % ports[0], "127.0.0.1:%d" % ports[1]
    # asked before, either may be left alone for a second yet, as it said that it was loading
    until("not all engines are up", lambda: gateway.get("/fleet").count('"up"') == 3)
    for name, prompt, chat, _ in CASES:
        text, said = split(generate(target, prompt, chat).communicate()[0])
        check("%s: through the gateway as directly" % name, text == expected[prompt], "%r, not %r" % (text, expected[prompt]))
    embed_and_compare(embedder, "http://%s/v1/embeddings" % http)
    check_more_than_words(engines, http)
    for name, prompt, chat, characters in CASES:
        for engine in engines:
            until("the engine is not ready again", engine.ready)
        kill_and_compare(engines, generate(target, prompt, chat), (name, expected[prompt], characters))
    for engine in engines:
        until("the engine is not ready again", engine.ready)


def kill_the_gateway(engines, gateway):
    for engine in engines:
        until("the engine is not ready", engine.ready)
    gateway.end(signal.SIGKILL)
    until("an engine outlives a gateway that was killed", lambda: all(engine.is_gone() for engine in engines), 10)
    check("no engine outlives a gateway that was killed", True)


def fit_and_check(engine, work):
    profile = os.path.join(work, "fitted.yaml")
    command = ["backends/bin/sluice-accelerator", "fit", "--target", engine.url("/v1"), "--model", "gemma-3-270m", "--upstream-model", "gemma"]
    command += ["--preset", "llama.cpp", "--sequences", "2", "--context", "192", "--tokens", "12", "--out", profile]
    fitted = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    check("a profile is fitted to the engine", fitted.returncode == 0, fitted.stderr)
    config = os.path.join(work, "fitted-fleet.yaml")
    with open(config, "w") as file:
        file.write("models: [{name: gemma-3-270m, context_tokens: 192, max_output_tokens: 64}]\nfleet:\n")
        file.write("  - {id: cpu, kind: openai, model: gemma-3-270m, profile: fitted.yaml, settings: {base_url: '%s', preset: llama.cpp}}\n" % engine.url("/v1"))
    checked = subprocess.run(["gateway/bin/sluice", "check", config], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    check("a configuration takes the fitted profile", checked.returncode == 0, checked.stdout)


def embed_and_compare(engine, url):
    prompts = [prompt for _, prompt, _, _ in CASES]
    directly = post(engine.url("/v1/embeddings"), {"model": "gemma", "input": prompts, "encoding_format": "float"})
    answer = post(url, {"model": "gemma-embeds", "input": prompts})
    check("embeddings: as many numbers as directly", [len(e["embedding"]) for e in answer["data"]] == [640] * len(prompts))
    far = max(abs(x - y) for a, d in zip(answer["data"], directly["data"]) for x, y in zip(a["embedding"], d["embedding"]))
    check("embeddings: through the gateway as directly", far < 1e-6, "%g apart" % far)
    check("embeddings: the engine's own count", answer["usage"]["prompt_tokens"] == directly["usage"]["prompt_tokens"], repr(answer["usage"]))
    packed = post(url, {"model": "gemma-embeds", "input": prompts[0], "encoding_format": "base64"})["data"][0]["embedding"]
    values = struct.unpack("<640f", base64.b64decode(packed))
    check("embeddings: the same in base64", max(abs(x - y) for x, y in zip(values, directly["data"][0]["embedding"])) < 1e-6)
    try:
        post(url, {"model": "gemma-embeds", "input": "x", "dimensions": 64})
        check("embeddings: dimensions that the engine ignores are refused", False, "answered")
    except urllib.error.HTTPError as error:
        said = json.load(error)["error"]
        check("embeddings: dimensions that the engine ignores are refused", error.code == 400 and "dimensions: 64" in said["message"], repr(said))


def kill_and_compare(engines, command, case):
    name, expected, characters = case
    head = b""
    while len(head.decode(errors="ignore")) < characters:
        byte = os.read(command.stdout.fileno(), 1)
        if not byte:
            break
        head += byte
    # one of them is asked at a time, so the busy one is the one that answers
    killed = next((engine for engine in engines if engine.busy()), None)
    if killed is None:
        command.communicate()
        check("%s: killed in the middle" % name, False, "the answer was over before the kill")
        return
    begin = time.monotonic()
    killed.kill()
    rest = command.communicate()[0]
    text, said = split(head + rest)
    seams = [line for line in said if line.startswith("broke off")]
    check("%s: killed in the middle, the text is the same" % name, text == expected, "%r, not %r" % (text, expected))
    check("%s: one seam, exact" % name, len(seams) == 1 and "exact" in seams[0], repr(said))
    print("     %s; whole %.1f s after the kill" % (seams[0].strip() if seams else "no seam", time.monotonic() - begin))


main()
