# shellcheck shell=bash
kubectl create namespace smoke >/dev/null
{ pod a node1 && echo --- && pod b node2 && echo --- && pod c node2; } | kubectl apply -f - >/dev/null
it "pods of the tools image become Ready" kubectl wait -n smoke --for=condition=Ready pod/a pod/b pod/c --timeout=120s
kubectl expose pod b -n smoke --port 80 --target-port web >/dev/null
a=$(pod_ip a) b=$(pod_ip b) c=$(pod_ip c)

it "a pod reaches a pod of the other node" fetch a "http://$b:8080/"
it "and the other way round" fetch b "http://$a:8080/"
it "and one of its own node" fetch b "http://$c:8080/"
it "a pod reaches a Service by its cluster DNS name" within 20 fetch a http://b.smoke.svc.cluster.local/
it "also from the node the endpoint is on, and the endpoint itself" within 20 fetch b http://b.smoke/
it "a name nobody has is answered at once" not in_pod a nslookup -type=a nobody.smoke.svc.cluster.local
it "the API server is reached from a pod" in_pod a curl -skf --max-time 5 -o /dev/null https://kubernetes.default.svc/readyz
it "lab exec reaches pods" lab exec curl -sf --max-time 5 "http://$b:8080/"
forwarded() {
	local port pid rc=0
	kubectl logs -n smoke a || return
	kubectl port-forward -n smoke pod/b :8080 >"$scratch/forward" &
	pid=$!
	within 20 grep -q 'Forwarding from 127' "$scratch/forward" || rc=1
	port=$(sed -n 's/.*127.0.0.1:\([0-9]*\).*/\1/p' "$scratch/forward")
	curl -sf --noproxy '*' --max-time 5 "http://127.0.0.1:$port/" || rc=1
	kill "$pid"
	return $rc
}
it "logs and port-forward work from the machine" forwarded
