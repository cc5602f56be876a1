# shellcheck shell=bash
# disk NAME CLASS NODE: a claim and a pod that writes to it.
disk() {
	kubectl apply -f - <<-Y
	apiVersion: v1
	kind: PersistentVolumeClaim
	metadata: {name: $1, namespace: smoke}
	spec: {accessModes: [ReadWriteOnce], ${2:+storageClassName: $2,} resources: {requests: {storage: 320Mi}}}
	---
	apiVersion: v1
	kind: Pod
	metadata: {name: $1, namespace: smoke}
	spec:
	  terminationGracePeriodSeconds: 0
	  nodeSelector: {kubernetes.io/hostname: $3}
	  containers:
	  - {name: main, image: lab.internal/tools:1, command: [sleep, "100000"], volumeMounts: [{name: data, mountPath: /data}]}
	  volumes: [{name: data, persistentVolumeClaim: {claimName: $1}}]
	Y
}
resize() { kubectl patch pvc -n smoke "$1" --type merge -p '{"spec":{"resources":{"requests":{"storage":"640Mi"}}}}'; }
fill() { in_pod "$1" dd if=/dev/zero of=/data/fill bs=1M count="$2"; }
capacity() { [ "$(kubectl get pvc -n smoke "$1" -o 'jsonpath={.status.capacity.storage}')" = "$2" ]; }

it "claims of each class are accepted" disk default '' node1
it "fast-ssd" disk fast fast-ssd node2
it "no-expand" disk fixed no-expand node2
it "local" disk near local node2
it "their pods run" kubectl wait -n smoke --for=condition=Ready pod/default pod/fast pod/fixed pod/near --timeout=120s
it "a volume takes what was asked for" fill default 200
full() { ! fill default 400 && grep -q 'No space left' "$scratch/out" && in_pod default rm /data/fill; }
it "and not more" full
grows() { resize default && within 120 capacity default 640Mi && within 30 fill default 400; }
it "it grows while in use" grows
it "a class that cannot grow refuses" not resize fixed
it "a node-local volume is bound to its node" grep -q node2 <(kubectl get pv -o json | jq -c '.items[] | select(.spec.claimRef.name == "near") | .spec.nodeAffinity')
moves() {
	in_pod fast sh -c 'echo kept >/data/file && sync' &&
		kubectl delete pod -n smoke fast && disk fast fast-ssd node1 &&
		kubectl wait -n smoke --for=condition=Ready pod/fast --timeout=120s && in_pod fast grep kept /data/file
}
it "a volume follows its pod to another node" moves
gone() {
	kubectl delete pod,pvc -n smoke default fast fixed near --wait=false && within 60 no_volumes
}
no_volumes() { ! kubectl get pv -o json | jq -e '.items[] | select(.spec.claimRef.namespace == "smoke")'; }
it "deleted claims delete their volumes" gone
