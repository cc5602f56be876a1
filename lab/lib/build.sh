# What the lab is made of and how each part is built. A function 'component_X'
# prints the directory of X in the cache, building it if needed.
# Builders run where 'set -e' has no effect (the cache tests their result), so
# they chain their steps.
# shellcheck shell=bash

# Debian package of each program that is needed to build or to run.
PROGRAMS="containerd:containerd runc:runc nft:nftables ip:iproute2 mkfs.xfs:xfsprogs unshare:util-linux
	nsenter:util-linux losetup:mount findmnt:util-linux jq:jq curl:curl flock:util-linux openssl:openssl"
CNI_BIN=/usr/lib/cni

ensure_packages() {
	local p program missing=()
	for p in $PROGRAMS; do
		program=${p%%:*}
		command -v "$program" >/dev/null || missing+=("${p##*:}")
	done
	[ -x $CNI_BIN/ptp ] || missing+=(containernetworking-plugins)
	if [ ${#missing[@]} -gt 0 ]; then
		mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
		[ "$(id -u)" = 0 ] || die "missing Debian packages; as root: apt-get install --no-install-recommends ${missing[*]}"
		command -v apt-get >/dev/null || die "missing: ${missing[*]} (Debian's names); install them with this system's package manager"
		say "lab: installing ${missing[*]}"
		mkdir -p "$LAB_CACHE"
		install_packages "${missing[@]}" >"$LAB_CACHE/apt.log" 2>&1 ||
			die "apt-get install ${missing[*]} failed: see $LAB_CACHE/apt.log"
	fi
	command -v go >/dev/null || die "go (1.26 or newer) is not on PATH: install it from https://go.dev/dl or, with Debian backports, apt-get install golang-go"
}

install_packages() {
	local policy=/usr/sbin/policy-rc.d rc=0
	# No service is to be started: the lab runs a containerd of its own.
	if [ -e $policy ]; then policy=; else printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy; fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get -qq update && apt-get -qq -y install --no-install-recommends "$@" || rc=$?
	[ -z "$policy" ] || rm $policy
	return $rc
}

# go_program DIR PACKAGE LDFLAGS OUT: a static program from the Go module in a
# directory of the lab, by GO_MODFILE if that is set.
go_program() {
	(cd "$LAB/$1" && CGO_ENABLED=0 GOFLAGS='' go build -buildvcs=false -trimpath -modfile="${GO_MODFILE:-go.mod}" -ldflags "-s -w $3" -o "$4" "$2")
}

# go_key DIR WORD...: the key of what is built from a Go module of the lab and by which commands.
go_key() {
	local dir=$1 mod=${GO_MODFILE:-go.mod}
	shift
	set -- "$@" "$(declare -f "build_$dir" pack go_program)" "$(go env GOVERSION GOARCH)"
	(cd "$LAB/$dir" && { find . -type f -name '*.go' ! -name '*_test.go' && find . -name "$mod" -o -name "${mod%.mod}.sum"; } | hash_of "$@")
}

component_tool() { cached tool "$(go_key tool)" build_tool; }
build_tool() { go_program tool . '' "$1/labtool"; }

# The cluster itself: one program with every component of Kubernetes, etcd, the
# storage driver and the enforcer of NetworkPolicies; and its kubectl.
component_labkube() {
	local minor=$1 version=${K8S_VERSIONS[$1]} GO_MODFILE=go.mod
	[ "$minor" = "$K8S_DEFAULT" ] || GO_MODFILE=go-$minor.mod
	cached "labkube-$minor" "$(go_key kube "$version")" build_kube "$minor" "$version"
}
build_kube() {
	local minor=$1 version=$2 out=$3 pkg=k8s.io/component-base/version
	# GitCommit names who built it; the version is the one of the modules compiled in.
	local ld="-X $pkg.gitVersion=$version -X $pkg.gitMajor=1 -X $pkg.gitMinor=${minor#*.} -X $pkg.gitCommit=lab"
	ld+=" -X $pkg.gitTreeState=clean -X $pkg.buildDate=2026-01-01T00:00:00Z"
	go_program kube . "$ld" "$out/labkube" && go_program kube ./kubectl "$ld" "$out/kubectl"
}

# pack IMAGE-NAME DIR ARG...: an image archive, DIR/image.tar, and its name and digest in DIR/image.id.
pack() {
	local tool
	tool=$(component_tool)/labtool &&
		"$tool" image --name "$1" --out "$2/image.tar" "${@:3}" &&
		"$tool" image-id "$2/image.tar" >"$2/image.id"
}

component_coredns() { cached coredns "$(go_key coredns)" build_coredns; }
build_coredns() {
	go_program coredns . '' "$1/coredns" &&
	pack lab.internal/coredns:1 "$1" --file "$1/coredns:/coredns" --entrypoint /coredns &&
	rm "$1/coredns"
}

component_addons() { cached addons "$(go_key addons)" build_addons; }
build_addons() {
	go_program addons . '' "$1/addons" &&
	pack lab.internal/addons:1 "$1" --file "$1/addons:/addons" --entrypoint /addons &&
	rm "$1/addons"
}

component_s3() { cached s3 "$(go_key s3)" build_s3; }
build_s3() {
	go_program s3 github.com/versity/versitygw/cmd/versitygw '' "$1/versitygw" &&
	pack lab.internal/s3:1 "$1" --file "$1/versitygw:/versitygw" --entrypoint /versitygw &&
	rm "$1/versitygw"
}

component_pause() { cached pause "$(go_key pause)" build_pause; }
build_pause() {
	go_program pause . '' "$1/pause" &&
	pack lab.internal/pause:1 "$1" --file "$1/pause:/pause" --entrypoint /pause &&
	rm "$1/pause"
}

# A small image for tests and first aid: busybox, and curl with its libraries.
# Busybox comes out of its package without being installed: the machine may have
# the statically linked one, which breaks on the libraries of another program.
component_tools() {
	cached tools "$(command -v curl | hash_of "$(declare -f build_tools pack)")" build_tools
}
build_tools() {
	local curl busybox file applet args=()
	(cd "$1" && apt-get -qq download busybox && dpkg-deb -x busybox_*.deb busybox) 2>"$1/apt.log" || {
		cat "$1/apt.log"
		return 1
	}
	busybox=$(find "$1/busybox" -path '*/bin/busybox')
	curl=$(command -v curl)
	for file in $(ldd "$curl" "$busybox" | grep -o '/[^ ]*' | grep -Fvx -e "$curl:" -e "$busybox:" | sort -u); do
		args+=(--file "$file:$file")
	done
	for applet in $("$busybox" --list); do
		[ "$applet" = busybox ] || args+=(--link "/bin/busybox:/bin/$applet")
	done
	pack lab.internal/tools:1 "$1" --file "$busybox:/bin/busybox" --file "$curl:/usr/bin/curl" "${args[@]}" &&
		rm -r "$1/busybox" "$1/apt.log" "$1"/busybox_*.deb
}

# Prometheus for tests of metrics and alerts, and promtool beside it: Debian's, unpacked without being installed.
component_prometheus() { cached prometheus "$(echo /etc/debian_version | hash_of "$(declare -f build_prometheus pack)")" build_prometheus; }
build_prometheus() {
	local file args=()
	(cd "$1" && apt-get -qq download prometheus && dpkg-deb -x prometheus_*.deb unpacked) >"$1/apt.log" 2>&1 || {
		cat "$1/apt.log"
		return 1
	}
	mv "$1/unpacked/usr/bin/promtool" "$1/promtool"
	for file in $(ldd "$1/unpacked/usr/bin/prometheus" | grep -o '/[^ ]*' | sort -u); do
		args+=(--file "$file:$file")
	done
	pack lab.internal/prometheus:1 "$1" --file "$1/unpacked/usr/bin/prometheus:/usr/bin/prometheus" "${args[@]}" \
		--entrypoint /usr/bin/prometheus &&
		rm -r "$1/unpacked" "$1/apt.log" "$1"/prometheus_*.deb
}

# The real KEDA for 'make soak': with the clients of every cloud that its scalers bring it takes as long to compile as everything else
# of the lab together, so that nothing else waits for it.
component_keda() { cached keda "$(go_key keda)" build_keda; }
build_keda() {
	go_program keda github.com/kedacore/keda/v2/cmd/operator '' "$1/keda" &&
	go_program keda github.com/kedacore/keda/v2/cmd/adapter '' "$1/keda-adapter" &&
	pack lab.internal/keda:1 "$1" --file "$1/keda:/keda" --file "$1/keda-adapter:/keda-adapter" --entrypoint /keda &&
	rm "$1/keda" "$1/keda-adapter"
}

# Linters of manifests, as tests run them on this machine.
component_lint() { cached lint "$(go_key lint)" build_lint; }
build_lint() {
	go_program lint github.com/yannh/kubeconform/cmd/kubeconform '' "$1/kubeconform" &&
	go_program lint github.com/zegl/kube-score/cmd/kube-score '' "$1/kube-score"
}

# Custom resource definitions, out of the modules that own them.
component_crds() { cached crds "$(echo "$LAB/manifests/crds.txt" | hash_of "$(declare -f build_crds)")" build_crds; }
build_crds() {
	local module sum group path json dir
	while read -r module sum group path; do
		[[ $module == [a-z]* ]] || continue
		json=$(cd / && go mod download -json "$module") || die "module $module could not be downloaded"
		[ "$(jq -r .Sum <<<"$json")" = "$sum" ] || die "module $module is not the one expected (its checksum differs from manifests/crds.txt)"
		dir=$(jq -r .Dir <<<"$json")
		# shellcheck disable=SC2086 # path is a pattern
		mkdir -p "$1/$group" && (cd "$dir" && cp -- $path "$1/$group/") || return
	done <"$LAB/manifests/crds.txt"
	chmod -R u+w "$1"
}

IMAGE_COMPONENTS="pause tools coredns s3 addons"
# What few labs run: loaded by those that do.
EXTRA_COMPONENTS="prometheus"
# What is built when it is asked for.
LATE_COMPONENTS="keda"

# all_built MINOR: is there an entry for everything? Whether it is whole is seen at its use.
all_built() {
	local c CACHE_PROBE=1
	for c in tool crds lint $IMAGE_COMPONENTS $EXTRA_COMPONENTS; do "component_$c" || return; done
	component_labkube "$1"
}

# build_all MINOR: fills the cache. The cluster's program in one row, everything
# else in another: two compilers keep two cores busy also while one links.
build_all() {
	local minor=$1 c kube
	component_tool >/dev/null
	component_labkube "$minor" >/dev/null &
	kube=$!
	for c in $IMAGE_COMPONENTS $EXTRA_COMPONENTS crds lint; do
		"component_$c" >/dev/null || {
			wait "$kube" || true
			return 1
		}
	done
	wait "$kube"
}
