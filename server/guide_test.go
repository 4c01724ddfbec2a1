package server

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// classroom is a small world, in which a class looks at what was.
const classroom = "seed 7\nregions us-east-1 eu-west-1\nlane strong raft\nlane eventual gossip\nworkload bank rate=5/s staggered\n"

// class is a room with a presenter, and viewers who follow: a third have come with the control key, and others by the view key.
type class struct {
	*stage
	v       *viewer // presents
	riders  []*viewer
	last    map[*viewer]incoming // what each of them was shown last
	glanced time.Time

	decoded map[*byte]incoming // messages of this turn
}

func newClass(t testing.TB, n int) *class {
	s := newStage(t, classroom)
	_, id := guestToken(t)
	c := &class{stage: s, v: newGuest(id, true), last: map[*viewer]incoming{}}
	s.handle(request{viewer: c.v, kind: requestJoin})
	s.say(c.v, ClientMessage{Type: "present", On: true})
	s.play(12*sim.Second, sim.Second, later())
	for i := range n {
		v := newGuest("", i%3 == 0)
		s.handle(request{viewer: v, kind: requestJoin})
		s.say(v, ClientMessage{Type: "follow", On: true})
		c.riders = append(c.riders, v)
	}
	c.turns(2)
	return c
}

// glance has the presenter's page tell what it looks at.
func (c *class) glance() {
	g := Glance{Live: c.v.past == nil}
	if p := c.v.past; p != nil {
		g.At, g.Playing = p.aim(), p.playing
	}
	c.say(c.v, ClientMessage{Type: "glance", Glance: &g})
	c.glanced = c.now
}

// turns takes turns, in which the presenter's page tells four times a second what it looks at, and returns what each of those who follow was shown.
func (c *class) turns(n int) [][]incoming {
	c.t.Helper()
	all := make([][]incoming, len(c.riders))
	for range n {
		c.decoded = map[*byte]incoming{}
		c.turnOnce()
		c.read(c.v)
		if c.now.Sub(c.glanced) >= GlanceInterval {
			c.glance()
		}
		for i, v := range c.riders {
			if got := c.shown(v); len(got) > 0 {
				all[i], c.last[v] = append(all[i], got...), got[len(got)-1]
			}
		}
	}
	return all
}

// shown returns what a viewer was shown of the run since it was last asked for. What many were sent is decoded once.
func (c *class) shown(v *viewer) (all []incoming) {
	c.t.Helper()
	for len(v.outbox) > 0 {
		msg := <-v.outbox
		in, known := c.decoded[&msg[0]]
		if !known {
			in = decodeIncoming(c.t, msg)
			c.decoded[&msg[0]] = in
		}
		if in.Type != "audience" && in.Type != "glance" {
			all = append(all, in)
		}
	}
	return all
}

// gathered takes turns until all who follow are shown a moment, and returns what each was shown last.
func (c *class) gathered(at sim.Time) (last []incoming) {
	c.t.Helper()
	away := func(v *viewer) bool {
		clock := c.last[v].Clock
		return clock.At != at || clock.Coming != 0 || clock.Live
	}
	for range 10_000 {
		if c.turns(1); slices.ContainsFunc(c.riders, away) {
			continue
		}
		for _, v := range c.riders {
			last = append(last, c.last[v])
		}
		return last
	}
	c.t.Fatalf("those who follow do not come to %s: %+v", at, c.last[c.riders[0]].Clock)
	return nil
}

// look has the presenter look at a moment.
func (c *class) look(at sim.Time) {
	c.say(c.v, ClientMessage{Type: "seek", At: at})
	c.glance()
}

