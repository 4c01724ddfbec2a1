package server

import (
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
)

// TestLogAway: where a room's file cannot be read or written, or no file can, those who come or act are told why, not where the
// server keeps it, and that it is worth another try.
func TestLogAway(t *testing.T) {
	dir := t.TempDir()
	s, url, _ := startIn(t, dir)
	b := dial(t, url)
	b.say(ClientMessage{Type: "hello"})
	state := b.until("state", func(in incoming) bool { return in.Type == "state" })
	file := filepath.Join(dir, "rooms", state.Room+logSuffix)
	aside := filepath.Join(dir, "aside")
	must(t, os.Rename(file, aside), os.MkdirAll(filepath.Join(file, "x"), 0o700))
	b.say(ClientMessage{Type: "command", ID: "a", Command: &sim.Command{Verb: sim.VerbHeal}})
	in := b.until("reject", func(in incoming) bool { return in.Type == "reject" })
	if !strings.Contains(in.Reason, "is a directory") || strings.Contains(in.Reason, dir) {
		t.Errorf("who acts is told: %s", in.Reason)
	}

	l := &FileLog{dir: filepath.Join(dir, "rooms"), logger: discard(), files: map[string]*logFile{}}
	for _, err := range l.Follow(t.Context(), state.Room, 1) {
		if err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("who comes back is told: %v", err)
		}
		break
	}
	old := time.Now().Add(-2 * RoomKept)
	must(t, os.Chtimes(file, old, old), l.sweep())

	must(t, os.RemoveAll(filepath.Join(dir, "rooms")))
	_, _, err := s.rooms.enter(t.Context(), ClientMessage{Type: "hello"}, netip.Prefix{})
	if r, ok := errors.AsType[*refusal](err); !ok || r.code != websocket.StatusTryAgainLater || afterOf(err) == 0 || strings.Contains(err.Error(), dir) {
		t.Errorf("who comes is told: %v", err)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
