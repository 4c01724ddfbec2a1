package server

import (
	"errors"
	"fmt"
	"slices"
	"sync/atomic"

	"netsplit/sim"
	"netsplit/sim/study"
)

// origin is where a room's run branched off from another room's. It remembers that one's text, so that what was undone
// can be done again when its room is gone; and that one's own origin, up to MaxOrigins back.
type origin struct {
	Parent
	text   string   // of the parent's run when it was left
	edge   sim.Time // how far that had run
	deeds  []deed
	before *origin
}

// branch is a room that has branched off.
type branch struct {
	Branch
	first   atomic.Pointer[sim.Command] // that the branch has carried out by itself
	stirred atomic.Bool                 // the parent has not told its viewers of that yet
}

// fork opens a room whose run is this one's up to a moment.
func (r *Room) fork(v *viewer, msg ClientMessage) error {
	if msg.At < 0 || msg.At > r.edge() {
		return fmt.Errorf("fork: %s is not between 0s and %s, which is how far the room has run", msg.At, rounded(r.edge()))
	}
	s := r.feed.run.Scenario()
	s.Commands = slices.DeleteFunc(s.Commands, func(c sim.Command) bool { return c.At > msg.At })
	b, err := r.branchOff(&s, msg.At, r.deedsUntil(msg.At), nil)
	if err != nil {
		return fmt.Errorf("fork: %w", err)
	}
	r.tellForked(v, msg, b.Room, b.Key, msg.At, false)
	return nil
}

// edge returns how far the room has run, or is on its way to.
func (r *Room) edge() sim.Time { return max(r.feed.run.Now(), r.ahead) }

// undo opens a room whose run is this one's without the last thing that was done by hand, from just before that on.
// Undoing the same twice leads to the same room, as long as nothing has been done in it.
func (r *Room) undo(v *viewer, msg ClientMessage) error {
	if err := r.underWay("undo"); err != nil {
		return err
	}
	now := r.feed.run.Now()
	if v.past != nil {
		now = v.past.aim()
	}
	s := r.feed.run.Scenario()
	undone, kept, found := r.takeBack(&s, now)
	if !found {
		return fmt.Errorf("undo: nothing has been done by %s", rounded(now))
	}
	for _, b := range r.branches {
		if b.Undone != nil && b.Run == r.runs && b.Undone.At == undone.At && b.first.Load() == nil && r.host.has(b.Room) {
			r.tellForked(v, msg, b.Room, b.Key, b.At, false)
			return nil
		}
	}
	b, err := r.branchOff(&s, undone.At-1, kept, &undone)
	if err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	r.tellForked(v, msg, b.Room, b.Key, b.At, false)
	return nil
}

// redo leads back to the room that an undo has left, or to what it was when that has ended, unless something else has
// been done since.
func (r *Room) redo(v *viewer, msg ClientMessage) error {
	o := r.origin
	switch {
	case o == nil || o.Undone == nil || r.runs > 1:
		return errors.New("redo: nothing has been undone that led to this room")
	case r.self != nil && r.self.first.Load() != nil:
		return fmt.Errorf("redo: something else has been done here since; what was undone is in the room that this one branched off from")
	}
	if r.host.has(o.Room) {
		r.tellForked(v, msg, o.Room, o.Key, o.At, false)
		return nil
	}
	if o.text == "" {
		return errors.New("redo: the room is gone, and what it was with it")
	}
	s, err := study.Parse(o.text)
	if err != nil {
		return fmt.Errorf("redo: the room is gone, and its text: line %w", err)
	}
	again, err := r.begin(s, o.edge, r.archive.until(min(o.At, r.feed.run.Now())))
	if err != nil {
		return fmt.Errorf("redo: the room is gone: %w", err)
	}
	again.origin, again.deeds = o.before, o.deeds
	if err := r.host.adopt(again, nil); err != nil {
		return fmt.Errorf("redo: the room is gone: %w", err)
	}
	p := *o // the next redo leads there at once
	p.Room, p.Key = again.ID, again.Key
	r.origin = &p
	r.tellForked(v, msg, again.ID, again.Key, o.At, true)
	return nil
}

