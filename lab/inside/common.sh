# Shared by the scripts that run inside the lab's namespaces. They and the
# programs lie in $RUN/bin, copied there by 'up': a checkout that changes below
# a running lab does not disturb it.
# shellcheck shell=bash
bin=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=../lib/env.sh
. "$bin/env.sh"
# shellcheck source=/dev/null
. "${bin%/bin}/settings" # RUN NODES STORE CGROUP LAYOUT API_FLAGS KCM_FLAGS

labkube=$RUN/bin/labkube
kubeconfigs=$RUN/kubeconfig

# keep LOG COMMAND...: runs it, and again whenever it ends, as a service manager would.
keep() {
	local log=$1
	shift
	while :; do
		"$@" >>"$log" 2>&1 </dev/null || true
		echo "--- ended, starts again" >>"$log"
		sleep 1
	done
}
