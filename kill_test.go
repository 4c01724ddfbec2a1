package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/server"
	"netsplit/sim"
	"netsplit/sim/study"
)

// A siege kills a server, which is the real program, again and again while four writers give commands in one room, and looks
// after each new start whether the room has every command that was acknowledged, once, at its time, and where that leads.
type siege struct {
	t       *testing.T
	program string
	args    []string                 // of serve
	servers []*exec.Cmd              // one, or several that share a log
	urls    []atomic.Pointer[string] // of them

	room, key string
	speed     float64
	writers   sync.WaitGroup
	stop      context.CancelFunc

	mu    sync.Mutex
	acked map[int64]bool     // by the value that is written: no two commands write the same
	sent  map[int64]bool     // that are not acknowledged
	at    map[int64]sim.Time // of those that were there after the latest start
	seen  sim.Time           // the latest edge that a writer was told
	acks  chan struct{}

	broken               sync.Once
	wrong                chan struct{} // closed when something went wrong
	total, doubt, resent int
	away                 []time.Duration // of writers, from the end of a connection to the next state
}

// newSiege builds the program.
func newSiege(t *testing.T, servers int, args ...string) *siege {
	s := &siege{t: t, program: filepath.Join(t.TempDir(), "netsplit"), args: args, speed: 2, acks: make(chan struct{}, 1000), wrong: make(chan struct{}),
		servers: make([]*exec.Cmd, servers), urls: make([]atomic.Pointer[string], servers)}
	if out, err := exec.Command("go", "build", "-o", s.program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return s
}

// inbound is as much as a writer needs to know of what the server says.
type inbound struct {
	Type     string        `json:"type"`
	Of       uint64        `json:"of"`
	ID       string        `json:"id"`
	Reason   string        `json:"reason"`
	Room     string        `json:"room"`
	Key      string        `json:"key"`
	Text     string        `json:"text"`
	Trace    string        `json:"trace"`
	At       sim.Time      `json:"at"`
	Clock    server.Clock  `json:"clock"`
	Commands []sim.Command `json:"commands"`
}

// peer is a socket of the siege's.
type peer struct {
	conn *websocket.Conn
	seq  uint64
}

func (p *peer) say(ctx context.Context, msg server.ClientMessage) error {
	p.seq++
	msg.Seq = p.seq
	data, err := json.Marshal(msg)
	if err != nil {
		return err
	}
	return p.conn.Write(ctx, websocket.MessageText, data)
}

func (p *peer) hear(ctx context.Context) (in inbound, err error) {
	_, data, err := p.conn.Read(ctx)
	if err == nil {
		err = json.Unmarshal(data, &in)
	}
	return in, err
}

// await reads messages until one is of a type; a refusal is an error.
func (p *peer) await(ctx context.Context, of string, pass func(inbound) bool) (inbound, error) {
	for {
		in, err := p.hear(ctx)
		if err != nil || in.Type == of && pass(in) {
			return in, err
		}
		if in.Type == "reject" {
			return in, fmt.Errorf("refused: %s", in.Reason)
		}
	}
}

// rise starts a server and waits until it says where it is.
func (s *siege) rise(i int) {
	s.t.Helper()
	cmd := exec.Command(s.program, append([]string{"serve", "--addr", "127.0.0.1:0"}, s.args...)...)
	s.servers[i] = cmd
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		s.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "Netsplit is at http")
	if err != nil || !ok {
		s.t.Fatalf("the server says %q, %v", line, err)
	}
	url = "ws" + url + "/socket"
	s.urls[i].Store(&url)
}

// fall kills a server, which learns nothing of it.
func (s *siege) fall(i int) {
	s.servers[i].Process.Kill() //nolint:errcheck // Wait tells
	s.servers[i].Wait()         //nolint:errcheck // it was killed
}

// enter opens a socket to a server and says hello; it returns the state.
func (s *siege) enter(ctx context.Context, i int, hello server.ClientMessage) (*peer, inbound, error) {
	conn, _, err := websocket.Dial(ctx, *s.urls[i].Load(), &websocket.DialOptions{HTTPClient: &http.Client{}})
	if err != nil {
		return nil, inbound{}, err
	}
	conn.SetReadLimit(8 << 20)
	p := &peer{conn: conn}
	hello.Type = "hello"
	err = p.say(ctx, hello)
	var state inbound
	if err == nil {
		state, err = p.await(ctx, "state", func(inbound) bool { return true })
	}
	if err != nil {
		conn.CloseNow()
	}
	return p, state, err
}