// begin makes a room that plays a scenario up to a moment as soon as somebody watches, and stands there.
func (r *Room) begin(s *sim.Scenario, at sim.Time, a *archive) (*Room, error) {
	if r.host == nil {
		return nil, errors.New("this room is alone")
	}
	var child *Room
	err := study.Unbroken(func() (err error) {
		child, err = newRoom(s, "", r.logger)
		return err
	})
	if err != nil {
		return nil, err
	}
	child.address = r.address
	child.playing, child.speed, child.ahead, child.pace = false, r.speed, at, r.pace
	if len(a.frames) > 0 {
		child.archive = a
		child.shown = a.frames[a.at(at)].at
	}
	return child, nil
}

// branchOff opens a room for a scenario that is this room's up to a moment. Undone is the command that is left out by it.
func (r *Room) branchOff(s *sim.Scenario, at sim.Time, deeds []deed, undone *sim.Command) (*branch, error) {
	r.branches = slices.DeleteFunc(r.branches, func(b *branch) bool { return !r.host.has(b.Room) })
	if len(r.branches) >= MaxBranches { // the oldest that sleeps is no more listed; its address stays
		i := slices.IndexFunc(r.branches, func(b *branch) bool { return !r.host.awake(b.Room) })
		if i < 0 {
			return nil, fmt.Errorf("this room has its %d branches; close one, and try again when it has ended", MaxBranches)
		}
		r.branches = slices.Delete(r.branches, i, i+1)
	}
	child, err := r.begin(s, at, r.archive.until(at))
	if err != nil {
		return nil, err
	}
	now := r.feed.run.Scenario()
	child.deeds = deeds
	child.origin = &origin{Parent: Parent{Room: r.ID, Key: r.Key, Run: r.runs, At: at, Undone: undone},
		text: now.String(), edge: r.feed.run.Now(), deeds: r.deeds, before: r.origin.last(MaxOrigins - 1)}
	b := &branch{Branch: Branch{Room: child.ID, Key: child.Key, Run: r.runs, At: at, Undone: undone}}
	child.self = b
	if err := r.host.adopt(child, func() error {
		return r.write(randomID(), note(branchNote, r.kinOf(b.Room, b.Key, r.runs, at, undone)))
	}); err != nil {
		return nil, err
	}
	r.host.relate(b)
	r.branches = append(r.branches, b)
	b.stirred.Store(true)
	return b, nil
}

// last returns an origin with no more than n, itself among them.
func (o *origin) last(n int) *origin {
	if o == nil || n == 0 {
		return nil
	}
	c := *o
	c.before = o.before.last(n - 1)
	return &c
}

func (r *Room) tellForked(v *viewer, msg ClientMessage, room, key string, at sim.Time, rebuilt bool) {
	v.offer(encode(Forked{Type: "forked", Of: msg.Seq, Room: room, Key: key, At: at, Rebuilt: rebuilt}))
}

// didFirst notes the first command that a branch has carried out by itself, for its parent's viewers.
func (r *Room) didFirst(cmd sim.Command) {
	if r.self != nil && r.self.first.CompareAndSwap(nil, &cmd) {
		r.self.stirred.Store(true)
	}
}

// tellBranches has every viewer told which branches there are.
func (r *Room) tellBranches() {
	r.changed, r.forked = true, true
	for _, v := range r.pasts {
		v.past.changed, v.past.forked = true, true
	}
}

// parentView says where the room has branched off from; nil for nowhere.
func (r *Room) parentView() *Parent {
	if r.origin == nil {
		return nil
	}
	p := r.origin.Parent
	if r.self != nil {
		p.First = r.self.first.Load()
	}
	return &p
}

// branchViews lists the room's branches.
func (r *Room) branchViews() []Branch {
	list := []Branch{}
	for _, b := range r.branches {
		view := b.Branch
		view.First = b.first.Load()
		list = append(list, view)
	}
	return list
}
