#!/bin/bash
# The smoke test of the lab: boots an instance of its own and tries everything.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
export LAB_INSTANCE=${LAB_TEST_INSTANCE:-test-$(printf %s "$here" | sha256sum | cut -c1-8)}
scratch=$(mktemp -d)
started=$SECONDS

finish() {
	local rc=$?
	trap - EXIT
	if [ ${#failures[@]} -gt 0 ] && lab status >/dev/null 2>&1; then
		lab dump "${LAB_TEST_DUMP:-/tmp/lab-test-dump}" || true
	fi
	lab down >/dev/null 2>&1 || true
	lab down --control-plane-only >/dev/null 2>&1 || true
	rm -rf "$scratch"
	exit $rc
}
trap finish EXIT

for part in boot network policy storage addons faults lifecycle; do
	echo "-- $part"
	# shellcheck source=/dev/null
	. "$here/$part.sh"
done

echo "== $((SECONDS - started)) s, ${#failures[@]} failed"
[ ${#failures[@]} -eq 0 ] || printf 'failed: %s\n' "${failures[@]}"
[ ${#failures[@]} -eq 0 ]
