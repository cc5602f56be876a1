#!/bin/bash
# Applies what every cluster gets, what is waited for first. Runs beside the
# start of the nodes. Leaves a file addons/NAME when NAME is applied.
set -uo pipefail
# shellcheck source=common.sh
. "$(dirname "$0")/common.sh"
cd "$RUN" || exit 1

kubectl() { "$RUN/bin/kubectl" --kubeconfig "$kubeconfigs/lab" "$@"; }

# apply NAME DIR...: until the API server takes it all.
apply() {
	local name=$1 dir files=()
	shift
	for dir; do files+=(-f "$dir"); done
	until kubectl apply --recursive --server-side --validate=ignore --force-conflicts --field-manager=lab "${files[@]}"; do sleep 0.5; done
	date +%T.%N
	touch "addons/$name"
}

# publish_ca NAMESPACE: the certificate of the lab's authority, for whoever must trust it.
publish_ca() {
	local crt
	until crt=$(kubectl get secret lab-ca -n cert-manager -o 'jsonpath={.data.tls\.crt}' --ignore-not-found) && [ -n "$crt" ]; do sleep 0.3; done
	until kubectl create configmap lab-ca -n "$1" --from-literal=ca.crt="$(base64 -d <<<"$crt")" --dry-run=client -o yaml |
		kubectl apply --server-side --field-manager=lab -f -; do sleep 0.5; done
}

mkdir -p addons
if [ "$NODES" -gt 0 ]; then
	apply base bin/manifests/storage bin/manifests/dns bin/crds/cert-manager bin/manifests/cert-manager
	apply issuers bin/manifests/issuers
	apply s3 bin/manifests/s3
	apply metrics bin/manifests/metrics
	apply crds bin/crds/keda bin/crds/prometheus
	publish_ca cert-manager
	publish_ca s3
else
	apply base bin/manifests/storage bin/crds
fi
touch addons/done
