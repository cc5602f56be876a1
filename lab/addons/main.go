// Command addons is one binary, and one image, with the parts of a cluster that
// are built on a newer client library than the cluster itself: cert-manager's
// controllers, the metrics server and kube-state-metrics. One module compiles
// that library once.
package main

import (
	"fmt"
	"os"

	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/cli"
	metrics "sigs.k8s.io/metrics-server/cmd/metrics-server/app"
)

func main() {
	name := ""
	if len(os.Args) > 1 {
		name = os.Args[1]
		os.Args = append(os.Args[:1], os.Args[2:]...)
	}
	switch name {
	case "cert-manager":
		if err := certManager(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, "cert-manager:", err)
			os.Exit(1)
		}
	case "metrics-server":
		os.Exit(cli.Run(metrics.NewMetricsServerCommand(genericapiserver.SetupSignalHandler())))
	case "kube-state-metrics":
		if err := kubeStateMetrics(); err != nil {
			fmt.Fprintln(os.Stderr, "kube-state-metrics:", err)
			os.Exit(1)
		}
	default:
		fmt.Fprintln(os.Stderr, "addons: name one of cert-manager, metrics-server, kube-state-metrics")
		os.Exit(2)
	}
}
