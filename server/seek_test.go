package server

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"netsplit/sim"
)

// later is a deadline that no test reaches.
func later() time.Time { return time.Now().Add(time.Hour) }

// seen is the hash of what a State shows.
func seen(in incoming) string { return hashOf(encode(picture{in.Clock.At, in.Groups, in.Lanes})) }

// was is the hash of what a run of a text shows at a moment.
func was(t *testing.T, text string, at sim.Time) string {
	t.Helper()
	f, err := newFeed(mustParse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	f.run.AdvanceTo(at)
	return f.hash()
}

// sought takes turns until a viewer's replay has arrived, and returns all the states it is shown.
func (s *stage) sought(v *viewer) (list []incoming) {
	s.t.Helper()
	for range 10_000 {
		s.turnOnce()
		for _, in := range s.read(v) {
			if in.Type != "state" {
				continue
			}
			if list = append(list, in); in.Clock.Coming == 0 {
				return list
			}
		}
	}
	s.t.Fatal("the replay does not arrive")
	return nil
}

// TestSought: at random moments of random worlds, with commands by hand in between, what a viewer sees live is what a
// replay shows, and a seek, the archive's frames, and a room that begins anew from the text.
func TestSought(t *testing.T) {
	for seed := range soaked(3, 50) {
		luck := rand.New(rand.NewPCG(seed, 2))
		s := newStage(t, wild(seed))
		s.playing = false
		v := s.join()
		live := map[sim.Time]string{}
		times := moments(luck, int(soaked(6, 20)), 50*sim.Second)
		for i, at := range times {
			s.play(at, 400*sim.Millisecond, later())
			live[at] = s.feed.hash()
			s.turnOnce()
			if i%3 == 1 {
				s.say(v, ClientMessage{Type: "command", Command: &sim.Command{Verb: []sim.Verb{sim.VerbHeal, sim.VerbReseed}[i/3%2], Seed: seed}})
			}
		}
		s.play(51*sim.Second, 400*sim.Millisecond, later())
		s.turnOnce()
		s.read(v)
		scenario := s.feed.run.Scenario()
		text := scenario.String()
		s.replayPace = 1e6 // as if replays took for ever: pictures come first
		luck.Shuffle(len(times), func(i, j int) { times[i], times[j] = times[j], times[i] })
		for _, at := range times {
			s.say(v, ClientMessage{Type: "seek", At: at})
			got := s.sought(v)
			exact := got[len(got)-1]
			if exact.Clock.At != at || exact.Clock.Live || seen(exact) != live[at] {
				t.Fatalf("seed %d: a seek to %s shows something else, at %s, in\n%s", seed, at, exact.Clock.At, text)
			}
			if again := was(t, text, at); again != live[at] {
				t.Fatalf("seed %d: the text shows something else at %s:\n%s", seed, at, text)
			}
			for _, in := range got[:len(got)-1] {
				if in.Clock.At > at || in.Clock.At < at-2*sim.Second || in.Clock.Coming != at {
					t.Fatalf("seed %d: on the way to %s a picture of %s, coming %s", seed, at, in.Clock.At, in.Clock.Coming)
				}
				if seen(in) != was(t, text, in.Clock.At) {
					t.Fatalf("seed %d: the picture of %s shows something else in\n%s", seed, in.Clock.At, text)
				}
			}
		}
	}
}

// TestArchiveKeepsItsBounds: however long a run, its archive has no more frames and bytes than it may, the first of them
// is of the start, and each shows what was there.
func TestArchiveKeepsItsBounds(t *testing.T) {
	s := newStage(t, "regions us-east-1 eu-west-1\nlane a gossip\nworkload likes rate=2/s staggered\n")
	for at := sim.Time(0); at < 200*sim.Second; at += 50 * sim.Second {
		s.play(at+50*sim.Second, 0, later())
		a := s.archive
		bytes := 0
		for _, f := range a.frames {
			bytes += len(f.data)
		}
		if bytes != a.bytes || bytes > MaxKeyBytes || len(a.frames) > MaxKeyFrames || a.frames[0].at != 0 {
			t.Fatalf("by %s: %d frames from %s on, %d bytes, counted %d", at, len(a.frames), a.frames[0].at, bytes, a.bytes)
		}
		for i, f := range a.frames {
			if f.at%a.grid != 0 || i > 0 && f.at-a.frames[i-1].at != a.grid {
				t.Fatalf("by %s: frame %d is at %s, the grid is %s", at, i, f.at, a.grid)
			}
		}
	}
	scenario := s.feed.run.Scenario()
	replay, err := newFeed(&scenario)
	if err != nil {
		t.Fatal(err)
	}
	other := s.archive.until(150 * sim.Second)
	for i := range s.archive.frames {
		at := s.archive.frames[i].at
		replay.run.AdvanceTo(at)
		if i%7 == 3 {
			replay.delta(Clock{})
			if hashOf(s.archive.latest(at+1)) != replay.hash() {
				t.Fatalf("the frame at %s shows something else", at)
			}
			if at <= 150*sim.Second && hashOf(other.latest(at)) != replay.hash() {
				t.Fatalf("another's frame at %s shows something else", at)
			}
		}
	}
}

// TestScrubbing: while a hand moves the playhead, a viewer gets one picture a turn at most, no replay begins anew, and the
// newest moment wins. A replay that is before its target goes on.
func TestScrubbing(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	v := s.join()
	s.play(60*sim.Second, sim.Second, later())
	s.turnOnce()
	s.read(v)
	s.replayPace = 1e6
	s.say(v, ClientMessage{Type: "seek", At: 50 * sim.Second})
	s.sought(v)
	first := v.past.feed
	for i := range sim.Time(40) {
		for j := range sim.Time(4) {
			s.say(v, ClientMessage{Type: "seek", At: 50*sim.Second - (4*i+j)*100*sim.Millisecond})
		}
		want := 50*sim.Second - (4*i+3)*100*sim.Millisecond
		if got := s.read(v); i == 0 && len(got) != 1 || i > 0 && len(got) != 0 {
			t.Fatalf("%d messages before the turn", len(got))
		}
		s.turnOnce()
		got := s.read(v)
		if len(got) != 1 || got[0].Clock.Coming != want || got[0].Clock.At > want {
			t.Fatalf("at %s: %d messages, the first of %s, coming %s", want, len(got), got[0].Clock.At, got[0].Clock.Coming)
		}
		if v.past.feed != first {
			t.Fatal("a replay begins while the hand moves")
		}
	}
	v.past.feed = s.replay()
	v.past.feed.run.AdvanceTo(10 * sim.Second)
	on := v.past.feed
	for i := range sim.Time(5) {
		s.say(v, ClientMessage{Type: "seek", At: 40*sim.Second + i*sim.Second})
		s.turnOnce()
	}
	if in, _ := s.settle(v); in.Clock.At != 44*sim.Second || in.Clock.Coming != 0 || v.past.feed != on {
		t.Errorf("forward: at %s", in.Clock.At)
	}
}

// TestSeekAtOnce: where a replay is short, no picture comes before it.
func TestSeekAtOnce(t *testing.T) {
	s := newStage(t, busy)
	s.playing = false
	v := s.join()
	s.play(3*sim.Second, 0, later())
	s.turnOnce()
	s.read(v)
	s.replayPace = 1
	s.say(v, ClientMessage{Type: "seek", At: 2*sim.Second + 1})
	if p := v.past; !p.late || s.lasts(p.target) >= QuickReplay {
		t.Fatalf("%+v", p)
	}
	s.replayTo(v.past.feed, v.past.target, later())
	s.turnOnce()
	if got := s.read(v); len(got) != 1 || got[0].Type != "state" || got[0].Clock.Coming != 0 || got[0].Clock.At != 2*sim.Second+1 {
		t.Errorf("%d messages, the first at %s", len(got), got[0].Clock.At)
	}
}

// TestSeekOdd: before the start, beyond the edge, while playing, and with play, step and inspect on the way.
func TestSeekOdd(t *testing.T) {
	s := newStage(t, busy)
	v, other := s.join(), s.join()
	s.play(30*sim.Second, sim.Second, later())
	s.turnOnce()
	s.read(v)
	s.say(v, ClientMessage{Type: "seek", At: -1})
	if got := s.read(v); len(got) != 1 || got[0].Type != "reject" || v.past != nil {
		t.Errorf("before the start: %+v", got)
	}
	s.say(v, ClientMessage{Type: "seek", At: sim.MaxTime})
	if got := s.read(v); len(got) != 1 || got[0].Type != "state" || !got[0].Clock.Live {
		t.Errorf("beyond the edge: %+v", got[0].Clock)
	}
	s.replayPace = 1e6
	s.say(v, ClientMessage{Type: "seek", At: 20*sim.Second + 50*sim.Millisecond})
	s.say(other, ClientMessage{Type: "seek", At: 10 * sim.Second})
	s.say(v, ClientMessage{Type: "inspect", Inspect: &Inspect{Lane: "quorum", Node: new(sim.Addr(1))}})
	s.say(v, ClientMessage{Type: "play"})
	if got := s.read(v); len(got) != 2 || got[0].Type != "state" || !strings.Contains(got[1].Reason, "is being replayed up to 20.05 s") {
		t.Fatalf("inspecting on the way: %+v", got)
	}
	got := s.sought(v)
	if last := got[len(got)-1]; last.Clock.At != 20*sim.Second+50*sim.Millisecond || !last.Clock.Playing {
		t.Errorf("%+v", last.Clock)
	}
	if in := s.arrive(other); in.Clock.At != 10*sim.Second || in.Clock.Playing {
		t.Errorf("the other: %+v", in.Clock)
	}
	before := v.past.feed.run.Now()
	s.turnOnce()
	if v.past.feed.run.Now() <= before {
		t.Error("it does not play on")
	}
	s.say(v, ClientMessage{Type: "seek", At: 5 * sim.Second})
	s.say(v, ClientMessage{Type: "step"})
	s.arrive(v)
	if at := v.past.feed.run.Now(); at <= 5*sim.Second || v.past.playing {
		t.Errorf("a step on the way leads to %s", at)
	}
	s.say(v, ClientMessage{Type: "live"})
	if got := s.read(v); len(got) == 0 || !got[len(got)-1].Clock.Live {
		t.Error("not live again")
	}
}

// BenchmarkSeek seeks in ten minutes of the default lab, at random: how long the turn takes that shows the first picture,
// and how much time the replay takes in all, without the time between turns.
func BenchmarkSeek(b *testing.B) {
	g, err := loadGallery()
	if err != nil {
		b.Fatal(err)
	}
	scenario, _, err := g.find("")
	if err != nil {
		b.Fatal(err)
	}
	s := newStage(b, scenario.String())
	s.playing = false
	v := s.join()
	s.play(10*60*sim.Second, 0, later())
	s.turnOnce()
	s.read(v)
	luck := rand.New(rand.NewPCG(1, 1))
	var picture, exact time.Duration
	for b.Loop() {
		begun := time.Now()
		s.say(v, ClientMessage{Type: "seek", At: sim.Time(luck.Int64N(int64(10 * 60 * sim.Second)))})
		for shown := false; !shown || !v.past.arrived; s.turnOnce() {
			if !shown && len(v.outbox) > 0 {
				shown = true
				picture += time.Since(begun)
			}
		}
		s.read(v)
		exact += time.Since(begun)
	}
	b.ReportMetric(float64(picture.Milliseconds())/float64(b.N), "ms/picture")
	b.ReportMetric(float64(exact.Milliseconds())/float64(b.N), "ms/exact")
}