// TestClassFollows: 300 who follow the presenter into the past see what the presenter sees there, by one replay; the others go on.
func TestClassFollows(t *testing.T) {
	c := newClass(t, 300)
	other := c.join()
	c.look(6 * sim.Second)
	last := c.gathered(6 * sim.Second)
	want := was(t, classroom, 6*sim.Second)
	feeds := map[*feed]bool{}
	for i, v := range c.riders {
		if last[i].Type != "state" || seen(last[i]) != want {
			t.Fatalf("%d is shown a %s that is not what the run was", i, last[i].Type)
		}
		if got := last[i].Right; (got == RightControl) != v.holder || (last[i].Key != "") != v.holder {
			t.Fatalf("%d has %q, and the key %q", i, got, last[i].Key)
		}
		feeds[v.past.feed] = true
	}
	if n := len(c.pasts); len(feeds) != MaxGuides || n != 1 || c.pasts[0] != c.v {
		t.Errorf("%d replays for those who follow, and %d for others, one of them the presenter's", len(feeds), n)
	}
	on := c.guide.feed
	c.look(8 * sim.Second)
	if c.gathered(8 * sim.Second); c.guide.feed != on {
		t.Error("to go on it has begun anew")
	}
	c.look(2 * sim.Second)
	if in := c.gathered(2 * sim.Second)[0]; in.Type != "state" || seen(in) != was(t, classroom, 2*sim.Second) { // all have the same
		t.Fatalf("back, they are shown a %s that is not what the run was", in.Type)
	}
	if deltas := c.shown(other); len(deltas) == 0 || !deltas[len(deltas)-1].Clock.Live {
		t.Errorf("who does not follow is shown %+v", deltas)
	}
	c.say(c.v, ClientMessage{Type: "live"})
	c.glance()
	for i, list := range c.turns(1) {
		if len(list) == 0 || list[0].Type != "state" || !list[0].Clock.Live || c.riders[i].past != nil {
			t.Fatalf("with the presenter live, %d is not: %+v", i, list)
		}
	}
	if c.guide != nil {
		t.Error("there is a guide for nobody")
	}
}

// TestClassIsSharedOut: what those who follow are shown is encoded once, and twice where it names branches by their keys.
func TestClassIsSharedOut(t *testing.T) {
	c := newClass(t, 30)
	c.look(4 * sim.Second)
	c.gathered(4 * sim.Second)
	for _, step := range []struct {
		do   func()
		most int
	}{
		{func() { c.say(c.v, ClientMessage{Type: "speed", Speed: 2}) }, 1},
		{c.tellBranches, 2},
		{func() { c.guide.feed.run.AdvanceTo(4*sim.Second + 1); c.guide.changed = true }, 1},
		{func() { c.look(3 * sim.Second) }, 2},
	} {
		step.do()
		shown := make([][]byte, len(c.riders))
		for turns := 0; turns < 1000 && shown[0] == nil; turns++ { // a replay may take several, and what the presenter looks at be told before
			c.turnOnce()
			for i, v := range c.riders {
				for len(v.outbox) > 0 && shown[i] == nil {
					if msg := <-v.outbox; !bytes.HasPrefix(msg, []byte(`{"type":"glance"`)) {
						shown[i] = msg
					}
				}
			}
		}
		made := map[*byte]bool{}
		for i, msg := range shown {
			if msg == nil {
				t.Fatalf("%d is shown nothing", i)
			}
			made[&msg[0]] = true
			if bytes.Contains(msg, []byte(`"audience"`)) {
				t.Fatal("it is told of something else first")
			}
		}
		if len(made) > step.most {
			t.Errorf("%d messages were made for %d viewers, of two kinds", len(made), len(c.riders))
		}
		c.turns(3)
	}
}

// TestClassPlays: while the presenter plays in the past, those who follow are shown every turn what comes next, never before the
// presenter sees it, and stand at the very moment at which the presenter stops.
func TestClassPlays(t *testing.T) {
	c := newClass(t, 300)
	c.look(4 * sim.Second)
	c.gathered(4 * sim.Second)
	on, seq := c.guide.feed, c.guide.feed.seq
	c.say(c.v, ClientMessage{Type: "play"})
	c.glance()
	c.turns(20) // until it has begun
	span, still := c.virtual(FrameInterval), 0
	at := c.guide.feed.run.Now()
	if at <= 4*sim.Second {
		t.Fatal("it does not play")
	}
	for range 60 {
		list := c.turns(1)
		for i, got := range list {
			if len(got) > 1 || len(got) == 1 && (got[0].Type != "delta" || got[0].Seq != list[0][0].Seq) || len(got) != len(list[0]) {
				t.Fatalf("%d is shown %d messages, the first of them %+v", i, len(got), got)
			}
		}
		if len(list[0]) == 0 {
			still++ // what is known of the presenter is used up
			continue
		}
		clock := list[0][0].Clock
		if !clock.Playing || clock.At <= at || clock.At > at+2*span+1 || clock.At > c.v.past.feed.run.Now() {
			t.Fatalf("from %s to %s, with the presenter at %s", at, clock.At, c.v.past.feed.run.Now())
		}
		if at = clock.At; c.v.past.feed.run.Now()-at > c.virtual(GuideLeap) {
			t.Errorf("it lags by %s", c.v.past.feed.run.Now()-at)
		}
	}
	if still > 30 {
		t.Errorf("in %d of 60 turns it stands still", still)
	}
	c.say(c.v, ClientMessage{Type: "pause"})
	c.turns(2)
	c.glance()
	stop := c.v.past.feed.run.Now()
	if c.gathered(stop); c.guide.feed != on {
		t.Error("to stop there it has begun anew")
	}
	if c.guide.feed.hash() != was(t, classroom, stop) || c.guide.playing || c.guide.feed.seq <= seq {
		t.Error("it is not what the run was")
	}
}

