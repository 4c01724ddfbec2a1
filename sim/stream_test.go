package sim

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// numbered is a payload that can be told from any other.
type numbered int

func (n numbered) AppendTrace(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, uint32(n)) }
func (numbered) Writes(func(string, OpID))     {}

// pipe is a world whose nodes say nothing of their own accord, and every fate of what they are told to say.
type pipe struct {
	NopObserver
	t         *testing.T
	lab       *Lab
	c         *Cluster
	sent      int
	attempts  []*Message
	delivered map[numbered]Time
	order     map[[2]Addr]numbered // the latest delivered, from and to
	lost      map[numbered]bool    // a transmission of it was lost
	gone      map[numbered]bool    // it was given up
	notes     []Note
}

type talker struct {
	env Env
	p   *pipe
}

func (k talker) Start()                   {}
func (k talker) Fire(TimerID)             {}
func (k talker) Serve(Op)                 {}
func (k talker) Held(func(string, OpID))  {}
func (k talker) Describe(string) NodeView { return NodeView{} }
func (k talker) Receive(m *Message)       { k.p.receive(m) }

func (p *pipe) receive(m *Message) {
	n := m.Payload.(numbered)
	if at, twice := p.delivered[n]; twice {
		p.t.Errorf("at %s message %d is delivered again; it was at %s", p.c.now, n, at)
	}
	way := [2]Addr{m.From, m.To}
	if before, ok := p.order[way]; ok && before > n {
		p.t.Errorf("at %s message %d is delivered after message %d", p.c.now, n, before)
	}
	p.order[way], p.delivered[n] = n, p.c.now
}

func (p *pipe) Sent(m *Message) {
	if _, ok := m.Payload.(numbered); ok {
		p.attempts = append(p.attempts, m)
	}
}

func (p *pipe) Lost(m *Message, _ Time) {
	if n, ok := m.Payload.(numbered); ok {
		p.lost[n] = true
	}
}
func (p *pipe) GaveUp(m *Message) {
	if n, ok := m.Payload.(numbered); ok {
		p.gone[n] = true
	}
}
func (p *pipe) Noted(n Note) { p.notes = append(p.notes, n) }

// newPipe makes a world of talkers over streams, every link taking 20 ms.
func newPipe(t *testing.T, readTimeout Time, text string) *pipe {
	t.Helper()
	p := &pipe{t: t, delivered: map[numbered]Time{}, order: map[[2]Addr]numbered{},
		lost: map[numbered]bool{}, gone: map[numbered]bool{}}
	v := Vocabulary{Protocols: []Protocol{{Name: "talk", Transport: Stream, ReadTimeout: readTimeout,
		New: func(env Env, _ Config) Replica { return talker{env, p} }}}}
	if !strings.Contains(text, "regions") {
		text = "regions us-east-1 eu-west-1\nlink everywhere constant 20ms\n" + text
	}
	s, err := Parse(text+"\nlane t talk\n", v)
	if err != nil {
		t.Fatal(err)
	}
	if p.lab, err = NewLab(s, v); err != nil {
		t.Fatal(err)
	}
	p.c = p.lab.Lanes()[0]
	p.c.Observe(p)
	return p
}

// say has one node send a message to another, and returns it.
func (p *pipe) say(from, to Addr) numbered {
	n := numbered(p.sent)
	p.sent++
	p.c.send(from, to, KindReplicate, n)
	return n
}

// chat lets time pass up to a time while one node says something to the other at every interval.
func (p *pipe) chat(until, every Time, from, to Addr) {
	for at := p.lab.Now() + every; at <= until; at += every {
		p.lab.AdvanceTo(at)
		p.say(from, to)
	}
}

// heardAfter returns when the first message after a time was delivered.
func (p *pipe) heardAfter(t Time) Time {
	first := MaxTime
	for n := range numbered(p.sent) {
		if at, ok := p.delivered[n]; ok && at > t {
			first = min(first, at)
		}
	}
	return first
}

func (p *pipe) noted(k NoteKind) []Note {
	return slices.DeleteFunc(slices.Clone(p.notes), func(n Note) bool { return n.Kind != k })
}

// measuredTCP are the seconds after a cut at which established connections of real systems were seen to resume, at a
// round trip of 40 ms: about 2^k - 0.2.
var measuredTCP = []float64{0.8, 1.8, 3.8, 7.8, 15.8, 31.7}

