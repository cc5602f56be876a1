# up, down, status and what goes with them.
# shellcheck shell=bash

need_root() { [ "$(id -u)" = 0 ] || die "this needs root (namespaces, mounts, cgroups): run it with sudo -E"; }

lock_instance() {
	mkdir -p "$LAB_CACHE/run"
	exec 8>"$LAB_CACHE/run/.$INSTANCE.lock"
	flock -n 8 || {
		say "lab: another command works on instance $INSTANCE, waiting"
		flock 8
	}
}

# running: is PID 1 of this instance alive? Sets LAB_PID. Its start time tells it from another process with its pid.
running() {
	local started stat
	read -r LAB_PID started 2>/dev/null <"$RUN/lab.pid" || return 1
	[ -r "/proc/$LAB_PID/stat" ] || return 1
	read -r -a stat 2>/dev/null <"/proc/$LAB_PID/stat" && [ "${stat[21]}" = "$started" ]
}
need_running() { running || die "instance $INSTANCE is not running: lab up"; }
setting() { # setting NAME: of the running lab
	# shellcheck source=/dev/null
	(. "$RUN/settings" && echo "${!1}")
}

inside() { nsenter -t "$LAB_PID" -n -m -p -u -i --wd="$PWD" -- "$@"; }
node_pid() { cat "$RUN/nodes/node$1/pid" 2>/dev/null; }
running_nodes() {
	local i
	for ((i = 1; i <= $(setting NODES); i++)); do
		node_alive "$i" && echo "$i"
	done
	return 0
}
node_alive() {
	local p
	p=$(node_pid "$1") && inside test -d "/proc/$p"
}
in_node() { # in_node N COMMAND...
	local n=$1
	shift
	inside nsenter -t "$(node_pid "$n")" -m -u -i -n -p --wd=/ -- "$@"
}
kubectl() { "$RUN/bin/kubectl" --kubeconfig "$RUN/kubeconfig/admin" "$@"; }

# api PATH: GET, as cheap as can be.
api() {
	curl -sf --noproxy '*' --max-time 10 --cacert "$RUN/pki/ca.crt" --cert "$RUN/pki/lab.crt" --key "$RUN/pki/lab.key" \
		"https://127.0.0.1:$(cat "$RUN/port")$1"
}
node_ready() { api "/api/v1/nodes/node$1" | jq -e '.status.conditions[]? | select(.type == "Ready" and .status == "True")' >/dev/null; }
deployment_ready() { # deployment_ready NAMESPACE NAME
	api "/apis/apps/v1/namespaces/$1/deployments/$2" |
		jq -e '.status | .observedGeneration == 1 and (.availableReplicas // 0) > 0' >/dev/null
}
addon_ready() {
	case $1 in
	dns) deployment_ready kube-system coredns ;;
	cert-manager) deployment_ready cert-manager cert-manager ;;
	s3) deployment_ready s3 s3 && api /api/v1/namespaces/s3/configmaps/lab-ca >/dev/null ;;
	metrics) deployment_ready kube-system metrics-server && api /apis/metrics.k8s.io/v1beta1/nodes | jq -e '.items | length > 0' >/dev/null ;;
	crds) [ -e "$RUN/addons/done" ] ;;
	*) die "no add-on '$1': dns, cert-manager, s3, metrics, crds" ;;
	esac
}

# unready: what does not run, and what the components say of it.
unready() {
	{
		kubectl get pods,pvc -A -o wide --request-timeout=10s | grep -vE ' (Running|Bound) '
		kubectl get events -A --field-selector type=Warning --sort-by=.lastTimestamp --request-timeout=10s | tail -n 15
	} >&2 || true
}

# await WHAT COMMAND...: until COMMAND succeeds or LAB_TIMEOUT seconds passed since the start of this command.
await() {
	local what=$1
	shift
	until "$@" 2>/dev/null; do
		running || {
			tail -n 20 "$RUN/init.log" >&2
			die "the lab ended while waiting for $what; its logs: $RUN/log"
		}
		[ $SECONDS -lt "${LAB_TIMEOUT:-300}" ] || { unready && die "$what not ready after $SECONDS s: see 'lab status', $RUN/log, 'lab dump DIR' (LAB_TIMEOUT sets the patience)"; }
		sleep 0.2
	done
}
elapsed() {
	local tenths=$(((${EPOCHREALTIME/[.,]/} - STARTED_AT) / 100000))
	say "$(printf 'lab: %3d.%d s  %s' $((tenths / 10)) $((tenths % 10)) "$*")"
}

