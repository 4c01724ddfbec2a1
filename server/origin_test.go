package server

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestOriginsAndHosts: sockets open for the server's own pages, under the server's own names, and for those it is told of;
// for nobody else: neither for another site's page (hijacking), nor for one whose name has been made to point here (rebinding),
// nor for a sandboxed frame of whoever it may be.
func TestOriginsAndHosts(t *testing.T) {
	origins := []string{"", "http://HOST", "https://HOST", "null", "http://evil.example", "http://demo.example.evil.example",
		"https://docs.example", "http://HOST@evil.example", "http://HOST:1"}
	const ok, foreign, misdirected = 101, 403, 421
	rows := []struct {
		host string
		want [9]int
	}{
		{"demo.example", [9]int{ok, ok, foreign, foreign, foreign, foreign, ok, foreign, foreign}},
		{"localhost:8080", [9]int{ok, ok, ok, foreign, foreign, foreign, ok, foreign, foreign}},
		{"127.0.0.1:8080", [9]int{ok, ok, ok, foreign, foreign, foreign, ok, foreign, foreign}},
		{"[::1]:8080", [9]int{ok, ok, ok, foreign, foreign, foreign, ok, foreign, foreign}},
		{"evil.example", [9]int{misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected}},
		{"192.168.1.5:8080", [9]int{misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected, misdirected}},
	}
	hosts, err := NewHosts("127.0.0.1:8080", []string{"demo.example"})
	if err != nil {
		t.Fatal(err)
	}
	told, err := ParseOrigins("https://docs.example, HTTP://Demo.Example:80")
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(t.Context(), Config{Hosts: hosts, Origins: told, Logger: discard()})
	if err != nil {
		t.Fatal(err)
	}
	pairs := 0
	for _, row := range rows {
		for i, origin := range origins {
			pairs++
			if got := knock(s, row.host, strings.ReplaceAll(origin, "HOST", row.host)); got != row.want[i] {
				t.Errorf("host %s, origin %q: %d, want %d", row.host, origin, got, row.want[i])
			}
		}
	}
	if pairs != 54 {
		t.Errorf("%d pairs", pairs)
	}
}

// knock asks for a socket and returns the status. Of one that would open, there is nothing to hijack; the answer has begun by then.
func knock(s *Server, host string, origins ...string) int {
	req := httptest.NewRequest(http.MethodGet, "/socket", nil)
	req.Host = host
	for _, o := range origins {
		if o != "" {
			req.Header.Add("Origin", o)
		}
	}
	for k, v := range map[string]string{"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec-WebSocket-Version": "13"} {
		req.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	return w.Code
}

// TestOddOrigins: what only looks like an origin is none, and two are one too many.
func TestOddOrigins(t *testing.T) {
	s, _ := start(t)
	for _, bad := range []string{"localhost", "//localhost", "http://localhost/", "http://localhost/x", "file://", "ftp://localhost", "http://localhost evil",
		"http://localhost#", "http://user@localhost", "chrome-extension://localhost", "javascript:alert(1)", "http://localhost\x00"} {
		if got := knock(s, "localhost", bad); got != http.StatusForbidden {
			t.Errorf("origin %q: %d", bad, got)
		}
		if _, err := ParseOrigins(bad); err == nil {
			t.Errorf("origin %q can be told", bad)
		}
	}
	if got := knock(s, "localhost", "http://localhost", "http://localhost"); got != http.StatusForbidden {
		t.Errorf("two origins: %d", got)
	}
	if got := knock(s, "localhost", "HTTP://LocalHost:80"); got != http.StatusSwitchingProtocols {
		t.Errorf("another way to write it: %d", got)
	}
}

// TestAddresses: a request is counted to who sends it, and a header is believed from trusted proxies alone.
func TestAddresses(t *testing.T) {
	proxies, err := ParseProxies("10.0.0.0/8, 192.0.2.7,2001:db8:ffff::/48")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ remote, passed, want string }{
		{"203.0.113.9:4000", "", "203.0.113.9/32"},
		{"203.0.113.9:4000", "198.51.100.1", "203.0.113.9/32"}, // a stranger's word
		{"10.1.2.3:80", "198.51.100.1", "198.51.100.1/32"},
		{"10.1.2.3:80", "", "10.1.2.3/32"},
		{"10.1.2.3:80", "1.1.1.1, 198.51.100.1", "198.51.100.1/32"},             // what is before it anybody may have written
		{"10.1.2.3:80", "1.1.1.1,198.51.100.1, 192.0.2.7", "198.51.100.1/32"},   // through two proxies
		{"10.1.2.3:80", "198.51.100.1, 192.0.2.8", "192.0.2.8/32"},              // not one of them
		{"10.1.2.3:80", "198.51.100.1, nonsense", "10.1.2.3/32"},                //
		{"10.1.2.3:80", "198.51.100.1:7777", "198.51.100.1/32"},                 //
		{"10.1.2.3:80", "10.9.9.9", "10.9.9.9/32"},                              //
		{"[2001:db8:1:2:3:4:5:6]:80", "", "2001:db8:1:2::/64"},                  // who has one address of a /64 has all
		{"[2001:db8:ffff::1]:80", "[2001:db8:9:9::5]:443", "2001:db8:9:9::/64"}, //
		{"[::ffff:203.0.113.9]:80", "", "203.0.113.9/32"},                       //
		{"[fe80::1%eth0]:80", "", "fe80::/64"},                                  //
		{"@", "", "invalid Prefix"},                                             //
	} {
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.RemoteAddr = c.remote
		if c.passed != "" {
			req.Header.Set("X-Forwarded-For", c.passed)
		}
		if got := addressOf(req, proxies).String(); got != c.want {
			t.Errorf("from %s, passed on for %q: %s, want %s", c.remote, c.passed, got, c.want)
		}
	}
	for _, bad := range []string{"x", "10.0.0.0/33", "10.0.0.1,,x", "demo.example"} {
		if _, err := ParseProxies(bad); err == nil {
			t.Errorf("proxy %q is taken", bad)
		}
	}
}

