package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// TestFlagsInReadme: README lists every flag of serve as it is.
func TestFlagsInReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if table := newServeFlags().table(); !strings.Contains(string(text), "\n"+table+"\n") {
		t.Errorf("README.md should have\n%s", table)
	}
	if _, out, _ := execute(t.Context(), "serve", "--help"); !strings.Contains(out, newServeFlags().table()) {
		t.Errorf("serve --help says\n%s", out)
	}
}

// TestEnvironment: the environment gives every flag, and the command line has the last word.
func TestEnvironment(t *testing.T) {
	newServeFlags().set.VisitAll(func(one *flag.Flag) {
		t.Setenv(variable(one.Name), map[string]string{"log-format": "json", "drain-wait": "2s", "drain-spread": "4s", "log-level": "warn",
			"rooms": "7", "rooms-per-address": "6", "viewers": "5", "sockets": "4", "sockets-per-address": "3", "addr": "127.0.0.1:81",
			"host": "demo.example", "embed-origins": "https://docs.example", "data": "none", "log": "nats://10.0.0.1:4222", "log-creds": "flags.go", "log-replicas": "3", "origin": "https://demo.example", "trusted-proxy": "10.0.0.0/8", "metrics-addr": "127.0.0.1:82"}[one.Name])
	})
	f := newServeFlags()
	if err := f.fromEnvironment(); err != nil {
		t.Fatal(err)
	}
	f.set.VisitAll(func(one *flag.Flag) {
		if one.Value.String() == one.DefValue {
			t.Errorf("%s does not give --%s", variable(one.Name), one.Name)
		}
	})
	if err := f.set.Parse([]string{"--rooms", "9"}); err != nil || f.rooms != 9 {
		t.Errorf("--rooms 9 over the environment: %d, %v", f.rooms, err)
	}
	c, err := f.config(io.Discard)
	if err != nil || c.Rooms != 9 || c.RoomsPerAddress != 6 || c.Viewers != 5 || c.Sockets != 4 || c.SocketsPerAddress != 3 || len(c.Origins) != 1 || len(c.Proxies) != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	t.Setenv("NETSPLIT_ROOMS", "many")
	if code, _, stderr := execute(t.Context(), "serve"); code != exitUsage || !strings.Contains(stderr, `NETSPLIT_ROOMS "many"`) {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}

// TestBadFlags: each is refused in one line that names it.
func TestBadFlags(t *testing.T) {
	for _, c := range []struct{ flag, value, want string }{
		{"log-format", "xml", `log-format "xml"`}, {"log-level", "loud", `log-level "loud"`}, {"rooms", "0", "rooms 0: expected"}, {"viewers", "-1", "viewers -1: expected"},
		{"origin", "demo.example", `origin "demo.example"`}, {"trusted-proxy", "me", `trusted-proxy "me"`}, {"drain-wait", "1h", "drain: expected"},
		{"metrics-addr", "nonsense", `"nonsense"`}, {"log", "10.0.0.1:4222", `log "10.0.0.1:4222": expected nats://`}, {"log", "nats://a:x", `log "nats://a:x"`},
		{"log", "nats://user:hunter2@a:70000", `log "nats://a:70000": expected a port`}, {"log-creds", "/none", "log-creds: it is for NATS"}, {"log-replicas", "9", "log-replicas 9: expected 1 to 5"},
	} {
		code, _, stderr := execute(t.Context(), "serve", "--addr", "127.0.0.1:0", "--data", "none", "--"+c.flag, c.value)
		if code != exitUsage || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("--%s %s: exit code %d, %s", c.flag, c.value, code, stderr)
		}
	}
}

// TestEffective: the configuration that is logged has every flag, and no password.
func TestEffective(t *testing.T) {
	var log bytes.Buffer
	f := newServeFlags()
	if err := f.set.Parse([]string{"--log-format", "json", "--metrics-addr", "nats://user:hunter2@localhost:1", "--log", "nats://user:hunter2@a:1,tls://user:hunter2@b:2"}); err != nil {
		t.Fatal(err)
	}
	logger, err := f.logger(&log)
	if err != nil {
		t.Fatal(err)
	}
	logger.Info("configuration", f.effective()...)
	f.set.VisitAll(func(one *flag.Flag) {
		if !strings.Contains(log.String(), `"`+one.Name+`":`) {
			t.Errorf("no %s in %s", one.Name, &log)
		}
	})
	if strings.Contains(log.String(), "hunter2") || strings.Contains(log.String(), "user") || !strings.Contains(log.String(), "nats://a:1,tls://b:2") {
		t.Errorf("a password in %s", &log)
	}
}

// TestLogOrData: rooms are kept in one place, and who says two is asked which. What is not there is said to be so, without secrets.
func TestLogOrData(t *testing.T) {
	code, _, stderr := execute(t.Context(), "serve", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--log", "nats://10.0.0.1:4222")
	if code != exitUsage || !strings.Contains(stderr, "say one of the two") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	code, _, stderr = execute(ctx, "serve", "--addr", "127.0.0.1:0", "--data", "none", "--log", "nats://user:hunter2@127.0.0.1:1")
	if code != exitFailed || !strings.Contains(stderr, "netsplit: serve: log nats://127.0.0.1:1: it was not there") || strings.Contains(stderr, "hunter2") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
}

// TestHealthcheck: it tells a server that answers from one that does not, and one that is there from none.
func TestHealthcheck(t *testing.T) {
	status := http.StatusOK
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	asked := ""
	hs := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		asked = req.URL.Path
		w.WriteHeader(status)
	})}
	go hs.Serve(l) //nolint:errcheck // it is closed
	_, port, _ := net.SplitHostPort(l.Addr().String())
	try := func(want int) {
		t.Helper()
		t.Setenv("NETSPLIT_ADDR", "0.0.0.0:"+port)
		if code, _, stderr := execute(context.Background(), "healthcheck"); code != want {
			t.Errorf("exit code %d, want %d: %s", code, want, stderr)
		}
	}
	try(exitOK)
	if asked != "/healthz" {
		t.Errorf("it asks for %q", asked)
	}
	status = http.StatusInternalServerError
	try(exitFailed)
	hs.Close()
	try(exitFailed)
	if code, _, _ := execute(t.Context(), "healthcheck", "--addr", "nonsense"); code != exitFailed {
		t.Errorf("of nonsense: exit code %d", code)
	}
}
