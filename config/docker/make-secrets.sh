#!/bin/sh
# Makes each secret once; a second start finds them and changes nothing. Runs before everything else.
set -eu
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
once() { [ -s "$1" ] || { umask 077; printf '%s' "$2" > "$1.new"; chown "$3" "$1.new"; chmod 0400 "$1.new"; mv "$1.new" "$1"; }; }

once /secrets/postgres/password "$(random)" 999:999
once /secrets/postgres/grafana "$(random)" 999:999
once /secrets/grafana/admin "$(random)" 472:472
once /secrets/grafana/store "$(cat /secrets/postgres/grafana)" 472:472
once /secrets/console/token "$(random)" 10001:10001
once /secrets/store/url "postgresql://wirewatch:$(cat /secrets/postgres/password)@postgres:5432/wirewatch" 10001:10001
chown 10001:10001 /data/poll /data/stream /data/console
echo "Secrets are in place."