// begin opens another room, and sends the writers there.
func (s *siege) begin() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	p, state, err := s.enter(ctx, 0, server.ClientMessage{Run: sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\nat 3000s partition eu-west-1\n")})
	if err == nil {
		err = p.say(ctx, server.ClientMessage{Type: "speed", Speed: s.speed})
	}
	if err == nil {
		_, err = p.await(ctx, "delta", func(in inbound) bool { return in.Clock.Speed == s.speed })
	}
	if err != nil {
		s.t.Fatal(err)
	}
	p.conn.CloseNow()
	s.room, s.key = state.Room, state.Key
	s.acked, s.sent, s.at, s.seen = map[int64]bool{}, map[int64]bool{}, map[int64]sim.Time{}, 0
	ctx, s.stop = context.WithCancel(s.t.Context())
	for w := range int64(4) {
		s.writers.Go(func() { s.write(ctx, w) })
	}
}

// write gives one command after the other, each until it is acknowledged, over as many sockets as it takes.
func (s *siege) write(ctx context.Context, w int64) {
	value := w*200_000 + 1
	var gone time.Time
	for i := int(w); ctx.Err() == nil; {
		p, state, err := s.enter(ctx, i%len(s.urls), server.ClientMessage{Room: s.room, Key: s.key})
		if err != nil {
			if strings.HasPrefix(err.Error(), "refused: ") && ctx.Err() == nil {
				s.t.Errorf("writer %d: %v", w, err)
				s.broken.Do(func() { close(s.wrong) })
				return
			}
			time.Sleep(5 * time.Millisecond) // nobody is there
			i++
			continue
		}
		s.back(gone)
		s.tell(state.Clock.Edge)
		for err == nil {
			if err = s.command(ctx, p, value); err == nil {
				value++
			}
		}
		gone = time.Now()
		p.conn.CloseNow()
	}
}

// back notes that a writer is there again who was gone since an instant.
func (s *siege) back(gone time.Time) {
	if gone.IsZero() {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = append(s.away, time.Since(gone))
}

func (s *siege) tell(edge sim.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = max(s.seen, edge)
}

// command gives one command and waits for the acknowledgement.
func (s *siege) command(ctx context.Context, p *peer, value int64) error {
	s.mu.Lock()
	if s.sent[value] {
		s.resent++
	}
	s.sent[value] = true
	s.mu.Unlock()
	id := "w" + strconv.FormatInt(value, 10)
	write := sim.Command{Verb: sim.VerbWrite, Region: "us-east-1", Key: "balance", Value: value}
	for {
		if err := p.say(ctx, server.ClientMessage{Type: "command", ID: id, Command: &write}); err != nil {
			return err
		}
		for {
			in, err := p.hear(ctx)
			if err != nil {
				return err
			}
			s.tell(in.Clock.Edge)
			if in.Type == "ack" && in.ID == id {
				s.mu.Lock()
				s.acked[value] = true
				delete(s.sent, value)
				s.total++
				s.mu.Unlock()
				select {
				case s.acks <- struct{}{}:
				default:
				}
				return nil
			}
			if in.Type == "reject" && strings.Contains(in.Reason, "slow down") {
				time.Sleep(50 * time.Millisecond) // as it was told to
				break
			} else if in.Type == "reject" {
				s.t.Errorf("%s is refused: %s", id, in.Reason)
				s.broken.Do(func() { close(s.wrong) })
				return fmt.Errorf("refused: %s", in.Reason)
			}
		}
	}
}

// inspect looks at the room after a new start: every acknowledged command once, where it was, and where they lead.
func (s *siege) inspect(i int, before map[int64]bool, told sim.Time) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	p, state, err := s.enter(ctx, i, server.ClientMessage{Room: s.room, Key: s.key})
	for websocket.CloseStatus(err) == websocket.StatusTryAgainLater { // on a machine that is very busy
		p, state, err = s.enter(ctx, i, server.ClientMessage{Room: s.room, Key: s.key})
	}
	if err != nil {
		s.t.Fatalf("the room does not wake: %v", err)
	}
	defer p.conn.CloseNow()
	if lost := told - state.Clock.Edge; lost > sim.Time(s.speed*float64(sim.Second)) {
		s.t.Errorf("the room was at %s and is at %s", told, state.Clock.Edge)
	}
	if state.Clock.Coming > 0 {
		if _, err = p.await(ctx, "state", func(in inbound) bool { return in.Clock.Coming == 0 }); err != nil {
			s.t.Fatal(err)
		}
	}
	if err = p.say(ctx, server.ClientMessage{Type: "text"}); err != nil {
		s.t.Fatal(err)
	}
	saved, err := p.await(ctx, "script", func(inbound) bool { return true })
	if err != nil {
		s.t.Fatal(err)
	}
	scenario, err := study.Parse(saved.Text)
	if err != nil {
		s.t.Fatal(err)
	}
	there := map[int64]bool{}
	for _, c := range scenario.Commands {
		if c.Verb != sim.VerbWrite {
			continue
		}
		if there[c.Value] {
			s.t.Errorf("%d is doubled", c.Value)
		}
		if at, known := s.at[c.Value]; known && at != c.At {
			s.t.Errorf("%d was at %s and is at %s", c.Value, at, c.At)
		}
		there[c.Value], s.at[c.Value] = true, c.At
	}
	for value := range before {
		if !there[value] {
			s.t.Errorf("%d is lost", value)
		}
	}
	run, err := study.New(scenario)
	if err != nil {
		s.t.Fatal(err)
	}
	if run.AdvanceTo(saved.At); run.Trace() != saved.Trace {
		s.t.Errorf("the room's state at %s is not what its text leads to", saved.At)
	}
}

// TestKilledServer: a server that is killed with -9 under four writers and started again has every acknowledged command, once,
// and is at most a second of wall time back. NETSPLIT_SOAK has it killed 1,000 times.
func TestKilledServer(t *testing.T) {
	kills, perRoom := 5, 40
	if os.Getenv("NETSPLIT_SOAK") != "" {
		kills = 1000
		if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
			kills = n
		}
	}
	s := newSiege(t, 1, "--data", t.TempDir())
	s.rise(0)
	defer func() { s.fall(0) }()
	s.run(kills, perRoom, nil)
	t.Logf("%d kills: %d commands acknowledged, %d under way when the server fell, %d sent again; 0 lost, 0 doubled", kills, s.total, s.doubt, s.resent)
}

