package server

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"netsplit/sim"
)

// longRun is a run that is too long for a link.
func longRun() string {
	text := "regions us-east-1 eu-west-1\nlane a gossip\n"
	for i := range MaxLinkCommands + 1 {
		text += fmt.Sprintf("at %dms write us-east-1 a %d\n", 1000+i, i)
	}
	return text + "end 9s\n"
}

// TestShelfIsShared: what is shared at one server by an id is found at another, once, and after all servers that knew it have ended.
func TestShelfIsShared(t *testing.T) {
	x := newTrio(t)
	a := x.open(longRun())
	a.say(ClientMessage{Type: "pause"})
	a.stands(0)
	var links [2]string
	for i := range links {
		a.say(ClientMessage{Type: "share"})
		links[i] = a.await("the link", func(in incoming) bool { return in.Type == "script" }).Link
	}
	logs := x.logs()
	if links[0] != links[1] || !strings.HasPrefix(links[0], shelfMark) {
		t.Fatalf("shared as %.40q and %.40q", links[0], links[1])
	}
	if s := dial(t, x.urls[1]).enter(ClientMessage{Run: links[0]}); len(s.Commands) != MaxLinkCommands+1 {
		t.Errorf("elsewhere there are %d commands", len(s.Commands))
	}
	_, url := startWith(t, x.log)
	if s := dial(t, url).enter(ClientMessage{Run: links[0]}); len(s.Commands) != MaxLinkCommands+1 {
		t.Errorf("later there are %d commands", len(s.Commands))
	}
	id := strings.TrimPrefix(links[0], shelfMark)
	if s := dial(t, url).enter(ClientMessage{Room: id, Key: x.room.Key}); s.Room == id {
		t.Error("a text on the shelf is entered as a room")
	}
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello", Run: shelfMark + x.room.Room})
	if in := b.await("reject", func(in incoming) bool { return in.Type == "reject" }); !strings.Contains(in.Reason, "has no run") {
		t.Errorf("a room's log as a text of the shelf: %q", in.Reason)
	}
	if more := x.logs() - logs; more > 5 {
		t.Errorf("%d logs more", more)
	}
}

// TestSharedShelfIsBounded: a server does not fill a log that others share with texts, and those that it refuses it names a reason for.
func TestSharedShelfIsBounded(t *testing.T) {
	l := sharedMemory{newMemoryLog()}
	s := newLogShelf(t.Context(), l)
	first, err := s.put("first", netip.Prefix{})
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for i := 0; err == nil && i < 2*MaxShelf/sim.MaxScenarioSize; i++ {
		if _, err = s.put(fmt.Sprint("title ", i, strings.Repeat("x", sim.MaxScenarioSize)), netip.Prefix{}); err == nil {
			kept++
		}
	}
	if err == nil || !strings.Contains(err.Error(), "too many") || kept < MaxShelf/2/sim.MaxScenarioSize {
		t.Errorf("after %d: %v", kept, err)
	}
	if again, err := s.put("first", netip.Prefix{}); err != nil || again != first {
		t.Errorf("what is there already: %q, %v", again, err)
	}
}
