package server

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// TestSharedRuns: a run that is too long for a link is kept, and found by its id; a shorter one is in the link itself.
func TestSharedRuns(t *testing.T) {
	_, url := start(t)
	share := func(text string) string {
		b := dial(t, url)
		b.enter(ClientMessage{Run: sim.Pack(text)})
		b.say(ClientMessage{Type: "share"})
		return b.until("the link", func(in incoming) bool { return in.Type == "script" }).Link
	}
	short := "regions us-east-1 eu-west-1\nlane a gossip\nat 1s read us-east-1 a\nend 9s\n"
	if link := share(short); !strings.HasPrefix(link, "2.") {
		t.Errorf("a short run is shared as %q", link)
	}
	long := short
	for i := range MaxLinkCommands {
		long += fmt.Sprintf("at %dms write us-east-1 a %d\n", 1000+i, i)
	}
	link := share(long)
	if !strings.HasPrefix(link, shelfMark) || len(link) > 30 {
		t.Fatalf("a long run is shared as %q", link)
	}
	if s := dial(t, url).enter(ClientMessage{Run: link}); len(s.Commands) != MaxLinkCommands+1 {
		t.Errorf("%d commands come back", len(s.Commands))
	}
	if again := share(long); again != link {
		t.Errorf("the same run is kept as %q and %q", link, again)
	}
}

// TestLongestLink: what the server puts into a link fits the hello that brings it back, with a moment.
func TestLongestLink(t *testing.T) {
	hello := encode(ClientMessage{Type: "hello", Seq: 1, Engine: sim.Engine, Run: strings.Repeat("x", MaxLink), At: sim.MaxTime,
		Scenario: strings.Repeat("x", 100), Room: randomID(), Key: randomID()})
	if len(hello) > MaxMessage {
		t.Errorf("%d bytes", len(hello))
	}
}

// TestLinkToMoment: a room of a link that names a moment stands still there; of one that cannot be opened it plays.
func TestLinkToMoment(t *testing.T) {
	_, url := start(t)
	run := sim.Pack("regions us-east-1 eu-west-1\nlane a gossip\nat 1s read us-east-1 a\nend 9s\n")
	b := dial(t, url)
	b.enter(ClientMessage{Run: run, At: 3_456_789})
	if in := b.until("the moment", func(in incoming) bool { return in.Type == "state" && in.Clock.At > 0 }); in.Clock.At != 3_456_789 || in.Clock.Playing || !in.Clock.Live {
		t.Errorf("%+v", in.Clock)
	}
	if s := dial(t, url).enter(ClientMessage{Run: run, At: -5}); !s.Clock.Playing {
		t.Errorf("a moment before the start: %+v", s.Clock)
	}
	other := dial(t, url)
	other.say(ClientMessage{Type: "hello", Engine: sim.Engine, Run: "9.x", At: 3_000_000})
	if in := other.until("the story in its place", func(in incoming) bool { return in.Type == "state" }); !in.Clock.Playing {
		t.Errorf("%+v", in.Clock)
	}
}

// TestSavedRun: a room's text, saved after commands by hand, gives the room's trace when it is run without a page.
func TestSavedRun(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{Run: sim.Pack("regions us-east-1 eu-west-1 ap-south-1\nlane a gossip\nlane b raft\nworkload bank rate=4/s staggered\nend 0.5s\n")})
	b.say(ClientMessage{Type: "speed", Speed: 5})
	for _, c := range []sim.Command{{Verb: sim.VerbPartition, Groups: [][]string{{"eu-west-1"}}}, {Verb: sim.VerbWrite, Region: "us-east-1", Key: sim.Account, Value: 7}, {Verb: sim.VerbHeal}} {
		b.until("time to pass", func(in incoming) bool { return in.Type == "delta" && in.Clock.At > 0 })
		b.say(ClientMessage{Type: "command", Command: &c})
	}
	var saved incoming
	b.until("the run to be past the end that its text had", func(in incoming) bool { return in.Type == "delta" && in.Clock.At > 600_000 })
	b.say(ClientMessage{Type: "text"})
	saved = b.until("the text", func(in incoming) bool { return in.Type == "script" })
	if strings.Count(saved.Text, "\nat ") != 3 {
		t.Fatal(saved.Text)
	}
	s, err := study.Parse(saved.Text)
	if err != nil {
		t.Fatal(err)
	}
	report, err := study.Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	if s.End != saved.At || report.Trace != saved.Trace || s.String() != saved.Text {
		t.Errorf("the room's trace at %s is %s, that of its text at %s is %s", saved.At, saved.Trace, s.End, report.Trace)
	}
}

