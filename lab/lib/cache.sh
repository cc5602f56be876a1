# The cache: $LAB_CACHE/COMPONENT/KEY/ where KEY is the hash of everything the
# component is made from. An entry has a list of checksums (SHA256SUMS), is
# written beside its place and renamed into it, and is checked before each use.
# shellcheck shell=bash

# hash_of WORD... <files: one key out of words and the contents of the files whose names come on stdin.
hash_of() {
	{
		printf '%s\n' "$@"
		sort | xargs -r sha256sum
	} | sha256sum | cut -c1-32
}

# sums DIR: checksums of every file. By openssl, which is several times faster than sha256sum.
sums() { (cd "$1" && find . -type f ! -path ./SHA256SUMS -print0 | sort -z | xargs -0 openssl dgst -sha256 -r); }
entry_ok() { [ -s "$1/SHA256SUMS" ] && [ "$(sums "$1")" = "$(cat "$1/SHA256SUMS")" ]; }

# cached COMPONENT KEY BUILDER...: prints the directory of the entry, which is
# made by 'BUILDER... DIR' unless it is there and whole. Two runs at the same
# time make it once. With CACHE_PROBE set: only tells whether it is there.
cached() {
	local component=$1 dir=$LAB_CACHE/$1/$2 lock started
	shift 2
	if [ -n "${CACHE_PROBE:-}" ]; then
		[ -d "$dir" ]
		return
	fi
	if entry_ok "$dir"; then
		touch "$dir"
		echo "$dir"
		return
	fi
	mkdir -p "$LAB_CACHE/$component"
	exec {lock}>"$LAB_CACHE/$component/.lock"
	flock -n "$lock" || {
		say "lab: $component is being built by somebody else, waiting"
		flock "$lock"
	}
	if ! entry_ok "$dir"; then
		[ ! -e "$dir" ] || say "lab: the cached $component is incomplete or damaged: building it again"
		rm -rf "$dir" "$LAB_CACHE/$component"/new.*
		local new=$LAB_CACHE/$component/new.$$
		mkdir "$new"
		started=$SECONDS
		say "lab: building $component"
		"$@" "$new" >&2 || {
			rm -rf "$new"
			die "building $component failed (see above)"
		}
		sums "$new" >"$new/SHA256SUMS"
		mv "$new" "$dir"
		# What nobody used for two weeks will not be missed.
		find "$LAB_CACHE/$component" -mindepth 1 -maxdepth 1 -type d -mtime +14 -exec rm -rf {} +
		say "lab: built $component in $((SECONDS - started)) s"
	fi
	exec {lock}>&-
	echo "$dir"
}
