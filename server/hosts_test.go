package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHosts: a server answers to its own names alone.
func TestHosts(t *testing.T) {
	const loopback = "localhost localhost:8080 LOCALHOST. 127.0.0.1 127.0.0.1:9000 127.8.9.1 [::1] [::1]:8080 [::ffff:127.0.0.1]:80 [::]:8080 0.0.0.0:8080 "
	for _, c := range []struct{ addr, others, allowed, refused string }{
		{"127.0.0.1:8080", "", loopback, "evil.example evil.example:8080 192.168.1.5 127.0.0.1.evil.example localhost.evil.example [::2]:80"},
		{"localhost:8080", "", loopback, "evil.example 10.0.0.1"},
		{"[::1]:8080", "", loopback, "evil.example"},
		{"demo.example:80", "", loopback + "demo.example demo.example:8443 Demo.Example.", "www.demo.example 10.0.0.1"},
		{"192.168.1.5:8080", "", loopback + "192.168.1.5:8080 [::ffff:192.168.1.5]:8080", "192.168.1.6 evil.example"},
		{"[2001:db8::1]:80", "", loopback + "[2001:db8::1]:80 [2001:DB8:0::1]", "[2001:db8::2]:80"},
		{"0.0.0.0:8080", "", loopback + "192.168.1.5:8080 10.0.0.1 [2001:db8::1]:80", "evil.example 192.168.1.5.evil.example"},
		{"[::]:8080", "", loopback + "192.168.1.5:8080", "evil.example"},
		{":8080", "", loopback + "192.168.1.5:8080", "evil.example"},
		{"0.0.0.0:8080", "demo.example,10.0.0.1", loopback + "demo.example:8080 10.0.0.1", "evil.example 192.168.1.5"},
		{"127.0.0.1:8080", "demo.example", loopback + "demo.example", "evil.example 10.0.0.1"},
		{"127.0.0.1:8080", "2001:db8::1", loopback + "[2001:db8::1]:8080", "[2001:db8::2]:8080"},
	} {
		var others []string
		if c.others != "" {
			others = strings.Split(c.others, ",")
		}
		h, err := NewHosts(c.addr, others)
		if err != nil {
			t.Errorf("%s %s: %v", c.addr, c.others, err)
		}
		for _, host := range strings.Fields(c.allowed) {
			if !h.allow(host) {
				t.Errorf("on %s %s, %s is refused", c.addr, c.others, host)
			}
		}
		for _, host := range append(strings.Fields(c.refused), "", ":8080") {
			if h.allow(host) {
				t.Errorf("on %s %s, %s is allowed", c.addr, c.others, host)
			}
		}
	}
	for _, bad := range []string{"", "demo.example:80", "https://demo.example", "a b"} {
		if _, err := NewHosts("127.0.0.1:8080", []string{bad}); err == nil {
			t.Errorf("host %q is taken", bad)
		}
	}
}

// TestForeignHost: neither page nor socket is there under another site's name, and the answer says why.
func TestForeignHost(t *testing.T) {
	s, _ := start(t)
	for _, path := range []string{"/", "/socket", "/static/app.js"} {
		req := httptest.NewRequest(http.MethodGet, path, nil)
		req.Host = "evil.example"
		req.Header.Set("Origin", "http://evil.example")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != http.StatusMisdirectedRequest || !strings.Contains(w.Body.String(), "evil.example") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

// TestFiles: each file is there, by HEAD too; their directory is not listed.
func TestFiles(t *testing.T) {
	s, _ := start(t)
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{"GET", "/", 200}, {"HEAD", "/", 200}, {"GET", "/static/app.js", 200}, {"HEAD", "/static/app.js", 200},
		{"GET", "/scenarios/" + DefaultScenario + ".txt", 200}, {"HEAD", "/scenarios/" + DefaultScenario + ".txt", 200},
		{"GET", "/static/", 404}, {"GET", "/static", 404}, {"GET", "/static/./", 404}, {"GET", "/static/nothing.js", 404},
		{"HEAD", "/nowhere", 404}, {"POST", "/", 405},
	} {
		req := httptest.NewRequest(c.method, c.path, nil)
		req.Host = "localhost"
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != c.want {
			t.Errorf("%s %s: %d, want %d", c.method, c.path, w.Code, c.want)
		}
	}
}
