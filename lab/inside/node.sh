#!/bin/bash
# node.sh start N: one node of the lab: mount, pid, uts, ipc and cgroup
# namespaces of its own, in the network namespace nodeN, with containerd,
# kubelet, kube-proxy, storage driver and the enforcer of NetworkPolicies.
# Killing its PID 1 is the node losing power.
set -euo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
step=$1 n=$2 name=node$2
dir=$RUN/nodes/$name

start() {
	# A dead node's pods leave empty cgroups, as no machine that lost its power
	# has: the kubelet would spend three seconds on each before it starts pods.
	local c
	for c in $LAYOUT; do
		[ "$c" != v2 ] || c=
		find "/sys/fs/cgroup/$c/$CGROUP/$name" -depth -type d -exec rmdir {} + 2>/dev/null || true
	done
	exec nsenter --net="/run/netns/$name" unshare --mount --pid --uts --ipc --fork --kill-child -- "$0" enter "$n"
}

# The node's cgroup namespace shows its own cgroup as the root of every hierarchy.
# PID 1 joins by itself: its parent, outside the namespace, stays out.
enter() {
	join_cgroup "$name"
	exec unshare --cgroup -- "$0" boot "$n"
}

# Copies the image store by hard links, which takes no time: containerd never
# changes in place what it keeps there, but for its databases.
copy_images() {
	[ ! -e "$dir/containerd" ] || return 0
	cp -al "$STORE" "$dir/containerd.new"
	(cd "$STORE" && find . -name '*.db' -exec cp --parents --remove-destination {} "$dir/containerd.new" \;)
	mv "$dir/containerd.new" "$dir/containerd"
}

mounts() {
	local c o k
	mount --make-rprivate /
	mount -t proc proc /proc
	mount -t sysfs sysfs /sys
	if [ "$LAYOUT" = v2 ]; then
		mount -t cgroup2 cgroup2 /sys/fs/cgroup
		# A cgroup that hands out controllers may hold no process itself.
		mkdir -p /sys/fs/cgroup/init
		echo 0 >/sys/fs/cgroup/init/cgroup.procs
		for c in cpu cpuset memory pids io; do
			echo "+$c" >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null || true
		done
	else
		mount -t tmpfs tmpfs /sys/fs/cgroup
		for c in $LAYOUT; do
			mkdir "/sys/fs/cgroup/$c"
			if [ "$c" = systemd ]; then o=none,name=systemd; else o=$c; fi
			mount -t cgroup -o "$o" cgroup "/sys/fs/cgroup/$c"
		done
		# Else each thread of the kubelet would weigh half as much as all pods together.
		for c in cpu cpuacct memory; do
			mkdir -p "/sys/fs/cgroup/$c/system"
			echo 0 >"/sys/fs/cgroup/$c/system/cgroup.procs"
		done
	fi
	mount -t tmpfs tmpfs /run
	mkdir -p /run/containerd /run/cni/conf /run/machine /var/lib/kubelet /var/lib/containerd /var/log/pods /var/log/containers
	mount --bind "$dir/containerd" /var/lib/containerd
	mount --bind "$dir/kubelet" /var/lib/kubelet
	mount --bind "$dir/pods" /var/log/pods
	mount --bind "$dir/containers" /var/log/containers
	# The kubelet would set these for the whole machine: it gets files instead.
	for k in vm.overcommit_memory=1 vm.panic_on_oom=0 kernel.panic=10 kernel.panic_on_oops=1 \
		kernel.keys.root_maxkeys=1000000 kernel.keys.root_maxbytes=25000000; do
		echo "${k#*=}" >"/run/machine/${k%%=*}"
		o=${k%%=*}
		mount --bind "/run/machine/$o" "/proc/sys/${o//.//}"
	done
	mount --make-rshared /
}

