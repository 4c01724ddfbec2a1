package server

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"netsplit/sim"
)

// rooms holds every room of this server, in memory.
type rooms struct {
	ctx     context.Context // ends every room
	logger  *slog.Logger
	gallery *gallery
	shelf   *shelf
	jobs    *jobs
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool // no room is opened any more
	still  bool // rooms have no goroutine: a test takes their turns
	byID   map[string]*Room
}

// randomID returns 128 random bits, fit for a URL.
func randomID() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails; it ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// find returns a room if the key is right.
func (rs *rooms) find(id, key string) *Room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.byID[id]
	if r == nil || subtle.ConstantTimeCompare([]byte(r.Key), []byte(key)) != 1 {
		return nil
	}
	return r
}

// open starts a new room.
func (rs *rooms) open(s *sim.Scenario, name string) (*Room, error) {
	r, err := newRoom(s, name, rs.logger)
	if err != nil {
		return nil, err
	}
	if err := rs.adopt(r); err != nil {
		return nil, err
	}
	return r, nil
}

// adopt starts a room that nobody has seen yet.
func (rs *rooms) adopt(r *Room) error {
	r.shelf, r.jobs = rs.shelf, rs.jobs
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.closed || rs.ctx.Err() != nil {
		return errors.New("the server is going away")
	}
	if len(rs.byID) >= MaxRooms {
		return fmt.Errorf("this server has its %d rooms; try again later", MaxRooms)
	}
	r.host = rs
	rs.byID[r.ID] = r
	if rs.still {
		return nil
	}
	rs.running.Add(1)
	go func() {
		defer rs.running.Done()
		r.loop(rs.ctx)
		rs.mu.Lock()
		delete(rs.byID, r.ID)
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
func (rs *rooms) enter(hello ClientMessage) (r *Room, notice Reject, err error) {
	if hello.Engine != 0 && hello.Engine != sim.Engine {
		return nil, notice, fmt.Errorf("hello: this page is of engine %d, the server of engine %d: reload the page", hello.Engine, sim.Engine)
	}
	if hello.Room != "" {
		if r := rs.find(hello.Room, hello.Key); r != nil {
			return r, notice, nil
		}
		notice.Reason = "that room has ended, or its key is wrong; this is a new one"
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
	r, err = rs.open(s, name)
	if err == nil {
		r.ahead = openingOf(s, name)
		r.standAt(stand)
	}
	return r, notice, err
}
