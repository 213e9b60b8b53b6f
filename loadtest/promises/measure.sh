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
printf 'policy: {name: round-robin}\n' >>"$work/sluice.yaml" # one engine is asked whatever it is given
for promise in ${*:-cancel stall sigterm}; do
  "$root/gateway/bin/sluice" serve --config "$work/sluice.yaml" 2>"$work/gateway.log" &
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
