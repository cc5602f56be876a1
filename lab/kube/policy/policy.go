// Package policy turns NetworkPolicies into an nftables ruleset. It is a pure
// function of the objects, with no more dependencies than their types.
package policy

import (
	"fmt"
	"sort"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// World is what the rules follow from: the running pods with an address of
// their own, the labels of every namespace, and the policies.
type World struct {
	Pods       []*corev1.Pod
	Namespaces map[string]labels.Set
	Policies   []*networkingv1.NetworkPolicy
}

const table = "labpol"

// Ruleset is the whole table for the pods of one node; nft replaces the one
// before in a single transaction. Each isolated direction of a pod has a chain
// of what is allowed; its end is a drop. A packet from pod to pod of one node
// passes the sender's egress chain and then the receiver's ingress chain.
func (w World) Ruleset(node string) string {
	sort.Slice(w.Pods, func(i, j int) bool { return w.Pods[i].UID < w.Pods[j].UID })
	sort.Slice(w.Policies, func(i, j int) bool { return w.Policies[i].UID < w.Policies[j].UID })
	var forward, chains strings.Builder
	for n, p := range w.Pods {
		if p.Spec.NodeName != node {
			continue
		}
		for _, dir := range []networkingv1.PolicyType{networkingv1.PolicyTypeEgress, networkingv1.PolicyTypeIngress} {
			isolated, body := w.chain(p, dir)
			if !isolated {
				continue
			}
			name, field := fmt.Sprintf("in%d", n), "daddr"
			if dir == networkingv1.PolicyTypeEgress {
				name, field = fmt.Sprintf("out%d", n), "saddr"
			}
			fmt.Fprintf(&chains, "chain %s {\n%sdrop\n}\n", name, body)
			fmt.Fprintf(&forward, "ip %s %s jump %s\n", field, p.Status.PodIP, name)
		}
	}
	return "table ip " + table + "\ndelete table ip " + table + "\ntable ip " + table + " {\n" + chains.String() +
		"chain forward {\ntype filter hook forward priority 10;\nct state established,related accept\n" + forward.String() + "}\n}\n"
}

// chain is what lets packets through in one direction of one pod: one
// 'return' for each thing allowed.
func (w World) chain(p *corev1.Pod, dir networkingv1.PolicyType) (isolated bool, body string) {
	var b strings.Builder
	for _, policy := range w.Policies {
		if policy.Namespace != p.Namespace || !matches(&policy.Spec.PodSelector, p.Labels) || !has(policy, dir) {
			continue
		}
		isolated = true
		if dir == networkingv1.PolicyTypeIngress {
			for _, r := range policy.Spec.Ingress {
				w.allow(&b, policy.Namespace, "saddr", r.From, r.Ports, p)
			}
		} else {
			for _, r := range policy.Spec.Egress {
				w.allow(&b, policy.Namespace, "daddr", r.To, r.Ports, nil)
			}
		}
	}
	return isolated, b.String()
}

func has(policy *networkingv1.NetworkPolicy, dir networkingv1.PolicyType) bool {
	for _, t := range policy.Spec.PolicyTypes {
		if t == dir {
			return true
		}
	}
	return false
}

func matches(s *metav1.LabelSelector, set map[string]string) bool {
	sel, err := metav1.LabelSelectorAsSelector(s)
	return err == nil && sel.Matches(labels.Set(set))
}

// allow writes the rules of one 'from' or 'to'. A named port is looked up in
// the pod that receives: self for ingress, each peer for egress.
func (w World) allow(b *strings.Builder, namespace, field string, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, self *corev1.Pod) {
	if len(peers) == 0 {
		w.allowAnyone(b, ports, self)
		return
	}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			if strings.Contains(peer.IPBlock.CIDR, ":") {
				continue // the lab has IPv4 only
			}
			m := fmt.Sprintf("ip %s %s", field, peer.IPBlock.CIDR)
			if len(peer.IPBlock.Except) > 0 {
				m += fmt.Sprintf(" ip %s != { %s }", field, strings.Join(peer.IPBlock.Except, ", "))
			}
			for _, pm := range portMatches(ports, self) {
				rule(b, m, pm)
			}
			continue
		}
		for _, q := range w.Pods {
			if !w.selects(peer, namespace, q) {
				continue
			}
			receiver := self
			if receiver == nil {
				receiver = q
			}
			for _, pm := range portMatches(ports, receiver) {
				rule(b, fmt.Sprintf("ip %s %s", field, q.Status.PodIP), pm)
			}
		}
	}
}

// allowAnyone is a rule without peers. For egress to a named port every pod
// that has a port of that name is a possible receiver.
func (w World) allowAnyone(b *strings.Builder, ports []networkingv1.NetworkPolicyPort, self *corev1.Pod) {
	for _, m := range portMatches(ports, self) {
		rule(b, m)
	}
	if self != nil {
		return
	}
	var named []networkingv1.NetworkPolicyPort
	for _, p := range ports {
		if p.Port != nil && p.Port.Type == intstr.String {
			named = append(named, p)
		}
	}
	if len(named) == 0 {
		return
	}
	for _, q := range w.Pods {
		for _, m := range portMatches(named, q) {
			rule(b, "ip daddr "+q.Status.PodIP, m)
		}
	}
}

func rule(b *strings.Builder, parts ...string) {
	for _, p := range append(parts, "return") {
		if p == "" {
			continue
		}
		b.WriteString(p)
		if p == "return" {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
}

func (w World) selects(peer networkingv1.NetworkPolicyPeer, namespace string, q *corev1.Pod) bool {
	if peer.NamespaceSelector == nil && q.Namespace != namespace {
		return false
	}
	if peer.NamespaceSelector != nil && !matches(peer.NamespaceSelector, w.Namespaces[q.Namespace]) {
		return false
	}
	return peer.PodSelector == nil || matches(peer.PodSelector, q.Labels)
}

// portMatches is one nft expression for each port; a single empty one means
// any port. A named port that the receiver does not have matches nothing.
func portMatches(ports []networkingv1.NetworkPolicyPort, receiver *corev1.Pod) []string {
	if len(ports) == 0 {
		return []string{""}
	}
	var out []string
	for _, p := range ports {
		proto := "tcp"
		if p.Protocol != nil {
			proto = strings.ToLower(string(*p.Protocol))
		}
		switch {
		case p.Port == nil:
			out = append(out, "meta l4proto "+proto)
		case p.Port.Type == intstr.Int && p.EndPort != nil:
			out = append(out, fmt.Sprintf("%s dport %d-%d", proto, p.Port.IntVal, *p.EndPort))
		case p.Port.Type == intstr.Int:
			out = append(out, fmt.Sprintf("%s dport %d", proto, p.Port.IntVal))
		case receiver != nil:
			for _, n := range namedPorts(receiver, p.Port.StrVal, proto) {
				out = append(out, fmt.Sprintf("%s dport %d", proto, n))
			}
		}
	}
	return out
}

func namedPorts(p *corev1.Pod, name, proto string) []int32 {
	var out []int32
	for _, containers := range [][]corev1.Container{p.Spec.InitContainers, p.Spec.Containers} {
		for _, c := range containers {
			for _, port := range c.Ports {
				if port.Name == name && strings.EqualFold(string(port.Protocol), proto) {
					out = append(out, port.ContainerPort)
				}
			}
		}
	}
	return out
}
