#!/usr/bin/env bash
# Measures what the gateway promises of single streams, with a client and an engine that are not written in its language: see promises.go.
# Needs Go.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
gateway=
trap '[ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

(cd "$here" && go build -o "$work/promises" .)
sed 's/${PORT}/8971/; s/${GRPC_ENGINE_PORT}/9201/; s/context_tokens: 8192/context_tokens: 131072/' "$here/../peers/sluice.yaml" >"$work/sluice.yaml"
cp "$work/sluice.yaml" "$work/two.yaml"
printf '  - {id: other, kind: sluice, model: llama-3.1-8b, profile: h100-llama-3.1-8b, settings: {address: "127.0.0.1:9202"}}\n' >>"$work/two.yaml"
for config in sluice two; do
  printf 'policy: {name: round-robin}\n' >>"$work/$config.yaml" # engines are asked whatever they are given
done
for promise in ${*:-cancel stall sigterm failover}; do
  : >"$work/gateway.log"
  if [ "$promise" = failover ]; then config=two; else config=sluice; fi
  "$root/gateway/bin/sluice" serve --config "$work/$config.yaml" 2>"$work/gateway.log" &
  gateway=$!
  until grep -q 'ready:' "$work/gateway.log"; do
    kill -0 "$gateway" || { cat "$work/gateway.log"; exit 1; }
    sleep 0.1
  done
  "$work/promises" "$promise" 127.0.0.1:8971 "$gateway"
  kill "$gateway" 2>/dev/null || true
  wait "$gateway" || true
  gateway=
done
