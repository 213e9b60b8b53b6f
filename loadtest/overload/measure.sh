#!/usr/bin/env bash
# Measures goodput and refusals of a running gateway at the rate that its fleet can do and at multiples of it, in an open loop.
#
#   loadtest/overload/measure.sh [RATE [SECONDS [MULTIPLE…]]]      defaults: 60 60 1 2 5 10
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
rate=${1:-60} seconds=${2:-60}
shift $(($# < 2 ? $# : 2))
work=$(mktemp -d)
gateway=
trap '[ -z "$gateway" ] || kill "$gateway" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

for multiple in "${@:-1 2 5 10}"; do printf '%s\n' $multiple; done >"$work/multiples"
while read -r multiple; do
  : >"$work/gateway.log"
  "$root/gateway/bin/sluice" serve --config "$here/small.yaml" 2>"$work/gateway.log" &
  gateway=$!
  until grep -q 'ready:' "$work/gateway.log"; do
    kill -0 "$gateway" || { cat "$work/gateway.log"; exit 1; }
    sleep 0.1
  done
  "$root/loadtest/bin/sluice-load" run --target 127.0.0.1:8960 --model llama-3.3-70b --rate $((rate * multiple)) --duration "${seconds}s" \
    --classes coding=0.1,interactive=0.6,relaxed=0.2,batch=0.1 --flag-pauses --drain 30s --out "$work/$multiple" </dev/null >"$work/$multiple.txt" 2>&1 || true
  kill "$gateway"
  wait "$gateway" || true
  gateway=
  python3 - "$work/$multiple/report.json" "$multiple" <<'PY'
import json, sys
report = json.load(open(sys.argv[1]))
refused, after = report["totals"]["refused"], report["refused_after_ms"]
told = lambda millis: "too few to tell" if millis is None else f"{millis} ms"
classes = ", ".join(f"{name} {share:.1%}" for name, share in report["attainment_by_class"].items())
print(f"{sys.argv[2]:>3}x: {report['totals']['requests']} requests, goodput {report['goodput_rps']:.2f}/s, attained {report['attainment']:.1%} ({classes}), "
      f"{refused} refused after p50 {told(after['p50'])}, p99 {told(after['p99'])}; {report['verdict']['verdict']}")
PY
done <"$work/multiples"
