// Command labtool holds the small helpers of the lab that need no Kubernetes
// library: they start in milliseconds and build in seconds.
package main

import (
	"fmt"
	"os"
)

var commands = map[string]struct {
	run  func(args []string) error
	help string
}{
	"listen":   {listen, "open a loopback port, then become another program that inherits it as file descriptor 3"},
	"forward":  {forward, "hand the connections of an inherited listener to an address"},
	"pki":      {pki, "make the certificates and kubeconfigs of a cluster"},
	"image":    {image, "pack files into an OCI image archive"},
	"image-id": {imageID, "print name and digest of the images in an archive"},
}

func main() {
	if len(os.Args) > 1 {
		if c, ok := commands[os.Args[1]]; ok {
			if err := c.run(os.Args[2:]); err != nil {
				fmt.Fprintf(os.Stderr, "labtool %s: %v\n", os.Args[1], err)
				os.Exit(1)
			}
			return
		}
	}
	for name, c := range commands {
		fmt.Fprintf(os.Stderr, "labtool %-9s %s\n", name, c.help)
	}
	os.Exit(2)
}
