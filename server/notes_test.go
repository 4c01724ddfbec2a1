package server

import (
	"context"
	"fmt"
	"testing"
	"time"
)

// TestNotesInMemory holds the notes of a log in memory to what any log's are held to.
func TestNotesInMemory(t *testing.T) {
	log := newMemoryLog()
	notesHold(t, log)
	log.heard.mu.Lock()
	defer log.heard.mu.Unlock()
	if n := len(log.heard.hears); n != 0 {
		t.Errorf("%d rooms are heard of though nobody hears any more", n)
	}
}

// notesHold tests an adapter: all who hear of a room are told its notes, and no other room's; who does
// not listen keeps nobody waiting; and hearing ends with its context.
func notesHold(t *testing.T, notes Notes) {
	t.Helper()
	room, other := randomID(), randomID()
	ctx, cancel := context.WithCancel(t.Context())
	heard, ended := make(chan string), make(chan bool)
	for range 2 {
		go func() {
			for note := range notes.Hear(ctx, room) {
				select {
				case heard <- string(note):
				case <-ctx.Done():
				}
			}
			ended <- true
		}()
	}
	counts := map[string]int{}
	for i := 0; counts["both"] < 3; i++ { // until both have begun to hear, notes may be missed
		notes.Tell(other, []byte("of another room"))
		notes.Tell(room, fmt.Appendf(nil, "note %d", i))
		for waits := 0; waits < 2; waits++ {
			select {
			case note := <-heard:
				if counts[note]++; note == "of another room" {
					t.Fatal("a note of another room is heard")
				}
				if counts[note] == 2 {
					counts["both"]++
				}
			case <-time.After(50 * time.Millisecond): // the next note comes anyway
			}
		}
	}
	for range 1000 { // nobody takes them
		notes.Tell(room, make([]byte, MaxNote))
	}
	cancel()
	for range 2 {
		<-ended
	}
}
