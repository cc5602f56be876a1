# Faults on purpose: nodes that freeze, die and come back, and cut networks.
# shellcheck shell=bash

need_node() {
	need_running
	local last
	last=$(setting NODES)
	[ "$last" -gt 0 ] || die "instance $INSTANCE has no nodes"
	[[ ${1:-} =~ ^[1-$last]$ ]] || die "no node '${1:-}': the lab has nodes 1 to $last"
}
need_alive() { node_alive "$1" || die "node $1 is dead: lab node start $1"; }

cmd_node() {
	local verb=${1:-} n=${2:-}
	[ -n "$verb" ] || die "node: say freeze, thaw, kill, start or exec, and the node's number"
	need_root
	need_node "$n"
	case $verb in
	freeze)
		need_alive "$n"
		# A halted machine answers no packet either; without this its kernel would still accept connections.
		freeze_cgroup "$n" FROZEN 1
		add_cut "node" "$n" frozen
		;;
	thaw)
		remove_cut "node" "$n" frozen
		freeze_cgroup "$n" THAWED 0
		;;
	kill)
		need_alive "$n"
		inside kill -9 "$(node_pid "$n")"
		freeze_cgroup "$n" THAWED 0 # what is frozen dies only when it thaws
		remove_cut "node" "$n" frozen
		SECONDS=0
		await "the end of node $n" node_dead "$n"
		;;
	start)
		if node_alive "$n"; then
			say "lab: node $n is alive"
		else
			echo "node $n" >"$RUN/control"
			SECONDS=0
			await "the boot of node $n" node_alive "$n"
			apply_cuts # its network is new
		fi
		;;
	exec)
		shift 2
		need_alive "$n"
		[ $# -gt 0 ] || die "node exec: name a command"
		in_node "$n" "$@"
		;;
	*) die "node: '$verb' is none of freeze, thaw, kill, start, exec" ;;
	esac
}
node_dead() { ! node_alive "$1" && [ -z "$(cat "$(freezer "$1")/cgroup.procs" 2>/dev/null)" ]; }

freezer() {
	if [ -d /sys/fs/cgroup/freezer ]; then
		echo "/sys/fs/cgroup/freezer/$CGROUP/node$1"
	else
		echo "/sys/fs/cgroup/$CGROUP/node$1"
	fi
}
freeze_cgroup() { # freeze_cgroup N V1-STATE V2-STATE
	local d i
	d=$(freezer "$1")
	[ -d "$d" ] || return 0
	if [ ! -e "$d/freezer.state" ]; then
		echo "$3" >"$d/cgroup.freeze"
		return
	fi
	for ((i = 0; i < 200; i++)); do
		echo "$2" >"$d/freezer.state"
		[ "$(cat "$d/freezer.state")" != "$2" ] || return 0
		sleep 0.05
	done
	die "node $1 does not become $2"
}
frozen() {
	local d
	d=$(freezer "$1")
	[ "$(cat "$d/freezer.state" 2>/dev/null)" = FROZEN ] || [ "$(cat "$d/cgroup.freeze" 2>/dev/null)" = 1 ]
}

# cut pod NS/NAME | node N --from api|peers|all
cmd_cut() {
	local kind=${1:-} target=${2:-} from=all
	[ $# -ge 2 ] || die "cut: cut pod NAMESPACE/NAME|node N [--from api|peers|all]"
	shift 2
	while [ $# -gt 0 ]; do
		case $1 in
		--from) from=${2:?--from needs a value} && shift ;;
		*) die "cut: unknown option $1" ;;
		esac
		shift
	done
	[[ $from =~ ^(api|peers|all)$ ]] || die "cut: --from takes api, peers or all"
	need_root
	check_target "$kind" "$target"
	add_cut "$kind" "$target" "$from"
}

