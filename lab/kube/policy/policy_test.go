package policy

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Three pods on two nodes: db (ports 'sql' 5432 and 'dns' 53/UDP), app in the
// same namespace, and other in a namespace labelled team=b.
func world(policies ...networkingv1.NetworkPolicySpec) World {
	w := World{Namespaces: map[string]labels.Set{"a": {"team": "a"}, "b": {"team": "b"}}}
	w.Pods = []*corev1.Pod{
		pod("1", "a", "db", "node1", "10.244.1.2", port("sql", 5432, corev1.ProtocolTCP), port("dns", 53, corev1.ProtocolUDP)),
		pod("2", "a", "app", "node2", "10.244.2.2"),
		pod("3", "b", "other", "node2", "10.244.2.3", port("sql", 6432, corev1.ProtocolTCP)),
	}
	for _, spec := range policies {
		w.Policies = append(w.Policies, &networkingv1.NetworkPolicy{
			ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "p"}, Spec: spec})
	}
	return w
}

func pod(uid, namespace, name, node, ip string, ports ...corev1.ContainerPort) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{UID: types.UID(uid), Namespace: namespace, Name: name, Labels: map[string]string{"app": name}},
		Spec:       corev1.PodSpec{NodeName: node, Containers: []corev1.Container{{Ports: ports}}},
		Status:     corev1.PodStatus{PodIP: ip},
	}
}

func port(name string, number int32, protocol corev1.Protocol) corev1.ContainerPort {
	return corev1.ContainerPort{Name: name, ContainerPort: number, Protocol: protocol}
}

func app(name string) metav1.LabelSelector {
	return metav1.LabelSelector{MatchLabels: map[string]string{"app": name}}
}

func ports(p ...networkingv1.NetworkPolicyPort) []networkingv1.NetworkPolicyPort { return p }

func on(p intstr.IntOrString) networkingv1.NetworkPolicyPort {
	return networkingv1.NetworkPolicyPort{Port: &p}
}

func to(p networkingv1.NetworkPolicyPort, end int32) networkingv1.NetworkPolicyPort {
	p.EndPort = &end
	return p
}

func over(protocol corev1.Protocol, p networkingv1.NetworkPolicyPort) networkingv1.NetworkPolicyPort {
	p.Protocol = &protocol
	return p
}

func ingress(from []networkingv1.NetworkPolicyPeer, p ...networkingv1.NetworkPolicyPort) networkingv1.NetworkPolicySpec {
	return networkingv1.NetworkPolicySpec{
		PodSelector: app("db"),
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress},
		Ingress:     []networkingv1.NetworkPolicyIngressRule{{From: from, Ports: p}},
	}
}

func egress(to []networkingv1.NetworkPolicyPeer, p ...networkingv1.NetworkPolicyPort) networkingv1.NetworkPolicySpec {
	return networkingv1.NetworkPolicySpec{
		PodSelector: app("app"),
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress},
		Egress:      []networkingv1.NetworkPolicyEgressRule{{To: to, Ports: p}},
	}
}

func peers(p ...networkingv1.NetworkPolicyPeer) []networkingv1.NetworkPolicyPeer { return p }

func block(cidr string, except ...string) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr, Except: except}}
}

func inNamespace(namespace, podSelector *metav1.LabelSelector) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{NamespaceSelector: namespace, PodSelector: podSelector}
}

func selector(s metav1.LabelSelector) *metav1.LabelSelector { return &s }

