"""Drives the gateway with tritonclient and grpcurl, and MLServer and itself behind it; see .ci/oip."""
import base64
import hashlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import urllib.request

import numpy
import tritonclient.grpc as triton

import parts
from parts import PATIENCE_SECONDS, check, free_port, get, problems

# Says the prompt character by character. What it is told and how it ends goes into a file, which a test can read.
ROTE = '''
import asyncio, os
from mlserver import MLModel
from mlserver.codecs import StringCodec
from mlserver.types import InferenceResponse

LOG = os.environ["ROTE_LOG"]

def log(line):
    with open(LOG, "a") as file:
        file.write(line + "\\n")

class Rote(MLModel):
    async def load(self):
        return True

    def response(self, request, text):
        return InferenceResponse(model_name=self.name, id=request.id, outputs=[StringCodec.encode_output("text_output", [text])])

    def read(self, request):
        inputs = {each.name: each for each in request.inputs}
        log("asked " + " ".join(sorted(inputs)))
        prompt = StringCodec.decode_input(inputs["text_input"])[0]
        if "boom" in prompt:
            raise RuntimeError("about " + prompt)
        return prompt

    async def predict(self, request):
        return self.response(request, self.read(request))

    async def predict_stream(self, requests):
        async for request in requests:
            prompt = self.read(request)
            try:
                for character in prompt:
                    yield self.response(request, character)
                    await asyncio.sleep(0.05 if "slow" in prompt else 0)
            except (GeneratorExit, asyncio.CancelledError):
                log("left")
                raise
'''

# Makes vectors of 16 values of what it is told, by a rule that this script can follow.
VECTORS = '''
import hashlib
import numpy
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceResponse

def vector(text):
    return numpy.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u2").astype("float32") / 65536

class Vectors(MLModel):
    async def load(self):
        return True

    async def predict(self, request):
        texts = StringCodec.decode_input(request.inputs[0])
        return InferenceResponse(model_name=self.name, id=request.id, outputs=[NumpyCodec.encode_output("embedding", numpy.array([vector(text) for text in texts]))])
'''
PROMPT = "Azul 🌊 مرحبا, world"
GENERATES, EMBEDS = "h100-llama-3.1-8b", "xeon-qwen3-embedding-0.6b"
EMBEDDERS = ("vectors", "looped-vectors", "qwen3-embedding-0.6b")


def until(what, condition, seconds=PATIENCE_SECONDS):
    parts.until(what, condition, seconds, (OSError, triton.InferenceServerException))


def books(admin, name):
    return sum(float(line.rsplit(" ", 1)[1]) for line in get("http://127.0.0.1:%d/metrics" % admin).splitlines() if line.startswith(name))


def tensor(name, value, datatype):
    kind = {"BYTES": numpy.object_, "BOOL": bool, "INT32": numpy.int32, "FP32": numpy.float32}[datatype]
    values = numpy.array([value.encode() if datatype == "BYTES" else value], dtype=kind)
    made = triton.InferInput(name, [1], datatype)
    made.set_data_from_numpy(values)
    return made


def inputs(prompt, stream=False, tokens=None):
    return [tensor("text_input", prompt, "BYTES"), tensor("stream", stream, "BOOL")] + ([tensor("max_tokens", tokens, "INT32")] if tokens else [])


def parameter(result, name):
    value = result.get_response().parameters[name]
    return getattr(value, value.WhichOneof("parameter_choice"))


class Stream:
    """One ModelStreamInfer of tritonclient."""

    def __init__(self, url, **options):
        self.client, self.events = triton.InferenceServerClient(url), queue.Queue()
        self.client.start_stream(callback=lambda result, error: self.events.put((result, error)), **options)

    def ask(self, model, prompt, tokens=None, stream=True, request_id="", parameters=None):
        self.client.async_stream_infer(
            model, inputs(prompt, stream, tokens), request_id=request_id, enable_empty_final_response=True, parameters=parameters
        )

    def answer(self):
        """Text, number of pieces, last response; or raises the error."""
        pieces = []
        while True:
            result, error = self.events.get(timeout=PATIENCE_SECONDS)
            if error is not None:
                raise error
            texts = result.as_numpy("text_output")
            if texts is not None:
                pieces.append(texts.reshape(-1)[0].decode())
            if parameter(result, "triton_final_response"):
                return "".join(pieces), len(pieces), result


