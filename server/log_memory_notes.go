package server

import (
	"context"
	"iter"
	"slices"
	"sync"
)

// memoryNotes passes notes on between the servers of a test that share a log in memory.
type memoryNotes struct {
	mu    sync.Mutex
	hears map[string]map[chan []byte]bool // by room
}

// Tell implements Notes.
func (l *memoryLog) Tell(room string, note []byte) {
	l.heard.mu.Lock()
	defer l.heard.mu.Unlock()
	for ear := range l.heard.hears[room] { // order does not matter: each hears it
		select {
		case ear <- slices.Clone(note):
		default: // it is slow
		}
	}
}

// Hear implements Notes.
func (l *memoryLog) Hear(ctx context.Context, room string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		ear := make(chan []byte, MaxNotes)
		l.heard.mu.Lock()
		if l.heard.hears == nil {
			l.heard.hears = map[string]map[chan []byte]bool{}
		}
		if l.heard.hears[room] == nil {
			l.heard.hears[room] = map[chan []byte]bool{}
		}
		l.heard.hears[room][ear] = true
		l.heard.mu.Unlock()
		defer l.deafen(room, ear)
		for {
			select {
			case note := <-ear:
				if !yield(note) {
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// deafen forgets who hears no more.
func (l *memoryLog) deafen(room string, ear chan []byte) {
	l.heard.mu.Lock()
	defer l.heard.mu.Unlock()
	if delete(l.heard.hears[room], ear); len(l.heard.hears[room]) == 0 {
		delete(l.heard.hears, room)
	}
}
