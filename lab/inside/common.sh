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

# A lab weighs as much as this many busy threads outside of it: a machine that is short of processors
# slows whoever tests, and not a server whose lease ends.
WEIGHT=8

# join_cgroup NAME: moves this process into the cgroup NAME of the lab, in every hierarchy.
join_cgroup() {
	local c g p f
	for c in $LAYOUT; do
		if [ "$c" = v2 ]; then
			g=/sys/fs/cgroup/$CGROUP/$1
			mkdir -p "$g"
			for p in "" "/$CGROUP"; do
				for f in cpu cpuset memory pids io; do
					echo "+$f" >"/sys/fs/cgroup$p/cgroup.subtree_control" 2>/dev/null || true
				done
			done
			echo $((100 * WEIGHT)) >"/sys/fs/cgroup/$CGROUP/cpu.weight" 2>/dev/null || true
		else
			g=/sys/fs/cgroup/$c/$CGROUP/$1
			mkdir -p "$g"
			[ "$c" != cpu ] || echo $((1024 * WEIGHT)) >"/sys/fs/cgroup/cpu/$CGROUP/cpu.shares"
			if [ "$c" = cpuset ]; then
				for p in "$CGROUP" "$CGROUP/$1"; do
					for f in cpus mems; do cat "/sys/fs/cgroup/cpuset/cpuset.$f" >"/sys/fs/cgroup/cpuset/$p/cpuset.$f"; done
				done
			fi
			[ "$c" != memory ] || echo 1 >"$g/memory.use_hierarchy" 2>/dev/null || true
		fi
		echo 0 >"$g/cgroup.procs"
	done
}
