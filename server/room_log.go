package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// ledger is what a room knows of its own log.
type ledger struct {
	log    Log             // nil for a room that keeps none
	seq    uint64          // of the last entry
	ids    map[string]bool // of all entries
	marked time.Time       // the last mark
	mark0  Mark            // that one
	paced  pace            // as the last note of it says; none if its speed is 0
	begun  uint64          // the number of the run's first entry
	wrote  time.Time       // when the room's own last entry was appended, by the log's clock
	broken bool            // the log has refused one of those
	again  []request       // that are to be tried again, since another server was faster
	missed *Entry          // that the log has in place of one that was to be written
	pacing
	agreement
}

// write appends an entry to the room's log and returns once it is durable.
func (r *Room) write(id, line string) error {
	if r.log == nil {
		return nil
	}
	if id == "" {
		id = randomID()
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.host.ctx), AppendTimeout)
	defer cancel()
	begun, sent := time.Now(), r.host.clock.since()
	e, err := r.log.Append(ctx, r.ID, r.seq, id, line)
	switch {
	case errors.Is(err, ErrMoved) || err == nil && e.Seq != r.seq+1:
		return ErrMoved // what moved it is on its way here
	case err == nil && e.Line != line: // the same command was sent to another server too, or before, and has its moment from there
		r.missed = &e
		return ErrMoved
	case err != nil:
		if !errors.Is(err, ErrFull) {
			r.host.metrics.append(time.Since(begun)) // who waits in vain waits too
		}
		r.logger.Warn("an entry was not written", "error", err)
		return err
	}
	r.host.metrics.append(time.Since(begun))
	r.host.clock.wrote(e.Time, sent, r.host.clock.since())
	r.seq, r.ids[id], r.wrote = e.Seq, true, e.Time
	return nil
}

// writeDeed writes down what was done by hand.
func (r *Room) writeDeed(id string, d deed) error {
	s := deedTextOf(d)
	s.flap = slices.ContainsFunc(d.added, r.feed.run.Flapped)
	return r.write(id, s.entry())
}

// writePace writes down that the room plays, or how fast, where that has changed since the last turn.
func (r *Room) writePace() {
	if !r.ourLog() {
		r.sharePace()
		return
	}
	if r.log == nil || r.waking {
		return
	}
	now := r.paceNow()
	if now == r.paced {
		return
	}
	if err := r.write(randomID(), now.note(r.edge())); errors.Is(err, ErrMoved) {
		return
	} else if err == nil || r.broken {
		r.paced = now
	} else {
		r.broken = true // it is tried once more, and then with the next change
	}
}

// mark notes how far the room has come.
func (r *Room) mark(now time.Time) {
	r.marked = now
	m := Mark{Seq: r.seq, At: r.feed.run.Now(), Time: now}
	if !r.ourLog() {
		if !r.sure {
			return // the run stands still, or another server says where it is
		}
		m.Time = r.host.clock.now()
	} else if r.log == nil || m.Seq == r.mark0.Seq && m.At == r.mark0.At {
		return
	}
	if r.ahead > 0 {
		return
	}
	r.mark0 = m
	r.log.Mark(r.ID, m)
}

// beginning returns what a run begins with.
func (r *Room) beginning(deeds []deed) beginning {
	b := beginning{Run: r.runs, Name: r.name, Control: r.sums.control, View: r.sums.view, Hands: r.hands, Playing: r.playing, Speed: r.speed, Ahead: r.ahead}
	for _, d := range deeds {
		b.Deeds = append(b.Deeds, deedTextOf(d))
	}
	if o := r.origin; o != nil {
		k := r.kinOf(o.Room, o.Key, o.Run, o.At, o.Undone)
		b.Parent = &k
	}
	return b
}

// kinOf writes another room down.
func (r *Room) kinOf(room, key string, run int, at sim.Time, undone *sim.Command) kin {
	k := kin{Room: room, Veiled: r.veiled[room], Run: run, At: at}
	if k.Veiled == "" {
		k.Veiled = veil(r.Key, room, key)
	}
	if undone != nil {
		k.Undone = undone.Line()
	}
	return k
}

// enroll begins the log of a room that nobody has seen yet.
func (r *Room) enroll(l Log) error {
	r.log, r.ids = l, map[string]bool{}
	r.paced = r.paceNow()
	s := r.feed.run.Scenario()
	return r.writeBegin(r.ID, r.beginning(r.deeds), s.String())
}

// writeBegin writes down that a run begins.
func (r *Room) writeBegin(id string, b beginning, text string) error {
	if err := r.write(id, note(beginNote, b)+"\n"+strings.TrimSuffix(text, "\n")); err != nil {
		return err
	}
	r.begun, r.latest, r.agreement = r.seq, 0, agreement{}
	r.anchor = anchor{b.Ahead, r.wrote, b.Playing, b.Speed}
	return nil
}

