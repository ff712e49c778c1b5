#!/usr/bin/env bash
# A long backlog with little memory: millions of messages queue for one session that is away, the server is killed, and
# the session comes back and takes all of them. Says what the process took meanwhile; nothing may be lost, doubled or out
# of order.
#
#   itests/bench/backlog.sh LOAD [MESSAGES] [PAYLOAD]
#
# LOAD is the folder of the load generator mqtt-load, built (mvn package). BUSBAR names another start script than that of
# this checkout, JAVA_OPTIONS other options than -Xmx512m. target/backlog has what was measured: samples.tsv (phase,
# seconds, resident MB, heap MB with garbage, MB on the disk) and results.jsonl.
set -euo pipefail
load=$(cd "${1:?usage: backlog.sh LOAD [MESSAGES] [PAYLOAD]}" && pwd)
messages=${2:-5000000}
payload=${3:-100}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
busbar=${BUSBAR:-$here/busbar}
work=$here/target/backlog
data=$work/data
rm -rf "$work"
mkdir -p "$data/etc"
printf '{"anonymous": true}\n' > "$work/bootstrap.json"
# What one session may leave; the topic counts as well.
printf 'max.stored.messages = %d\nmax.stored.bytes = %d\n' "$messages" $((messages * (payload + 100))) \
    > "$data/etc/io.busbar.mqtt.broker.cfg"

server=
start() {
    BUSBAR_JAVA_OPTS=${JAVA_OPTIONS:--Xmx512m} "$busbar" run --data "$data" --http-port 0 --mqtt-port 0 --ws-port 0 \
        --bootstrap "$work/bootstrap.json" > "$work/busbar.out" 2>&1 &
    server=$!
    until [ -s "$data/run/endpoints.json" ]; do
        kill -0 $server || { cat "$work/busbar.out" >&2; exit 1; }
        sleep 0.2
    done
    port=$(sed -n 's|.*"uri": "mqtt://127.0.0.1:\([0-9]*\)".*|\1|p' "$data/run/endpoints.json")
}
sampler=
trap 'kill $sampler $server 2> /dev/null || true; wait' EXIT

sample() {
    while :; do
        heap=$(jcmd "$server" GC.heap_info 2> /dev/null |
            awk '{ for (i = 1; i < NF; i++) if ($i == "used") { sub("K.*", "", $(i + 1)); print int($(i + 1) / 1024); exit } }')
        printf '%s\t%d\t%d\t%d\t%d\n' "$1" $SECONDS "$(awk '$1 == "VmRSS:" { print int($2 / 1024) }' "/proc/$server/status")" \
            "${heap:-0}" "$(du -sm "$data/broker" 2> /dev/null | cut -f 1)" >> "$work/samples.tsv"
        sleep 2
    done
}

phase() {
    sample "$1" &
    sampler=$!
    java -jar "$load/target/mqtt-load.jar" offline --phase "$1" --root backlog --sessions 1 --messages "$messages" \
        --payload "$payload" --qos 1 --inflight 1000 --warm-up 0 --drain 30 -p "$port" --broker-pid "$server" --label busbar --tag backlog \
        --json "$work/results.jsonl"
    kill $sampler
    wait $sampler || true
}

start
phase fill
kill -KILL $server
wait $server || true
rm -f "$data/run/endpoints.json"
start
phase deliver
awk -F '\t' '{ n[$1]++; if ($3 > r[$1]) r[$1] = $3; if ($4 > h[$1]) h[$1] = $4; if ($5 > d[$1]) d[$1] = $5 }
    END { for (p in n) printf "%s: resident set at most %d MB, heap %d MB, disk %d MB (%d samples)\n", p, r[p], h[p], d[p], n[p] }' \
    "$work/samples.tsv"
