package main

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func read(t *testing.T, parts ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCertificatesAndKubeconfigs(t *testing.T) {
	dir := t.TempDir()
	if err := pki([]string{"--dir", dir, "--server", "https://10.200.0.1:6443", "--outside", "https://127.0.0.1:20000",
		"--hosts", "localhost,127.0.0.1", "--nodes", "node1=10.200.0.11,node2=10.200.0.12"}); err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(read(t, dir, "pki", "ca.crt"))
	for name, host := range map[string]string{"apiserver": "127.0.0.1", "node2": "10.200.0.12"} {
		block, _ := pem.Decode(read(t, dir, "pki", name+".crt"))
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots, DNSName: host}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, want := range map[string]string{"admin": "https://127.0.0.1:20000", "node1": "https://10.200.0.1:6443"} {
		if !strings.Contains(string(read(t, dir, "kubeconfig", name)), want) {
			t.Errorf("kubeconfig of %s does not point at %s", name, want)
		}
	}
	if block, _ := pem.Decode(read(t, dir, "pki", "admin.key")); block.Type != "RSA PRIVATE KEY" {
		t.Errorf("the admin's key is a %s: some clients do not read that", block.Type)
	}
}
