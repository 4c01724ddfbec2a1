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
	b, err := r.branchOff(v, &s, msg.At, r.deedsUntil(msg.At), nil)
	if err != nil {
		return fmt.Errorf("fork: %w", err)
	}
	r.tellForked(v, Forked{Of: msg.Seq, Room: b.Room, Key: b.Key, At: msg.At}, true)
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
		if v.holder && b.Undone != nil && b.Run == r.runs && b.Undone.At == undone.At && b.first.Load() == nil && r.host.has(b.Room) {
			r.tellForked(v, Forked{Of: msg.Seq, Room: b.Room, Key: r.kinKey(b.Room, b.Key), At: b.At}, false)
			return nil
		}
	}
	b, err := r.branchOff(v, &s, undone.At-1, kept, &undone)
	if err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	r.tellForked(v, Forked{Of: msg.Seq, Room: b.Room, Key: b.Key, At: b.At}, true)
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
	if r.kinKey(o.Room, o.Key) == "" {
		return errors.New("redo: nobody has come with this room's control link since it woke, and without it the other room cannot be named")
	}
	if r.host.has(o.Room) {
		r.tellForked(v, Forked{Of: msg.Seq, Room: o.Room, Key: r.kinKey(o.Room, o.Key), At: o.At}, false)
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
	again.origin, again.deeds, again.hands = o.before, o.deeds, slices.Clone(r.hands)
	if err := r.host.adopt(again, nil); err != nil {
		return fmt.Errorf("redo: the room is gone: %w", err)
	}
	p := *o // the next redo leads there at once
	p.Room, p.Key = again.ID, again.Key
	r.origin = &p
	r.tellForked(v, Forked{Of: msg.Seq, Room: again.ID, Key: again.Key, At: o.At, Rebuilt: true}, true)
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
	child.playing, child.speed, child.ahead, child.replayPace = false, r.speed, at, r.replayPace
	if len(a.frames) > 0 {
		child.archive = a
		child.shown = a.frames[a.at(at)].at
	}
	return child, nil
}

// branchOff opens a room, for a viewer, for a scenario that is this room's up to a moment. Undone is the command that is left out by it.
func (r *Room) branchOff(v *viewer, s *sim.Scenario, at sim.Time, deeds []deed, undone *sim.Command) (*branch, error) {
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
	child.deeds, child.hands = deeds, slices.Clone(r.hands)
	if v.guest != "" && v.guest == r.floor.Guest { // it presents there as well
		child.floor, child.seen = r.floor, r.turned
	}
	if r.Key == "" {
		return r.partWith(child, at)
	}
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

// partWith opens a room for somebody to whom control was handed over, while nobody knows this room's control key: it is no
// branch, since neither's log could name the other.
func (r *Room) partWith(child *Room, at sim.Time) (*branch, error) {
	if err := r.host.adopt(child, nil); err != nil {
		return nil, err
	}
	return &branch{Branch: Branch{Room: child.ID, Key: child.Key, Run: r.runs, At: at}}, nil
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

// tellForked answers with a room, whose control key is given, and tells those who follow. Who has not come with the control
// key here does not learn one that was there, but of a room made for it.
func (r *Room) tellForked(v *viewer, f Forked, made bool) {
	view := viewKeyOf(f.Key)
	r.leadOn(v, Address{Room: f.Room, Key: view})
	if f.Type = "forked"; !made && !v.holder {
		f.Key = view
	}
	v.offer(encode(f))
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
	for p := range r.replays {
		p.changed, p.forked = true, true
	}
}

// parentView says where the room has branched off from, for who has the control key or for others; nil for nowhere.
func (r *Room) parentView(holder bool) *Parent {
	if r.origin == nil || r.kinKey(r.origin.Room, r.origin.Key) == "" {
		return nil
	}
	p := r.origin.Parent
	p.Key = r.keyFor(holder, p.Room, p.Key)
	if r.self != nil {
		p.First = r.self.first.Load()
	}
	return &p
}

// branchViews lists the room's branches, for who has the control key or for others.
func (r *Room) branchViews(holder bool) []Branch {
	list := []Branch{}
	for _, b := range r.branches {
		view := b.Branch
		if view.Key = r.keyFor(holder, b.Room, b.Key); view.Key == "" {
			continue // the control key would tell
		}
		view.First = b.first.Load()
		list = append(list, view)
	}
	return list
}
