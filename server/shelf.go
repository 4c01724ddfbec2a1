package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"netsplit/sim"
)

// shelfMark is what a link's run begins with that is too long for a link: the rest names it on this server's shelf.
const shelfMark = "at."

// shelf keeps the texts of runs that are too long for a link, by an id made of what they say, so that a text is kept once.
// It is a directory, or in memory; when it is full, of the address that has the most there the text goes that was put there longest
// ago: who fills it pushes out nobody's but their own. Or it is in a log that others share.
type shelf struct {
	shared *logShelf // nil for one of our own
	dir    string    // "" for memory

	mu    sync.Mutex
	texts map[string]string    // in memory
	kept  map[string]shelved   // by id
	order []string             // ids, oldest first
	bytes int                  // of all
	of    map[netip.Prefix]int // bytes of each address
}

// shelved is the size of a text, and whose it is: of those that were there at the start nobody's.
type shelved struct {
	size int
	from netip.Prefix
}

func newShelf() *shelf {
	return &shelf{texts: map[string]string{}, kept: map[string]shelved{}, of: map[netip.Prefix]int{}}
}

// openShelf returns the shelf of a directory, with what is there.
func openShelf(dir string) (*shelf, error) {
	s := newShelf()
	s.dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	logs, err := listLogs(dir)
	if err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	slices.SortFunc(logs, func(a, b keptLog) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.name, b.name)) })
	for _, l := range logs {
		s.add(strings.TrimSuffix(l.name, logSuffix), shelved{size: int(l.size)})
	}
	return s, nil
}

// link returns what a link to a run carries: the run itself, or if it is too long the id of where it is kept.
func (s *shelf) link(text string, commands int, from netip.Prefix) (string, error) {
	if run := sim.Pack(text); commands <= MaxLinkCommands && len(run) <= MaxLink {
		return run, nil
	}
	id, err := s.put(text, from)
	return shelfMark + id, err
}

// shelfID returns the id of a text.
func shelfID(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func (s *shelf) path(id string) string { return filepath.Join(s.dir, id+logSuffix) }

// put keeps a text of an address and returns its id.
func (s *shelf) put(text string, from netip.Prefix) (string, error) {
	if s.shared != nil {
		return s.shared.put(text)
	}
	id := shelfID(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.kept[id]; known {
		return id, nil
	}
	if s.dir == "" {
		s.texts[id] = text
	} else if err := writeDurably(s.path(id), []byte(text)); err != nil {
		return "", fmt.Errorf("the run cannot be kept: %w", withoutPath(err))
	}
	s.add(id, shelved{len(text), from})
	return id, nil
}

// add counts a text in, and takes away what there is too much of.
func (s *shelf) add(id string, one shelved) {
	s.kept[id], s.order = one, append(s.order, id)
	s.count(one.from, one.size)
	for s.bytes > MaxShelf {
		s.drop(s.greediest())
	}
}

func (s *shelf) count(from netip.Prefix, size int) {
	s.bytes += size
	if s.of[from] += size; s.of[from] == 0 {
		delete(s.of, from)
	}
}

// greediest returns the address that has the most on the shelf.
func (s *shelf) greediest() netip.Prefix {
	all := slices.SortedFunc(maps.Keys(s.of), netip.Prefix.Compare)
	return slices.MaxFunc(all, func(a, b netip.Prefix) int { return cmp.Compare(s.of[a], s.of[b]) })
}

// drop takes away the oldest text of an address.
func (s *shelf) drop(from netip.Prefix) {
	at := slices.IndexFunc(s.order, func(id string) bool { return s.kept[id].from == from })
	id := s.order[at]
	s.count(from, -s.kept[id].size)
	s.order = slices.Delete(s.order, at, at+1)
	delete(s.kept, id)
	delete(s.texts, id)
	if s.dir != "" {
		os.Remove(s.path(id)) //nolint:errcheck // it is gone, or goes with the next start
	}
}

// get returns the text of an id. One that is damaged is not there.
func (s *shelf) get(id string) (string, bool) {
	if s.shared != nil {
		return s.shared.get(id)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.kept[id]; !known {
		return "", false
	}
	if s.dir == "" {
		return s.texts[id], true
	}
	text, err := os.ReadFile(s.path(id))
	return string(text), err == nil && shelfID(string(text)) == id
}