// run kills servers, any of those there are, and calls atEnd before it leaves a room.
func (s *siege) run(kills, perRoom int, atEnd func()) {
	t := s.t
	t.Helper()
	rng := rand.New(rand.NewPCG(9, uint64(kills)))
	for k := range kills {
		if k%perRoom == 0 {
			s.begin()
		}
		for len(s.acks) > 0 {
			<-s.acks
		}
		for range 1 + rng.IntN(24) {
			select {
			case <-s.acks:
			case <-s.wrong:
				t.FailNow()
			}
		}
		time.Sleep(time.Duration(rng.IntN(3000)) * time.Microsecond) // anywhere between two acknowledgements
		victim := rng.IntN(len(s.servers))
		s.fall(victim)
		s.mu.Lock()
		before, told := map[int64]bool{}, s.seen
		for value := range s.acked {
			before[value] = true
		}
		s.doubt += len(s.sent)
		s.mu.Unlock()
		s.rise(victim)
		for i := range s.servers {
			s.inspect((victim+i)%len(s.servers), before, told)
		}
		if (k+1)%perRoom == 0 || k == kills-1 {
			s.stop()
			s.writers.Wait()
			if atEnd != nil {
				atEnd()
			}
		}
		if t.Failed() {
			t.Fatalf("after %d kills", k+1)
		}
		if (k+1)%100 == 0 {
			s.mu.Lock()
			t.Logf("%d kills: %d commands acknowledged, nothing lost or doubled so far", k+1, s.total)
			s.mu.Unlock()
		}
	}
}
