"""An engine with OpenAI's API that calls tools, answers with JSON and refuses by rote. Prints its port, and ends with its standard input."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CITIES = ("Rabat", "Fès")


def calls(cities):
    """Pieces of one call for each city, as engines stream them: the name first, then the arguments bit by bit."""
    for index, city in enumerate(cities):
        yield {"tool_calls": [{"index": index, "id": "call_%d" % index, "type": "function", "function": {"name": "weather", "arguments": ""}}]}
        arguments = json.dumps({"city": city}, ensure_ascii=False)
        for at in range(0, len(arguments), 6):
            yield {"tool_calls": [{"index": index, "function": {"arguments": arguments[at : at + 6]}}]}


def answer(body):
    """Deltas, and why they end."""
    last = body["messages"][-1]
    if last["role"] == "tool":
        called = {call["id"]: call["function"]["arguments"] for message in body["messages"] for call in message.get("tool_calls") or []}
        results = ["%s: %s" % (called[m["tool_call_id"]], m["content"]) for m in body["messages"] if m["role"] == "tool"]
        return [{"content": text} for text in ("It is ", "; ".join(results), ".")], "stop"
    if "bomb" in last["content"]:
        return [{"refusal": "I cannot "}, {"refusal": "help."}], "stop"
    if body.get("response_format", {}).get("type") == "json_schema":
        return [{"content": text} for text in ('{"city": "Fès",', ' "capital":', " false}")], "stop"
    if body.get("tools"):
        return calls(CITIES if body.get("parallel_tool_calls", True) else CITIES[:1]), "tool_calls"
    return [{"content": "words"}], "stop"


class Engine(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        deltas, reason = answer(body)
        count = 0
        for delta in [{"role": "assistant", "content": None}, *deltas]:
            self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
            count += 1
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.event({"choices": [], "usage": {"prompt_tokens": 31, "completion_tokens": count + 7, "total_tokens": count + 38}})
        self.wfile.write(b"data: [DONE]\n\n")
        self.close_connection = True

    def event(self, event):
        self.wfile.write(b"data: " + json.dumps(event, ensure_ascii=False).encode() + b"\n\n")

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Engine)
print(server.server_port, flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
