package server

import (
	"bytes"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"netsplit/sim"
)

// TestFileLogDamage: of every cut and every flipped bit it is said what is damaged, nothing before it is lost, other rooms
// are not touched, and the room goes on from there.
func TestFileLogDamage(t *testing.T) {
	dir, rng, n := t.TempDir(), rand.New(rand.NewPCG(9, 9)), 1000
	first := newFileLog(t, dir)
	room, other := randomID(), randomID()
	for i := range uint64(12) {
		line := fmt.Sprintf("at %ds heal", i)
		if i == 0 {
			line = "# begin {\"a\":1}\nregions us-east-1\nlane a gossip"
		}
		mustAppend(t, first, room, i, fmt.Sprint("e", i), line)
		mustAppend(t, first, other, i, fmt.Sprint("o", i), line)
	}
	mustAppend(t, first, room, 12, "last", "at 20s heal\n# drop at 7s heal")
	first.Mark(room, Mark{Seq: 13, At: sim.Second, Time: time.Now()})
	whole, _, _ := readAll(t, first, room, 1)
	good, err := os.ReadFile(first.path(room))
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		bad := bytes.Clone(good)
		what := ""
		if place := rng.IntN(len(bad)); i%2 == 0 {
			bad, what = bad[:place], fmt.Sprintf("cut at %d", place)
		} else {
			bit := rng.IntN(8)
			bad[place] ^= 1 << bit
			what = fmt.Sprintf("bit %d of byte %d flipped", bit, place)
		}
		checkDamage(t, dir, room, what, good, bad, whole, i%20 < 2)
		if t.Failed() {
			return
		}
	}
	if entries, _, damage := readAll(t, first, other, 1); len(entries) != 12 || damage != nil {
		t.Errorf("the other room: %d entries, %v", len(entries), damage)
	}
}

// checkDamage writes a damaged log, and reads it as a server does that starts anew; and goes on from there if told.
func checkDamage(t *testing.T, dir, room, what string, good, bad []byte, whole []Entry, goOn bool) {
	t.Helper()
	l := &FileLog{dir: filepath.Join(dir, "rooms"), logger: slog.New(slog.DiscardHandler), files: map[string]*logFile{}}
	if err := os.WriteFile(l.path(room), bad, 0o600); err != nil {
		t.Fatal(err)
	}
	same := 0
	for same < len(bad) && bad[same] == good[same] {
		same++
	}
	before := len(readLog(good[:same], room, "").entries) // those that end before the damage
	entries, _, damage := readAll(t, l, room, 1)
	if damage == nil || damage.Room != room || int(damage.Seq) != len(entries) {
		t.Fatalf("%s: %d entries, %v", what, len(entries), damage)
	}
	if same < headSize && len(bad) == len(good) {
		before = len(whole) // of the head alone
	}
	if len(entries) < before {
		t.Fatalf("%s: %d of %d entries before it", what, len(entries), before)
	}
	for i, e := range entries {
		if e != whole[i] {
			t.Fatalf("%s: entry %d is %+v", what, i, e)
		}
	}
	if !goOn { // it takes two fsyncs
		return
	}
	mustAppend(t, l, room, uint64(len(entries)), "on", "at 30s heal")
	again, _, damage := readAll(t, l, room, 1)
	if len(again) != len(entries)+1 || damage != nil {
		t.Fatalf("%s: it does not go on: %d entries, %v", what, len(again), damage)
	}
	if aside, err := os.ReadFile(l.path(room) + damagedSuffix); err != nil || !bytes.Equal(aside, bad) {
		t.Fatalf("%s: it is not kept aside: %v", what, err)
	}
}

// TestFileLogTorn: an entry that a killed server has written in part, and so has not acknowledged, is as if it had never been.
func TestFileLogTorn(t *testing.T) {
	dir, room := t.TempDir(), randomID()
	l := newFileLog(t, dir)
	mustAppend(t, l, room, 0, "a", "# begin {}\nregions us-east-1")
	before, err := os.ReadFile(l.path(room))
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, room, 1, "b", "at 1s heal\n# drop at 2s heal\n# and more")
	after, err := os.ReadFile(l.path(room))
	if err != nil {
		t.Fatal(err)
	}
	for size := len(before); size <= len(after); size++ {
		torn := append(bytes.Clone(before), after[len(before):size]...)
		fresh := &FileLog{dir: l.dir, logger: discard(), files: map[string]*logFile{}}
		if err := os.WriteFile(l.path(room), torn, 0o600); err != nil {
			t.Fatal(err)
		}
		want := 1
		if size == len(after) {
			want = 2
		}
		entries, _, damage := readAll(t, fresh, room, 1)
		if len(entries) != want || damage != nil {
			t.Fatalf("%d bytes of %d: %+v, %v", size-len(before), len(after)-len(before), entries, damage)
		}
		mustAppend(t, fresh, room, uint64(want), "c", "at 5s heal")
		if entries, _, damage := readAll(t, &FileLog{dir: l.dir, logger: discard(), files: map[string]*logFile{}}, room, 1); len(entries) != want+1 || damage != nil {
			t.Fatalf("after it: %+v, %v", entries, damage)
		}
	}
}