// TestResumption cuts a link at a round trip of 40 ms, and heals it a little before each measured resumption. One
// message is sent every 100 ms. Linux fires its timers up to an eighth late, which the model does not.
func TestResumption(t *testing.T) {
	t.Log("published  ours     error")
	for _, published := range measuredTCP {
		p := newPipe(t, 0, "")
		const cut = 30*Second + 50*Millisecond // half way between two messages
		p.chat(cut, 100*Millisecond, 0, 1)
		p.cutAt(cut)
		want := Time(published * float64(Second))
		heal := cut + want*3/4
		p.chat(heal, 100*Millisecond, 0, 1)
		p.lab.AdvanceTo(heal)
		p.heal()
		p.chat(cut+2*want, 100*Millisecond, 0, 1)
		ours := p.heardAfter(heal) - 20*Millisecond - cut // when the attempt departed that got through
		off := float64(ours-want) / float64(want)
		t.Logf("%6.1f s  %8s  %+.1f %%", published, ours, 100*off)
		if off > 0.06 || off < -0.08 {
			t.Errorf("resumes %s after the cut, measured %v s", ours, published)
		}
	}
}

// cutAt parts the two regions at a time.
func (p *pipe) cutAt(at Time) {
	p.lab.AdvanceTo(at - 1)
	p.do(Command{Verb: VerbPartition, Groups: [][]string{{"us-east-1"}, {"eu-west-1"}}})
	p.lab.AdvanceTo(at)
}

func (p *pipe) heal() { p.do(Command{Verb: VerbHeal}) }

// do carries a command out at the next instant.
func (p *pipe) do(cmd Command) {
	p.t.Helper()
	if _, err := p.lab.Do(cmd); err != nil {
		p.t.Fatal(err)
	}
	p.lab.AdvanceTo(p.lab.Now() + 1)
}

func (p *pipe) link(v Verb) {
	p.do(Command{Verb: v, Links: Links{From: "us-east-1/1", To: "eu-west-1/1"}})
}

// TestAttempts sends one message into a cut: it is sent again RTO x (2^k - 1) later, with RTO at 240 ms.
func TestAttempts(t *testing.T) {
	p := newPipe(t, 0, "")
	p.chat(20*Second, 100*Millisecond, 0, 1)
	p.lab.AdvanceTo(21 * Second)
	p.link(VerbCut)
	before := len(p.attempts)
	at := p.lab.Now()
	p.say(0, 1)
	p.lab.AdvanceTo(at + 40*Second)
	var got []Time
	for _, m := range p.attempts[before:] {
		got = append(got, m.Sent-at)
		if !m.lost {
			t.Errorf("the attempt at %s is not lost", m.Sent)
		}
	}
	rto := 240 * Millisecond
	want := []Time{0, rto, 3 * rto, 7 * rto, 15 * rto, 31 * rto, 63 * rto, 127 * rto}
	if !slices.Equal(got, want) {
		t.Errorf("attempts at %v, want %v", got, want)
	}
}

// TestSilenceAfterACut: a cut of 8 s is followed by another 7 to 8 s of silence.
func TestSilenceAfterACut(t *testing.T) {
	p := newPipe(t, 0, "")
	p.chat(10*Second+40*Millisecond, 100*Millisecond, 0, 1)
	p.cutAt(10*Second + 50*Millisecond)
	p.chat(18*Second, 100*Millisecond, 0, 1)
	p.lab.AdvanceTo(18*Second + 50*Millisecond)
	p.heal()
	healed := p.lab.Now()
	p.chat(40*Second, 100*Millisecond, 0, 1)
	silence := p.heardAfter(healed) - healed
	t.Logf("silent for %s after a cut of 8 s; measured 7.8 s", silence)
	if silence < 6800*Millisecond || silence > 8200*Millisecond {
		t.Errorf("silent for %s", silence)
	}
	p.lab.AdvanceTo(41 * Second)
	for n := range numbered(p.sent) {
		if _, ok := p.delivered[n]; !ok {
			t.Fatalf("message %d was not delivered", n)
		}
	}
}

// TestReadTimeout: a program that dials anew talks again within a second, the least time between two SYNs
// and a round trip.
func TestReadTimeout(t *testing.T) {
	for ms := Time(0); ms < 3000; ms += 130 {
		p := newPipe(t, 5*Second, "")
		p.chat(10*Second, 100*Millisecond, 0, 1)
		p.cutAt(10*Second + 50*Millisecond)
		p.chat(18*Second+ms*Millisecond, 100*Millisecond, 0, 1)
		p.heal()
		healed := p.lab.Now()
		p.chat(25*Second, 100*Millisecond, 0, 1)
		if silence := p.heardAfter(healed) - healed; silence > 1160*Millisecond {
			t.Errorf("healed at %s: silent for %s", healed, silence)
		}
		r, d := p.noted(NoteReset), p.noted(NoteDialed)
		if len(r) != 1 || r[0].Node != 0 || r[0].At != 15040*Millisecond || len(d) != 1 || d[0].Node != 0 {
			t.Errorf("resets %+v, dialed %+v", r, d)
		}
	}
}