// TestRiderSteps: who looks around by itself has a playhead of its own from then on, and others go on to be guided; back with the presenter it has none.
func TestRiderSteps(t *testing.T) {
	for _, c := range []struct {
		msg  ClientMessage
		live bool
		from sim.Time // it is at least there
	}{
		{ClientMessage{Type: "seek", At: 2 * sim.Second}, false, 2 * sim.Second},
		{ClientMessage{Type: "seek", At: 3600 * sim.Second}, true, 0},
		{ClientMessage{Type: "live"}, true, 0},
		{ClientMessage{Type: "step"}, false, 6*sim.Second + 1},
		{ClientMessage{Type: "step", To: "operation"}, false, 6*sim.Second + 1},
		{ClientMessage{Type: "step", Back: true}, false, 5 * sim.Second},
		{ClientMessage{Type: "until", What: "operation"}, false, 6*sim.Second + 1},
		{ClientMessage{Type: "play"}, false, 6 * sim.Second},
		{ClientMessage{Type: "pause"}, false, 6 * sim.Second},
		{ClientMessage{Type: "follow"}, false, 6 * sim.Second},
	} {
		t.Run(strings.Join([]string{c.msg.Type, c.msg.To, c.msg.What, fmt.Sprint(c.msg.At, c.msg.Back)}, " "), func(t *testing.T) {
			s := newClass(t, 3)
			s.look(6 * sim.Second)
			s.gathered(6 * sim.Second)
			v := s.riders[0]
			seq := s.guide.feed.seq
			s.say(v, c.msg)
			var got []incoming
			for range 500 {
				got = append(got, s.turns(1)[0]...)
				if v.past == nil || v.past.arrived && len(got) > 0 {
					break
				}
			}
			for _, in := range got {
				if in.Type == "delta" && in.Seq != seq+1 || in.Type == "reject" {
					t.Errorf("after message %d it is shown %+v", seq, in)
				}
				seq = in.Seq
			}
			if s.rides(v) || v.follows || (v.past == nil) != c.live || !s.rides(s.riders[1]) {
				t.Fatalf("it rides: %t; the other: %t; its past %+v", s.rides(v), s.rides(s.riders[1]), v.past)
			}
			if p := v.past; p != nil && (!p.arrived || p.feed.run.Now() < c.from || len(s.pasts) != 2) {
				t.Errorf("it is at %s, of %d", p.feed.run.Now(), len(s.pasts))
			}
			if p := s.v.past; p.feed.run.Now() != 6*sim.Second || s.guide.feed.run.Now() != 6*sim.Second {
				t.Error("the presenter, or those who follow, went along")
			}
			s.say(v, ClientMessage{Type: "follow", On: true})
			s.gathered(6 * sim.Second)
			if len(s.pasts) != 1 || len(s.guide.seers) != 3 {
				t.Errorf("back, there are %d replays beside the guide's, of %d", len(s.pasts), len(s.guide.seers))
			}
		})
	}
}

