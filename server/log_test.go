package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"netsplit/sim"
)

// testLog holds whatever implements Log to its word. Each room is new.
func testLog(t *testing.T, l Log) {
	t.Run("an entry at a time", func(t *testing.T) { testLogAppend(t, l) })
	t.Run("who comes late follows all", func(t *testing.T) { testLogFollow(t, l) })
	t.Run("writers race", func(t *testing.T) { testLogRace(t, l) })
	t.Run("marks", func(t *testing.T) { testLogMarks(t, l) })
	t.Run("what it refuses", func(t *testing.T) { testLogRefuses(t, l) })
}

func mustAppend(t testing.TB, l Log, room string, after uint64, id, line string) Entry {
	t.Helper()
	e, err := l.Append(t.Context(), room, after, id, line)
	if err != nil {
		t.Fatalf("append %s after %d: %v", id, after, err)
	}
	if e.ID != id || e.Time.IsZero() {
		t.Fatalf("append %s after %d: %+v", id, after, e)
	}
	return e
}

// readAll returns a room's entries from a number on, up to the mark, and the mark; and what is damaged.
func readAll(t testing.TB, l Log, room string, from uint64) (entries []Entry, mark Mark, damage *DamageError) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for e, err := range l.Follow(ctx, room, from) {
		if err != nil {
			if !errors.As(err, &damage) {
				t.Fatal(err)
			}
			continue
		}
		if m, ok := e.Mark(); ok {
			return entries, m, damage
		}
		entries = append(entries, e)
	}
	t.Fatal("there was no mark")
	return nil, Mark{}, nil
}

func testLogAppend(t *testing.T, l Log) {
	room := randomID()
	begin := "# begin {}\nregions us-east-1\nlane a gossip"
	one := mustAppend(t, l, room, 0, "one", begin)
	two := mustAppend(t, l, room, 1, "two", "at 1s crash us-east-1/1\n# note # with # signs")
	if one.Seq != 1 || two.Seq != 2 || two.Time.Before(one.Time) {
		t.Errorf("%+v, %+v", one, two)
	}
	for _, after := range []uint64{0, 1, 3} {
		if _, err := l.Append(t.Context(), room, after, fmt.Sprint("late-", after), "at 2s heal"); !errors.Is(err, ErrMoved) {
			t.Errorf("after %d: %v", after, err)
		}
	}
	for _, after := range []uint64{0, 1, 2, 7} { // an id that is there is there, wherever it is tried
		if got := mustAppend(t, l, room, after, "one", "at 9s heal"); got != one {
			t.Errorf("one, again: %+v, not %+v", got, one)
		}
	}
	entries, _, damage := readAll(t, l, room, 1)
	if len(entries) != 2 || entries[0] != one || entries[1] != two || damage != nil {
		t.Errorf("%+v %v", entries, damage)
	}
	if entries, _, _ := readAll(t, l, room, 2); len(entries) != 1 || entries[0] != two {
		t.Errorf("from 2: %+v", entries)
	}
	if entries, _, _ := readAll(t, l, room, 3); len(entries) != 0 {
		t.Errorf("from 3: %+v", entries)
	}
	if entries, mark, _ := readAll(t, l, randomID(), 1); len(entries) != 0 || mark.Seq != 0 {
		t.Errorf("a room that is not there: %+v, %+v", entries, mark)
	}
}

