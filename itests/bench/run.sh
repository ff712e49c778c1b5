#!/usr/bin/env bash
# Measures Busbar and another broker by turns with the load generator mqtt-load, which is not part of this project.
#
#   itests/bench/run.sh LOAD [CASES] [ROUNDS] [PEERS]
#
# LOAD is the folder of the load generator, built (mvn package). Results are appended to target/bench/results.jsonl, a
# table follows. Busbar is the distribution of this checkout, with anonymous access on loopback.
set -euo pipefail
load=$(cd "${1:?usage: run.sh LOAD [CASES] [ROUNDS] [PEERS]}" && pwd)
cases=${2:-fanin-q0 fanout-q0 uns-q1-v5}
rounds=${3:-3}
peers=${4:-mosquitto}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$here/target/bench
rm -rf "$work/data"
mkdir -p "$work"
printf '{"anonymous": true}\n' > "$work/bootstrap.json"

"$here/busbar" run --data "$work/data" --http-port 0 --mqtt-port 0 --ws-port 0 --bootstrap "$work/bootstrap.json" \
    > "$work/busbar.out" 2>&1 &
server=$!
trap 'kill $server; wait $server || true' EXIT
until [ -s "$work/data/run/endpoints.json" ]; do
    kill -0 $server || { cat "$work/busbar.out" >&2; exit 1; }
    sleep 0.2
done
port=$(sed -n 's|.*"uri": "mqtt://127.0.0.1:\([0-9]*\)".*|\1|p' "$work/data/run/endpoints.json")

EXTERNAL_PORT=$port EXTERNAL_PID=$(cat "$work/data/run/pid") EXTERNAL_LABEL=busbar \
    "$load/run-peers.sh" -p "external $peers" -c "$cases" -r "$rounds" -s 5 -o "$work/results.jsonl"
