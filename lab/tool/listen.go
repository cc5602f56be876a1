package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"
)

const inheritedFD = 3

// listen opens a port of the machine's loopback device and becomes the given
// program, which moves on into namespaces of its own and passes the open
// listener to forward. So the port lives exactly as long as the lab.
func listen(args []string) error {
	flags := flag.NewFlagSet("listen", flag.ExitOnError)
	first := flags.Int("port", 0, "the port to try first")
	tries := flags.Int("tries", 100, "how many ports to try upwards")
	file := flags.String("port-file", "", "where to write the port found")
	_ = flags.Parse(args)
	command := flags.Args()
	if len(command) == 0 {
		return errors.New("no program given")
	}
	program, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	var l net.Listener
	for port := *first; port < *first+*tries; port++ {
		if l, err = net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("no free port from %d to %d: %w", *first, *first+*tries-1, err)
	}
	if *file != "" {
		port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
		if err := os.WriteFile(*file, []byte(port+"\n"), 0o644); err != nil {
			return err
		}
	}
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	if int(f.Fd()) == inheritedFD {
		if _, _, e := syscall.Syscall(syscall.SYS_FCNTL, inheritedFD, syscall.F_SETFD, 0); e != 0 {
			return e
		}
	} else if err := syscall.Dup3(int(f.Fd()), inheritedFD, 0); err != nil {
		return err
	}
	return syscall.Exec(program, command, os.Environ())
}

// forward hands every connection of the inherited listener to one address.
func forward(args []string) error {
	flags := flag.NewFlagSet("forward", flag.ExitOnError)
	to := flags.String("to", "127.0.0.1:6443", "where the connections go")
	_ = flags.Parse(args)
	l, err := net.FileListener(os.NewFile(inheritedFD, "listener"))
	if err != nil {
		return err
	}
	for {
		in, err := l.Accept()
		if err != nil {
			return err
		}
		go func() {
			out, err := net.DialTimeout("tcp", *to, 10*time.Second)
			if err != nil {
				log.Print(err)
				_ = in.Close()
				return
			}
			go pipe(out, in)
			pipe(in, out)
		}()
	}
}

// pipe copies one direction and passes on its end, so that a half-closed
// connection (kubectl exec with a finished stdin) keeps its other half.
func pipe(to, from net.Conn) {
	_, err := io.Copy(to, from)
	if err != nil {
		_ = from.Close()
		_ = to.Close()
		return
	}
	_ = to.(*net.TCPConn).CloseWrite()
}
