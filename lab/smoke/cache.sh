#!/bin/bash
# Tests the build cache with builders of a moment: nothing half-written,
# damaged or foreign is ever used, and nothing good is built twice.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
LAB_CACHE=$(mktemp -d)
trap 'rm -rf "$LAB_CACHE"' EXIT
# shellcheck source=../lib/env.sh
. "$here/../lib/env.sh"
# shellcheck source=../lib/cache.sh
. "$here/../lib/cache.sh"

builds() { wc -l <"$LAB_CACHE/builds"; }
build() {
	echo x >>"$LAB_CACHE/builds"
	sleep "${slow:-0}"
	mkdir "$1/sub" && echo one >"$1/file" && echo two >"$1/sub/file"
}
fail() { echo half >"$1/file" && return 1; }
expect() { # expect WHAT BUILDS
	if [ "$(builds)" != "$2" ] || [ "$(cat "$entry/file" "$entry/sub/file")" != $'one\ntwo' ]; then
		echo "FAIL  $1: $(builds) builds, $2 expected" >&2
		exit 1
	fi
	echo "ok    $1"
}
get() { entry=$(cached part key build 2>/dev/null); }

get && expect "an entry is built" 1
get && expect "and used again" 1
echo three >"$entry/file" && get && expect "changed content is built again" 2
rm "$entry/sub/file" && get && expect "a missing file too" 3
: >"$entry/stranger" && get && expect "a file nobody built too" 4
rm "$entry/SHA256SUMS" && get && expect "an entry without checksums too" 5
: >"$entry/SHA256SUMS" && get && expect "and one with none in it" 6
! (cached part other fail) >/dev/null 2>&1 && [ ! -e "$LAB_CACHE/part/other" ] && expect "a failed build leaves no entry" 6
rm -rf "$entry" && slow=1 && { get & } && get && wait $! && expect "two at the same time build once" 7
[ "$(cached part key2 build 2>/dev/null)" != "$entry" ] && expect "another key is another entry" 8