// TestShelfIsBounded: when it is full, what was shared first goes, and a link to it says so.
func TestShelfIsBounded(t *testing.T) {
	s := newShelf()
	first, _ := s.put("first", netip.Prefix{})
	for i := range 2 * MaxShelf / sim.MaxScenarioSize {
		if _, err := s.put(fmt.Sprint(i)+strings.Repeat(" ", sim.MaxScenarioSize), netip.Prefix{}); err != nil {
			t.Fatal(err)
		}
	}
	if s.bytes > MaxShelf || len(s.texts) != len(s.order) {
		t.Errorf("%d bytes, %d texts, %d ids", s.bytes, len(s.texts), len(s.order))
	}
	if _, _, err := s.decodeRun(shelfMark + first); err == nil || !strings.Contains(err.Error(), "this server has no run") {
		t.Errorf("what has gone: %v", err)
	}
}

// TestShelfIsFair: who fills it pushes out nobody's texts but their own.
func TestShelfIsFair(t *testing.T) {
	s := newShelf()
	quiet, greedy := netip.MustParsePrefix("192.0.2.1/32"), netip.MustParsePrefix("192.0.2.2/32")
	theirs, _ := s.put("theirs", quiet)
	first, _ := s.put("the first of many", greedy)
	for i := range 2 * MaxShelf / sim.MaxScenarioSize {
		if _, err := s.put(fmt.Sprint(i)+strings.Repeat(" ", sim.MaxScenarioSize), greedy); err != nil {
			t.Fatal(err)
		}
	}
	if text, there := s.get(theirs); !there || text != "theirs" {
		t.Errorf("what another address had there has gone")
	}
	if _, there := s.get(first); there || s.bytes > MaxShelf || s.of[quiet]+s.of[greedy] != s.bytes {
		t.Errorf("the first is there: %v; %d bytes, by address %v", there, s.bytes, s.of)
	}
}

// TestOddLinks: of a link that cannot be opened a visitor gets what is left, and of an older engine's a remark.
func TestOddLinks(t *testing.T) {
	text := "engine 2\nregions us-east-1 eu-west-1\nlane a gossip\n" + strings.Repeat("at 1s read us-east-1 a\n", 90)
	whole := sim.Pack(text)
	for _, c := range []struct{ name, run, reason, saved string }{
		{"cut short", whole[:len(whole)-6], "damaged", "engine 2\nregions"},
		{"newer format", "9.abcd", "newer Netsplit", ""},
		{"newer engine", sim.Pack("engine 99\nregions us-east-1\n"), "for engine 99", "engine 99\nregions us-east-1\n"},
		{"older engine", sim.Pack(strings.Replace(text, "engine 2", "engine 1", 1)), "made by engine 1; this is engine 2", ""},
		{"unknown region", sim.Pack("regions Atlantis\n"), "1:9", "regions Atlantis\n"},
		{"a bomb", sim.Pack(strings.Repeat("#", 2e6)), "over 65536 bytes", ""},
		{"nothing of ours", "https://example.org", "does not begin with", ""},
	} {
		_, url := start(t)
		b := dial(t, url)
		b.say(ClientMessage{Type: "hello", Engine: sim.Engine, Run: c.run})
		if r := b.hear(); r.Type != "reject" || !strings.Contains(r.Reason, c.reason) || !strings.HasPrefix(r.Saved, c.saved) || c.saved == "" && r.Saved != "" {
			t.Errorf("%s: %+v", c.name, r)
		}
	}
}