def main(mlserver, grpcurl):
    work = tempfile.mkdtemp()
    upstream, grpc, http, admin = (free_port() for _ in range(4))
    rote_log = os.path.join(work, "rote.log")
    open(rote_log, "w").close()
    for name, code in (("rote", ROTE), ("vectors", VECTORS)):
        os.mkdir(os.path.join(work, name))
        with open(os.path.join(work, "of_%s.py" % name), "w") as file:
            file.write(code)
        with open(os.path.join(work, name, "model-settings.json"), "w") as file:
            json.dump({"name": name, "implementation": "of_%s.%s" % (name, name.capitalize())}, file)
    with open(os.path.join(work, "settings.json"), "w") as file:
        ports = {"http_port": free_port(), "grpc_port": upstream, "metrics_port": free_port()}
        json.dump({"host": "127.0.0.1", "parallel_workers": 0, "gzip_enabled": False, "debug": False} | ports, file)
    # link: a machine that is busy with other things answers late, which is not what is tested here
    entry = "  - {id: %s, kind: oip, model: %s, profile: %s, link: 1s, settings: {target: '127.0.0.1:%d', flavour: %s, upstream_model: %s}}\n"
    config = os.path.join(work, "fleet.yaml")
    with open(config, "w") as file:
        file.write(
            "listeners: {grpc: '127.0.0.1:%d', http: '127.0.0.1:%d', admin: '127.0.0.1:%d'}\n" % (grpc, http, admin)
            + "models:\n"
            + "".join("  - {name: %s, context_tokens: 1024, max_output_tokens: 64}\n" % name for name in ("streamed", "whole", "looped", "llama-3.1-8b"))
            + "".join("  - {name: %s, task: embed, context_tokens: 32768}\n" % name for name in EMBEDDERS)
            + "fleet:\n"
            + entry % ("mlserver", "streamed", GENERATES, upstream, "mlserver", "rote")
            + entry % ("mlserver-whole", "whole", GENERATES, upstream, "unary", "rote")
            + entry % ("mlserver-vectors", "vectors", EMBEDS, upstream, "mlserver", "vectors")
            # Triton's own way of streaming: the gateway's front is the server
            + entry % ("loop", "looped", GENERATES, grpc, "triton", "llama-3.1-8b")
            + entry % ("loop-vectors", "looped-vectors", EMBEDS, grpc, "triton", "qwen3-embedding-0.6b")
            + "  - {id: emulated, kind: emulated, model: llama-3.1-8b, profile: %s}\n" % GENERATES
            + "  - {id: emulated-vectors, kind: emulated, model: qwen3-embedding-0.6b, profile: %s}\n" % EMBEDS
        )
    server = subprocess.Popen(
        [mlserver, "start", work], cwd=work, env=os.environ | {"PYTHONPATH": work, "ROTE_LOG": rote_log}, stdout=open(os.path.join(work, "mlserver.log"), "wb"), stderr=subprocess.STDOUT
    )
    gateway = subprocess.Popen(["gateway/bin/sluice", "serve", "--config", config], stderr=open(os.path.join(work, "gateway.log"), "wb"))
    try:
        drive(grpcurl, "127.0.0.1:%d" % grpc, (http, admin), rote_log, server)
    finally:
        gateway.terminate()
        gateway.wait()
        server.kill()
        server.wait()
        logged = open(os.path.join(work, "gateway.log")).read()
        check("no prompt is in the log", "Azul" not in logged and "boom" not in logged)
        if problems or sys.exc_info()[0]:
            print(logged[-3000:], open(os.path.join(work, "mlserver.log")).read()[-2000:])
    sys.exit(1 if problems else 0)


def drive(grpcurl, url, ports, rote_log, server):
    http, admin = ports
    client = triton.InferenceServerClient(url)
    for model in ("streamed", "whole", "looped", "llama-3.1-8b") + EMBEDDERS:
        # a gateway that was never started builds itself first
        until("model %s is not ready" % model, lambda: client.is_model_ready(model), 300)
    about_the_gateway(client, url, grpcurl)
    answers(client, url)
    vectors(client, url, http)
    refusals(client, url)
    leaving(url, admin, rote_log)
    check("MLServer was sent the tensors by their names", "asked max_tokens stream text_input" in open(rote_log).read(), open(rote_log).read())
    check("no promise was broken", books(admin, "sluice_invariant_violations_total") == 0)
    server.send_signal(signal.SIGKILL)
    until("MLServer's end was not noticed", lambda: not client.is_model_ready("streamed"))
    check("a server that is gone is not ready, and others are", client.is_model_ready("llama-3.1-8b"))