// TestFullPasts: where too many look around by themselves, who follows stays with the presenter, or says no more that it follows and is live.
func TestFullPasts(t *testing.T) {
	c := newClass(t, 2)
	c.look(6 * sim.Second)
	for range MaxPasts - 1 {
		c.say(c.join(), ClientMessage{Type: "seek", At: sim.Second})
	}
	c.gathered(6 * sim.Second)
	v := c.riders[0]
	for _, msg := range []ClientMessage{{Type: "seek", At: sim.Second}, {Type: "play"}, {Type: "step"}, {Type: "step", Back: true}} {
		c.say(v, msg)
		if got := c.shown(v); len(got) != 1 || !strings.HasPrefix(got[0].Reason, msg.Type+": 8 viewers of this room look at its past") || !c.rides(v) || !v.follows {
			t.Errorf("%s: %+v", msg.Type, got)
		}
	}
	c.say(v, ClientMessage{Type: "follow"})
	got := c.shown(v)
	if len(got) != 2 || got[0].Type != "state" || !got[0].Clock.Live || !strings.HasSuffix(got[1].Reason, "you are back at the live edge") || v.past != nil {
		t.Errorf("to follow no more: %+v", got)
	}
	if len(c.pasts) != MaxPasts || len(c.guide.seers) != 1 {
		t.Errorf("%d replays, and the guide's of %d", len(c.pasts), len(c.guide.seers))
	}
	c.say(c.v, ClientMessage{Type: "follow", On: true})
	if got := c.read(c.v); len(got) == 0 || got[len(got)-1].Reason != "follow: you are presenting" {
		t.Errorf("the presenter follows: %+v", got)
	}
}

// TestGuideEnds: those who follow are live again when the presenter presents no more, has left, or begins another run; and come along again when
// a presenter goes back.
func TestGuideEnds(t *testing.T) {
	for name, end := range map[string]func(c *class){
		"no more": func(c *class) { c.say(c.v, ClientMessage{Type: "present"}) },
		"left": func(c *class) {
			c.handle(request{viewer: c.v, kind: requestLeave})
			c.glanced = c.now.Add(time.Hour)
			c.turns(int((PresenterLeave + time.Second) / FrameInterval))
		},
		"another": func(c *class) {
			_, id := guestToken(c.t)
			c.riders[0].guest = id
			c.say(c.riders[0], ClientMessage{Type: "present", On: true})
		},
		"anew": func(c *class) {
			c.glanced = c.now.Add(time.Hour)
			c.say(c.v, ClientMessage{Type: "script", Text: classroom + "at 1s partition eu-west-1\n", At: 8 * sim.Second})
			for c.ahead > 0 {
				c.turns(1)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClass(t, 4)
			c.look(6 * sim.Second)
			c.gathered(6 * sim.Second)
			end(c)
			c.turns(3)
			for i, v := range c.riders {
				if v.past != nil || c.guide != nil || !v.follows {
					t.Errorf("%d is at %+v, and follows: %t", i, v.past, v.follows)
				}
			}
			if c.viewers[c.v] {
				return
			}
			_, id := guestToken(t)
			c.v = newGuest(id, true)
			c.handle(request{viewer: c.v, kind: requestJoin})
			c.say(c.v, ClientMessage{Type: "present", On: true})
			c.look(4 * sim.Second)
			c.gathered(4 * sim.Second)
		})
	}
}

// TestGuideOfOneRun: a run that is played anew up to where it was, because of a command that has come late, is looked at where it was; another run is not.
func TestGuideOfOneRun(t *testing.T) {
	c := newClass(t, 3)
	c.look(6 * sim.Second)
	c.gathered(6 * sim.Second)
	stays := c.guide.feed
	c.say(c.riders[0], ClientMessage{Type: "live"})
	c.say(c.riders[0], heal) // at the live edge: no past changes
	c.turns(2)
	if c.guide.feed != stays || c.guide.feed.run.Now() != 6*sim.Second {
		t.Error("a command at the live edge has moved those who look back")
	}
	edge, past := c.feed.run.Scenario(), c.guide.feed.run.Scenario()
	if edge.String() != past.String() {
		t.Errorf("the guide has\n%s\nthe edge\n%s", past.String(), edge.String())
	}
	f, err := c.anew()
	if err != nil {
		t.Fatal(err)
	}
	c.glanced = c.now.Add(time.Hour) // the presenter, at another server, has not moved
	c.replayWith(f, 5*sim.Second, c.edge())
	c.riders, c.last = c.riders[1:], map[*viewer]incoming{}
	if c.gathered(6 * sim.Second); c.guide.feed == stays {
		t.Error("it is the replay of before")
	}
}

// TestGuidesOfTwoServers: those who follow at another server than the presenter's see what the presenter sees: a moment, one that their own
// server had not come to while all there looked back, and one of another run.
func TestGuidesOfTwoServers(t *testing.T) {
	log := sharedMemory{newMemoryLog()}
	_, urlA := startWith(t, log)
	_, urlB := startWith(t, log)
	testGuides(t, urlA, urlB)
}

