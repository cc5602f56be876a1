# shellcheck shell=bash
it "S3 and metrics follow" lab wait s3 metrics crds
issues() {
	kubectl apply -f - <<-'Y' || return
	apiVersion: cert-manager.io/v1
	kind: Issuer
	metadata: {name: own, namespace: smoke}
	spec: {selfSigned: {}}
	---
	apiVersion: cert-manager.io/v1
	kind: Certificate
	metadata: {name: own, namespace: smoke}
	spec: {secretName: own, dnsNames: [own.smoke], issuerRef: {name: own, kind: Issuer}}
	---
	apiVersion: cert-manager.io/v1
	kind: Certificate
	metadata: {name: by-ca, namespace: smoke}
	spec: {secretName: by-ca, dnsNames: [by-ca.smoke], issuerRef: {name: lab-ca, kind: ClusterIssuer}}
	Y
	kubectl wait -n smoke --for=condition=Ready certificate/own certificate/by-ca --timeout=60s || return
	kubectl get secret -n smoke by-ca -o 'jsonpath={.data.tls\.crt}' | base64 -d >"$scratch/leaf"
	kubectl get configmap -n cert-manager lab-ca -o 'jsonpath={.data.ca\.crt}' >"$scratch/ca"
	openssl verify -CAfile "$scratch/ca" "$scratch/leaf"
}
it "self-signed and CA issuers issue certificates" issues

# The client trusts the lab's authority and nothing else.
client_pod() {
	kubectl apply -f - <<-'Y'
	apiVersion: v1
	kind: Pod
	metadata: {name: client, namespace: s3}
	spec:
	  terminationGracePeriodSeconds: 0
	  securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
	  containers:
	  - name: main
	    image: lab.internal/tools:1
	    command: [sleep, "100000"]
	    envFrom: [{secretRef: {name: s3-credentials}}]
	    securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
	    volumeMounts: [{name: ca, mountPath: /ca}]
	  volumes: [{name: ca, configMap: {name: lab-ca}}]
	Y
	kubectl wait -n s3 --for=condition=Ready pod/client --timeout=60s
}
# s3 ARG...: curl with a signature.
s3() {
	# shellcheck disable=SC2016 # expanded in the pod
	kubectl exec -n s3 client -- sh -c 'exec curl -sS --fail-with-body --max-time 20 --cacert /ca/ca.crt --aws-sigv4 aws:amz:us-east-1:s3 \
		-u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -H "x-amz-content-sha256: UNSIGNED-PAYLOAD" "$@"' s3 "$@"
}
url=https://s3.s3.svc.cluster.local/backups
put_get() {
	kubectl exec -n s3 client -- sh -c 'head -c 5000000 /dev/urandom >/tmp/object' &&
		s3 -T /tmp/object $url/dir/object && s3 -o /tmp/back $url/dir/object &&
		kubectl exec -n s3 client -- cmp /tmp/object /tmp/back &&
		s3 "$url?list-type=2" | grep -q dir/object && s3 -X DELETE $url/dir/object && ! s3 $url/dir/object
}
client_pod >/dev/null
it "S3 over TLS takes an object and returns it" put_get
it "and wants a signature" not kubectl exec -n s3 client -- curl -sf --cacert /ca/ca.crt $url/
kubectl delete pod -n s3 client --wait=false >/dev/null
top() { [ "$(kubectl top nodes --no-headers | grep -c '^node')" = 2 ]; }
it "kubectl top shows every node" within 60 top
it "the custom resources of cert-manager, KEDA and Prometheus are there" kubectl get crd certificates.cert-manager.io \
	scaledobjects.keda.sh triggerauthentications.keda.sh podmonitors.monitoring.coreos.com servicemonitors.monitoring.coreos.com prometheusrules.monitoring.coreos.com
resized() {
	kubectl apply -f - <<-'Y' || return
	apiVersion: v1
	kind: Pod
	metadata: {name: resized, namespace: smoke}
	spec:
	  terminationGracePeriodSeconds: 0
	  containers:
	  - {name: main, image: lab.internal/tools:1, command: [sleep, "100000"], resources: {requests: {memory: 32Mi, cpu: 20m}, limits: {memory: 64Mi, cpu: 100m}}}
	Y
	kubectl wait -n smoke --for=condition=Ready pod/resized --timeout=60s &&
		kubectl patch pod -n smoke resized --subresource resize --type strategic \
			-p '{"spec":{"containers":[{"name":"main","resources":{"limits":{"memory":"96Mi"}}}]}}' &&
		within 30 has_memory 96Mi &&
		[ "$(kubectl get pod -n smoke resized -o 'jsonpath={.status.containerStatuses[0].restartCount}')" = 0 ]
}
has_memory() { [ "$(kubectl get pod -n smoke resized -o 'jsonpath={.status.containerStatuses[0].resources.limits.memory}')" = "$1" ]; }
it "a running pod gets more memory without a restart" resized
