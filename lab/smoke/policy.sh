# shellcheck shell=bash
# policy NAME SPEC: a NetworkPolicy in namespace smoke.
policy() {
	printf 'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: %s, namespace: smoke}\nspec: %s\n' "$1" "$2" |
		kubectl apply -f -
}
unrestrict() { kubectl delete networkpolicy -n smoke --all; }
# Who gets in, and who does not, after a policy: passes "POD URL"; blocked "POD URL"
passes() { within 15 fetch "$@"; }
blocked() { within 15 not fetch "$@" && never fetch "$@"; }

deny() { policy deny '{podSelector: {matchLabels: {app: b}}, policyTypes: [Ingress]}' && blocked a "http://$b:8080/" && fetch a "http://$c:8080/"; }
it "an isolated pod is closed, others stay open" deny
it "the kubelet's probes still reach it" kubectl wait -n smoke --for=condition=Ready pod/b --timeout=10s
by_label() {
	policy allow '{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]}' &&
		passes a "http://$b:8080/" && blocked c "http://$b:8080/" && unrestrict
}
it "policies add up; a label lets one pod in" by_label
named() {
	policy named '{podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: web}]}]}' &&
		blocked a "http://$b:9090/" && passes a "http://$b:8080/" && unrestrict
}
it "a named port is open, another is not" named
range() {
	policy range '{podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: 9000, endPort: 9100}]}]}' &&
		blocked a "http://$b:8080/" && passes a "http://$b:9090/" && unrestrict
}
it "a port range" range
block() {
	policy block "{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 10.244.0.0/16, except: [$c/32]}}]}]}" &&
		blocked c "http://$b:8080/" && passes a "http://$b:8080/" && unrestrict
}
it "an address block with an exception" block
outgoing() {
	policy egress '{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [
	 {to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}], ports: [{port: 53, protocol: UDP}]},
	 {to: [{podSelector: {matchLabels: {app: b}}}], ports: [{port: web}]}]}' &&
		blocked a "http://$c:8080/" && passes a http://b.smoke/ && unrestrict
}
it "egress to DNS and to a named port of one pod" outgoing
it "without policies all is open again" passes c "http://$b:8080/"
