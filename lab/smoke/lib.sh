# What the parts of the smoke test share.
# shellcheck shell=bash

lab() { "$here/../lab" "$@"; }
kubectl() { lab kubectl "$@"; }

failures=()
# it DESCRIPTION COMMAND...: one check.
it() {
	local what=$1 started=$SECONDS
	shift
	if "$@" >"$scratch/out" 2>&1; then
		printf 'ok    %s (%d s)\n' "$what" $((SECONDS - started))
	else
		printf 'FAIL  %s (%d s)\n' "$what" $((SECONDS - started))
		sed 's/^/      /' "$scratch/out" | tail -n 15
		failures+=("$what")
	fi
}

# within SECONDS COMMAND...: until it succeeds.
within() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.3
	done
}
not() { ! "$@"; }

# in_pod POD COMMAND...: POD is a name in namespace smoke.
in_pod() { kubectl exec -n smoke "$1" -- "${@:2}"; }
pod_ip() { kubectl get pod -n smoke "$1" -o 'jsonpath={.status.podIP}'; }
fetch() { in_pod "$1" curl -sf --max-time 2 -o /dev/null "$2"; } # fetch POD URL
# Traffic that never passes must be refused several times in a row, not once by chance.
never() {
	local i
	for i in 1 2 3; do ! "$@" || return 1; done
}

# pod NAME NODE [LABEL]: a pod of the tools image that serves HTTP on 8080 (port name web) and 9090.
pod() {
	cat <<-Y
	apiVersion: v1
	kind: Pod
	metadata: {name: $1, namespace: smoke, labels: {app: $1}}
	spec:
	  terminationGracePeriodSeconds: 0
	  nodeSelector: {kubernetes.io/hostname: $2}
	  containers:
	  - name: main
	    image: lab.internal/tools:1
	    command: [sh, -c, "echo hello >/tmp/index.html; httpd -p 9090 -h /tmp; exec httpd -f -p 8080 -h /tmp"]
	    ports: [{name: web, containerPort: 8080}]
	    readinessProbe: {httpGet: {path: /, port: web}, periodSeconds: 1}
	Y
}
