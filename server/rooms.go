package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"netsplit/sim"
)

// rooms holds every room of this server that is awake. The others are in the log, and wake when somebody enters.
type rooms struct {
	ctx     context.Context // ends every room
	logger  *slog.Logger
	gallery *gallery
	shelf   *shelf
	jobs    *jobs
	log     Log          // nil: rooms are forgotten when they end
	clock   *logClock    // of a log that others share; nil for one of our own
	gate    *gate        // counts rooms by who opened them; nil where nobody counts
	metrics *metrics     // nil for none
	name    string       // of this server in notes to others
	active  atomic.Int64 // rooms that somebody watches

	interval time.Duration // between two turns of a room, where a measurement wants another than FrameInterval
	running  sync.WaitGroup

	mu     sync.Mutex
	closed bool // no room is opened any more
	still  bool // rooms have no goroutine: a test takes their turns
	byID   map[string]*Room
	coming map[string]chan struct{} // rooms that somebody is waking, closed when that is done
	kin    map[string]*branch       // of awake rooms, by the branch's room
}

// randomID returns 128 random bits, fit for a URL.
func randomID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails; it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// find returns a room that is awake if the key is one of its keys; and whether it is awake, whatever the key.
func (rs *rooms) find(id, key string) (r *Room, awake bool) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r = rs.byID[id]
	if r == nil || r.over() {
		return nil, false
	}
	if r.sums.rightBy(key) == "" {
		return nil, true
	}
	return r, true
}

// open starts a new room, which stands still at an instant if one is given.
func (rs *rooms) open(ctx context.Context, s *sim.Scenario, name string, stand sim.Time, from netip.Prefix) (*Room, error) {
	done, err := rs.gate.turn(ctx, from)
	if err != nil {
		return nil, err
	}
	r, err := newRoom(s, name, rs.logger)
	done()
	if err != nil {
		return nil, err
	}
	r.address = from
	r.ahead = openingOf(s, name)
	r.standAt(stand)
	if err := rs.adopt(r, nil); err != nil {
		return nil, err
	}
	return r, nil
}

// adopt starts a room that nobody has seen yet, and its log, once another room, if there is one, has written down that it comes.
func (rs *rooms) adopt(r *Room, announce func() error) error {
	if err := rs.gate.room(r.address); err != nil {
		return err
	}
	r.host = rs
	var err error
	if announce != nil {
		err = announce()
	}
	if err == nil && rs.log != nil {
		if err = r.enroll(rs.log); errors.Is(err, ErrFull) {
			err = full("log", time.Minute, "this room cannot be kept: %v", err)
		} else if err != nil { // of a disk or of NATS, which may be mended soon
			err = full("log", FullPause, "this room cannot be kept at present: %v", err)
		}
	}
	if err != nil {
		rs.gate.end(r.address)
		return err
	}
	return rs.run(r)
}

// run starts a room that the gate has taken.
func (rs *rooms) run(r *Room) error {
	r.shelf, r.jobs, r.notes = rs.shelf, rs.jobs, notesOf(rs.log)
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed || rs.ctx.Err() != nil {
		rs.gate.end(r.address)
		return leaving()
	}
	r.host = rs
	rs.byID[r.ID] = r
	if rs.still {
		return nil
	}
	rs.running.Add(1)
	go func() {
		defer rs.running.Done()
		defer rs.gate.end(r.address)
		ctx, cancel := context.WithCancel(rs.ctx)
		defer cancel()
		if l, ok := rs.log.(interface{ Hold(room string) func() }); ok {
			defer l.Hold(r.ID)()
		}
		if shared(rs.log) {
			rs.running.Add(1)
			go rs.follow(ctx, r, r.seq+1)
		}
		if r.notes != nil {
			rs.running.Add(1)
			go rs.hearNotes(ctx, r, r.notes)
		}
		r.loop(ctx)
		rs.mu.Lock()
		if rs.byID[r.ID] == r {
			delete(rs.byID, r.ID)
		}
		for _, b := range r.branches {
			delete(rs.kin, b.Room)
		}
		rs.mu.Unlock()
	}()
	return nil
}

// close refuses new rooms and waits for the end of those there are, which comes with that of the context.
func (rs *rooms) close() {
	rs.mu.Lock()
	rs.closed = true
	rs.mu.Unlock()
	rs.running.Wait()
	rs.jobs.running.Wait()
}

// enter returns the room that a hello asks for, and what to tell the viewer if it is not quite that.
func (rs *rooms) enter(ctx context.Context, hello ClientMessage, from netip.Prefix) (r *Room, notice Reject, err error) {
	if hello.Engine != 0 && hello.Engine != sim.Engine {
		return nil, notice, fmt.Errorf("hello: this page is of engine %d, the server of engine %d: reload the page", hello.Engine, sim.Engine)
	}
	if hello.Room != "" {
		if r, notice.Reason, err = rs.enterAgain(ctx, hello.Room, hello.Key, from); r != nil || err != nil {
			return r, notice, err
		}
	}
	var s *sim.Scenario
	name := ""
	var stand sim.Time
	if hello.Run != "" {
		stand = hello.At
		if s, notice.Reason, err = rs.shelf.decodeRun(hello.Run); err != nil {
			notice.Reason, notice.Saved = fmt.Sprintf("this link's run cannot be opened: %v", err), savedOf(err)
			s, name, _ = rs.gallery.find("")
			stand = 0
		}
	} else if s, name, err = rs.gallery.find(hello.Scenario); err != nil {
		notice.Reason = err.Error()
		s, name, _ = rs.gallery.find("")
	} else {
		stand = hello.At
	}
	r, err = rs.open(ctx, s, name, stand, from)
	return r, notice, err
}
