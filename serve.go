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
	"path/filepath"
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
	data := fs.String("data", cmp.Or(os.Getenv("NETSPLIT_DATA"), defaultData()), "directory to keep rooms in, or none: memory only")
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
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		var op *net.OpError
		if errors.As(err, &op) {
			err = op.Err
		}
		fmt.Fprintf(stderr, "netsplit: cannot listen on %q: %v\n", *addr, err)
		return exitUsage
	}
	logger := slog.New(slog.NewTextHandler(stderr, nil))
	keep, release, err := keeping(ctx, *data, logger)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	defer release()
	s, err := server.New(ctx, hosts, logger, keep...)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
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

// defaultData returns the directory to keep rooms in unless told otherwise: what XDG_DATA_HOME says, or ~/.local/share, and
// netsplit there; "" where there is neither.
func defaultData() string {
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "netsplit")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, ".local", "share", "netsplit")
}

// keeping opens what a server keeps its rooms in, and returns what lets go of it once ctx has ended.
func keeping(ctx context.Context, data string, logger *slog.Logger) ([]server.Option, func(), error) {
	switch data {
	case "none":
		return nil, func() {}, nil
	case "":
		return nil, nil, errors.New("data: there is no home directory to keep rooms in: say --data DIR, or --data none for memory only")
	}
	ctx, cancel := context.WithCancel(ctx)
	log, err := server.OpenFileLog(ctx, data, logger)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return []server.Option{server.KeepIn(log, filepath.Join(data, "shelf"))}, func() {
		cancel()
		log.Close() //nolint:errcheck // it is a lock, and the program ends
	}, nil
}
