# shellcheck shell=bash
machine() { # what the lab must not change or leave
	sysctl vm.overcommit_memory vm.panic_on_oom kernel.panic kernel.panic_on_oops kernel.keys.root_maxkeys kernel.keys.root_maxbytes net.ipv4.ip_forward
	ip -br link
	nft list ruleset
}
machine >"$scratch/before"

minor=${LAB_TEST_KUBERNETES:-1.35}
it "boots two nodes with Kubernetes $minor" lab up --nodes 2 --kubernetes "$minor"
lab status >/dev/null || exit 1 # nothing else can succeed
it "up again says so and does nothing" grep -q "already running" <(lab up --kubernetes "$minor" 2>&1)
it "reports the true version" grep -q '"gitVersion": "v'"$minor" <(kubectl get --raw /version)
it "two nodes are Ready" kubectl wait --for=condition=Ready node/node1 node/node2 --timeout=60s
client() {
	local c=$scratch/kubeconfig
	lab kubeconfig >"$c"
	local f
	for f in certificate-authority client-certificate client-key; do
		sed -n "s/.*$f-data: //p" "$c" | base64 -d >"$scratch/$f"
	done
	grep -q 'server: https://127.0.0.1:' "$c"
	curl -sf --cacert "$scratch/certificate-authority" --cert "$scratch/client-certificate" --key "$scratch/client-key" \
		"$(sed -n 's/.*server: //p' "$c")/readyz"
}
it "the kubeconfig works for a plain client on the machine" client
it "the machine is unchanged while the lab runs" diff "$scratch/before" <(machine)
# Of all that listens on the machine, what belongs to a program of this lab: one port.
listeners() {
	local line pid mine=()
	while read -r line; do
		while read -r pid; do
			[[ $(readlink "/proc/$pid/exe") != "$run/"* ]] || mine+=("$(awk '{ print $4 }' <<<"$line")")
		done < <(grep -o 'pid=[0-9]*' <<<"$line" | sed 's/pid=//' | sort -u)
	done < <(ss -Hltnp)
	echo "${mine[*]}"
	[ "${mine[*]}" = "$(lab kubeconfig | sed -n 's,.*server: https://,,p')" ]
}
run=$(dirname "$(lab audit-log)")
it "no listener but the API server's" listeners
it "no way out of the lab" not lab exec ip route get 192.0.2.1
denied() { grep -q "said the policy" <(kubectl create configmap forbidden --dry-run=server 2>&1); }
policies() {
	kubectl create ns restricted --dry-run=client -o json | jq '.metadata.labels["pod-security.kubernetes.io/enforce"] = "restricted"' | kubectl apply -f -
	! kubectl run x -n restricted --image=lab.internal/tools:1 --privileged || return 1
	kubectl apply -f - <<-'Y'
	apiVersion: admissionregistration.k8s.io/v1
	kind: ValidatingAdmissionPolicy
	metadata: {name: smoke}
	spec:
	  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]}
	  validations: [{expression: "object.metadata.name != 'forbidden'", message: "said the policy"}]
	---
	apiVersion: admissionregistration.k8s.io/v1
	kind: ValidatingAdmissionPolicyBinding
	metadata: {name: smoke}
	spec: {policyName: smoke, validationActions: [Deny]}
	Y
	within 30 denied && kubectl delete validatingadmissionpolicybinding,validatingadmissionpolicy smoke
}
it "in-place resize, Pod Security and admission policies are on" policies

audited() {
	kubectl get configmap never-there --ignore-not-found
	jq -se 'any(.[]; .user.username == "lab-admin" and .verb == "get" and .objectRef.name == "never-there" and .responseStatus.code == 404)
		and all(.[]; .stage != "RequestReceived")' "$(lab audit-log)"
}
it "the audit log has user, verb, object and response code" audited