// TestTellingHeaders: every answer has the headers that keep a browser from guessing, and pages run nothing without a nonce, which
// is another each time.
func TestTellingHeaders(t *testing.T) {
	s, _ := start(t)
	get := func(path string) http.Header {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Host = "localhost"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		return w.Header()
	}
	for _, path := range []string{"/", "/compare", "/which", "/catalog.json", "/static/app.js", "/healthz", "/nowhere", "/socket", "/scenarios/europe-away.txt"} {
		h := get(path)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=()", "Content-Security-Policy": "default-src 'none'", "Cross-Origin-Resource-Policy": "origin"} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s: %q", path, name, h.Get(name))
			}
		}
		policy := h.Get("Content-Security-Policy")
		if strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "base-uri 'none'") {
			t.Errorf("%s: %s", path, policy)
		}
	}
	if one, other := get("/").Get("Content-Security-Policy"), get("/").Get("Content-Security-Policy"); one == other {
		t.Error("the same nonce twice")
	}
}

// TestGate: an address can use up its share and no more, the server's limits hold for all, and what has ended makes room.
func TestGate(t *testing.T) {
	c, err := Config{Logger: discard(), Rooms: 5, RoomsPerAddress: 2, Sockets: 3, SocketsPerAddress: 2}.complete()
	if err != nil {
		t.Fatal(err)
	}
	g := newGate(c)
	a, b, d := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32"), netip.MustParsePrefix("2001:db8::/64")
	kind := func(err error) string {
		if err == nil {
			return ""
		}
		return err.(*refusal).kind
	}
	for i, step := range []struct {
		who  netip.Prefix
		what func(netip.Prefix) error
		want string
	}{
		{a, g.room, ""}, {a, g.room, ""}, {a, g.room, "rooms_per_address"}, {b, g.room, ""}, {b, g.room, ""}, {d, g.room, ""}, {d, g.room, "rooms"},
		{a, g.socket, ""}, {a, g.socket, ""}, {a, g.socket, "sockets_per_address"}, {b, g.socket, ""}, {d, g.socket, "sockets"},
	} {
		if got := kind(step.what(step.who)); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	g.end(a)
	g.leave(a)
	if err := g.room(d); err != nil {
		t.Error(err)
	}
	if err := g.socket(d); err != nil {
		t.Error(err)
	}
	if _, err := g.turn(t.Context(), b); kind(err) != "rooms_per_address" {
		t.Errorf("a turn for who has enough: %v", err)
	}
	if rooms, sockets := g.counts(); rooms != 5 || sockets != 3 {
		t.Errorf("%d rooms, %d sockets", rooms, sockets)
	}
	for range MaxRequestsBurst {
		g.request(a) //nolint:errcheck // until there are too many
	}
	for range 100 { // in the meantime some more may have been earned
		if err = g.request(a); err != nil {
			break
		}
	}
	if kind(err) != "request_rate" || g.request(b) != nil {
		t.Errorf("a flood: %v, and of another %v", err, g.request(b))
	}
	for i := range 3 * MaxAddresses {
		g.request(netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), 32)) //nolint:errcheck // the memory is what matters
	}
	if n := len(g.young) + len(g.old); n > 2*MaxAddresses {
		t.Errorf("%d addresses are remembered", n)
	}
}

// TestRefusals: what is refused says how, when to come again, and why, and is counted.
func TestRefusals(t *testing.T) {
	s, err := New(t.Context(), Config{Logger: discard(), SocketsPerAddress: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.gate.socket(netip.MustParsePrefix("192.0.2.1/32")); err != nil { // where httptest's requests are from
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodGet, "/socket", nil)
	req.Host = "localhost"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "10" || !strings.Contains(w.Body.String(), "your address has its 1 connections") {
		t.Errorf("%d, after %q: %s", w.Code, w.Header().Get("Retry-After"), w.Body)
	}
	s.metrics.append(2 * time.Millisecond)
	figures := httptest.NewRecorder()
	s.Metrics().ServeHTTP(figures, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{`netsplit_rejects_total{reason="sockets_per_address"} 1`, "netsplit_rooms 0", "netsplit_viewers 1", "netsplit_frames_dropped_total 0",
		"netsplit_tick_lag_seconds_count 0", "netsplit_append_seconds_count 1", `netsplit_append_seconds_bucket{le="0.001"} 0`, `netsplit_append_seconds_bucket{le="0.0025"} 1`} {
		if !strings.Contains(figures.Body.String(), want+"\n") {
			t.Errorf("no %s among the figures", want)
		}
	}
}
