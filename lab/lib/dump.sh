# dump DIR: all that tells what happened, for a run that failed.
# shellcheck shell=bash

cmd_dump() {
	local dir=${1:-} node
	[ -n "$dir" ] || die "dump: name a directory"
	[ -d "$RUN/log" ] || need_running # the logs of one that died are as good
	mkdir -p "$dir"/{components,nodes,pods,objects}
	cp "$RUN"/log/* "$RUN/init.log" "$dir/components/" 2>/dev/null || true
	cp "$RUN/audit.log" "$dir/audit.log" 2>/dev/null || true
	cmd_status >"$dir/status.txt" || true
	for node in "$RUN"/nodes/*; do
		[ -d "$node" ] || continue
		mkdir -p "$dir/nodes/$(basename "$node")"
		cp "$node"/log/* "$dir/nodes/$(basename "$node")/"
		# NAMESPACE_POD_UID/CONTAINER/N.log, those of containers before a restart too
		cp -rL "$node/pods/." "$dir/pods/" 2>/dev/null || true
	done
	# Written before and so kept when the API server no longer answers.
	api /readyz >/dev/null || {
		say "lab: the API server does not answer: only logs are in $dir"
		return 1
	}
	kubectl get events.events.k8s.io -A --sort-by=.metadata.creationTimestamp >"$dir/events.txt" 2>/dev/null || true
	kubectl get pods -A -o wide >"$dir/pods.txt" || true
	kubectl get nodes -o wide >"$dir/nodes.txt" || true
	dump_objects "$dir/objects"
	say "lab: dumped to $dir"
}

# One file for each kind; of a Secret only the keys and the length of each value.
dump_objects() {
	local kinds kind all=$1/all.json
	kinds=$(kubectl api-resources --verbs=list -o name | grep -vxE 'events|events.events.k8s.io|componentstatuses|.*\.metrics\.k8s\.io') || return
	kubectl get "$(paste -sd, <<<"$kinds")" -A -o json >"$all" || true # what it got before an error is there
	for kind in $(jq -r '[.items[].kind] | unique[]' "$all"); do
		jq --arg kind "$kind" '[.items[] | select(.kind == $kind)
			| if .kind == "Secret" then .data |= ((. // {}) | map_values("\(length) characters of base64"))
				| del(.metadata.annotations, .metadata.managedFields) else . end]' "$all" >"$1/$kind.json"
	done
	rm "$all"
}
