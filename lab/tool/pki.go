package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"flag"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

type issuer struct{ pki, configs, server string }

// pki makes all certificates of a cluster and a kubeconfig for each client.
func pki(args []string) error {
	flags := flag.NewFlagSet("pki", flag.ExitOnError)
	dir := flags.String("dir", "", "run directory: pki/ and kubeconfig/ are made in it")
	server := flags.String("server", "", "URL of the API server inside the lab")
	outside := flags.String("outside", "", "URL of the API server on the machine's loopback, for the admin")
	hosts := flags.String("hosts", "", "comma-separated names and addresses of the API server")
	nodes := flags.String("nodes", "", "comma-separated name=address of the nodes")
	_ = flags.Parse(args)
	i := issuer{filepath.Join(*dir, "pki"), filepath.Join(*dir, "kubeconfig"), *server}
	for _, d := range []string{i.pki, i.configs} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	ca, err := i.authority("ca")
	if err != nil {
		return err
	}
	front, err := i.authority("front-proxy-ca")
	if err != nil {
		return err
	}
	type wanted struct {
		ca               *authority
		name, cn, org    string
		hosts            []string
		config, external bool
	}
	all := []wanted{
		{ca: ca, name: "apiserver", cn: "kube-apiserver", hosts: strings.Split(*hosts, ",")},
		{ca: ca, name: "kubelet-client", cn: "kube-apiserver-kubelet-client", org: "system:masters"},
		{ca: front, name: "front-proxy-client", cn: "front-proxy-client"},
		{ca: ca, name: "admin", cn: "lab-admin", org: "system:masters", config: true, external: true},
		{ca: ca, name: "lab", cn: "system:lab", org: "system:masters", config: true},
		{ca: ca, name: "controller-manager", cn: "system:kube-controller-manager", config: true},
		{ca: ca, name: "scheduler", cn: "system:kube-scheduler", config: true},
		{ca: ca, name: "proxy", cn: "system:kube-proxy", config: true},
	}
	for _, n := range strings.FieldsFunc(*nodes, func(r rune) bool { return r == ',' }) {
		name, address, ok := strings.Cut(n, "=")
		if !ok {
			return fmt.Errorf("node %q is not name=address", n)
		}
		all = append(all, wanted{ca: ca, name: name, cn: "system:node:" + name, org: "system:nodes",
			hosts: []string{name, address}, config: true})
	}
	for _, w := range all {
		url := *server
		if w.external {
			url = *outside
		}
		if err := i.leaf(w.ca, w.name, w.cn, w.org, w.hosts, w.external); err != nil {
			return err
		}
		if w.config {
			if err := i.kubeconfig(w.name, url); err != nil {
				return err
			}
		}
	}
	return i.serviceAccountKey()
}

func template(cn, org string) *x509.Certificate {
	serial, _ := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	t := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{CommonName: cn},
		NotBefore:             time.Now().Add(-time.Hour), // the clock of a sandbox may be set back
		NotAfter:              time.Now().AddDate(1, 0, 0),
		BasicConstraintsValid: true,
	}
	if org != "" {
		t.Subject.Organization = []string{org}
	}
	return t
}

func (i issuer) authority(name string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t := template("lab-"+name, "")
	t.IsCA = true
	t.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &authority{cert, key}, i.save(name, der, key)
}

// leaf makes a key and a certificate for server and client use. The admin's
// key is RSA: every Kubernetes client reads that form without a further library.
func (i issuer) leaf(ca *authority, name, cn, org string, hosts []string, wantRSA bool) error {
	var key crypto.Signer
	var err error
	if wantRSA {
		key, err = rsa.GenerateKey(rand.Reader, 2048)
	} else {
		key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	}
	if err != nil {
		return err
	}
	t := template(cn, org)
	t.KeyUsage = x509.KeyUsageDigitalSignature
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			t.IPAddresses = append(t.IPAddresses, ip)
		} else {
			t.DNSNames = append(t.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca.cert, key.Public(), ca.key)
	if err != nil {
		return err
	}
	return i.save(name, der, key)
}

func (i issuer) save(name string, der []byte, key crypto.Signer) error {
	crt := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(filepath.Join(i.pki, name+".crt"), crt, 0o644); err != nil {
		return err
	}
	block := &pem.Block{}
	switch k := key.(type) {
	case *rsa.PrivateKey:
		block.Type, block.Bytes = "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)
	case *ecdsa.PrivateKey:
		der, err := x509.MarshalECPrivateKey(k)
		if err != nil {
			return err
		}
		block.Type, block.Bytes = "EC PRIVATE KEY", der
	}
	return os.WriteFile(filepath.Join(i.pki, name+".key"), pem.EncodeToMemory(block), 0o600)
}

func (i issuer) serviceAccountKey() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(i.pki, "sa.pub"), pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}), 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(i.pki, "sa.key"), pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: private}), 0o600)
}

func (i issuer) kubeconfig(name, server string) error {
	data := map[string]string{}
	for _, f := range []string{"ca.crt", name + ".crt", name + ".key"} {
		b, err := os.ReadFile(filepath.Join(i.pki, f))
		if err != nil {
			return err
		}
		data[f] = base64.StdEncoding.EncodeToString(b)
	}
	text := fmt.Sprintf(`apiVersion: v1
kind: Config
clusters:
- name: lab
  cluster:
    server: %s
    certificate-authority-data: %s
users:
- name: %s
  user:
    client-certificate-data: %s
    client-key-data: %s
contexts:
- name: lab
  context:
    cluster: lab
    user: %s
current-context: lab
`, server, data["ca.crt"], name, data[name+".crt"], data[name+".key"], name)
	return os.WriteFile(filepath.Join(i.configs, name), []byte(text), 0o600)
}
