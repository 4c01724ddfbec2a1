package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"netsplit/sim"
)

// serving is a server as strangers meet it, until the test ends it.
func serving(t *testing.T, c Config) (s *Server, addr string, end func() error) {
	t.Helper()
	s, err := New(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	l := listenHere(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, l) }()
	var once sync.Once
	var result error
	end = func() error {
		once.Do(func() {
			stop()
			result = <-ended
		})
		return result
	}
	t.Cleanup(func() { end() })
	return s, l.Addr().String(), end
}

// TestSlowHeads: who sends a request's head byte by byte is hung up on, and others are answered meanwhile.
func TestSlowHeads(t *testing.T) {
	s, err := New(t.Context(), Config{Logger: discard()})
	if err != nil {
		t.Fatal(err)
	}
	l := listenHere(t)
	hs := NewHTTP(s, discard())
	if hs.ReadHeaderTimeout != ReadHeaderTimeout || hs.ReadTimeout <= 0 || hs.WriteTimeout <= 0 || hs.IdleTimeout <= 0 {
		t.Fatalf("timeouts %+v", hs)
	}
	hs.ReadHeaderTimeout = 300 * time.Millisecond // the test need not take longer
	go hs.Serve(l)                                //nolint:errcheck // it is closed
	defer hs.Close()
	attackers := 50
	if os.Getenv("NETSPLIT_SOAK") != "" {
		attackers = 1000
	}
	var hung sync.WaitGroup
	for range attackers {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		hung.Go(func() { trickle(conn) })
	}
	res, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil || res.StatusCode != http.StatusOK {
		t.Errorf("meanwhile: %v %v", res, err)
	}
	if err == nil {
		res.Body.Close()
	}
	hung.Wait() // each is hung up on; else the test does not end
}

