#!/bin/bash
# Started by 'labtool listen' with the port known: makes the certificates, then
# moves into namespaces of its own and becomes PID 1 of the lab.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
list=
for ((i = 1; i <= NODES; i++)); do list+=${list:+,}node$i=$(node_ip "$i"); done
# Of what a lab has, processors are scarcest and memory is not: collect garbage seldom.
export GOGC=400
"$RUN/bin/labtool" pki --dir "$RUN" --nodes "$list" \
	--server "https://$HOST_IP:$API_PORT" --outside "https://127.0.0.1:$(cat "$RUN/port")" \
	--hosts "localhost,kubernetes,kubernetes.default,kubernetes.default.svc,kubernetes.default.svc.cluster.local,127.0.0.1,$HOST_IP,${SERVICE_CIDR%.0/*}.1"
join_cgroup control
exec unshare --net --mount --pid --uts --ipc --fork --kill-child -- "$RUN/bin/init.sh"
