"""Drives the gateway over real llama.cpp servers and kills them in the middle of their answers; see .ci/real-engines."""
import base64
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ENGINE = """
import sys, time, xllamacpp as x
p = x.CommonParams(); p.model.path = sys.argv[1]; p.model_alias = {"gemma"}
p.hostnames = ["127.0.0.1"]; p.port = int(sys.argv[2])
p.n_ctx = 4096; p.n_parallel = 4; p.endpoint_metrics = True; p.endpoint_slots = True
p.cpuparams.n_threads = 1; p.cpuparams_batch.n_threads = 1
p.n_batch = 64
if sys.argv[3] == "embed":
    p.embedding = True; p.pooling_type = x.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
else:
    p.n_ubatch = 1  # bit-exact: tokens never share a step, so no sum is rounded differently
s = x.Server(p); time.sleep(1e9)
"""
TOKENS = 48
# (what, prompt, as a chat, kill after so many characters)
CASES = [
    ("English", "The history of the bicycle begins", False, 40),
    ("Arabic", "عاصمة المغرب هي الرباط، وأكبر مدنه", False, 20),
    ("emoji", "🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂🚀🎂 🙂", False, 9),
    ("chat", "Write three short sentences about the sea 🌊.", True, 30),
]
PATIENCE_SECONDS = 60
problems = []


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def until(what, condition, seconds=PATIENCE_SECONDS):
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise SystemExit("FAIL " + what)
        time.sleep(0.02)


def get(url):
    with urllib.request.urlopen(url, timeout=5) as answer:
        return answer.read()


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


class Engine:
    def __init__(self, model, log, task="generate"):
        self.model, self.log, self.port, self.task = model, log, free_port(), task
        self.start()

    def start(self):
        self.process = subprocess.Popen([sys.executable, "-c", ENGINE, self.model, str(self.port), self.task], stdout=self.log, stderr=self.log)

    def url(self, path):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def ready(self):
        return get(self.url("/health")) is not None

    def busy(self):
        return any(slot["is_processing"] for slot in json.loads(get(self.url("/slots"))))

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def direct(self, prompt, chat):
        body = {"model": "gemma", "temperature": 0, "max_tokens": TOKENS}
        if chat:
            answer = post(self.url("/v1/chat/completions"), body | {"messages": [{"role": "user", "content": prompt}]})
            return answer["choices"][0]["message"]["content"]
        return post(self.url("/v1/completions"), body | {"prompt": prompt})["choices"][0]["text"]


def generate(target, prompt, chat):
    command = ["gateway/bin/sluice", "generate", prompt, "--model", "gemma-3-270m", "--target", target, "--temperature", "0", "--max-tokens", str(TOKENS)]
    return subprocess.Popen(command + (["--chat"] if chat else []), stdout=subprocess.PIPE, stderr=sys.stderr)


def split(output):
    """The answer, and what the command says of it in lines that begin with a dash."""
    said = output.decode().split("\n— ")
    return said[0], said[1:]


def check(name, good, detail=""):
    print("ok  " if good else "FAIL", name, detail if not good else "", flush=True)
    if not good:
        problems.append(name)


def main(model):
    work = tempfile.mkdtemp()
    log = open(os.path.join(work, "engines.log"), "wb")
    engines = [Engine(model, log), Engine(model, log)]
    embedder = Engine(model, log, "embed")
    grpc, http, admin = free_port(), free_port(), free_port()
    # link: a machine that is busy with other things answers late, which is not what is tested here
    settings = "{base_url: '%s', preset: llama.cpp, upstream_model: gemma, continuation: exact}"
    config = os.path.join(work, "fleet.yaml")
    with open(config, "w") as file:
        file.write(
            "listeners: {grpc: '127.0.0.1:%d', http: '127.0.0.1:%d', admin: '127.0.0.1:%d'}\n" % (grpc, http, admin)
            + "models:\n  - {name: gemma-3-270m, context_tokens: 1024, max_output_tokens: 64}\n"
            + "  - {name: gemma-embeds, context_tokens: 1024, task: embed}\nfleet:\n"
            + "  - {id: cpu-embeds, kind: openai, model: gemma-embeds, profile: cpu-thread-gemma-3-270m, link: 1s, settings: %s}\n"
            % (settings.replace("exact", "none") % embedder.url("/v1"))
            + "".join(
                "  - {id: cpu-%d, kind: openai, model: gemma-3-270m, profile: cpu-thread-gemma-3-270m, link: 1s, settings: %s}\n" % (i, settings % e.url("/v1"))
                for i, e in enumerate(engines)
            )
        )
    gateway_log = open(os.path.join(work, "gateway.log"), "wb")
    gateway = subprocess.Popen(["gateway/bin/sluice", "serve", "--config", config], stderr=gateway_log)
    try:
        for engine in engines + [embedder]:
            until("the engine is not ready", engine.ready)
        expected = {prompt: engines[1].direct(prompt, chat) for _, prompt, chat, _ in CASES}
        until("the gateway is not ready", lambda: get("http://127.0.0.1:%d/readyz" % admin) is not None)
        target = "127.0.0.1:%d" % grpc
        for name, prompt, chat, _ in CASES:
            text, said = split(generate(target, prompt, chat).communicate()[0])
            check("%s: through the gateway as directly" % name, text == expected[prompt], "%r, not %r" % (text, expected[prompt]))
        embed_and_compare(embedder, "http://127.0.0.1:%d/v1/embeddings" % http)
        for name, prompt, chat, characters in CASES:
            for engine in engines:
                until("the engine is not ready again", engine.ready)
            kill_and_compare(engines, generate(target, prompt, chat), (name, expected[prompt], characters))
        metrics = get("http://127.0.0.1:%d/metrics" % admin).decode()
        check("no promise was broken", "\nsluice_invariant_violations_total 0" in metrics)
    finally:
        gateway.terminate()
        gateway.wait()
        for engine in engines + [embedder]:
            engine.kill()
    logged = open(os.path.join(work, "gateway.log")).read()
    check("no prompt is in the log", not any(word in logged for word in ("bicycle", "المغرب", "🎂", "🌊")))
    if problems:
        print(logged[-3000:])
    sys.exit(1 if problems else 0)


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
    killed.start()


main(sys.argv[1])
