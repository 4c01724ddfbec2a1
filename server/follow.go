package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// Where several servers share a log, no room has an owner: each that has viewers follows the room's log and simulates for itself. A
// command is appended after the entry that its server knew as the last; who comes too late hears of the other's first and tries
// again. An entry carries its virtual time: a server that has passed it already replays.

// follow hands a room the entries of its log from a number on, its own among them, until ctx ends. Where the log cannot be followed it tries
// again: a room that does not hear others would take no commands any more.
func (rs *rooms) follow(ctx context.Context, r *Room, from uint64) {
	defer rs.running.Done()
	for ctx.Err() == nil {
		from = rs.followOn(ctx, r, from)
		select {
		case <-ctx.Done():
		case <-time.After(FollowRetry):
		}
	}
}

// followOn does so until the log ends it, and returns the number of the next entry.
func (rs *rooms) followOn(ctx context.Context, r *Room, from uint64) uint64 {
	for e, err := range rs.log.Follow(ctx, r.ID, from) {
		var damage *DamageError
		if errors.As(err, &damage) {
			continue
		}
		if err != nil {
			r.logger.Error("a room's log cannot be followed", "error", err)
			return from
		}
		if _, mark := e.Mark(); mark {
			continue
		}
		if !r.ask(ctx, request{kind: requestEntry, entry: e}) {
			return from
		}
		from = e.Seq + 1
	}
	return from
}

// heed takes in an entry of the room's log, and then tries again what had to wait for it.
func (r *Room) heed(e Entry) {
	if e.Seq <= r.seq {
		return // it is the room's own
	}
	r.host.hearTime(e)
	rec := roomRecord{beginning: beginning{Run: r.runs, Speed: r.speed}, latest: r.latest, hands: r.hands}
	err := rec.take(e)
	if err == nil {
		r.seq, r.ids[e.ID], r.latest = e.Seq, true, rec.latest
		err = r.obey(e, &rec)
	}
	if err != nil {
		panic(fmt.Sprintf("entry %d of the room's log: %v", e.Seq, err))
	}
	again := r.again
	r.again = nil
	for _, req := range again {
		if r.viewers[req.viewer] {
			r.hear(req)
		}
	}
}

// obey does what an entry of another server says.
func (r *Room) obey(e Entry, rec *roomRecord) error {
	switch {
	case strings.HasPrefix(e.Line, beginNote):
		return r.obeyBegin(rec)
	case strings.HasPrefix(e.Line, playNote), strings.HasPrefix(e.Line, pauseNote):
		return r.obeyPace(rec.anchor)
	case strings.HasPrefix(e.Line, traceNote):
		r.hearClaim(*rec.claim, e.Time)
		return nil
	case strings.HasPrefix(e.Line, handNote):
		r.setHands(rec.hands)
		return nil
	case len(rec.kin) > 0:
		k := rec.kin[0]
		b := &branch{Branch: Branch{Room: k.Room, Key: r.unveil(k), Run: k.Run, At: k.At}}
		b.stirred.Store(true)
		r.branches = append(r.branches, b)
		return nil
	default:
		return r.obeyDeed(rec.done[0])
	}
}

func (r *Room) obeyBegin(rec *roomRecord) error {
	s, err := study.Parse(rec.text)
	if err != nil {
		return err
	}
	f, err := newFeed(s)
	if err != nil {
		return err
	}
	f.measure()
	f.seq += r.feed.seq
	r.setHands(rec.hands)
	r.runs, r.deeds, r.name, r.restarted = rec.Run, nil, rec.Name, rec.Restarted
	r.begun, r.anchor, r.agreement = rec.seq, rec.anchor, agreement{}
	r.goInto(f, newArchive(f), rec.Ahead)
	return nil
}

// obeyDeed does what was done by hand elsewhere, at its time.
func (r *Room) obeyDeed(t deedText) error {
	s := r.feed.run.Scenario()
	d, err := t.deed(&s)
	if err != nil {
		return err
	}
	r.unprove(d.at)
	if d.at > r.feed.run.Now() {
		if err = r.feed.run.Amend(d.added, d.dropped, t.flap); err == nil {
			r.deeds = append(r.deeds[:len(r.deeds):len(r.deeds)], d)
			for p := range r.replays {
				p.feed.run.Follow(r.feed.run.Lab)
			}
			r.changeAll()
		}
		return err
	}
	f, err := r.anew()
	if err == nil {
		err = f.run.Amend(d.added, d.dropped, t.flap)
	}
	if err != nil {
		return err
	}
	r.deeds = append(r.deeds[:len(r.deeds):len(r.deeds)], d)
	r.replayWith(f, d.at-1, r.edge())
	return nil
}

// anew returns a feed of the run from its start.
func (r *Room) anew() (*feed, error) {
	s := r.feed.run.Scenario()
	f, err := newFeed(&s)
	if err != nil {
		return nil, err
	}
	f.measure()
	f.run.Inherit(r.feed.run.Lab)
	f.seq += r.feed.seq
	return f, nil
}

// replayWith has the room play another feed of its run, which is the same up to an instant, to another one. Commands wait for that.
func (r *Room) replayWith(f *feed, same, to sim.Time) {
	f.delta(Clock{})
	a := r.archive.until(same)
	if len(a.frames) == 0 {
		a = newArchive(f)
	}
	r.waking = to > 0
	r.goInto(f, a, to)
}
