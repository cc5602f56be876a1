#!/bin/bash
# PID 1 of the lab: network, control plane, then the nodes. Runs in pid, mount,
# network, ipc and uts namespaces of its own, and everything ends with it.
# File descriptor 3 is the listener that 'labtool listen' opened outside.
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
read -r outer _ </proc/self/stat # still the machine's /proc: the pid outside
mount -t proc proc /proc
hostname lab
mount -t tmpfs tmpfs /run # ip keeps the names of network namespaces there
cd "$RUN" || exit 1

keep log/forward.log "$RUN/bin/labtool" forward --to "127.0.0.1:$API_PORT" &
exec 3<&-

# The only interfaces are lo, a bridge and the nodes' ends on it. There is no
# default route: nothing can leave.
ip link set lo up
ip link add lab0 type bridge
ip addr add "$HOST_IP/24" dev lab0
ip link set lab0 up
ip route add "$SERVICE_CIDR" dev lab0
echo 1 >/proc/sys/net/ipv4/ip_forward

# network N: the network namespace of a node, new at every boot of it. What the
# one before still holds (a dead pod's last unanswered packets keep its
# interface and its route for a minute) must not meet the new one's addresses.
network() {
	local n=$1 name=node$1 i
	ip link del "$name" 2>/dev/null
	ip netns del "$name" 2>/dev/null
	ip netns add "$name"
	# The same hardware address as ever, so nobody's neighbour table is wrong.
	ip link add "$name" type veth peer name eth0 address "02:00:00:00:00:0$n" netns "$name"
	ip link set "$name" master lab0 up
	ip route replace "$(pod_cidr "$n")" via "$(node_ip "$n")"
	{
		echo "link set lo up"
		echo "addr add $(node_ip "$n")/24 dev eth0"
		echo "link set eth0 up"
		# A route must exist for kube-proxy's rules to be reached.
		echo "route add $SERVICE_CIDR via $HOST_IP"
		for ((i = 1; i <= NODES; i++)); do
			[ "$i" = "$n" ] || echo "route add $(pod_cidr "$i") via $(node_ip "$i")"
		done
	} | ip -n "$name" -batch -
	ip netns exec "$name" sysctl -qw net.ipv4.ip_forward=1
}

mkfifo -m 600 control
exec 9<>control
read -r -a stat <"/proc/1/stat"
echo "$outer ${stat[21]}" >lab.pid.new # with its start time: pids come round again
mv lab.pid.new lab.pid

bg() { # bg NAME COMMAND...
	keep "log/$1.log" "${@:2}" 9>&- &
}
node() { # a node that dies stays dead until it is started again
	network "$1"
	"$RUN/bin/node.sh" start "$1" >>"log/node$1.log" 2>&1 </dev/null 9>&- &
}
component_auth() { echo --kubeconfig="$kubeconfigs/$1" --authentication-kubeconfig="$kubeconfigs/$1" --authorization-kubeconfig="$kubeconfigs/$1"; }

bg etcd "$labkube" etcd --data-dir "$RUN/etcd"
# shellcheck disable=SC2086 # the flags from outside are words
bg apiserver "$labkube" kube-apiserver \
	--etcd-servers=http://127.0.0.1:2379 --advertise-address=$HOST_IP --secure-port=$API_PORT \
	--service-cluster-ip-range=$SERVICE_CIDR --authorization-mode=Node,RBAC \
	--feature-gates=MutatingAdmissionPolicy=true --runtime-config=admissionregistration.k8s.io/v1beta1=true \
	--enable-admission-plugins=NodeRestriction --allow-privileged=true --client-ca-file=pki/ca.crt \
	--tls-cert-file=pki/apiserver.crt --tls-private-key-file=pki/apiserver.key \
	--kubelet-client-certificate=pki/kubelet-client.crt --kubelet-client-key=pki/kubelet-client.key \
	--kubelet-certificate-authority=pki/ca.crt --kubelet-preferred-address-types=InternalIP \
	--service-account-issuer=https://kubernetes.default.svc.cluster.local \
	--service-account-key-file=pki/sa.pub --service-account-signing-key-file=pki/sa.key \
	--requestheader-client-ca-file=pki/front-proxy-ca.crt --requestheader-allowed-names=front-proxy-client \
	--requestheader-username-headers=X-Remote-User --requestheader-group-headers=X-Remote-Group \
	--requestheader-extra-headers-prefix=X-Remote-Extra- \
	--proxy-client-cert-file=pki/front-proxy-client.crt --proxy-client-key-file=pki/front-proxy-client.key \
	--enable-aggregator-routing=true --endpoint-reconciler-type=master-count --profiling=false \
	--audit-policy-file="$RUN/bin/audit-policy.yaml" --audit-log-path="$RUN/audit.log" --audit-log-maxsize=4096 \
	${API_FLAGS:-}
for ((i = 1; i <= NODES; i++)); do node "$i"; done # containerd starts meanwhile, the kubelet waits
until curl -sf --cacert pki/ca.crt --cert pki/lab.crt --key pki/lab.key "https://127.0.0.1:$API_PORT/readyz" >/dev/null; do sleep 0.1; done
touch control-plane-started
# Before that, these would not find their roles and end.
# shellcheck disable=SC2046,SC2086
bg controller-manager "$labkube" kube-controller-manager $(component_auth controller-manager) \
	--leader-elect=false --use-service-account-credentials=true \
	--service-account-private-key-file=pki/sa.key --root-ca-file=pki/ca.crt \
	--cluster-signing-cert-file=pki/ca.crt --cluster-signing-key-file=pki/ca.key \
	--allocate-node-cidrs=false --profiling=false ${KCM_FLAGS:-}
if [ "$NODES" -gt 0 ]; then
	# shellcheck disable=SC2046
	bg scheduler "$labkube" kube-scheduler $(component_auth scheduler) --leader-elect=false --profiling=false
	bg disk "$labkube" disk-controller --kubeconfig "$kubeconfigs/lab" --dir "$RUN/volumes"
fi
"$RUN/bin/addons.sh" >>log/addons.log 2>&1 </dev/null 9>&- &

# Reap what is handed to PID 1, and serve requests to start a node again.
while :; do
	read -r -t 5 -u 9 verb n || continue
	case $verb in
	node) node "$n" ;;
	esac
done