// TestOrder keeps order, and delivers everything once, whatever the links do by chance.
func TestOrder(t *testing.T) {
	for _, weather := range []string{"drop 30%", "reorder 40% 300ms", "duplicate 50%", "delay 700ms"} {
		for seed := range 5 {
			p := newPipe(t, 0, fmt.Sprintf("seed %d\nat 1s %s everywhere\nat 20s delay 0s everywhere\nat 20s drop 0%% everywhere", seed, weather))
			for i := range 1000 {
				p.lab.AdvanceTo(Time(i) * 20 * Millisecond)
				p.say(Addr(i%2), Addr(1-i%2))
			}
			p.lab.AdvanceTo(1000 * Second)
			if len(p.delivered) != p.sent {
				t.Errorf("%s, seed %d: %d of %d delivered", weather, seed, len(p.delivered), p.sent)
			}
			if again := len(p.attempts) - p.sent; weather == "duplicate 50%" && again > 0 {
				t.Errorf("%d sent again", again)
			}
		}
	}
}

func TestHealthyStreamSendsNothingTwice(t *testing.T) {
	p := newPipe(t, 5*Second, "regions us-east-1 ap-south-1")
	p.chat(60*Second, 7*Millisecond, 0, 1)
	p.lab.AdvanceTo(61 * Second)
	if len(p.attempts) != p.sent || len(p.delivered) != p.sent || len(p.notes) > 0 {
		t.Errorf("%d said, %d sent, %d delivered, notes %v", p.sent, len(p.attempts), len(p.delivered), p.notes)
	}
	if q := len(p.c.link(0, 1).stream.queue); q > 200 {
		t.Errorf("the queue has %d places", q)
	}
}

func TestSendBuffer(t *testing.T) {
	p := newPipe(t, 0, "at 1s partition us-east-1")
	p.lab.AdvanceTo(Second)
	for range MaxSendBuffer + 10 {
		p.say(0, 1)
	}
	over := 0
	for n := range p.lost {
		if n >= MaxSendBuffer {
			over++
		}
	}
	if waits := p.c.waiting; waits != MaxSendBuffer || over != 10 {
		t.Errorf("%d wait, %d are lost for want of room", waits, over)
	}
}

func TestHold(t *testing.T) {
	p := newPipe(t, 0, "")
	p.lab.AdvanceTo(Second)
	p.link(VerbHold)
	p.chat(3*Second, 100*Millisecond, 0, 1)
	if len(p.delivered) > 0 {
		t.Errorf("%d delivered while held", len(p.delivered))
	}
	p.link(VerbRelease)
	p.lab.AdvanceTo(p.lab.Now() + 100*Millisecond)
	if len(p.delivered) != p.sent {
		t.Errorf("%d of %d delivered a round trip after the release", len(p.delivered), p.sent)
	}
}

// TestOneWayCut: what the whole direction carries arrives, but its acknowledgements do not: after an RTO nothing new
// is sent there either.
func TestOneWayCut(t *testing.T) {
	p := newPipe(t, 0, "")
	p.chat(Second, 100*Millisecond, 0, 1)
	p.lab.AdvanceTo(1500 * Millisecond)
	p.do(Command{Verb: VerbCut, Links: Links{From: "eu-west-1/1", To: "us-east-1/1", OneWay: true}})
	cut := p.lab.Now()
	p.chat(10*Second, 100*Millisecond, 0, 1)
	last := Time(0)
	for n := range numbered(p.sent) {
		if at, ok := p.delivered[n]; ok {
			last = max(last, at)
		}
	}
	if last < cut+100*Millisecond || last > cut+600*Millisecond {
		t.Errorf("the last message arrives %s after the cut", last-cut)
	}
	p.do(Command{Verb: VerbMend, Links: Links{From: "eu-west-1/1", To: "us-east-1/1", OneWay: true}})
	p.lab.AdvanceTo(30 * Second)
	if len(p.delivered) != p.sent {
		t.Errorf("%d of %d delivered after the mending", len(p.delivered), p.sent)
	}
}

