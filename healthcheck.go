package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// healthTime bounds a healthcheck.
const healthTime = 3 * time.Second

// healthcheck carries out "netsplit healthcheck": it asks the server that has the same flags or environment whether it
// answers, for images that have no other program in them.
func healthcheck(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := newServeFlags()
	if err := f.fromEnvironment(); err != nil {
		fmt.Fprintf(stderr, "netsplit: healthcheck: %v\n", err)
		return exitUsage
	}
	rest, code, done := parse(f.set, args, stdout, stderr)
	if done {
		return code
	}
	if len(rest) > 0 {
		fmt.Fprintf(stderr, "netsplit: healthcheck: unexpected argument %q\n", rest[0])
		return exitUsage
	}
	if err := healthy(ctx, f.addr); err != nil {
		fmt.Fprintf(stderr, "netsplit: healthcheck: %v\n", err)
		return exitFailed
	}
	fmt.Fprintln(stdout, "ok")
	return exitOK
}

// healthy asks the server that listens on an address.
func healthy(ctx context.Context, addr string) error {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("addr %q: expected HOST:PORT", addr)
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost" // "on all interfaces" is here too
	}
	ctx, cancel := context.WithTimeout(ctx, healthTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // no proxy of the environment
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", res.Status)
	}
	return nil
}