// trickle sends a head that never ends, until nobody listens.
func trickle(conn net.Conn) {
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n") //nolint:errcheck // it is tried below
	for i := 0; ; i++ {
		if _, err := fmt.Fprintf(conn, "X-%d: a\r\n", i); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// TestAbruptCloses: viewers who vanish in the middle of anything leave nothing behind.
func TestAbruptCloses(t *testing.T) {
	closes := 200
	if os.Getenv("NETSPLIT_SOAK") != "" {
		closes = 1000
	}
	before := goleak.IgnoreCurrent()
	s, addr, end := serving(t, Config{Logger: discard(), RoomsPerAddress: 1000})
	first := dial(t, "http://"+addr)
	room := first.enter(ClientMessage{})
	for i := range closes {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		hello := ClientMessage{Type: "hello", Seq: 1, Room: room.Room, Key: room.Key}
		if i%20 == 0 {
			hello = ClientMessage{Type: "hello", Seq: 1} // a room of its own
		}
		text := append([]byte(handshake), masked(encode(hello))...)
		text = append(text, masked(encode(ClientMessage{Type: "seek", Seq: 2, At: 1}))...)
		cut := len(text) * (i%7 + 1) / 7
		conn.Write(text[:cut]) //nolint:errcheck // it is closed next
		if i%3 == 0 && cut > len(handshake) {
			conn.Read(make([]byte, 100)) //nolint:errcheck // so that it has got so far
		}
		conn.(*net.TCPConn).SetLinger(0) //nolint:errcheck // with a reset
		conn.Close()
	}
	first.conn.CloseNow()
	for _, sockets := s.gate.counts(); sockets > 0; _, sockets = s.gate.counts() {
		time.Sleep(10 * time.Millisecond)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	if rooms, _ := s.gate.counts(); rooms != 0 {
		t.Errorf("%d rooms are left", rooms)
	}
	http.DefaultClient.CloseIdleConnections()
	goleak.VerifyNone(t, before)
}

// TestDrain: a server that is told to end says first that it is not ready, then sends everybody away, asking them to come
// back, and lets nobody in.
func TestDrain(t *testing.T) {
	s, addr, end := serving(t, Config{Logger: discard(), Wait: 200 * time.Millisecond, Spread: 300 * time.Millisecond})
	if got := ready(t, addr); got != http.StatusOK {
		t.Fatalf("ready: %d", got)
	}
	var viewers []*browser
	for range 4 {
		b := dial(t, "http://"+addr)
		b.enter(ClientMessage{})
		viewers = append(viewers, b)
	}
	ended := make(chan error, 1)
	go func() { ended <- end() }()
	for !s.unready.Load() {
		time.Sleep(time.Millisecond)
	}
	if got := ready(t, addr); got != http.StatusServiceUnavailable {
		t.Errorf("while it waits: %d", got)
	}
	for _, b := range viewers {
		if code := b.closed(); code != websocket.StatusServiceRestart {
			t.Errorf("closed with %d", code)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if s.sockets.add(nil) {
		t.Error("another is let in")
	}
	for _, bad := range []Config{{Logger: discard(), Wait: MaxDrain, Spread: time.Second}, {Logger: discard(), Wait: -1}, {}, {Logger: discard(), Rooms: -1}} {
		if _, err := New(t.Context(), bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if MaxDrain+EndTimeout > 30*time.Second {
		t.Error("it may take longer than 30 s to end")
	}
}

// ready asks without a connection that is kept, and under a name of its own, as probes do.
func ready(t *testing.T, addr string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+addr+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Host, req.Close = "10.11.12.13:8080", true
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	return res.StatusCode
}

// nasty are strings that break out of markup, of scripts, of logs and of terminals, where nobody takes care.
var nasty = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `'-alert(1)-'`, `</title><svg onload=alert(1)>`, `javascript:alert(1)`,
	"<!--<script>", `{{constructor.constructor('alert(1)')()}}`, `${alert(1)}`, `"autofocus onfocus=alert(1) x="`, "\u2028alert(1)//", "&lt;script&gt;", "<style>@import'//x'</style>",
	"a\nlevel=ERROR msg=forged", "a\r\n{\"level\":\"ERROR\",\"msg\":\"forged\"}", "\x1b[2J\x1b]0;owned\x07", "a\x00b", "\u202eforged", strings.Repeat("A", 5000)}

// TestNastyStrings: what strangers write in addresses and names comes back as text, and makes one line of a log at most.
func TestNastyStrings(t *testing.T) {
	var log syncBuffer
	s, err := New(t.Context(), Config{Logger: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range nasty {
		for _, path := range []string{"/?scenario=", "/?lang=", "/?bare=", "/compare?a=", "/which?x=", "/scenarios/", "/static/", "/export?as="} {
			req := httptest.NewRequest(http.MethodGet, path+url.QueryEscape(bad), nil)
			req.Host = "localhost"
			req.Header["Accept-Language"], req.Header["Cookie"] = []string{bad}, []string{languageCookie + "=" + bad}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, req)
			kind := w.Header().Get("Content-Type")
			if strings.Contains(kind, "html") && strings.Contains(bad, "<") && strings.Contains(strings.ReplaceAll(w.Body.String(), "<!--", ""), bad) {
				t.Errorf("%s%s: it is in the page", path, bad)
			}
			if w.Code >= 400 && !strings.HasPrefix(kind, "text/plain") && kind != "" {
				t.Errorf("%s%s: %d as %s", path, bad, w.Code, kind)
			}
		}
		req := httptest.NewRequest(http.MethodGet, "/", nil)
		req.Host = bad
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != http.StatusMisdirectedRequest || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("host %q: %d %v", bad, w.Code, w.Header())
		}
		s.recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(bad) })).ServeHTTP(httptest.NewRecorder(), req)
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != len(nasty) {
		t.Errorf("%d mistakes make %d lines of the log", len(nasty), len(lines))
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, `{"time":`) || strings.ContainsAny(line, "\x1b\x00\r") {
			t.Errorf("a line of the log: %.80q", line)
		}
	}
}

// TestBombs: nothing that strangers send is unpacked beyond what it may be.
func TestBombs(t *testing.T) {
	var before, after runtime.MemStats
	for _, size := range []int{1 << 20, 64 << 20} {
		link := sim.Pack("regions us-east-1\nlane a gossip\n#" + strings.Repeat(" ", size) + "\n")
		runtime.ReadMemStats(&before)
		if _, _, err := newShelf().decodeRun(link); err == nil {
			t.Errorf("a link to %d bytes is taken", size)
		}
		runtime.ReadMemStats(&after)
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("a link of %d characters takes %d bytes", len(link), took)
		}
	}
	s, err := New(t.Context(), Config{Logger: discard()})
	if err != nil {
		t.Fatal(err)
	}
	bomb, err := squeeze(bytes.Repeat([]byte("#\n"), 16<<20), 9)
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/export?as=jsonl", bytes.NewReader(bomb))
	req.Host = "localhost"
	req.Header.Set("Content-Encoding", "gzip")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if w.Code != http.StatusUnprocessableEntity && w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a packed text: %d", w.Code)
	}
	_, addr, _ := serving(t, Config{Logger: discard()})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	conn, res, err := websocket.Dial(ctx, "ws://"+addr+"/socket", &websocket.DialOptions{CompressionMode: websocket.CompressionContextTakeover})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow()
	if got := res.Header.Get("Sec-WebSocket-Extensions"); got != "" {
		t.Errorf("a socket agrees to %q", got)
	}
}

// TestNoTokensInLogs: whatever viewers do, the log has neither a room's key nor a whole id of one, nor what was asked for.
func TestNoTokensInLogs(t *testing.T) {
	var log syncBuffer
	s, addr, end := serving(t, Config{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	var tokens []string
	for i := range 3 {
		b := dial(t, "http://"+addr)
		st := b.enter(ClientMessage{})
		tokens = append(tokens, st.Room, st.Key)
		dial(t, "http://"+addr).enter(ClientMessage{Room: st.Room, Key: st.Key})
		dial(t, "http://"+addr).enter(ClientMessage{Room: st.Room, Key: st.Key + "x"})
		b.say(ClientMessage{Type: "command"})
		b.until("a reject", func(in incoming) bool { return in.Type == "reject" })
		b.say(ClientMessage{Type: "fork", At: 1})
		forked := b.until("a fork", func(in incoming) bool { return in.Type == "forked" || in.Type == "reject" })
		tokens = append(tokens, forked.Room, forked.Key)
		if i == 0 {
			room, _ := s.rooms.find(st.Room, st.Key)
			room.inbox <- &request{kind: 99} // of no known kind: a bug, were it to happen
			<-room.done
		}
		req := httptest.NewRequest(http.MethodGet, "/?room="+st.Room+"&key="+st.Key, nil)
		req.Host = "evil.example"
		s.ServeHTTP(httptest.NewRecorder(), req)
		s.recover(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("broke") })).ServeHTTP(httptest.NewRecorder(), req)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	text := log.String()
	for _, want := range []string{"room broke", "handler broke", "draining"} {
		if !strings.Contains(text, want) {
			t.Errorf("the log has no %q", want)
		}
	}
	for i, token := range tokens {
		if token != "" && strings.Contains(text, token) {
			t.Errorf("token %d is in the log", i)
		}
	}
}

// syncBuffer may be written to by several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