func TestExit(t *testing.T) {
	p := newPipe(t, 5*Second, "")
	p.lab.AdvanceTo(Second)
	p.c.exited(1)
	p.lab.AdvanceTo(Second + 20*Millisecond)
	if r := p.noted(NoteReset); len(r) != 1 || r[0].Node != 0 || r[0].At != Second+20*Millisecond {
		t.Fatalf("resets %+v", r)
	}
	n := p.say(0, 1)
	p.lab.AdvanceTo(3 * Second)
	if !p.gone[n] {
		t.Error("a message to a program that is not there waits")
	}
	p.c.restarted(1)
	p.lab.AdvanceTo(3*Second + 100*Millisecond)
	n = p.say(0, 1)
	back := p.say(1, 0)
	p.lab.AdvanceTo(4 * Second)
	if p.delivered[n] == 0 || p.delivered[back] == 0 || len(p.noted(NoteDialed)) != 1 {
		t.Errorf("after the restart: delivered %v, notes %+v", p.delivered, p.notes)
	}
}

// A cut swallows the reset of a program that exits: its peer finds out by its own timeout.
func TestExitBehindACut(t *testing.T) {
	p := newPipe(t, 5*Second, "at 1s partition eu-west-1\nat 2s heal")
	p.lab.AdvanceTo(Second)
	p.c.exited(1)
	p.lab.AdvanceTo(10 * Second)
	if len(p.notes) != 2 {
		t.Fatalf("notes %+v", p.notes)
	}
	p.say(0, 1) // the machine answers that there is no connection
	p.lab.AdvanceTo(10*Second + 40*Millisecond)
	if r := p.noted(NoteReset); len(r) != 1 {
		t.Errorf("resets %+v", r)
	}
}

func TestCrash(t *testing.T) {
	p := newPipe(t, 5*Second, "")
	p.lab.AdvanceTo(Second)
	p.c.crashed(1)
	p.chat(6900*Millisecond, 100*Millisecond, 0, 1)
	if r := p.noted(NoteReset); len(r) != 1 || r[0].At != 5*Second {
		t.Errorf("resets %+v", r) // 5 s after it was last heard: when the connection was made
	}
	p.c.restarted(1)
	p.lab.AdvanceTo(8500 * Millisecond)
	n := p.say(0, 1)
	p.lab.AdvanceTo(9 * Second)
	if p.delivered[n] == 0 {
		t.Errorf("no connection after the restart: %+v", p.notes)
	}
}

// A machine that is back before anybody has missed it answers what belongs to the old connection with a reset.
func TestCrashUnnoticed(t *testing.T) {
	p := newPipe(t, 0, "")
	p.lab.AdvanceTo(Second)
	p.c.crashed(1)
	p.link(VerbCut) // so that it does not dial
	p.lab.AdvanceTo(2 * Second)
	p.c.restarted(1)
	p.c.link(1, 0).stream.dials = false
	p.lab.AdvanceTo(10 * Second)
	p.link(VerbMend)
	if len(p.noted(NoteReset)) != 0 {
		t.Fatalf("notes %+v", p.notes)
	}
	p.say(0, 1)
	p.lab.AdvanceTo(11 * Second)
	if r := p.noted(NoteReset); len(r) != 1 || len(p.noted(NoteDialed)) != 1 {
		t.Errorf("notes %+v", p.notes)
	}
}

// accounted fails unless every message that was said was delivered, is in flight, or was given up.
func (p *pipe) accounted() {
	p.t.Helper()
	flying := map[numbered]bool{}
	p.c.InFlight(func(m *Message) bool {
		if n, ok := m.Payload.(numbered); ok {
			flying[n] = true
		}
		return true
	})
	for n := range numbered(p.sent) {
		_, ok := p.delivered[n]
		if !ok && !flying[n] && !p.gone[n] && !p.lost[n] {
			p.t.Fatalf("at %s message %d is nowhere", p.c.now, n)
		}
		if ok && p.gone[n] {
			p.t.Fatalf("at %s message %d was given up and delivered", p.c.now, n)
		}
	}
}

