package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"
)

// Notes is what a Log may also be: a way for the servers that share it to tell each other what is not worth keeping, such
// as who is there. Its methods may be called by many goroutines at once.
type Notes interface {
	// Tell tells every server that hears of a room a note of at most MaxNote bytes, best effort and at most once, the one
	// that tells it among them. It does not wait.
	Tell(room string, note []byte)

	// Hear yields the notes of a room from now on, until ctx ends. Who is slow misses some.
	Hear(ctx context.Context, room string) iter.Seq[[]byte]
}

// notesOf returns a log's notes, where others may hear them; nil for none.
func notesOf(l Log) Notes {
	if n, ok := l.(Notes); ok && shared(l) {
		return n
	}
	return nil
}

// hallNote is what a server tells others of who is in a room there.
type hallNote struct {
	From    string   `json:"from"` // the server, by a name of its own for each start
	Viewers int      `json:"viewers"`
	Asks    []Guest  `json:"asks,omitempty"` // as many as fit
	Floor   floor    `json:"floor"`
	Here    bool     `json:"here,omitempty"` // the presenter is connected there
	Number  uint64   `json:"number,omitempty"`
	Glance  *Glance  `json:"glance,omitempty"`
	Run     int      `json:"run,omitempty"`  // of the room's, that it is of
	Room    *Address `json:"room,omitempty"` // where the presenter has gone on
}

// beyond is what a room knows of itself at other servers.
type beyond struct {
	notes     Notes             // nil where there are none
	untold    bool              // there is something new to tell them
	toldAll   time.Time         // when they were last told
	elsewhere map[string]report // by server
	mail      mailbox
}

// report is what another server has told last.
type report struct {
	note hallNote
	at   time.Time
}

// mailbox keeps the latest note of each server until the room's next turn. Notes wake no room.
type mailbox struct {
	mu     sync.Mutex
	latest map[string]hallNote
}

func (m *mailbox) put(n hallNote) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.latest == nil {
		m.latest = map[string]hallNote{}
	}
	if _, known := m.latest[n.From]; known || len(m.latest) < MaxServers {
		m.latest[n.From] = n
	}
}

func (m *mailbox) take() map[string]hallNote {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.latest
	m.latest = nil
	return all
}

// readHallNote reads a note, which may be from anybody who can write to where notes are passed on.
func readHallNote(data []byte) (n hallNote, err error) {
	if len(data) > MaxNote {
		return n, fmt.Errorf("note: it has %d bytes; the most is %d", len(data), MaxNote)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	if err = dec.Decode(&n); err != nil {
		return n, fmt.Errorf("note: %w", err)
	}
	switch {
	case !roomName.MatchString(n.From), n.Viewers < 0 || n.Viewers > MaxNotedViewers, len(n.Asks) > MaxAsks,
		n.Floor.Guest != "" && !guestName.MatchString(n.Floor.Guest), n.Floor.Since < 0 || n.Floor.Since > time.Now().Add(MaxClockSkew).UnixMilli(),
		n.Room != nil && (!roomName.MatchString(n.Room.Room) || !roomName.MatchString(n.Room.Key)):
		return n, errors.New("note: malformed")
	}
	for _, g := range n.Asks {
		if !guestName.MatchString(g.Guest) || checkName(g.Name) != nil {
			return n, errors.New("note: asks: malformed")
		}
	}
	if n.Glance != nil {
		err = n.Glance.check()
	}
	return n, err
}

// hearNotes keeps what other servers tell of a room until its next turn, until ctx ends.
func (rs *rooms) hearNotes(ctx context.Context, r *Room, notes Notes) {
	defer rs.running.Done()
	for data := range notes.Hear(ctx, r.ID) {
		if n, err := readHallNote(data); err == nil && n.From != rs.name {
			r.mail.put(n)
		}
	}
}

// hearServers takes in what other servers have told, and forgets those that have told nothing for long.
func (r *Room) hearServers(now time.Time) {
	for _, from := range slices.Sorted(maps.Keys(r.elsewhere)) {
		if now.Sub(r.elsewhere[from].at) > NoteLife {
			delete(r.elsewhere, from)
			r.stir(false)
		}
	}
	mail := r.mail.take()
	for _, from := range slices.Sorted(maps.Keys(mail)) {
		n, was := mail[from], r.elsewhere[from].note
		_, known := r.elsewhere[from]
		if !known && len(r.elsewhere) >= MaxServers {
			continue
		}
		if n.Viewers != was.Viewers || !slices.Equal(n.Asks, was.Asks) {
			r.stir(false)
		}
		if !known {
			r.untold = true // it has heard nothing of here yet
		}
		if r.elsewhere == nil {
			r.elsewhere = map[string]report{}
		}
		r.elsewhere[from] = report{n, now}
		r.remember()
		r.heedPresenter(n, now)
	}
}

// heedPresenter takes in what another server says of who presents, and of what that one looks at.
func (r *Room) heedPresenter(n hallNote, now time.Time) {
	if n.Floor.Since > r.floor.Since {
		if n.Floor.Lapsed && r.presenterHere() { // its notes have not come through: it presents all the same
			r.floor.Since, r.untold = n.Floor.Since+1, true
			return
		}
		r.presenting = presenting{floor: n.Floor, seen: now, glances: r.glances, leads: r.leads}
		r.stir(false)
	}
	if n.Floor.Since != r.floor.Since || n.Floor.Guest != r.floor.Guest || n.Floor.Guest == "" {
		return
	}
	if n.Here {
		r.seen = now
	}
	if n.Number <= r.number || n.Glance == nil || r.checkGlance(n.Glance) != nil {
		return
	}
	r.number, r.next, r.run = n.Number, n.Glance, n.Run
	if n.Room != nil && (r.gone == nil || *n.Room != *r.gone) {
		r.goAhead(*n.Room)
	} else if n.Room == nil {
		r.gone = nil
	}
}

// tellServers tells other servers who is here.
func (r *Room) tellServers(now time.Time) {
	if r.toldAll, r.untold = now, false; r.notes == nil {
		return
	}
	n := hallNote{From: r.host.name, Viewers: len(r.viewers), Asks: r.asks, Floor: r.floor, Here: r.presenterHere(), Number: r.number, Glance: r.next, Run: r.run, Room: r.gone}
	if n.Glance == nil {
		n.Glance = r.glance
	}
	data := encode(n)
	for len(data) > MaxNote && len(n.Asks) > 0 {
		n.Asks = n.Asks[:len(n.Asks)-1]
		data = encode(n)
	}
	r.notes.Tell(r.ID, data)
}

// instances lists the other servers that have viewers of the room.
func (r *Room) instances() []string { return slices.Sorted(maps.Keys(r.elsewhere)) }
