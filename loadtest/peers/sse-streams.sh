#!/usr/bin/env bash
# Measures COUNT event streams (default 2000) at /v1/chat/completions that are open at once, each on a connection of its own over HTTP/1.1: what the
# gateway adds to their tokens, the heap that they take, and how many fail. Twice: before the stub engine, which the same arrivals also call directly,
# before and after; and before an emulated fleet inside the gateway, whose own state is then part of the heap.
#
#   loadtest/peers/sse-streams.sh [COUNT]
#
# A stream has 20 tokens, one in half a second, so COUNT/10 begin each second: 4,000 tokens a second of 2,000 streams. Limits are the defaults; the
# policy is one that refuses nothing, since what is measured is streams and not what engines can serve.
set -euo pipefail

count=${1:-2000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
"$here/measure.sh" build
bin=$root/loadtest/target/peers/.home/bin
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
printf 'load average at the start: %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"

start() { # configuration, to which its policy is added
  printf 'policy: {name: round-robin}\n' >>"$1"
  JAVA_OPTS='-Xms512m -Xmx512m' "$root/gateway/bin/sluice" serve --config "$1" 2>"$work/gateway.log" &
  gateway=$!
  until grep -q 'ready:' "$work/gateway.log"; do
    kill -0 "$gateway" || { cat "$work/gateway.log"; exit 1; }
    sleep 0.1
  done
}

stop() {
  kill "$gateway"
  wait "$gateway" || true
}

heap() { # after two full collections, in KiB
  local jcmd
  jcmd=$(dirname "$(readlink -f "/proc/$gateway/exe")")/jcmd
  "$jcmd" "$gateway" GC.run >/dev/null
  "$jcmd" "$gateway" GC.run >/dev/null
  "$jcmd" "$gateway" GC.heap_info | grep -oE 'used [0-9]+K' | head -n 1 | tr -dc 0-9
}

load() { # port, model, time that is measured, report
  "$bin/load" -url "http://127.0.0.1:$1/v1/chat/completions" -mode sse -model "$2" -tokens 20 -rate $((count / 10)) -arrivals constant \
    -warmup 12s -duration "$3" -drain 60s -max-inflight 20000 -max-lag 10ms >"$work/$4.json"
}

with_heap() { # model, report; the heap once all streams are open and all that is measured has its first token
  load 8981 "$1" 12s "$2" &
  local load=$!
  sleep 23
  open=$(curl -s http://127.0.0.1:8989/metrics | sed -n 's/^sluice_requests_in_flight \([0-9]*\).*/\1/p')
  after=$(heap)
  wait "$load"
}

tell() { # what was measured, its report, reports of direct calls
  python3 - "$work" "$open" "$before" "$after" "$@" <<'PY'
import json, sys
work, streams, before, after, what, through, *direct = sys.argv[1:]
read = lambda name: json.load(open(f"{work}/{name}.json"))
streams, before, after = int(streams), int(before), int(after)
print(f"{what}: {streams} open, heap {after / 1024:.0f} MiB, {before / 1024:.0f} MiB without them, {(after - before) / streams:.1f} KiB a stream")
report, direct = read(through), [read(name) for name in direct]
print(f"  {report['ok']} of {report['offered']} whole {report.get('errors', '')}; {report['verdict']}; directly {[each['verdict'] for each in direct]}")
for name, words in (("ttft_ms", "to the first token"), ("gap_ms", "between tokens")):
    quantiles = lambda each: " / ".join("%.2f" % each[name][q] for q in ("p50", "p99"))
    line = f"  {words}, p50 / p99: {quantiles(report)} ms"
    if direct:
        added = " / ".join("%.2f" % (report[name][q] - sum(each[name][q] for each in direct) / len(direct)) for q in ("p50", "p99"))
        line += f", directly {' and '.join(map(quantiles, direct))}: added {added} ms"
    print(line)
PY
}

"$bin/stub" -listen 127.0.0.1:9101 -ttft 500ms -tpot 500ms &
# four times the same engine, since a backend has no more calls at once than limits.max_in_flight_per_backend
sed 's/${PORT}/8981/; s/${ENGINE1_PORT}/9101/; s/- id: stub/- id: stub\n    count: 4/' "$here/sluice-http.yaml" >"$work/stub.yaml"
start "$work/stub.yaml"
load 8981 stub 12s warm # a JVM is warm after tens of seconds
before=$(heap)
load 9101 stub 12s first
load 8981 stub 12s through
load 9101 stub 12s second
# in a run of its own: full collections are pauses
with_heap stub heap
tell 'before the stub' through first second
stop

cat >"$work/emulated.yaml" <<YAML
listeners: {grpc: 127.0.0.1:0, http: 127.0.0.1:8981, admin: 127.0.0.1:8989}
models:
  - {name: llama-3.1-8b, context_tokens: 8192}
fleet:
  # slow enough that a stream of 20 tokens is open for ten seconds
  - {id: emulated, count: 16, kind: emulated, model: llama-3.1-8b, profile: h100-llama-3.1-8b, settings: {speed: 0.03}}
YAML
start "$work/emulated.yaml"
load 8981 llama-3.1-8b 1s warm
before=$(heap)
with_heap llama-3.1-8b heap
tell 'before an emulated fleet' heap
stop
printf 'load average at the end: %s\n' "$(cut -d ' ' -f 1-3 /proc/loadavg)"
