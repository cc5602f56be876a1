package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/spf13/cobra"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"

	"lab/kube/policy"
)

// newNetpolCommand enforces NetworkPolicies for the pods of one node. Every
// packet of a pod is routed by its node (the ptp network), so the forward hook
// of the node's network namespace sees them all; what the node itself sends,
// such as the kubelet's probes, passes by the output hook and is let through.
func newNetpolCommand() *cobra.Command {
	var node, kubeconfig string
	cmd := &cobra.Command{
		Use:          "netpol",
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			client, err := newClient(kubeconfig)
			if err != nil {
				return err
			}
			return runNetpol(genericapiserver.SetupSignalContext(), client, node)
		},
	}
	cmd.Flags().StringVar(&node, "node", "", "name of the node")
	cmd.Flags().StringVar(&kubeconfig, "kubeconfig", "", "kubeconfig")
	return cmd
}

func newClient(kubeconfig string) (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(config)
}

// poker returns a channel that holds at most one wake-up, and what sends it.
func poker() (<-chan struct{}, func()) {
	changed := make(chan struct{}, 1)
	return changed, func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
}

// watch calls poke whenever an object of the given kinds changes, and returns
// when all of them are known.
func watch(ctx context.Context, factory informers.SharedInformerFactory, poke func(), kinds ...cache.SharedIndexInformer) error {
	for _, i := range kinds {
		if _, err := i.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: func(any) { poke() }, UpdateFunc: func(any, any) { poke() }, DeleteFunc: func(any) { poke() },
		}); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	return nil
}

func runNetpol(ctx context.Context, client kubernetes.Interface, node string) error {
	changed, poke := poker()
	factory := informers.NewSharedInformerFactory(client, 0)
	pods, namespaces, policies := factory.Core().V1().Pods(), factory.Core().V1().Namespaces(), factory.Networking().V1().NetworkPolicies()
	if err := watch(ctx, factory, poke, pods.Informer(), namespaces.Informer(), policies.Informer()); err != nil {
		return err
	}
	last := ""
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-changed:
		}
		w := policy.World{Namespaces: map[string]labels.Set{}}
		all, _ := pods.Lister().List(labels.Everything())
		for _, p := range all {
			if p.Status.PodIP != "" && !p.Spec.HostNetwork && p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed {
				w.Pods = append(w.Pods, p)
			}
		}
		ns, _ := namespaces.Lister().List(labels.Everything())
		for _, n := range ns {
			w.Namespaces[n.Name] = n.Labels
		}
		w.Policies, _ = policies.Lister().List(labels.Everything())
		if rules := w.Ruleset(node); rules != last {
			nft := exec.Command("nft", "-f", "-")
			nft.Stdin = strings.NewReader(rules)
			if out, err := nft.CombinedOutput(); err != nil {
				fmt.Fprintf(os.Stderr, "nft: %v: %s\n%s\n", err, out, rules)
				time.AfterFunc(time.Second, poke)
			} else {
				last = rules
			}
		}
		time.Sleep(50 * time.Millisecond) // a burst of changes makes one new ruleset
	}
}
