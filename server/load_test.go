package server

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// loaded is this test's program in another process, so that what it takes can be told from what its viewers take.
type loaded struct {
	t       testing.TB
	cmd     *exec.Cmd
	addr    string
	metrics string
	bare    bool
	stdin   io.Closer
}

// TestLoaded is that other process: it serves until its standard input ends.
func TestLoaded(t *testing.T) {
	what := os.Getenv("NETSPLIT_LOADED")
	if what == "" {
		t.Skip("only as a process of its own")
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		io.Copy(io.Discard, os.Stdin) //nolint:errcheck // its end is all
		cancel()
	}()
	l, figures := listenHere(t), listenHere(t)
	fmt.Printf("\nat %s %s\n", l.Addr(), figures.Addr())
	if what == "bare" {
		bareLoop(ctx, l)
		return
	}
	s, err := New(t.Context(), Config{Logger: discard(), Rooms: 3000, RoomsPerAddress: 1500, Viewers: 600, SocketsPerAddress: 3000})
	if err != nil {
		t.Fatal(err)
	}
	if pace, err := time.ParseDuration(what); err == nil {
		s.rooms.interval = pace
	}
	go http.Serve(figures, s.Metrics()) //nolint:errcheck // ends with the process
	if err := s.Serve(ctx, l); err != nil {
		t.Error(err)
	}
}

func listenHere(t testing.TB) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// bareLoop writes as many bytes as a frame has to every connection, ten times a second: what no server can do without.
func bareLoop(ctx context.Context, l net.Listener) {
	size, _ := strconv.Atoi(os.Getenv("NETSPLIT_FRAME"))
	frame := make([]byte, size)
	arrived := make(chan net.Conn)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			arrived <- conn
		}
	}()
	var all []net.Conn
	ticker := time.NewTicker(100 * time.Millisecond)
	for {
		select {
		case <-ctx.Done():
			return
		case conn := <-arrived:
			all = append(all, conn)
		case <-ticker.C:
			for _, conn := range all {
				conn.Write(frame) //nolint:errcheck // it counts as written
			}
		}
	}
}

// load starts a process: "bare", or a server whose rooms take a turn after each such time.
func load(t testing.TB, what string, frame int) *loaded {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestLoaded$", "-test.timeout=0")
	cmd.Env = append(os.Environ(), "NETSPLIT_LOADED="+what, fmt.Sprintf("NETSPLIT_FRAME=%d", frame))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &loaded{t: t, cmd: cmd, stdin: in, bare: what == "bare"}
	t.Cleanup(p.end)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if word := strings.Fields(lines.Text()); len(word) == 3 && word[0] == "at" {
			p.addr, p.metrics = word[1], word[2]
			go io.Copy(io.Discard, out) //nolint:errcheck // so that it never waits to be read
			return p
		}
	}
	t.Fatal("the server does not say where it is")
	return nil
}

func (p *loaded) end() {
	if p.stdin != nil {
		p.stdin.Close()
		p.cmd.Wait() //nolint:errcheck // it has been measured
		p.stdin = nil
	}
}

// cpu returns the processor time that the process has taken.
func (p *loaded) cpu() time.Duration {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	rest := strings.Fields(string(text[strings.LastIndex(string(text), ")")+1:]))
	user, _ := strconv.Atoi(rest[11])
	system, _ := strconv.Atoi(rest[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// memory returns the bytes that the process has resident.
func (p *loaded) memory() int {
	p.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	kb, _ := strconv.Atoi(strings.Fields(rest)[0])
	return kb << 10
}

// figure returns one of the process's metrics, by its whole name.
func (p *loaded) figure(name string) float64 {
	p.t.Helper()
	return p.figures()[name]
}

// figures returns all of them, of one moment.
func (p *loaded) figures() map[string]float64 {
	p.t.Helper()
	all := map[string]float64{}
	res, err := http.Get("http://" + p.metrics + "/metrics")
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			all[name], _ = strconv.ParseFloat(value, 64)
		}
	}
	return all
}

// from dials a socket from an address of the loopback network.
func (p *loaded) from(addr string) (*websocket.Conn, error) {
	client := http.DefaultClient
	if addr != "" {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(addr)}}
		client = &http.Client{Transport: &http.Transport{DialContext: d.DialContext}}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+p.addr+"/socket", &websocket.DialOptions{HTTPClient: client})
	if err == nil {
		conn.SetReadLimit(1 << 22)
	}
	return conn, err
}