cmd_up() {
	local nodes=2 asked='' minor=$K8S_DEFAULT
	while [ $# -gt 0 ]; do
		case $1 in
		--nodes) nodes=${2:?--nodes needs a number} asked=$nodes && shift ;;
		--kubernetes) minor=${2:?--kubernetes needs a version} && shift ;;
		--control-plane-only) ;; # has been seen already
		*) die "up: unknown option $1 (lab help)" ;;
		esac
		shift
	done
	[[ $nodes =~ ^[1-$MAX_NODES]$ ]] || die "up: --nodes takes 1 to $MAX_NODES"
	[ "$CONTROL_PLANE_ONLY" = 0 ] || nodes=0
	[ -n "${K8S_VERSIONS[$minor]:-}" ] || die "up: Kubernetes $minor is not offered, only: ${!K8S_VERSIONS[*]}"
	need_root
	STARTED_AT=${EPOCHREALTIME/[.,]/} SECONDS=0
	lock_instance
	if running; then
		[ -z "$asked" ] || [ "$asked" = "$(setting NODES)" ] || die "up: already running with $(setting NODES) nodes: 'lab down' first"
		[ "$(setting KUBERNETES)" = "${K8S_VERSIONS[$minor]}" ] || die "up: already running Kubernetes $(setting KUBERNETES): 'lab down' first"
		say "lab: instance $INSTANCE is already running"
		[ -e "$RUN/usable" ] || wait_until_usable "$(setting NODES)" # an 'up' before was interrupted
		return
	fi
	clean_up # what an interrupted run may have left
	ensure_packages
	[ "$nodes" = 0 ] || all_built "$minor" || build_all "$minor"
	prepare "$nodes" "$minor"
	elapsed "everything is built"
	# With a clean environment: a proxy or a KUBECONFIG of the caller has no business in there.
	setsid env -i PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH" HOME="$HOME" \
		"$RUN/bin/labtool" listen --port "$FIRST_PORT" --port-file "$RUN/port" -- "$RUN/bin/start.sh" \
		>"$RUN/init.log" 2>&1 </dev/null 8>&- &
	local starter=$!
	SECONDS=0 # building does not count against the patience
	until [ -e "$RUN/lab.pid" ]; do
		kill -0 $starter 2>/dev/null || {
			cat "$RUN/init.log" >&2
			die "the lab did not start (see above)"
		}
		sleep 0.05
	done
	elapsed "started, API server on 127.0.0.1:$(cat "$RUN/port")"
	await "the control plane" test -e "$RUN/control-plane-started"
	elapsed "control plane ready, Kubernetes ${K8S_VERSIONS[$minor]}"
	wait_until_usable "$nodes"
}

