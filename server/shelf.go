package server

import (
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"netsplit/sim"
)

// shelfMark is what a link's run begins with that is too long for a link: the rest names it on this server's shelf.
const shelfMark = "at."

// shelf keeps the texts of runs that are too long for a link, by an id made of what they say, so that a text is kept once.
// It is in memory. When it is full, the text that was put there longest ago goes.
type shelf struct {
	mu    sync.Mutex
	texts map[string]string
	order []string // ids, oldest first
	bytes int
}

func newShelf() *shelf { return &shelf{texts: map[string]string{}} }

// link returns what a link to a run carries: the run itself, or if it is too long the id of where it is kept.
func (s *shelf) link(text string, commands int) string {
	if run := sim.Pack(text); commands <= MaxLinkCommands && len(run) <= MaxLink {
		return run
	}
	return shelfMark + s.put(text)
}

// put keeps a text and returns its id.
func (s *shelf) put(text string) string {
	sum := sha256.Sum256([]byte(text))
	id := base64.RawURLEncoding.EncodeToString(sum[:12])
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.texts[id]; known {
		return id
	}
	s.texts[id], s.order, s.bytes = text, append(s.order, id), s.bytes+len(text)
	for s.bytes > MaxShelf {
		s.bytes -= len(s.texts[s.order[0]])
		delete(s.texts, s.order[0])
		s.order = s.order[1:]
	}
	return id
}

// get returns the text of an id.
func (s *shelf) get(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text, known := s.texts[id]
	return text, known
}