# heal [pod NS/NAME | node N [--from ...]]: without more, everything.
cmd_heal() {
	need_running
	need_root
	local kind=${1:-} target=${2:-} from='' f
	[ "${3:-}" != --from ] || from=${4:?--from needs a value}
	[ -z "$kind" ] || [ -n "$target" ] || die "heal: heal [pod NAMESPACE/NAME|node N [--from api|peers|all]]"
	for f in "$RUN"/cuts/*; do
		[ -e "$f" ] || continue
		case $(basename "$f") in
		*_frozen) ;; # thaw removes it
		*) [[ -n $kind && $(basename "$f") != "${kind}_${target//\//:}_$from"* ]] || rm "$f" ;;
		esac
	done
	apply_cuts
}

check_target() {
	case $1 in
	node) need_node "$2" ;;
	pod)
		need_running
		[[ $2 == */* ]] || die "cut: name the pod as NAMESPACE/NAME"
		;;
	*) die "cut: '$1' is neither pod nor node" ;;
	esac
}

# A cut is a file $RUN/cuts/KIND_TARGET_FROM with lines 'NODE HOOK MATCH', from
# which the table of each node's network namespace is made.
add_cut() {
	local lines
	lines=$("cut_$1" "$2" "$3") || exit 1
	mkdir -p "$RUN/cuts"
	printf '%s\n' "$lines" >"$RUN/cuts/$1_${2//\//:}_$3"
	apply_cuts
}
remove_cut() {
	rm -f "$RUN/cuts/$1_${2//\//:}_$3"
	apply_cuts
}

# A node: what comes in and goes out by its only interface, its pods' packets
# too. Before and after any address translation, so addresses are real ones.
cut_node() {
	case $2 in
	api)
		echo "$1 prerouting iifname eth0 ip saddr $HOST_IP"
		echo "$1 postrouting oifname eth0 ip daddr $HOST_IP"
		;;
	peers)
		echo "$1 prerouting iifname eth0 ip saddr != $HOST_IP"
		echo "$1 postrouting oifname eth0 ip daddr != $HOST_IP"
		;;
	all | frozen)
		echo "$1 prerouting iifname eth0"
		echo "$1 postrouting oifname eth0"
		;;
	esac
}

# A pod: what its node forwards for it. The node's own packets, such as the
# kubelet's probes, pass: a pod and its kubelet are never on two sides of a network.
cut_pod() {
	local pod ip node
	pod=$(api "/api/v1/namespaces/${1%%/*}/pods/${1#*/}") || die "cut: no pod $1"
	ip=$(jq -r '.status.podIP // empty' <<<"$pod")
	node=$(jq -r '.spec.nodeName // empty' <<<"$pod")
	[ -n "$ip" ] || die "cut: pod $1 has no address yet"
	node=${node#node}
	case $2 in
	api)
		echo "$node forward ip saddr $ip ip daddr $HOST_IP"
		echo "$node forward ip daddr $ip ip saddr $HOST_IP"
		;;
	peers)
		echo "$node forward ip saddr $ip ip daddr != $HOST_IP"
		echo "$node forward ip daddr $ip ip saddr != $HOST_IP"
		;;
	all)
		echo "$node forward ip saddr $ip"
		echo "$node forward ip daddr $ip"
		;;
	esac
}

apply_cuts() {
	local i hook
	mkdir -p "$RUN/cuts"
	for ((i = 1; i <= $(setting NODES); i++)); do
		{
			printf 'table ip labcut\ndelete table ip labcut\n'
			echo "table ip labcut {"
			for hook in prerouting:-300 forward:-10 postrouting:300; do
				echo "chain ${hook%%:*} { type filter hook ${hook%%:*} priority ${hook#*:};"
				find "$RUN/cuts" -type f -exec cat {} + | awk -v n="$i" -v h="${hook%%:*}" '$1 == n && $2 == h { $1 = $2 = ""; print $0, "drop" }'
				echo "}"
			done
			echo "}"
		} | inside ip netns exec "node$i" nft -f -
	done
}
