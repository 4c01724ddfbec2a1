package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
)

// over reports whether the room takes no more requests.
func (r *Room) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// notThere is what somebody is told who comes to a room that is not there.
const notThere = "that room has ended, or its key is wrong; this is a new one"

// errLater says that a room is there, and cannot be opened at present: who comes back may find it.
var errLater = errors.New("that room cannot be opened now")

// enterAgain returns a room that there is already, after having woken it if it sleeps; and what to tell whoever enters. There is none
// if the reason is why a new one is to be opened.
func (rs *rooms) enterAgain(ctx context.Context, id, key string, from netip.Prefix) (*Room, string, error) {
	r, awake := rs.find(id, key)
	if r != nil {
		return r, "", nil
	}
	if rs.log == nil || !roomName.MatchString(id) || awake {
		return nil, notThere, nil
	}
	done := rs.turnToWake(id)
	defer done()
	if r, _ := rs.find(id, key); r != nil { // another has woken it
		return r, "", nil
	}
	rec, err := rs.readLog(id)
	var damage *DamageError
	switch {
	case errors.As(err, &damage):
		return nil, fmt.Sprintf("that room cannot be opened again: %v; this is a new one", err), nil
	case err != nil:
		rs.logger.Error("a room does not wake", "room", id[:8], "error", err)
		return nil, "", fmt.Errorf("%w: %w", errLater, err)
	case rec.seq == 0 || keySums{rec.Control, rec.View}.rightBy(key) == "":
		return nil, notThere, nil
	}
	r, err = rs.wake(ctx, id, key, rec, from)
	if errors.Is(err, errLater) {
		return nil, "", err
	}
	if err != nil {
		rs.logger.Error("a room does not wake", "room", id[:8], "error", err)
		return nil, fmt.Sprintf("that room cannot be opened again: %v; this is a new one", err), nil
	}
	return r, r.notice, nil
}

// wake starts a room that sleeps, on account of an address. It is errLater if there are too many at present.
func (rs *rooms) wake(ctx context.Context, id, key string, rec *roomRecord, from netip.Prefix) (*Room, error) {
	made, err := rs.gate.turn(ctx, from)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLater, err)
	}
	r, err := rs.revive(id, key, rec)
	made()
	if err != nil {
		return nil, err
	}
	r.address = from
	rs.reunite(r)
	if err = rs.gate.room(from); err == nil {
		err = rs.run(r)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errLater, err)
	}
	return r, nil
}

// awake reports whether a room is in memory.
func (rs *rooms) awake(id string) bool {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	r := rs.byID[id]
	return r != nil && !r.over()
}

// has reports whether there is a room, awake or asleep.
func (rs *rooms) has(id string) bool {
	if rs.awake(id) {
		return true
	}
	if rs.log == nil {
		return false
	}
	ctx, cancel := context.WithTimeout(rs.ctx, WakeTimeout)
	defer cancel()
	for e, err := range rs.log.Follow(ctx, id, 1) {
		_, isMark := e.Mark()
		return err == nil && !isMark
	}
	return false
}

// turnToWake waits until nobody else wakes a room, and returns what lets the next do so.
func (rs *rooms) turnToWake(id string) func() {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for rs.coming[id] != nil {
		other := rs.coming[id]
		rs.mu.Unlock()
		<-other
		rs.mu.Lock()
	}
	mine := make(chan struct{})
	if rs.coming == nil {
		rs.coming = map[string]chan struct{}{}
	}
	rs.coming[id] = mine
	return func() {
		rs.mu.Lock()
		defer rs.mu.Unlock()
		delete(rs.coming, id)
		close(mine)
	}
}

// readLog reads what a room's log says by now. Where it is damaged before the first whole entry, the error is that.
func (rs *rooms) readLog(id string) (*roomRecord, error) {
	ctx, cancel := context.WithTimeout(rs.ctx, WakeTimeout)
	defer cancel()
	rec := &roomRecord{}
	for e, err := range rs.log.Follow(ctx, id, 1) {
		if errors.As(err, &rec.damage) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := rec.take(e); err != nil {
			return nil, err
		}
		if _, whole := e.Mark(); whole {
			if rec.seq == 0 && rec.damage != nil {
				return nil, rec.damage
			}
			return rec, nil
		}
	}
	return nil, fmt.Errorf("its log could not be read within %s", WakeTimeout)
}

// relate keeps a branch, so that both rooms know it by the same.
func (rs *rooms) relate(b *branch) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.kin == nil {
		rs.kin = map[string]*branch{}
	}
	rs.kin[b.Room] = b
}

// reunite has a room that wakes and its kin that are awake know each other.
func (rs *rooms) reunite(r *Room) {
	rs.mu.Lock()
	known := rs.kin[r.ID]
	rs.mu.Unlock()
	if known != nil && r.self != nil {
		if first := r.self.first.Load(); first != nil {
			known.first.Store(first)
		}
		r.self = known
	}
	for i, b := range r.branches {
		rs.mu.Lock()
		child := rs.byID[b.Room]
		rs.mu.Unlock()
		if child != nil && !child.over() && child.self != nil {
			r.branches[i] = child.self // it was set before the room was awake, and stays
		} else if rec, err := rs.readLog(b.Room); err == nil {
			b.first.Store(rec.firstDone())
		}
		rs.relate(r.branches[i])
	}
}
