# Settings that every part of the lab shares. Sourced, never run.
# shellcheck shell=bash disable=SC2034 # most are used by the scripts that source this

K8S_DEFAULT=1.35
declare -A K8S_VERSIONS=([1.35]=v1.35.4 [1.34]=v1.34.4)
MAX_NODES=4

LAB_CACHE=${LAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/postgres-operator/lab}

# Addresses inside the lab's own network namespace: the same in every instance.
HOST_IP=10.200.0.1 # control plane, on the bridge
SERVICE_CIDR=10.96.0.0/16
DNS_IP=10.96.0.10
API_PORT=6443
node_ip() { echo "10.200.0.$((10 + $1))"; }
pod_cidr() { echo "10.244.$1.0/24"; }

# select_instance NAME: sets everything that belongs to one lab on this machine.
select_instance() {
	INSTANCE=$1
	[[ $INSTANCE =~ ^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$ ]] ||
		die "instance name '$INSTANCE' is not made of at most 32 lower-case letters, digits and inner hyphens: change LAB_INSTANCE"
	RUN=$LAB_CACHE/run/$INSTANCE       # everything a running lab writes; on the cache's file system for hard links
	IMAGES=$LAB_CACHE/images/$INSTANCE # which images its nodes start with; outlives 'down'
	CGROUP=lab-$INSTANCE
	# A port of its own below the ephemeral range, the same at every start unless somebody took it.
	FIRST_PORT=$((20000 + 0x$(printf %s "$INSTANCE" | sha256sum | cut -c1-6) % 12000))
}

# The mounted cgroup hierarchies: 'v2', or the names of the version 1 controllers.
cgroup_layout() {
	local c
	if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
		echo v2
		return
	fi
	for c in cpu cpuacct cpuset memory devices freezer blkio pids systemd; do
		[ ! -d "/sys/fs/cgroup/$c" ] || echo "$c"
	done
}

say() { printf '%s\n' "$*" >&2; }
die() {
	printf 'lab: %s\n' "$*" >&2
	exit 1
}