func testLogFollow(t *testing.T, l Log) {
	room, other := randomID(), randomID()
	const before, all = 3, 12
	for i := range uint64(before) {
		mustAppend(t, l, room, i, fmt.Sprint("e", i), fmt.Sprintf("# play %ds", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	marked, done := make(chan struct{}, 4), make(chan []uint64, 4)
	for range 4 {
		go func() {
			var seqs []uint64
			for e, err := range l.Follow(ctx, room, 1) {
				if _, ok := e.Mark(); ok && err == nil {
					marked <- struct{}{}
					continue
				}
				if seqs = append(seqs, e.Seq); err != nil || e.Seq == all {
					break
				}
			}
			done <- seqs
		}()
	}
	for range 4 {
		<-marked
	}
	for i := uint64(before); i < all; i++ {
		mustAppend(t, l, other, i-before, fmt.Sprint("o", i), "# play 1s")
		mustAppend(t, l, room, i, fmt.Sprint("e", i), fmt.Sprintf("# play %ds", i))
	}
	for range 4 {
		seqs := <-done
		for i, seq := range seqs {
			if seq != uint64(i)+1 || len(seqs) != all {
				t.Fatalf("followed %v", seqs)
			}
		}
	}
	cancel()
	for _, err := range l.Follow(ctx, room, all+1) { // ends, and says nothing of ctx
		if err != nil {
			t.Error(err)
		}
	}
}

// testLogRace: writers who know only what they have seen append each of their entries once, whatever the order.
func testLogRace(t *testing.T, l Log) {
	room := randomID()
	var writers sync.WaitGroup
	const each = 20
	for w := range 4 {
		writers.Go(func() {
			last := uint64(0)
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				for {
					e, err := l.Append(t.Context(), room, last, id, "at 1s heal")
					if errors.Is(err, ErrMoved) {
						entries, _, _ := readAll(t, l, room, last+1)
						last += uint64(len(entries))
						continue
					}
					if err != nil {
						t.Error(err)
						return
					}
					if last = max(last, e.Seq); i%3 == 0 {
						if again := mustAppend(t, l, room, last, id, "at 1s heal"); again != e {
							t.Errorf("%+v is now %+v", e, again)
						}
					}
					break
				}
			}
		})
	}
	writers.Wait()
	seen := map[string]bool{}
	entries, _, _ := readAll(t, l, room, 1)
	for i, e := range entries {
		if e.Seq != uint64(i)+1 || seen[e.ID] || i > 0 && e.Time.Before(entries[i-1].Time) {
			t.Errorf("entry %d: %+v", i, e)
		}
		seen[e.ID] = true
	}
	if len(seen) != 4*each {
		t.Errorf("%d entries, want %d", len(seen), 4*each)
	}
}

func testLogMarks(t *testing.T, l Log) {
	room := randomID()
	e := mustAppend(t, l, room, 0, "begin", "# begin {}\nregions us-east-1")
	m := Mark{Seq: 1, At: 2500 * sim.Millisecond, Time: e.Time}
	l.Mark(room, Mark{Seq: 1, At: sim.Second, Time: e.Time})
	l.Mark(room, m)
	l.Mark(randomID(), m) // of a room that is not there: nothing
	eventually(t, "the mark is there", func() bool {
		_, got, _ := readAll(t, l, room, 1)
		return got.Seq == m.Seq && got.At == m.At && got.Time.Equal(m.Time)
	})
	mustAppend(t, l, room, 1, "more", "at 3s heal")
	if entries, got, _ := readAll(t, l, room, 2); len(entries) != 1 || got.At != m.At || got.Seq != 1 {
		t.Errorf("after an entry: %+v, %+v", entries, got)
	}
}

func testLogRefuses(t *testing.T, l Log) {
	for _, bad := range [][3]string{
		{"../../../../etc/passwd", "a", "# x"}, {"short", "a", "# x"}, {randomID(), "", "# x"}, {randomID(), "a b", "# x"},
		{randomID(), strings.Repeat("a", 65), "# x"}, {randomID(), "a", ""}, {randomID(), "a", "x\n"}, {randomID(), "a", "#x"},
		{randomID(), "a", "x\r\ny"}, {randomID(), "a", "x\xff"}, {randomID(), "a", " x"}, {randomID(), "a", strings.Repeat("x", MaxEntry+1)},
	} {
		if _, err := l.Append(t.Context(), bad[0], 0, bad[1], bad[2]); err == nil {
			t.Errorf("%.60q is taken", bad)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := l.Append(ended, randomID(), 0, "a", "# x"); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
	room, line := randomID(), "# "+strings.Repeat("x", MaxEntry-2)
	var err error
	for i := uint64(0); err == nil && i < 10; i++ {
		_, err = l.Append(t.Context(), room, i, fmt.Sprint(i), line)
	}
	if !errors.Is(err, ErrFull) {
		t.Errorf("too much: %v", err)
	}
}

func TestMemoryLog(t *testing.T) { testLog(t, newMemoryLog()) }

func newFileLog(t testing.TB, dir string) *FileLog {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := OpenFileLog(ctx, dir, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); l.Close() }) //nolint:errcheck // it is a lock
	return l
}

func TestFileLog(t *testing.T) {
	dir := t.TempDir()
	testLog(t, newFileLog(t, dir))
	if _, err := OpenFileLog(t.Context(), dir, discard()); err == nil || !strings.Contains(err.Error(), "another server") {
		t.Errorf("a second server in the directory: %v", err)
	}
}

// TestFileLogRuns: what a room's file has is its last run, without what was dropped, as scenario text.
func TestFileLogRuns(t *testing.T) {
	l, room := newFileLog(t, t.TempDir()), randomID()
	mustAppend(t, l, room, 0, "a", "# begin {}\nregions us-east-1\nlane old gossip\nat 3s heal")
	mustAppend(t, l, room, 1, "b", "# begin {}\nregions us-east-1 eu-west-1\nlane a gossip\nat 3s heal\nat 4s heal\nat 4s heal")
	mustAppend(t, l, room, 2, "c", "at 2s partition us-east-1\n# drop at 3s heal\n# drop at 4s heal")
	data, err := os.ReadFile(l.path(room))
	if err != nil {
		t.Fatal(err)
	}
	s := mustParse(t, sim.Bare(string(data)))
	if want := []sim.Time{2 * sim.Second, 4 * sim.Second}; len(s.Commands) != 2 || s.Commands[0].At != want[0] || s.Commands[1].At != want[1] || s.Lanes[0].Name != "a" {
		t.Errorf("%s\nis %+v", data, s.Commands)
	}
	if entries, _, damage := readAll(t, l, room, 1); len(entries) != 3 || damage != nil {
		t.Errorf("%+v, %v", entries, damage)
	}
}

// eventually waits until something holds, as long as the test may take.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for range 6000 {
		if holds() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it does not come to be that %s", what)
}
