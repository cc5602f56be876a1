# shellcheck shell=bash
cut_off() {
	lab cut pod smoke/a --from "$1" || return
	case $1 in
	api) never api_from_a && fetch a "http://$b:8080/" ;;
	peers) api_from_a && never fetch a "http://$b:8080/" && never fetch b "http://$a:8080/" ;;
	all) never api_from_a && never fetch a "http://$b:8080/" ;;
	esac && lab heal pod smoke/a && within 10 api_from_a && within 10 fetch a "http://$b:8080/"
}
api_from_a() { in_pod a curl -skf --max-time 2 -o /dev/null https://10.96.0.1/readyz; } # by address: DNS is a peer
it "a pod cut from the API server" cut_off api
it "a pod cut from its peers" cut_off peers
it "a pod cut from everything, but not from its kubelet" cut_off all
node_condition() { [ "$(kubectl get node "node$1" -o json | jq -r '.status.conditions[] | select(.type == "Ready").status')" = "$2" ]; }
cut_node() {
	lab cut node 2 --from peers && never fetch a "http://$b:8080/" && lab heal node 2 && within 10 fetch a "http://$b:8080/" &&
		lab cut node 2 --from api && within 120 node_condition 2 Unknown && fetch a "http://$b:8080/" &&
		grep -q 'cut .*node 2 api' <(lab status) && lab heal && within 60 node_condition 2 True
}
it "a node cut from its peers, then from the API server" cut_node
freeze() {
	lab node freeze 2 && grep -q 'node2 .*frozen' <(lab status) && never fetch a "http://$b:8080/" && lab node thaw 2 &&
		within 20 fetch a "http://$b:8080/" && within 60 node_condition 2 True
}
it "a frozen node is silent, a thawed one goes on" freeze
power() {
	lab node kill 2 && grep -q 'node2 .*dead' <(lab status) && never fetch a "http://$b:8080/" &&
		lab node start 2 && within 120 node_condition 2 True && { pod d node2 | kubectl apply -f -; } &&
		kubectl wait -n smoke --for=condition=Ready pod/d --timeout=120s && fetch a "http://$(pod_ip d):8080/"
}
it "a node loses power and boots again" power
frozen_kill() { lab node freeze 2 && lab node kill 2 && lab node start 2 && within 120 node_condition 2 True; }
it "also a frozen one" frozen_kill