func testGuides(t *testing.T, urlA, urlB string) {
	owner, room := standing(t, urlA)
	hand, _ := company(t, urlA, ClientMessage{Room: room.Room, Key: room.Key})
	presenter := guestIn(t, owner)
	var class []*browser
	for range 3 {
		b, _ := company(t, urlB, ClientMessage{Room: room.Room, Key: room.ViewKey})
		b.audience("the presenter", func(in incoming) bool { return in.Presenter == presenter })
		b.say(ClientMessage{Type: "follow", On: true})
		class = append(class, b)
	}
	look := func(at sim.Time, run int) {
		t.Helper()
		owner.say(ClientMessage{Type: "seek", At: at})
		there := func(in incoming) bool {
			return in.Type == "state" && in.Clock.At == at && in.Clock.Coming == 0 && !in.Clock.Live && in.Run == run
		}
		want := owner.await(fmt.Sprint("the moment ", at), there)
		owner.say(ClientMessage{Type: "glance", Glance: &Glance{At: at}})
		late, _ := company(t, urlB, ClientMessage{Room: room.Room, Key: room.ViewKey})
		late.say(ClientMessage{Type: "follow", On: true})
		for i, b := range append(class, late) {
			if got := b.await(fmt.Sprint("the moment ", at, " at the other server"), there); !bytes.Equal(got.Lanes, want.Lanes) {
				t.Errorf("at %s, %d is shown something else than the presenter", at, i)
			}
		}
	}
	look(250*sim.Millisecond, 1)
	hand.say(ClientMessage{Type: "speed", Speed: 5})
	hand.say(ClientMessage{Type: "play"})
	hand.passed(4 * sim.Second)
	look(3500*sim.Millisecond, 1)
	hand.say(ClientMessage{Type: "pause"})
	hand.done(ClientMessage{Type: "script", ID: "anew", Text: "regions us-east-1\nlane z gossip\nworkload bank rate=5/s staggered\n", At: 3 * sim.Second})
	owner.await("the new run", func(in incoming) bool { return in.Type == "state" && in.Run == 2 && in.Clock.Coming == 0 })
	look(2*sim.Second, 2)
	owner.say(ClientMessage{Type: "live"})
	owner.say(ClientMessage{Type: "glance", Glance: &Glance{Live: true}})
	for _, b := range class {
		b.await("the live edge", func(in incoming) bool { return in.Type == "state" && in.Clock.Live })
	}
}

// TestSlowRider: who does not read for a while is then shown where the others are, and goes on with them; nobody waits.
func TestSlowRider(t *testing.T) {
	c := newClass(t, 3)
	c.look(4 * sim.Second)
	c.gathered(4 * sim.Second)
	c.say(c.v, ClientMessage{Type: "play"})
	slow := c.riders[0]
	c.riders = c.riders[1:]
	for range 200 {
		if c.turns(1); slow.behind {
			break
		}
	}
	if !slow.behind {
		t.Fatal("it reads nothing, and is not behind")
	}
	c.shown(slow)
	c.turns(1)
	got := c.shown(slow)
	if len(got) != 1 || got[0].Type != "state" || got[0].Seq != c.guide.feed.seq || got[0].Clock.Live {
		t.Fatalf("it is shown %+v", got)
	}
	for first, seq := got[0].Seq, got[0].Seq; seq < first+5; {
		c.turns(1)
		for _, in := range c.shown(slow) {
			if seq++; in.Type != "delta" || in.Seq != seq {
				t.Fatalf("after %d it is shown a %s of %d", seq-1, in.Type, in.Seq)
			}
		}
	}
}

// TestRideLeftAtOnce: who says that it follows, and before the next turn looks around all the same, does so.
func TestRideLeftAtOnce(t *testing.T) {
	for _, msg := range []ClientMessage{{Type: "seek", At: sim.Second}, {Type: "seek", At: 3600 * sim.Second}, {Type: "live"}, {Type: "step"}, {Type: "step", Back: true}, {Type: "play"}, {Type: "follow"}} {
		c := newClass(t, 1)
		c.look(4 * sim.Second)
		c.gathered(4 * sim.Second)
		v := c.riders[0]
		c.say(v, ClientMessage{Type: "seek", At: 2 * sim.Second})
		c.turns(3)
		c.say(v, ClientMessage{Type: "follow", On: true})
		c.say(v, msg)
		if c.turns(3); v.follows || c.rides(v) {
			t.Errorf("after %s %s it follows", msg.Type, msg.At)
		}
	}
}