// TestNothingIsNowhere plays random faults over talkers with and without read timeouts.
func TestNothingIsNowhere(t *testing.T) {
	verbs := []Verb{VerbCut, VerbMend, VerbHold, VerbRelease, VerbMend, VerbRelease, VerbDrop, VerbReorder, VerbDelay, VerbDrop}
	delivered, gone := 0, 0
	for seed := range uint64(60) {
		luck := rand.New(rand.NewPCG(seed, 3))
		timeout := Time(luck.IntN(2)) * 3 * Second
		p := newPipe(t, timeout, fmt.Sprintf("seed %d\nregions us-east-1 eu-west-1 ap-south-1", seed))
		down := map[Addr]bool{}
		for p.lab.Now() < 60*Second {
			p.lab.AdvanceTo(p.lab.Now() + Time(luck.IntN(100_000)))
			from := Addr(luck.IntN(3))
			to := (from + 1 + Addr(luck.IntN(2))) % 3
			switch luck.IntN(30) {
			case 0, 1, 2:
				names := []string{"us-east-1", "eu-west-1", "ap-south-1"}
				cmd := Command{Verb: verbs[luck.IntN(len(verbs))], Links: Links{From: names[from], To: names[to], OneWay: luck.IntN(2) == 0}}
				if cmd.Verb == VerbDrop || cmd.Verb == VerbReorder {
					cmd.Chance = Chance(luck.IntN(400_000))
				}
				if cmd.Verb == VerbDelay || cmd.Verb == VerbReorder {
					cmd.By = 1 + Time(luck.IntN(300_000))
				}
				p.do(cmd)
			case 3:
				if timeout > 0 && luck.IntN(3) == 0 && !down[from] {
					[]func(Addr){p.c.crashed, p.c.exited}[luck.IntN(2)](from)
					down[from] = true
				}
			case 4:
				if down[from] {
					p.c.restarted(from)
					down[from] = false
				}
			default:
				if !down[from] {
					p.say(from, to)
				}
			}
			p.accounted()
		}
		for a := range Addr(3) {
			if down[a] {
				p.c.restarted(a)
			}
		}
		for _, v := range []Verb{VerbMend, VerbRelease, VerbDrop, VerbDelay} {
			p.do(Command{Verb: v})
		}
		p.lab.AdvanceTo(400 * Second)
		p.accounted()
		p.settled()
		delivered, gone = delivered+len(p.delivered), gone+len(p.gone)
	}
	if delivered == 0 || gone == 0 {
		t.Errorf("%d delivered, %d given up", delivered, gone)
	}
	t.Logf("%d delivered, %d given up", delivered, gone)
}

// settled fails unless all nodes are connected with nothing on the way.
func (p *pipe) settled() {
	p.t.Helper()
	for a := range Addr(3) {
		for b := range Addr(3) {
			if a != b {
				p.say(a, b)
			}
		}
	}
	p.lab.AdvanceTo(p.lab.Now() + 60*Second)
	if p.c.waiting != 0 || len(p.c.air.all()) != 0 {
		p.t.Errorf("%d messages wait, %d fly", p.c.waiting, len(p.c.air.all()))
	}
	for _, e := range p.c.ends {
		if int(max(e.addr, e.peer.addr)) >= p.c.Nodes() {
			continue // a client finds out about a crash when it asks
		}
		if e.conn == 0 || e.conn != e.peer.conn || len(e.early) > 0 {
			p.t.Errorf("from %d to %d: connection %d, the peer has %d, %d early", e.addr, e.peer.addr, e.conn, e.peer.conn, len(e.early))
		}
	}
}

// TestGap loses one message of many: it is sent again as soon as three later ones have been acknowledged, and those
// wait for it; if none is later, after an RTO.
func TestGap(t *testing.T) {
	for _, after := range []int{50, 0} {
		p := newPipe(t, 0, "")
		p.chat(20*Second, 10*Millisecond, 0, 1)
		drop := Command{Verb: VerbDrop, Chance: Always, Links: Links{From: "us-east-1/1", To: "eu-west-1/1", OneWay: true}}
		p.do(drop)
		lost := p.say(0, 1)
		at := p.lab.Now()
		drop.Chance = 0
		p.do(drop)
		p.chat(p.lab.Now()+Time(after)*10*Millisecond, 10*Millisecond, 0, 1)
		p.lab.AdvanceTo(p.lab.Now() + Second)
		took := p.delivered[lost] - at
		want := 240*Millisecond + 20*Millisecond
		if after > 0 {
			want = 3*10*Millisecond + 40*Millisecond + 20*Millisecond
		}
		if took < want || took > want+Millisecond {
			t.Errorf("with %d messages after it: delivered after %s, want %s", after, took, want)
		}
		if p.delivered[lost+3] != p.delivered[lost] && after > 0 {
			t.Errorf("the messages after it are delivered at %s, and it at %s", p.delivered[lost+3], p.delivered[lost])
		}
	}
}
