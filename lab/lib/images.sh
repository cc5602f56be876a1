# The image stores. A store is a containerd directory with a set of images
# imported; the nodes of a lab start with hard-link copies of one. Stores lie in
# $LAB_CACHE/stores/KEY, where KEY follows from the names and digests of the
# images; $IMAGES/store names the one an instance uses, $IMAGES/list what was
# loaded into it: lines of NAME DIGEST FILE.
# shellcheck shell=bash

store_sum() { (cd "$1" && find containerd -type f -printf '%P %s\n' | sort | sha256sum); }
store_ok() { [ -s "$1/sum" ] && [ "$(store_sum "$1")" = "$(cat "$1/sum")" ]; }

# archive_ids FILE: lines of NAME DIGEST FILE.
archive_ids() {
	local name digest file
	file=$(realpath "$1")
	"$(component_tool)/labtool" image-id "$file" | while read -r name digest; do echo "$name $digest $file"; done
}

# wanted_images: what the lab itself needs and what was loaded; of two with one name the later counts.
wanted_images() {
	local c dir
	for c in $IMAGE_COMPONENTS; do
		dir=$("component_$c") || return
		echo "$(cat "$dir/image.id") $dir/image.tar"
	done
	[ ! -e "$IMAGES/list" ] || cat "$IMAGES/list"
}

# current_store: prints the store with all wanted images, which is made if needed.
current_store() {
	local list key dir lock old new
	list=$(wanted_images | awk '{ l[$1] = $0 } END { for (n in l) print l[n] }' | sort)
	key=$(awk '{ print $1, $2 }' <<<"$list" | sha256sum | cut -c1-32)
	dir=$LAB_CACHE/stores/$key
	mkdir -p "$LAB_CACHE/stores" "$IMAGES"
	exec {lock}>"$LAB_CACHE/stores/.lock"
	flock "$lock"
	if ! store_ok "$dir"; then
		[ ! -e "$dir" ] || say "lab: an image store is incomplete or damaged: making it again"
		rm -rf "$dir" "$LAB_CACHE"/stores/new.*
		new=$LAB_CACHE/stores/new.$$
		mkdir -p "$new"
		old=$(cat "$IMAGES/store" 2>/dev/null) || true
		if [ -n "$old" ] && store_ok "$old"; then
			copy_store "$old" "$new"
		else
			: >"$new/images"
		fi
		printf '%s\n' "$list" >"$new/wanted"
		import_missing "$new" {lock}>&- || {
			rm -rf "$new"
			die "the images could not be imported (see above)"
		}
		mv "$new/wanted" "$new/images"
		rm "$new/missing"
		store_sum "$new" >"$new/sum"
		mv "$new" "$dir"
	fi
	touch "$dir"
	echo "$dir" >"$IMAGES/store"
	prune_stores
	exec {lock}>&-
	echo "$dir"
}

# Hard links, but real copies of the databases, the only files that are changed in place.
copy_store() {
	cp -al "$1/containerd" "$2/containerd"
	(cd "$1" && find containerd -name '*.db' -exec cp --parents --remove-destination {} "$2" \;)
	cp "$1/images" "$2/images"
}

# prune_stores: removes stores that no instance uses any more. One that was used
# within the hour may still be read by a node that boots.
prune_stores() {
	local d
	while read -r d; do
		grep -qsxF "$d" "$LAB_CACHE"/images/*/store || rm -rf "$d"
	done < <(find "$LAB_CACHE/stores" -mindepth 1 -maxdepth 1 -type d -mmin +60)
}

# import_missing DIR: brings DIR/containerd from DIR/images to DIR/wanted, with a
# containerd in namespaces of its own.
import_missing() {
	local name digest file
	unknown_images "$1/images" <"$1/wanted" >"$1/missing"
	while read -r name digest file; do
		[ -e "$file" ] || {
			say "lab: image $name is needed but its archive $file is gone: load it again, or remove its line from $IMAGES/list"
			return 1
		}
	done <"$1/missing"
	unshare --net --mount --pid --fork --kill-child -- "$LAB/inside/import.sh" "$1" </dev/null >&2
}

# unknown_images LIST <lines: those lines whose name and digest LIST does not have.
unknown_images() { awk -v list="$1" 'BEGIN { while ((getline l <list) > 0) { split(l, w, " "); have[w[1], w[2]] } } !(($1, $2) in have)'; }

cmd_load() {
	[ $# -gt 0 ] || die "load: name an image archive (OCI layout or docker save)"
	need_root
	ensure_packages
	local f ids lines="" store n pids=() failed=0
	for f; do
		[ -r "$f" ] || die "load: no such file: $f"
		ids=$(archive_ids "$f") || exit 1
		lines+=$ids$'\n'
	done
	lock_instance
	mkdir -p "$IMAGES"
	{
		[ ! -e "$IMAGES/list" ] || cat "$IMAGES/list"
		printf %s "$lines"
	} | awk '{ l[$1] = $0 } END { for (n in l) print l[n] }' | sort >"$IMAGES/list.new"
	mv "$IMAGES/list.new" "$IMAGES/list"
	store=$(current_store) || exit 1
	if running && [ "$(setting NODES)" -gt 0 ]; then
		cp "$store/images" "$RUN/wanted"
		for f; do
			[ -n "$(archive_ids "$f" | unknown_images "$RUN/images")" ] || continue
			for n in $(running_nodes); do
				in_node "$n" ctr -n k8s.io images import - <"$f" >/dev/null &
				pids+=($!)
			done
		done
		for n in "${pids[@]}"; do wait "$n" || failed=1; done
		[ $failed = 0 ] || die "load: an import failed; is a node frozen? (lab status)"
		mv "$RUN/wanted" "$RUN/images"
	fi
	printf %s "$lines" | while read -r n ids f; do say "lab: loaded $n"; done
}
