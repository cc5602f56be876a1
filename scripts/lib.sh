# Shared by the scripts of this folder. Sourced, not run.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
begin=$(date +%s.%N)

# say TEXT...: one line of progress with the seconds since the script began.
say() { printf '%7.1fs  %s\n' "$(echo "$(date +%s.%N) $begin" | awk '{print $1 - $2}')" "$*"; }

fail() {
	printf '%s\n' "$@" >&2
	exit 1
}

# need TOOL HOW: the tool must be there, else say how to get it.
need() { command -v "$1" >/dev/null || fail "$1 is missing. Install it: $2"; }

# Version of the operator and so tag of its image, from the one place that has it.
operator_version() { sed -n '0,/<version>/s:.*<version>\(.*\)</version>.*:\1:p' "$here/pom.xml"; }

operator_image() { echo "ghcr.io/smoketurner/postgres-operator:$(operator_version)"; }

# image_name ARCHIVE: the name an OCI archive carries.
image_name() {
	tar -xOf "$1" index.json | python3 -c 'import json,sys; print(json.load(sys.stdin)["manifests"][0]["annotations"]["io.containerd.image.name"])'
}