def about_the_gateway(client, url, grpcurl):
    check("tritonclient: live and ready", client.is_server_live() and client.is_server_ready())
    check("tritonclient: metadata", client.get_server_metadata().name == "sluice" and client.get_model_metadata("whole").inputs[0].name == "text_input")
    check("tritonclient: the configuration says decoupled", client.get_model_config("whole").config.model_transaction_policy.decoupled)
    index = {each.name: each.state for each in client.get_model_repository_index().models}
    check("tritonclient: index", index.get("whole") == "READY" and len(index) == 4 + len(EMBEDDERS), str(index))
    try:
        client.load_model("whole")
        check("loading a model is UNIMPLEMENTED", False)
    except triton.InferenceServerException as error:
        check("loading a model is UNIMPLEMENTED", error.status() == "StatusCode.UNIMPLEMENTED", str(error))
    services = subprocess.run([grpcurl, "-plaintext", url, "list"], capture_output=True, text=True, check=True).stdout.split()
    check("grpcurl: reflection lists both services", {"inference.GRPCInferenceService", "sluice.v1.Inference"} <= set(services), str(services))
    request = '{"model_name": "whole", "id": "g-1", "inputs": [{"name": "text_input", "datatype": "BYTES", "shape": [1], "contents": {"bytes_contents": ["SGVsbG8="]}}]}'
    answer = subprocess.run([grpcurl, "-plaintext", "-d", request, url, "inference.GRPCInferenceService/ModelInfer"], capture_output=True, text=True)
    said = json.loads(answer.stdout) if answer.returncode == 0 else {}
    # the four bytes of the length, and Hello
    check("grpcurl: ModelInfer with typed contents", said.get("rawOutputContents", said.get("raw_output_contents")) == ["BQAAAEhlbGxv"] and said["id"] == "g-1", answer.stdout + answer.stderr)


def answers(client, url):
    for model in ("whole", "streamed"):
        result = client.infer(model, inputs(PROMPT), request_id="t-1", parameters={"slo_ttft_ms": 20000})
        check("ModelInfer, answered by MLServer as %s" % model, result.as_numpy("text_output")[0].decode() == PROMPT and result.get_response().id == "t-1")
    stream = Stream(url)
    stream.ask("streamed", PROMPT, 32, request_id="t-2")
    text, pieces, last = stream.answer()
    check("ModelStreamInfer, streamed by MLServer", text == PROMPT and pieces == len(PROMPT), repr((text, pieces)))
    check("its last response has the account", parameter(last, "sluice_backend") == "mlserver" and parameter(last, "output_tokens") == pieces and last.get_response().id == "t-2")
    oracle = subprocess.run(
        ["backends/bin/sluice-accelerator", "oracle", PROMPT, "--model", "llama-3.1-8b", "--seed", "7", "--tokens", "24"], capture_output=True, text=True, check=True
    ).stdout[:-1]
    for model in ("llama-3.1-8b", "looped"):
        stream.ask(model, PROMPT, 24, parameters={"seed": 7})
        text, pieces, last = stream.answer()
        check("%s: 24 tokens as the oracle has them" % model, text == oracle and parameter(last, "output_tokens") == 24 and parameter(last, "finish_reason") == "length", repr((text, oracle)))
    stream.ask("llama-3.1-8b", PROMPT, 24, stream=False, parameters={"seed": 7})
    text, pieces, _ = stream.answer()
    check("the same in one piece on a stream", text == oracle and pieces == 1)
    statistics = {each.name: each.inference_stats.success.count for each in client.get_inference_statistics().model_stats}
    check("statistics count", statistics["whole"] == 2, str(statistics))
    stream.client.stop_stream()