// revive makes of what a log says the room that it is of, which plays itself to where that was.
func (rs *rooms) revive(id, key string, rec *roomRecord) (*Room, error) {
	text, _ := sim.Renew(rec.text)
	var r *Room
	err := study.Unbroken(func() error {
		s, err := study.Parse(text)
		if err == nil {
			r, err = newRoom(s, rec.Name, rs.logger)
		}
		if err == nil {
			err = r.repeat(s, rec)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	r.ID, r.logger = id, rs.logger.With("room", id[:8])
	r.reopen(key, rec)
	r.ledger = ledger{log: rs.log, seq: rec.seq, ids: rec.ids}
	r.begun, r.anchor, r.latest = rec.begun, rec.anchor, rec.latest
	if rec.claim != nil {
		r.claims = []claim{*rec.claim}
	}
	if shared(rs.log) && !rec.Playing {
		rec.at = max(rec.anchor.at, rec.latest) // a mark may be of before it was paused there
	}
	r.playing, r.speed, r.runs, r.restarted = rec.Playing, rec.Speed, rec.Run, rec.Restarted
	r.paced = r.paceNow()
	if r.ahead = min(rec.at, sim.MaxTime); r.ahead > 0 {
		r.waking = true
	}
	if rec.damage != nil {
		r.notice = rec.damage.Error()
	}
	r.recall(rec)
	return r, nil
}

// repeat does again what was done by hand.
func (r *Room) repeat(s *sim.Scenario, rec *roomRecord) error {
	for _, t := range rec.Deeds {
		d, err := t.deed(s)
		if err != nil {
			return err
		}
		r.deeds = append(r.deeds, d)
	}
	for _, t := range rec.done {
		d, err := t.deed(s)
		if err == nil {
			err = r.feed.run.Amend(d.added, d.dropped, t.flap)
		}
		if err != nil {
			return err
		}
		r.deeds = append(r.deeds, d)
	}
	r.feed.delta(Clock{})
	return nil
}

// recall reads which rooms are the room's kin.
func (r *Room) recall(rec *roomRecord) {
	s := r.feed.run.Scenario()
	undone := func(k kin) *sim.Command {
		if c, err := sim.ParseCommand(k.Undone, &s, study.Vocabulary()); err == nil && k.Undone != "" {
			return &c
		}
		return nil
	}
	for _, k := range rec.kin[max(0, len(rec.kin)-MaxBranches):] {
		r.branches = append(r.branches, &branch{Branch: Branch{Room: k.Room, Key: r.unveil(k), Run: k.Run, At: k.At, Undone: undone(k)}})
	}
	if k := rec.Parent; k != nil {
		key := r.unveil(*k)
		r.origin = &origin{Parent: Parent{Room: k.Room, Key: key, Run: k.Run, At: k.At, Undone: undone(*k)}}
		r.self = &branch{Branch: Branch{Room: r.ID, Key: r.Key, Run: k.Run, At: k.At, Undone: undone(*k)}}
		if first := len(rec.Deeds); first < len(r.deeds) && len(r.deeds[first].added) > 0 {
			r.self.first.Store(&r.deeds[first].added[0])
		}
	}
}

// hear carries out what a viewer asks for. What has an id is done once, and then acknowledged. While the room wakes,
// commands wait.
func (r *Room) hear(req request) {
	v, msg := req.viewer, req.msg
	if msg.ID != "" && !entryName.MatchString(msg.ID) {
		v.refuse(msg.Seq, fmt.Errorf("%s: %q is not an id: expected 1 to 64 letters, digits, - and _", trim(msg.Type), trim(msg.ID)))
		v.metrics.reject("command")
		return
	}
	known := msg.ID != "" && r.ids[msg.ID]
	if err := r.allow(v, msg.Type); err != nil && !known {
		v.metrics.reject(kindOf(err))
		v.refuse(msg.Seq, err)
		return
	}
	if !known && r.mustWait(v) && (msg.Type == "command" || msg.Type == "flap") && len(r.held) < MaxHeld {
		r.held = append(r.held, req)
		return
	}
	if !known {
		err := r.carryOut(v, msg)
		if errors.Is(err, ErrMoved) && len(r.again) < MaxHeld {
			r.again = append(r.again, req)
			if e := r.missed; e != nil {
				r.missed = nil
				r.heed(*e)
			}
			return
		}
		if err != nil {
			v.metrics.reject("command")
			v.refuse(msg.Seq, err)
			return
		}
	}
	if msg.ID != "" {
		v.offer(encode(Ack{Type: "ack", Of: msg.Seq, ID: msg.ID}))
	}
}

// mustWait reports whether a viewer's commands wait until it is known where the run is.
func (r *Room) mustWait(v *viewer) bool {
	return r.waking || v.past == nil && !r.ourLog() && r.playing && r.anchor.playing && !r.sure
}

// woken carries out what has waited for the room to be where it was.
func (r *Room) woken() {
	held := r.held
	r.waking, r.held = false, nil
	for _, req := range held {
		if r.viewers[req.viewer] {
			r.hear(req)
		}
	}
}