configure() {
	cat >/run/cni/conf/10-lab.conflist <<-Y
	{"cniVersion": "1.0.0", "name": "lab", "plugins": [
	 {"type": "ptp", "mtu": 1500, "ipam": {"type": "host-local", "dataDir": "/run/cni/ipam",
	  "ranges": [[{"subnet": "$(pod_cidr "$n")"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
	Y
	# restrict_oom_score_adj: a sandbox may lack CAP_SYS_RESOURCE.
	cat >/run/containerd/config.toml <<-Y
	version = 2
	root = "/var/lib/containerd"
	state = "/run/containerd"
	[grpc]
	address = "/run/containerd/containerd.sock"
	[plugins."io.containerd.grpc.v1.cri"]
	sandbox_image = "lab.internal/pause:1"
	restrict_oom_score_adj = true
	[plugins."io.containerd.grpc.v1.cri".containerd]
	snapshotter = "overlayfs"
	[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
	runtime_type = "io.containerd.runc.v2"
	[plugins."io.containerd.grpc.v1.cri".cni]
	bin_dir = "/usr/lib/cni"
	conf_dir = "/run/cni/conf"
	Y
	echo "options ndots:1" >/run/resolv.conf
	cat >/run/kubelet.yaml <<-Y
	apiVersion: kubelet.config.k8s.io/v1beta1
	kind: KubeletConfiguration
	failCgroupV1: false
	cgroupDriver: cgroupfs
	containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
	authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $RUN/pki/ca.crt}}
	authorization: {mode: Webhook}
	tlsCertFile: $RUN/pki/$name.crt
	tlsPrivateKeyFile: $RUN/pki/$name.key
	clusterDNS: [$DNS_IP]
	clusterDomain: cluster.local
	resolvConf: /run/resolv.conf
	evictionHard: {memory.available: 200Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
	imageGCHighThresholdPercent: 100
	imageGCLowThresholdPercent: 99
	serializeImagePulls: false
	maxPods: 200
	nodeStatusUpdateFrequency: 5s
	syncFrequency: 5s
	registerNode: true
	failSwapOn: false
	oomScoreAdj: 0
	Y
	cat >/run/kube-proxy.yaml <<-Y
	apiVersion: kubeproxy.config.k8s.io/v1alpha1
	kind: KubeProxyConfiguration
	mode: nftables
	oomScoreAdj: 0
	hostnameOverride: $name
	clientConnection: {kubeconfig: $kubeconfigs/proxy}
	conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
	healthzBindAddress: 127.0.0.1:10256
	metricsBindAddress: 127.0.0.1:10249
	nodePortAddresses: [10.200.0.0/24]
	nftables: {syncPeriod: 30s, minSyncPeriod: 100ms}
	Y
}

boot() {
	local outer
	read -r outer _ </proc/self/stat # still the lab's /proc: the pid in the lab
	hostname "$name"
	mkdir -p "$dir"/{kubelet,pods,containers,log}
	copy_images
	echo "$outer" >"$dir/pid"
	mounts
	configure
	keep "$dir/log/containerd.log" containerd --config /run/containerd/config.toml &
	until [ -e "$RUN/control-plane-started" ]; do sleep 0.1; done
	keep "$dir/log/kubelet.log" "$labkube" kubelet --config /run/kubelet.yaml --kubeconfig "$kubeconfigs/$name" \
		--hostname-override "$name" --node-ip "$(node_ip "$n")" --root-dir /var/lib/kubelet \
		--node-labels "topology.kubernetes.io/region=lab,topology.kubernetes.io/zone=zone$n" &
	keep "$dir/log/proxy.log" "$labkube" kube-proxy --config /run/kube-proxy.yaml &
	keep "$dir/log/disk.log" "$labkube" disk-node --dir "$RUN/volumes" --node "$name" &
	keep "$dir/log/netpol.log" "$labkube" netpol --node "$name" --kubeconfig "$kubeconfigs/lab" &
	while :; do wait -n 2>/dev/null || sleep 3600; done # PID 1: reap
}

"$step"
