#!/usr/bin/env bash
# Asks another server the tests of this module and writes which it passes: src/test/resources/peer.txt.
#
#   itests/conformance/compare.sh mosquitto          starts /usr/sbin/mosquitto on a port of its own
#   itests/conformance/compare.sh NAME HOST:PORT     a server that is running and lets anybody in
set -euo pipefail
PATH=$PATH:/usr/sbin
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
name=${1:?usage: compare.sh mosquitto | NAME HOST:PORT}
address=${2:-}
if [ -z "$address" ]; then
    work=$(mktemp -d)
    port=$((20000 + RANDOM % 10000))
    printf 'listener %s 127.0.0.1\nallow_anonymous true\n' "$port" > "$work/mosquitto.conf"
    mosquitto -c "$work/mosquitto.conf" > "$work/log" 2>&1 &
    server=$!
    trap 'kill $server; rm -rf "$work"' EXIT
    address=127.0.0.1:$port
    name="Mosquitto $( (mosquitto -h || true) | sed -n "s/^mosquitto version //p")"
fi
rm -rf itests/conformance/target/surefire-reports
./mvnw -q -pl itests/conformance test -Dbusbar.conformance.server="$address" -Dtest='Chapter*Test' \
    -Dmaven.test.failure.ignore=true > /dev/null 2>&1
{
    printf '%s\n' "$name"
    awk '
        /<testcase / {
            test = $0; sub(/.* name="/, "", test); sub(/[("{\[].*/, "", test)
            class = $0; sub(/.* classname="/, "", class); sub(/".*/, "", class); sub(/.*\./, "", class)
            name = class "#" test
            if (!(name in result)) result[name] = "pass"
        }
        /<failure|<error / { result[name] = "fail" }
        /<skipped/ { delete result[name] }
        END { for (name in result) print result[name], name }
    ' itests/conformance/target/surefire-reports/*.xml | sort -k2
} > itests/conformance/src/test/resources/peer.txt
