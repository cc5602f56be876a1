# Shared by the image builds: messages, tools, package sources, the cache.
# Source it; it expects bash with `set -euo pipefail`.
# shellcheck shell=bash disable=SC2015,SC2016

images_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034
cache_root=${POSTGRES_OPERATOR_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/postgres-operator}/images

# shellcheck source=versions.env
. "$images_dir/versions.env"

say() { printf '%s: %s\n' "${0##*/images/}" "$*" >&2; }
die() {
	say "$*"
	exit 1
}

# need COMMAND PACKAGE: installs the Debian package when the command is missing.
need() {
	command -v "$1" >/dev/null && return
	local install="apt-get update && apt-get install -y --no-install-recommends $2"
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
		die "'$1' is missing. Install it: $install"
	say "installing $2"
	{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } \
		>&2 || die "could not install $2. Try by hand: $install"
}

# find_python: sets $python to a Python >= 3.11 that has pip.
find_python() {
	need python3 python3
	python=python3
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || die "python3 is too old: 3.11 or newer is needed"
	if [ "${1:-}" = pip ] && ! "$python" -m pip --version >/dev/null 2>&1; then
		python=/usr/bin/python3
		"$python" -m pip --version >/dev/null 2>&1 || { need pip3 python3-pip; }
		"$python" -m pip --version >/dev/null 2>&1 || die "python3 has no pip. Install it: apt-get install -y python3-pip"
	fi
}

# apt_sources SUITE: deb lines for SUITE on the mirrors this machine's apt uses.
apt_sources() {
	local suite=$1 uri release seen='' IFS='|'
	while read -r uri release; do
		case $release in
		*-security) release=$suite-security ;;
		*-updates) release=$suite-updates ;;
		*-*) continue ;;
		*) release=$suite ;;
		esac
		case $seen in *"|$uri $release|"*) continue ;; esac
		seen+="|$uri $release|"
		printf 'deb %s %s main\n' "$uri" "$release"
	done < <(apt-get indextargets --format '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(COMPONENT)' 'Created-By: Packages' |
		awk -F'|' '$3 == "Debian" && $4 == "main" { print $1 "|" $2 }')
}

# cache_key TEXT FILE...: the hash of a text and of files, their names included.
cache_key() {
	local text=$1
	shift
	{
		printf '%s\n' "$text"
		local file
		for file; do
			printf '%s ' "${file#"$images_dir/"}"
			sha256sum <"$file"
		done
	} | sha256sum | cut -c1-64
}

# cache_valid ENTRY: true when the entry is complete and unharmed.
cache_valid() {
	[ -f "$1/MANIFEST" ] || return 1
	if (cd "$1" && sha256sum --check --strict --quiet MANIFEST) >/dev/null 2>&1; then
		touch "$1" # the time of the last use
		return
	fi
	say "cache entry $1 is damaged: building it again"
	return 1
}

# cache_begin ENTRY: takes the entry's lock and makes an empty folder $work
# beside it; cache_commit puts the result in place in one step and keeps the six
# entries of its kind that were used last; cache_end lets go.
cache_begin() {
	mkdir -p "$(dirname "$1")"
	exec {cache_lock}>"$1.lock"
	flock "$cache_lock"
	rm -rf "$1".new.*
	work=$(mktemp -d "$1.new.XXXXXX")
	trap 'rm -rf --one-file-system "$work"' EXIT
	chmod 0755 "$work"
}

cache_commit() {
	(cd "$work" && sha256sum -- * >MANIFEST)
	rm -rf "$1"
	mv "$work" "$1"
	find "${1%/*}" -mindepth 1 -maxdepth 1 -type d ! -name '*.new.*' -printf '%T@ %p\n' | sort -rn | tail -n +7 | cut -d' ' -f2- |
		xargs -r rm -rf
}

cache_end() {
	rm -rf "$work"
	exec {cache_lock}>&-
}

# deliver FILE OUT: the cached file under the wanted name, without a copy where
# the file system allows it; readers must not write to it.
deliver() {
	[ -n "$2" ] || return 0
	mkdir -p "$(dirname "$2")"
	ln -f "$1" "$2" 2>/dev/null || cp --reflink=auto "$1" "$2"
}
