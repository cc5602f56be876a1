#!/bin/bash
# import.sh DIR: runs a containerd on DIR/containerd in namespaces of its own and
# imports the images listed in DIR/missing.
set -euo pipefail
dir=$1
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p "$dir/containerd" /run/containerd
cat >/run/containerd.toml <<Y
version = 2
root = "$dir/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "/run/containerd/containerd.sock"
Y
containerd --config /run/containerd.toml 2>/run/containerd.log &
for ((i = 0; i < 600; i++)); do
	ctr version >/dev/null 2>&1 && break
	sleep 0.1
done
imported=" "
while read -r name _ file; do
	# What had the name before goes first, with its layers.
	ctr -n k8s.io images rm --sync "$name" >/dev/null 2>&1 || true
	[[ $imported != *" $file "* ]] || continue
	ctr -n k8s.io images import "$file" >/dev/null || {
		tail -n 5 /run/containerd.log >&2
		echo "import of $file failed" >&2
		exit 1
	}
	imported+="$file "
done <"$dir/missing"
kill %1
wait %1 || true