def vectors(client, url, http):
    texts = ["a cat", "ⴰⵎⵓⵛⵛ 🐈", "a cat"]

    def asked(**options):
        made = triton.InferInput("text_input", [len(texts)], "BYTES")
        made.set_data_from_numpy(numpy.array([text.encode() for text in texts], dtype=numpy.object_))
        return dict(inputs=[made], outputs=[triton.InferRequestedOutput("embedding")], parameters={"slo_e2e_ms": 20000} | options)

    def over_http(model, **options):
        body = json.dumps({"model": model, "input": texts, "encoding_format": "base64", "slo_e2e_ms": 20000} | options).encode()
        request = urllib.request.Request("http://127.0.0.1:%d/v1/embeddings" % http, body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            entries = json.load(answer)["data"]
        return numpy.array([numpy.frombuffer(base64.b64decode(entry["embedding"]), dtype="<f4") for entry in entries])

    for model in EMBEDDERS:
        result = client.infer(model, request_id="v-1", **asked())
        found = result.as_numpy("embedding")
        check("%s: one vector for each text" % model, found.dtype == numpy.float32 and found.shape == (3, found.shape[1]) and (found[0] == found[2]).all() and (found[0] != found[1]).any(), str(found))
        check("%s: the same bytes as over /v1/embeddings" % model, (found == over_http(model)).all())
        check("%s: id and account" % model, result.get_response().id == "v-1" and parameter(result, "input_tokens") > 0 and parameter(result, "sluice_attempts") == 1)
        if model != "vectors":
            short = client.infer(model, **asked(dimensions=64)).as_numpy("embedding")
            check("%s: shorter vectors, the same as over /v1/embeddings" % model, short.shape == (3, 64) and (short == over_http(model, dimensions=64)).all())
    by_rule = [numpy.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u2").astype("float32") / 65536 for text in texts]
    check("MLServer's vectors arrive bit for bit", (client.infer("vectors", **asked()).as_numpy("embedding") == numpy.array(by_rule)).all())
    metadata, config = client.get_model_metadata("vectors"), client.get_model_config("vectors").config
    told = [(each.name, each.datatype, list(each.shape)) for each in (metadata.inputs[0], metadata.outputs[0])]
    check("metadata and configuration are of a model that embeds", told == [("text_input", "BYTES", [-1]), ("embedding", "FP32", [-1, -1])] and not config.model_transaction_policy.decoupled, str(told))
    stream = Stream(url)
    stream.client.async_stream_infer("vectors", enable_empty_final_response=True, **asked())
    result, error = stream.events.get(timeout=PATIENCE_SECONDS)
    check("on a stream the vectors are one response, the last", error is None and parameter(result, "triton_final_response") and result.as_numpy("embedding").shape == (3, 16), str(error))
    stream.client.stop_stream()
    try:
        client.infer("vectors", **asked(dimensions=64))
        check("vectors of another length than the model's are refused", False)
    except triton.InferenceServerException as error:
        check("vectors of another length than the model's are refused", error.status() == "StatusCode.INVALID_ARGUMENT" and "dimensions: 64 (expected: 16)" in error.message(), str(error))


def refusals(client, url):
    def refused(status, word, model, tensors, **options):
        try:
            client.infer(model, tensors, **options)
            check("%s is refused" % word, False)
        except triton.InferenceServerException as error:
            check("%s is refused with %s" % (word, status), error.status() == "StatusCode." + status and word in error.message(), str(error))

    refused("NOT_FOUND", "no model of this name", "gpt-9", inputs("a"))
    refused("INVALID_ARGUMENT", "model_version", "whole", inputs("a"), model_version="2")
    refused("INVALID_ARGUMENT", "no text_input", "whole", inputs("a")[1:])
    refused("INVALID_ARGUMENT", "text_input.datatype", "whole", [tensor("text_input", 1, "INT32")])
    refused("INVALID_ARGUMENT", "'prompt'", "whole", [tensor("prompt", "a", "BYTES")])
    refused("INVALID_ARGUMENT", "slo_ttft_ms", "whole", inputs("a"), parameters={"slo_ttft_ms": -1})
    refused("OUT_OF_RANGE", "budget", "llama-3.1-8b", inputs("a"), parameters={"slo_tpot_ms": 0.001})
    refused("UNAVAILABLE", "mlserver-whole", "whole", inputs("boom"))

    stream = Stream(url)
    stream.ask("gpt-9", "a", request_id="bad")
    try:
        stream.answer()
        check("an error on a stream is told", False)
    except triton.InferenceServerException as error:
        check("an error on a stream is told", error.message().startswith("MODEL_NOT_FOUND"), str(error))
    stream.ask("streamed", "boom")
    try:
        stream.answer()
        check("MLServer's failure is told on the stream", False)
    except triton.InferenceServerException as error:
        check("MLServer's failure is told on the stream, in none of its words", "about" not in error.message() and "INTERNAL" in error.message(), str(error))
    stream.ask("streamed", "after")
    check("and the stream goes on", stream.answer()[0] == "after")
    stream.client.stop_stream()


def leaving(url, admin, rote_log):
    before = books(admin, 'sluice_requests_total{outcome="cancelled"')
    stream = Stream(url)
    stream.ask("streamed", "slow" * 100)
    stream.ask("streamed", "slow" * 100)
    stream.events.get(timeout=PATIENCE_SECONDS)
    stream.client.stop_stream(cancel_requests=True)
    until("the requests of a cancelled stream go on", lambda: books(admin, 'sluice_requests_total{outcome="cancelled"') == before + 2)
    until("MLServer does not hear that nobody listens", lambda: open(rote_log).read().count("left") == 2)
    check("cancelling a stream cancels all its requests, at MLServer too", True)


main(*sys.argv[1:])