# prepare NODES MINOR: the run directory, complete before anything is started.
prepare() {
	local nodes=$1 minor=$2 kube tool crds store=''
	tool=$(component_tool)
	kube=$(component_labkube "$minor")
	crds=$(component_crds)
	[ "$nodes" = 0 ] || store=$(current_store)
	mkdir -p "$RUN"/{bin,log,volumes,nodes}
	chmod 755 "$RUN"
	cp -l "$kube/labkube" "$kube/kubectl" "$tool/labtool" "$RUN/bin/"
	cp -r "$LAB"/inside/* "$LAB/lib/env.sh" "$LAB/manifests" "$RUN/bin/"
	cp -r "$crds" "$RUN/bin/crds"
	rm "$RUN/bin/crds/SHA256SUMS"
	[ -z "$store" ] || cp "$store/images" "$RUN/images"
	local name
	for name in RUN:"$RUN" NODES:"$nodes" STORE:"${store:+$store/containerd}" CGROUP:"$CGROUP" LAYOUT:"$(cgroup_layout | xargs)" \
		KUBERNETES:"${K8S_VERSIONS[$minor]}" API_FLAGS:"${LAB_APISERVER_FLAGS:-}" KCM_FLAGS:"${LAB_KCM_FLAGS:-}"; do
		printf '%s=%q\n' "${name%%:*}" "${name#*:}"
	done >"$RUN/settings"
}

wait_until_usable() {
	local i
	await "the control plane" test -e "$RUN/control-plane-started"
	await "the service account controller" api /api/v1/namespaces/default/serviceaccounts/default >/dev/null
	if [ "$1" = 0 ]; then
		await "the custom resource definitions" addon_ready crds
		elapsed "custom resource definitions there; no nodes, as asked"
		touch "$RUN/usable"
		return
	fi
	for ((i = 1; i <= $1; i++)); do
		await "node$i" node_ready "$i"
		elapsed "node$i Ready"
	done
	await "cluster DNS" addon_ready dns
	elapsed "cluster DNS ready"
	await "cert-manager" addon_ready cert-manager
	elapsed "cert-manager ready (S3 and metrics follow; 'lab wait s3 metrics' waits for them)"
	touch "$RUN/usable"
}

cmd_wait() {
	need_running
	local a
	[ $# -gt 0 ] || set -- dns cert-manager s3 metrics crds
	for a; do await "$a" addon_ready "$a"; done
}

cmd_down() {
	need_root
	lock_instance
	if running; then
		kill -9 "$LAB_PID"
	fi
	clean_up
	say "lab: instance $INSTANCE is down"
}

# clean_up: after PID 1 was killed, the rest goes by itself; waits for that and removes the files.
clean_up() {
	local c g i
	# What is frozen dies only when it thaws.
	for g in /sys/fs/cgroup/freezer/"$CGROUP"/*/freezer.state; do [ ! -e "$g" ] || echo THAWED >"$g"; done
	for g in /sys/fs/cgroup/"$CGROUP"/*/cgroup.freeze; do [ ! -e "$g" ] || echo 0 >"$g"; done
	for ((i = 0; i < 300; i++)); do
		running || [ -n "$(lab_processes)" ] || break
		sleep 0.1
	done
	for ((; i < 600; i++)); do
		losetup -n -O BACK-FILE 2>/dev/null | grep -qF "$RUN/volumes/" || break
		sleep 0.1
	done
	for c in $(cgroup_layout); do
		if [ "$c" = v2 ]; then g=/sys/fs/cgroup/$CGROUP; else g=/sys/fs/cgroup/$c/$CGROUP; fi
		for ((; i < 900; i++)); do
			[ -d "$g" ] || break
			find "$g" -depth -type d -exec rmdir {} + 2>/dev/null || true
			[ -d "$g" ] || break
			sleep 0.1
		done
	done
	[ $i -lt 900 ] || die "something of instance $INSTANCE does not go away: processes '$(lab_processes | xargs)', cgroup $CGROUP, loop devices: $(losetup -n -O NAME,BACK-FILE | grep -F "$RUN/" | xargs)"
	rm -rf "$RUN"
}

# lab_processes: those in the instance's cgroups, which is every one of the lab.
lab_processes() {
	local h=/pids
	[ -d /sys/fs/cgroup/pids ] || h=
	find "/sys/fs/cgroup$h/$CGROUP" -name cgroup.procs -exec cat {} + 2>/dev/null || true
}

cmd_status() {
	echo "instance    $INSTANCE"
	if ! running; then
		echo "state       not running (lab up)"
		return 3
	fi
	local i a n
	n=$(setting NODES)
	echo "state       running, PID 1 is $LAB_PID"
	echo "kubernetes  $(setting KUBERNETES)"
	echo "api server  https://127.0.0.1:$(cat "$RUN/port")"
	echo "kubeconfig  $RUN/kubeconfig/admin"
	echo "audit log   $RUN/audit.log"
	echo "logs        $RUN/log $RUN/nodes/*/log"
	for ((i = 1; i <= n; i++)); do echo "node$i       $(node_state "$i")"; done
	[ "$n" = 0 ] || for a in dns cert-manager s3 metrics; do
		echo "$(printf %-11s "$a") $(addon_ready "$a" 2>/dev/null && echo ready || echo 'not ready')"
	done
	for a in "$RUN"/cuts/*; do [ ! -e "$a" ] || echo "cut         $(basename "$a" | tr _ ' ')"; done
}

node_state() {
	if ! node_alive "$1"; then
		echo "dead (lab node start $1)"
	elif frozen "$1"; then
		echo "frozen (lab node thaw $1)"
	elif node_ready "$1" 2>/dev/null; then
		echo Ready
	else
		echo "not Ready"
	fi
}
