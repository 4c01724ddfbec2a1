package server

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
)

// mutator makes of good input what is nearly good: bits flipped, parts taken out, doubled, moved, or taken from another
// input, and words that a reader knows put where they do not belong.
type mutator struct {
	*rand.Rand
	seeds, words []string
	last         string // mutant
}

func (m *mutator) mutant() string {
	s := m.seeds[m.IntN(len(m.seeds))]
	for range 1 + m.IntN(4) {
		from := m.IntN(len(s) + 1)
		to := min(len(s), from+m.IntN(1+m.IntN(24)))
		switch m.IntN(7) {
		case 0:
			s = s[:from] + s[to:]
		case 1:
			s = s[:to] + s[from:]
		case 2:
			at := m.IntN(len(s) + 1)
			s = s[:at] + s[from:to] + s[at:]
		case 3:
			other := m.seeds[m.IntN(len(m.seeds))]
			s = s[:from] + other[m.IntN(len(other)+1):]
		case 4:
			s = s[:from] + m.words[m.IntN(len(m.words))] + s[to:]
		case 5:
			s = s[:from] + string(rune(m.IntN(1<<m.IntN(18)))) + s[to:]
		default:
			if len(s) > 0 {
				b := []byte(s)
				b[m.IntN(len(b))] ^= 1 << m.IntN(8)
				s = string(b)
			}
		}
		s = s[:min(len(s), 2*MaxMessage)]
	}
	m.last = s
	return s
}

// oddities are words that readers of all kinds trip over.
var oddities = strings.Fields("-1 0 1e400 9223372036854775808 18446744073709551616 NaN null true [] {} [[]] \"\" \\ \\u0000 \x00 \xff \xed\xa0\x80 \u202e % && # .. -- 1s 0.0000001s 100% 1e9/s <script> '")

// texts are the gallery's scenarios and the databases' stories.
func texts(t *testing.T) []string {
	g, err := loadGallery()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, from := range []map[string]*sim.Scenario{g.byKey, g.stories} {
		for _, key := range slices.Sorted(maps.Keys(from)) {
			list = append(list, from[key].String())
		}
	}
	return list
}

// readers are what takes input from outside: each returns what is wrong with how it took one.
func readers(t *testing.T) map[string]func(*mutator) (input string, err error) {
	scenarios := texts(t)
	words := append(slices.Clone(oddities), strings.Fields(strings.Join(scenarios, " "))...)
	var links, frames []string
	for _, s := range scenarios {
		links = append(links, sim.Pack(s))
	}
	for _, one := range messageRights {
		frames = append(frames, fmt.Sprintf(`{"type":%q,"seq":3,"id":"a-1","at":2000000,"lane":"strong","to":"message","what":"stale","seeds":4,"every":20000,"for":1000000,"speed":0.5,"on":true,"name":"Ada","text":"regions us-east-1\nlane a raft\n","command":{"verb":"write","region":"eu-west-1","key":"balance","value":300,"as":"r1","groups":[["eu-west-1"]]},"edits":[{"do":"add","lane":"c","protocol":"raft","knobs":[{"name":"election","value":"2s"}]}],"inspect":{"lane":"a","node":1,"raw":true},"glance":{"live":false,"at":7,"lane":"a","tab":"luck","why":{"lane":"b","kind":"damage","op":-1}}}`, one.kind))
	}
	slices.Sort(frames)
	return map[string]func(*mutator) (string, error){
		"frames": func(m *mutator) (string, error) {
			m.seeds, m.words = frames, words
			data := m.mutant()
			return data, readFrame(websocket.MessageText, []byte(data))
		},
		"links": func(m *mutator) (string, error) {
			m.seeds, m.words = links, words
			if m.IntN(8) == 0 {
				m.seeds = scenarios
			}
			run := m.mutant()
			if !strings.Contains(run[:min(2, len(run))], ".") {
				run = sim.Pack(run) // its sum is right
			}
			return run, readLink(run)
		},
		"scenarios": func(m *mutator) (string, error) {
			m.seeds, m.words = scenarios, words
			text := m.mutant()
			return text, readBack(text)
		},
	}
}

// readFrame decodes a frame. What is not taken must have a reason, and what is taken must be text, and short enough.
func readFrame(kind websocket.MessageType, data []byte) error {
	msg, code, err := decode(kind, data)
	switch {
	case err != nil:
		return nil
	case code != 0 || kind != websocket.MessageText:
		return fmt.Errorf("closed with %d for no reason", code)
	case len(data) > MaxMessage && msg.Type != "script":
		return fmt.Errorf("a %s of %d bytes is taken", msg.Type, len(data))
	}
	return nil
}

// readLink opens the run of a link: it is there, or there is a reason why not.
func readLink(run string) error {
	if s, _, err := newShelf().decodeRun(run); (s == nil) == (err == nil) {
		return fmt.Errorf("it reads as %v and %v", s, err)
	}
	return nil
}

// readBack parses a text. What is wrong must have a place; what is right must print as what parses to the same.
func readBack(text string) error {
	s, err := study.Parse(text)
	var where *sim.ParseError
	switch {
	case err == nil:
		printed := s.String()
		again, err := study.Parse(printed)
		if err != nil || again.String() != printed {
			return fmt.Errorf("it prints as %q, which does not parse to the same: %w", printed, err)
		}
	case !errors.As(err, &where) || where.Line < 1 || where.Column < 1 || where.Problem == "":
		return fmt.Errorf("an error without a place: %w", err)
	}
	return nil
}

// TestMutants: no frame, link or scenario that is nearly good panics what reads it, or is taken for what it is not. With
// NETSPLIT_SOAK there are ten million of them.
func TestMutants(t *testing.T) {
	shares := map[string]int{"frames": 20, "links": 2, "scenarios": 2}
	scale := 500
	if os.Getenv("NETSPLIT_SOAK") != "" {
		scale = 10_000_000 / 24
	}
	seed := uint64(1)
	if n, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = n
	}
	for name, read := range readers(t) {
		t.Run(name, func(t *testing.T) {
			workers := runtime.GOMAXPROCS(0)
			n := (shares[name]*scale + workers) / workers
			var all sync.WaitGroup
			for w := range workers {
				all.Go(func() { mutate(t, read, &mutator{Rand: rand.New(rand.NewPCG(seed, uint64(w)))}, n) })
			}
			all.Wait()
			t.Logf("%d %s, seed %d: none panics, or is taken for what it is not", n*workers, name, seed)
		})
	}
}

func mutate(t *testing.T, read func(*mutator) (string, error), m *mutator, n int) {
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("%q: panic: %v", m.last, p)
		}
	}()
	for range n {
		if input, err := read(m); err != nil {
			t.Errorf("%q: %v", input, err)
			return
		}
	}
}
