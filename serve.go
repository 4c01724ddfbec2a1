package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"netsplit/server"
)

// defaultAddr is where the playground is served unless told otherwise.
const defaultAddr = "127.0.0.1:8080"

// serve carries out "netsplit serve" until ctx ends.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := newServeFlags()
	err := f.fromEnvironment()
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", err)
		return exitUsage
	}
	rest, code, done := parse(f.set, args, stdout, stderr)
	if done && code == exitOK {
		fmt.Fprintf(stdout, "\nFlags of serve, each of which the environment may give too:\n\n%s", f.table())
	}
	if done {
		return code
	}
	if len(rest) > 0 {
		fmt.Fprintf(stderr, "netsplit: serve: unexpected argument %q\n", rest[0])
		return exitUsage
	}
	config, err := f.config(stderr)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", err)
		return exitUsage
	}
	l, ok := listen(f.addr, stderr)
	if !ok {
		return exitUsage
	}
	release, err := keep(ctx, &config, f)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", errors.Join(err, l.Close()))
		return exitFailed
	}
	defer release()
	s, err := server.New(context.WithoutCancel(ctx), config)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: serve: %v\n", errors.Join(err, l.Close()))
		return exitUsage
	}
	if f.metrics != "" {
		figures, ok := listen(f.metrics, stderr)
		if !ok {
			return exitUsage
		}
		hs := server.NewHTTP(s.Metrics(), config.Logger)
		defer hs.Close()
		go func() {
			if err := hs.Serve(figures); !errors.Is(err, http.ErrServerClosed) {
				config.Logger.Error("metrics are not served any more", "error", err)
			}
		}()
	}
	config.Logger.Info("configuration", f.effective()...)
	fmt.Fprintf(stdout, "Netsplit is at http://%s\n", l.Addr())
	if err := s.Serve(ctx, l); err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// listen listens on an address, or says why not.
func listen(addr string, stderr io.Writer) (net.Listener, bool) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, true
	}
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	fmt.Fprintf(stderr, "netsplit: cannot listen on %q: %v\n", addr, err)
	return nil, false
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

// keep opens what a server keeps its rooms in, which ctx may break off, and returns what lets go of it.
func keep(ctx context.Context, c *server.Config, f *serveFlags) (release func(), err error) {
	life, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if f.log != "" {
		opened := context.AfterFunc(ctx, cancel)
		log, err := server.OpenNATSLog(life, f.nats(), c.Logger)
		if opened(); err != nil {
			cancel()
			return nil, err
		}
		c.Log = log
		return func() {
			log.Close() //nolint:errcheck // what could not be said is lost, and the program ends
			cancel()
		}, nil
	}
	if f.data == "none" {
		return cancel, nil
	}
	log, err := server.OpenFileLog(life, f.data, c.Logger)
	if err != nil {
		cancel()
		return nil, err
	}
	c.Log, c.Shelf = log, filepath.Join(f.data, "shelf")
	return func() {
		cancel()
		log.Close() //nolint:errcheck // it is a lock, and the program ends
	}, nil
}