func TestRulesOfOnePod(t *testing.T) {
	teamB := &metav1.LabelSelector{MatchLabels: map[string]string{"team": "b"}}
	everything := &metav1.LabelSelector{}
	tests := map[string]struct {
		spec networkingv1.NetworkPolicySpec
		node string
		want string // the body of the pod's chain
	}{
		"nothing allowed":   {networkingv1.NetworkPolicySpec{PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}}, "node1", "drop"},
		"anybody, any port": {ingress(nil), "node1", "return; drop"},
		"anybody, one port": {ingress(nil, on(intstr.FromInt32(80))), "node1", "tcp dport 80 return; drop"},
		"port range":        {ingress(nil, to(on(intstr.FromInt32(32000)), 32768)), "node1", "tcp dport 32000-32768 return; drop"},
		"protocol without port": {ingress(nil, over(corev1.ProtocolUDP, networkingv1.NetworkPolicyPort{})), "node1",
			"meta l4proto udp return; drop"},
		"named port of the receiver":                        {ingress(nil, on(intstr.FromString("sql"))), "node1", "tcp dport 5432 return; drop"},
		"named port over UDP":                               {ingress(nil, over(corev1.ProtocolUDP, on(intstr.FromString("dns")))), "node1", "udp dport 53 return; drop"},
		"named port over the wrong protocol allows nothing": {ingress(nil, on(intstr.FromString("dns"))), "node1", "drop"},
		"named port nobody has allows nothing":              {ingress(nil, on(intstr.FromString("web"))), "node1", "drop"},
		"address block":                                     {ingress(peers(block("10.0.0.0/8"))), "node1", "ip saddr 10.0.0.0/8 return; drop"},
		"address block with exceptions and a port": {ingress(peers(block("10.0.0.0/8", "10.244.2.0/24", "10.1.0.0/16")), on(intstr.FromInt32(80))), "node1",
			"ip saddr 10.0.0.0/8 ip saddr != { 10.244.2.0/24, 10.1.0.0/16 } tcp dport 80 return; drop"},
		"IPv6 block allows no IPv4": {ingress(peers(block("::/0"))), "node1", "drop"},
		"pods of the same namespace": {ingress(peers(inNamespace(nil, selector(app("app"))))), "node1",
			"ip saddr 10.244.2.2 return; drop"},
		"a pod selector alone does not reach other namespaces": {ingress(peers(inNamespace(nil, selector(app("other"))))), "node1", "drop"},
		"all pods of a namespace":                              {ingress(peers(inNamespace(teamB, nil))), "node1", "ip saddr 10.244.2.3 return; drop"},
		"both selectors together":                              {ingress(peers(inNamespace(everything, selector(app("app"))))), "node1", "ip saddr 10.244.2.2 return; drop"},
		"two peers are alternatives": {ingress(peers(inNamespace(teamB, nil), block("10.9.0.0/16")), on(intstr.FromInt32(80))), "node1",
			"ip saddr 10.244.2.3 tcp dport 80 return; ip saddr 10.9.0.0/16 tcp dport 80 return; drop"},
		"egress to a block and a range": {egress(peers(block("10.96.0.0/16")), to(on(intstr.FromInt32(1)), 1023)), "node2",
			"ip daddr 10.96.0.0/16 tcp dport 1-1023 return; drop"},
		"egress to a named port of each peer": {egress(peers(inNamespace(everything, nil)), on(intstr.FromString("sql"))), "node2",
			"ip daddr 10.244.1.2 tcp dport 5432 return; ip daddr 10.244.2.3 tcp dport 6432 return; drop"},
		"egress to a named port of anybody": {egress(nil, on(intstr.FromString("sql"))), "node2",
			"ip daddr 10.244.1.2 tcp dport 5432 return; ip daddr 10.244.2.3 tcp dport 6432 return; drop"},
		"several ports": {egress(nil, ports(on(intstr.FromInt32(53)), over(corev1.ProtocolUDP, on(intstr.FromInt32(53))))...), "node2",
			"tcp dport 53 return; udp dport 53 return; drop"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			rules := world(test.spec).Ruleset(test.node)
			if got := firstChain(rules); got != test.want {
				t.Errorf("got  %s\nwant %s\nin\n%s", got, test.want, rules)
			}
			loads(t, rules)
		})
	}
}

// firstChain is the body of the first chain for a pod, on one line.
func firstChain(rules string) string {
	_, body, _ := strings.Cut(rules, "chain ")
	_, body, _ = strings.Cut(body, "{\n")
	body, _, _ = strings.Cut(body, "\n}")
	return strings.ReplaceAll(body, "\n", "; ")
}

// loads asks nft itself whether it takes the rules, without loading them.
func loads(t *testing.T, rules string) {
	t.Helper()
	if _, err := exec.LookPath("nft"); err != nil {
		t.Fatal("nft is needed: apt-get install nftables")
	}
	if os.Geteuid() != 0 {
		return // nft opens a netlink socket even to check
	}
	cmd := exec.Command("nft", "-c", "-f", "-")
	cmd.Stdin = strings.NewReader(rules)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("nft refuses: %v: %s\n%s", err, out, rules)
	}
}

func TestOnlyIsolatedPodsOfTheNodeAreTouched(t *testing.T) {
	rules := world(ingress(nil)).Ruleset("node2")
	if strings.Contains(rules, "jump") || strings.Contains(rules, "drop") {
		t.Errorf("no pod of node2 is selected, but there are rules:\n%s", rules)
	}
	rules = world(ingress(nil)).Ruleset("node1")
	if !strings.Contains(rules, "ip daddr 10.244.1.2 jump in0") || strings.Contains(rules, "saddr 10.244.1.2 jump") {
		t.Errorf("only the ingress of the database pod is isolated:\n%s", rules)
	}
}

func TestAnswersPass(t *testing.T) {
	if rules := world().Ruleset("node1"); !strings.Contains(rules, "ct state established,related accept") {
		t.Errorf("answers are not let through:\n%s", rules)
	}
}

func TestPoliciesAddUp(t *testing.T) {
	w := world(ingress(nil, on(intstr.FromInt32(80))), ingress(nil, on(intstr.FromInt32(443))))
	if got, want := firstChain(w.Ruleset("node1")), "tcp dport 80 return; tcp dport 443 return; drop"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRulesOfTheOtherDirectionDoNotCount(t *testing.T) {
	spec := ingress(nil, on(intstr.FromInt32(80)))
	spec.PolicyTypes = []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}
	rules := world(spec).Ruleset("node1")
	if !strings.Contains(rules, "ip saddr 10.244.1.2 jump out0") || strings.Contains(rules, "dport 80") {
		t.Errorf("the policy isolates egress alone:\n%s", rules)
	}
}

func TestSameObjectsGiveSameRules(t *testing.T) {
	one, two := world(ingress(nil)), world(ingress(nil))
	two.Pods[0], two.Pods[2] = two.Pods[2], two.Pods[0]
	if one.Ruleset("node1") != two.Ruleset("node1") {
		t.Error("the order of the informers' lists shows in the rules")
	}
}
