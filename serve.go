package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"

	"netsplit/server"
)

// defaultAddr is where the playground is served unless told otherwise.
const defaultAddr = "127.0.0.1:8080"

// serve carries out "netsplit serve" until ctx ends.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("serve", flag.ContinueOnError)
	addr := fs.String("addr", cmp.Or(os.Getenv("NETSPLIT_ADDR"), defaultAddr), "address to listen on")
	host := fs.String("host", os.Getenv("NETSPLIT_HOSTS"), "further names and addresses to answer to, parted by commas")
	framers := fs.String("embed-origins", os.Getenv("NETSPLIT_EMBED_ORIGINS"), "origins whose pages may show embeds, parted by commas; null for sandboxed frames, * for all, none; by default this server's own and those of this machine")
	rest, code, done := parse(fs, args, stdout, stderr)
	if done {
		return code
	}
	if len(rest) > 0 {
		fmt.Fprintf(stderr, "netsplit: serve: unexpected argument %q\n", rest[0])
		return exitUsage
	}
	hosts, err := hostsOf(*addr, *host)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", err)
		return exitUsage
	}
	embeds, err := server.ParseFramers(*framers)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", err)
		return exitUsage
	}
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		fmt.Fprintf(stderr, "netsplit: cannot listen on %q: %v\n", *addr, err)
		return exitUsage
	}
	s, err := server.New(ctx, hosts, slog.New(slog.NewTextHandler(stderr, nil)))
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	s.AllowEmbeds(embeds)
	fmt.Fprintf(stdout, "Netsplit is at http://%s\n", l.Addr())
	if err := s.Serve(l); err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// hostsOf checks the flags of serve and returns the hosts to answer to. Without a port the system would choose one,
// which must be asked for as 0.
func hostsOf(addr, others string) (server.Hosts, error) {
	if _, port, err := net.SplitHostPort(addr); addr == "" || err == nil && port == "" {
		return server.Hosts{}, fmt.Errorf("addr %q: expected HOST:PORT", addr)
	}
	var names []string
	if others != "" {
		names = strings.Split(others, ",")
	}
	return server.NewHosts(addr, names)
}
