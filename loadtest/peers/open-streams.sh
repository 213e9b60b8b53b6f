#!/usr/bin/env bash
# Measures the heap that open streams take: opens COUNT of them (default 1000) through the gateway, with 512 MiB of heap, to a stub whose
# first token comes after 25 s, and reads the heap after two full collections, without and with them. Run measure.sh once before.
set -euo pipefail

count=${1:-1000}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
bin=$root/loadtest/target/peers/.home/bin
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; rm -rf "$work"' EXIT

PORT=8981 GRPC_ENGINE_PORT=9201 envsubst <"$here/sluice.yaml" >"$work/sluice.yaml" 2>/dev/null ||
  sed 's/${PORT}/8981/; s/${GRPC_ENGINE_PORT}/9201/' "$here/sluice.yaml" >"$work/sluice.yaml"
# a policy that refuses nothing: what is measured is streams, not what one engine could serve
printf 'policy: {name: round-robin}\nlimits: {max_in_flight: 20000, max_in_flight_per_backend: 20000}\n' >>"$work/sluice.yaml"

"$bin/stub" -grpc 127.0.0.1:9201 -ttft 25s &
JAVA_OPTS='-Xms512m -Xmx512m' "$root/gateway/bin/sluice" serve --config "$work/sluice.yaml" 2>"$work/gateway.log" &
gateway=$!
until grep -q 'ready:' "$work/gateway.log"; do sleep 0.1; done

heap() {
  local jcmd
  jcmd=$(dirname "$(readlink -f "/proc/$gateway/exe")")/jcmd
  "$jcmd" "$gateway" GC.run >/dev/null
  "$jcmd" "$gateway" GC.run >/dev/null
  "$jcmd" "$gateway" GC.heap_info | grep -oE 'used [0-9]+K' | head -n 1 | tr -dc 0-9
}

before=$(heap)
"$bin/load" -url grpc://127.0.0.1:8981 -mode grpc -rate $((count / 5)) -arrivals constant -duration 5s -warmup 0s -max-inflight 20000 \
  -connections 20 -drain 60s >"$work/load.json" &
load=$!
sleep 12
after=$(heap)
open=$(curl -s http://127.0.0.1:8989/metrics | sed -n 's/^sluice_requests_in_flight \([0-9]*\).*/\1/p')
wait "$load"
failed=$(grep -oE '"failed":[0-9]+' "$work/load.json" | head -n 1 | tr -dc 0-9)
printf '%s streams open: heap %d KiB, %d KiB without them: %d bytes a stream; %s failed\n' \
  "$open" "$after" "$before" $(((after - before) * 1024 / open)) "$failed"
