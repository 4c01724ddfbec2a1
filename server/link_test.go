package server

import (
	"fmt"
	"strings"
	"testing"

	"netsplit/sim"
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

// TestShelfIsBounded: when it is full, what was shared first goes, and a link to it says so.
func TestShelfIsBounded(t *testing.T) {
	s := newShelf()
	first := s.put("first")
	for i := range 2 * MaxShelf / sim.MaxScenarioSize {
		s.put(fmt.Sprint(i) + strings.Repeat(" ", sim.MaxScenarioSize))
	}
	if s.bytes > MaxShelf || len(s.texts) != len(s.order) {
		t.Errorf("%d bytes, %d texts, %d ids", s.bytes, len(s.texts), len(s.order))
	}
	if _, _, err := s.decodeRun(shelfMark + first); err == nil || !strings.Contains(err.Error(), "this server has no run") {
		t.Errorf("what has gone: %v", err)
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
