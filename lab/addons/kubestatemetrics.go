package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	"k8s.io/kube-state-metrics/v2/pkg/app"
	"k8s.io/kube-state-metrics/v2/pkg/options"
)

// kubeStateMetrics runs kube-state-metrics with the flags of its own program. It does not watch its
// configuration files: whoever changes one restarts the pod.
func kubeStateMetrics() error {
	opts := options.NewOptions()
	cmd := options.InitCommand
	cmd.Run = func(*cobra.Command, []string) {
		if err := app.RunKubeStateMetricsWrapper(context.Background(), opts); err != nil {
			klog.ErrorS(err, "kube-state-metrics ended")
			os.Exit(1)
		}
	}
	opts.AddFlags(cmd)
	return opts.Parse()
}
