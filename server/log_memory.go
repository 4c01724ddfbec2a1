package server

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// memoryLog keeps the logs of rooms as long as the program runs. When there are too many, those go that nobody has
// used for the longest time.
type memoryLog struct {
	mu    sync.Mutex
	rooms map[string]*memoryRoom
	bytes int
	heard memoryNotes
}

type memoryRoom struct {
	entries []Entry
	ids     map[string]int // indices of entries
	mark    Mark
	bytes   int
	readers int
	used    time.Time
	grown   chan struct{} // closed when an entry is added
}

func newMemoryLog() *memoryLog { return &memoryLog{rooms: map[string]*memoryRoom{}} }

// Append implements Log.
func (l *memoryLog) Append(ctx context.Context, room string, after uint64, id, line string) (Entry, error) {
	if err := checkEntry(room, id, line); err != nil {
		return Entry{}, err
	}
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.room(room)
	if i, known := r.ids[id]; known {
		return r.entries[i], nil
	}
	if after != uint64(len(r.entries)) {
		return Entry{}, ErrMoved
	}
	if r.bytes+len(line) > MaxRoomLog {
		return Entry{}, fmt.Errorf("the room's log %w: it has its %d bytes", ErrFull, MaxRoomLog)
	}
	e := Entry{Seq: after + 1, ID: id, Time: logTime(time.Time{}), Line: line}
	if after > 0 {
		e.Time = logTime(r.entries[after-1].Time)
	}
	l.rooms[room] = r
	r.ids[id], r.entries, r.used = len(r.entries), append(r.entries, e), e.Time
	r.bytes, l.bytes = r.bytes+len(line), l.bytes+len(line)
	close(r.grown)
	r.grown = make(chan struct{})
	l.thin(room)
	return e, nil
}

// room returns a room's log, which is not in the map before its first entry or reader.
func (l *memoryLog) room(name string) *memoryRoom {
	if r := l.rooms[name]; r != nil {
		return r
	}
	return &memoryRoom{ids: map[string]int{}, grown: make(chan struct{})}
}

// thin forgets rooms that nobody reads, but not one, as long as there are too many.
func (l *memoryLog) thin(but string) {
	for len(l.rooms) > MaxMemoryRooms || l.bytes > MaxMemoryLog {
		oldest := ""
		for name, r := range l.rooms { // order does not matter: the oldest is the oldest
			if name != but && r.readers == 0 && (oldest == "" || r.used.Before(l.rooms[oldest].used)) {
				oldest = name
			}
		}
		if oldest == "" {
			return
		}
		l.bytes -= l.rooms[oldest].bytes
		delete(l.rooms, oldest)
	}
}

// Mark implements Log.
func (l *memoryLog) Mark(room string, m Mark) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.rooms[room]; r != nil {
		r.mark = m
	}
}

// Follow implements Log.
func (l *memoryLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		l.mu.Lock()
		r := l.room(room)
		l.rooms[room] = r
		r.readers++
		l.mu.Unlock()
		defer l.leave(room, r)
		for marked := false; ; {
			l.mu.Lock()
			entries, grown, mark := r.entries[min(len(r.entries), int(max(from, 1)-1)):], r.grown, r.mark
			l.mu.Unlock()
			for _, e := range slices.Clip(entries) {
				if from = e.Seq + 1; !yield(e, nil) {
					return
				}
			}
			if !marked && !yield(mark.entry(), nil) {
				return
			}
			marked = true
			select {
			case <-grown:
			case <-ctx.Done():
				return
			}
		}
	}
}

// leave forgets a room without entries that nobody reads any more.
func (l *memoryLog) leave(name string, r *memoryRoom) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.readers--; r.readers == 0 && len(r.entries) == 0 {
		delete(l.rooms, name)
	}
}