// watcher is a viewer that reads everything, and notes when each message came.
type watcher struct {
	conn   *websocket.Conn
	hello  incoming
	stamps chan time.Time
	bytes  chan int
}

// watch joins a room, or opens one.
func (p *loaded) watch(hello ClientMessage) *watcher {
	p.t.Helper()
	conn, first := p.join(hello)
	w := &watcher{conn: conn, hello: first, stamps: make(chan time.Time, 1<<12), bytes: make(chan int, 1<<12)}
	go func() {
		defer close(w.stamps)
		for {
			_, data, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			select {
			case w.stamps <- time.Now():
				w.bytes <- len(data)
			default:
			}
		}
	}()
	return w
}

// glance joins a room, or opens one, as watch does, and forgets what it reads: at the least cost to who shares the cores.
func (p *loaded) glance(hello ClientMessage) {
	p.t.Helper()
	conn, _ := p.join(hello)
	go func() {
		for {
			_, frame, err := conn.Reader(context.Background())
			if err == nil {
				_, err = io.Copy(io.Discard, frame)
			}
			if err != nil {
				return
			}
		}
	}()
}

// join says hello from a socket, which it returns with the first answer.
func (p *loaded) join(hello ClientMessage) (*websocket.Conn, incoming) {
	p.t.Helper()
	conn, err := p.from("")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.CloseNow() })
	hello.Type, hello.Seq = "hello", 1
	ctx := context.Background()
	if err := conn.Write(ctx, websocket.MessageText, encode(hello)); err != nil {
		p.t.Fatal(err)
	}
	_, data, err := conn.Read(ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	return conn, decodeIncoming(p.t, data)
}

// drain forgets what has come so far.
func (w *watcher) drain() (size int) {
	n := 0
	for len(w.stamps) > 0 {
		<-w.stamps
		size += <-w.bytes
		n++
	}
	return size / max(1, n)
}

// lateness returns by how much the gaps between messages were longer than an interval, over a time, in order of size.
func lateness(ws []*watcher, interval, span time.Duration) (late []time.Duration) {
	for _, w := range ws {
		w.drain()
	}
	time.Sleep(span)
	for _, w := range ws {
		last := time.Time{}
		for n := len(w.stamps); n > 0; n-- {
			at := <-w.stamps
			<-w.bytes
			if !last.IsZero() {
				late = append(late, max(0, at.Sub(last)-interval))
			}
			last = at
		}
	}
	slices.Sort(late)
	return late
}

// percentile returns that of a sorted list.
func percentile(list []time.Duration, p float64) time.Duration {
	if len(list) == 0 {
		return -1
	}
	return list[min(len(list)-1, int(p/100*float64(len(list))))]
}

// mute joins a room, and never reads.
func (p *loaded) mute(hello ClientMessage) net.Conn {
	p.t.Helper()
	conn, err := net.Dial("tcp", p.addr)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { conn.Close() })
	conn.(*net.TCPConn).SetReadBuffer(4 << 10) //nolint:errcheck // it is a wish
	hello.Type, hello.Seq = "hello", 1
	if _, err := conn.Write(append([]byte(handshake), masked(encode(hello))...)); err != nil {
		p.t.Fatal(err)
	}
	return conn
}

// handshake asks for a socket.
const handshake = "GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
	"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"

// masked is a text frame of up to 64 KiB as browsers send it, under a mask of zeros.
func masked(data []byte) []byte {
	head := []byte{0x81, 0x80 | byte(len(data))}
	if len(data) > 125 {
		head = []byte{0x81, 0x80 | 126, byte(len(data) >> 8), byte(len(data))}
	}
	return append(append(head, 0, 0, 0, 0), data...)
}

// cost returns the processor time that the process takes over benchSpan, and how many frames it sends meanwhile.
func (p *loaded) cost() (took time.Duration, frames int) {
	p.t.Helper()
	took, frames = p.cpu(), p.frames()
	time.Sleep(benchSpan)
	return p.cpu() - took, p.frames() - frames
}

func (p *loaded) frames() int {
	if p.bare {
		return 0
	}
	return int(p.figure("netsplit_frames_sent_total"))
}
