# shellcheck shell=bash
extra_image() { # an image the lab does not know, under a changing content
	echo "$1" >"$scratch/content"
	# shellcheck disable=SC2046 # words
	"$(. "$here/../lib/env.sh" && find "$LAB_CACHE/tool" -name labtool -print -quit)" image --name lab.internal/extra:1 --out "$scratch/extra.tar" \
		--file "$(command -v cat):/bin/cat" --file "$scratch/content:/content" --entrypoint /bin/cat \
		$(ldd "$(command -v cat)" | grep -o '/[^ ]*' | sed 's/.*/--file &:&/')
}
has_content() { [ "$(kubectl logs -n smoke extra 2>/dev/null)" = "$1" ]; }
content() {
	kubectl delete pod -n smoke extra --ignore-not-found --grace-period=0 --force &&
		kubectl run extra -n smoke --image=lab.internal/extra:1 --restart=Never --image-pull-policy=Never -- /content &&
		within 60 has_content "$1"
}
loaded() { extra_image one && lab load "$scratch/extra.tar" && content one && extra_image two && lab load "$scratch/extra.tar" && content two; }
it "an image is loaded into running nodes, and again with other content" loaded

dumped() {
	local d=$scratch/dump
	lab dump "$d" && [ -s "$d/components/apiserver.log" ] && [ -s "$d/nodes/node1/kubelet.log" ] && [ -s "$d/audit.log" ] &&
		[ -s "$d/events.txt" ] && [ -s "$d/objects/Pod.json" ] && compgen -G "$d/pods/smoke_a_*/main/0.log" &&
		! grep -q "$(kubectl get secret -n s3 s3-credentials -o 'jsonpath={.data.AWS_SECRET_ACCESS_KEY}')" -r "$d/objects"
}
it "a dump has logs, objects and events, but no secrets" dumped

second() {
	lab up --control-plane-only && lab kubectl --control-plane-only create namespace only-here &&
		! kubectl get namespace only-here && [ "$(lab kubectl --control-plane-only get nodes -o name)" = "" ] &&
		lab kubectl --control-plane-only get crd scaledobjects.keda.sh
}
it "a second instance, control plane alone, runs beside the first" second

mapfile -t namespaces < <(lab exec sh -c 'readlink /proc/1/ns/net; for n in $(ls /run/netns); do ip netns exec $n readlink /proc/self/ns/net; done')
leftovers() {
	local c
	c=$(find /sys/fs/cgroup -maxdepth 2 -name "lab-$LAB_INSTANCE*")
	[ -z "$c" ] || { echo "cgroups: $c" && return 1; }
	! grep -l "$LAB_INSTANCE" /proc/[0-9]*/mountinfo || return 1
	! losetup -n -O BACK-FILE | grep "/$LAB_INSTANCE" || return 1
	! find /proc/[0-9]*/ns/net -maxdepth 0 -printf '%l\n' 2>/dev/null | grep -xF "$(printf '%s\n' "${namespaces[@]}")" || return 1
	! grep -lzE "/run/$LAB_INSTANCE(-api)?/" /proc/[0-9]*/cmdline 2>/dev/null || return 1
	[ ! -e "$(dirname "$run")/$LAB_INSTANCE" ]
}
down_frozen() { disk last '' node1 && kubectl wait -n smoke --for=condition=Ready pod/last --timeout=60s && lab node freeze 1 && lab down; }
it "down with a frozen node and mounted volumes" down_frozen
down_second() { lab kubectl --control-plane-only get namespace only-here && lab down --control-plane-only; }
it "the second instance goes on, then goes too" down_second
it "nothing is left: processes, mounts, loop devices, network namespaces, cgroups, files" leftovers
it "the machine is as before" diff "$scratch/before" <(machine)
it "status says that nothing runs" not lab status

again() { # from the store with the loaded image, by an image loaded while down
	extra_image three && lab load "$scratch/extra.tar" && lab up --nodes 1 && kubectl create namespace smoke && content three
}
it "an image loaded while down is there at the next start" again
killed() {
	kill -9 "$(lab status | sed -n 's/.*PID 1 is //p')" && within 30 not lab status && lab down && leftovers
}
it "killing PID 1 takes everything along" killed
