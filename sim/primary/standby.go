package primary

import "netsplit/sim"

// receiving is what a standby keeps.
type receiving struct {
	connected bool
	heardUp   sim.Time // when the primary was last heard
	other     sim.Addr // a primary that it has heard of and does not follow; -1 for none
	otherLine line
	byHand    bool // an operator has told it to give up what only it has

	reached int64 // the newest timeline that it has streamed or led

	writing, flushing, applying  bool
	writeTo, flushTarget, showTo int
	arrived                      map[int]sim.Time // of records that are not to be applied yet
}

// call asks the primary that this node follows for its log.
func (r *replica) call() {
	r.connected = false
	r.reportAgain()
}

// reportAgain reports to the primary, or calls it if it has been silent for too long, and does so again later.
func (r *replica) reportAgain() {
	if r.role != standby {
		return
	}
	if t := r.set.receiverTimeout; t > 0 && r.env.Now()-r.heardUp > t {
		r.connected = false
	}
	r.report(!r.connected)
	if r.connected {
		r.env.SetTimer(timerReport, r.set.statusInterval)
	} else {
		r.env.SetTimer(timerReport, CallInterval)
	}
}

// report tells the primary how far this node is; wants asks it to go on from there.
func (r *replica) report(wants bool) {
	if r.upstream < 0 || r.upstream == r.env.Self() || r.role != standby {
		return
	}
	r.tell(r.upstream, payload{what: report, end: r.j.last(), at: r.j.lineAt(r.j.last()), wants: wants,
		written: r.j.written, flushed: r.j.flushed, applied: r.j.applied})
}

// follow takes another node for the primary.
func (r *replica) follow(peer sim.Addr, l line) {
	changed := r.upstream != peer || r.line != l
	r.upstream, r.line = peer, l
	if changed {
		r.keepPlace()
	}
	if changed && r.role == standby {
		r.call()
	}
}

// takeLog appends what comes from the primary.
func (r *replica) takeLog(from sim.Addr, p payload) {
	if r.role != standby || from != r.upstream {
		return
	}
	r.connected, r.heardUp, r.line = true, r.env.Now(), p.line
	r.reached = max(r.reached, p.line.n)
	if r.blank && p.index+len(p.records) >= p.end {
		r.blank = false
		defer r.keepPlace()
	}
	if !r.noRewind && (p.index > r.j.last() || p.at != r.j.lineAt(p.index)) {
		r.report(true)
		return
	}
	for i, rec := range p.records {
		if index := p.index + 1 + i; index > r.j.last() {
			r.j.append(rec)
			r.came(index)
			r.env.Holds(rec.op.Key, rec.op.ID)
		} else if r.j.lineAt(index) != rec.line && !r.noRewind {
			r.report(true)
			return
		}
	}
	if r.pump(); p.wants {
		r.report(false)
	}
}

// pump begins what is to be done with the log and is not under way. Only what is flushed is applied.
func (r *replica) pump() {
	if r.role != standby {
		return
	}
	if !r.writing && r.j.written < r.j.last() {
		r.writing, r.writeTo = true, r.j.last()
		r.env.SetTimer(timerWrite, r.set.writeDelay)
	}
	if !r.flushing && r.j.flushed < r.j.written {
		r.flushing, r.flushTarget = true, r.j.written
		r.env.SetTimer(timerFlush, r.set.flushDelay.Sample(r.env.Rand().Uint64()))
	}
	if !r.applying && r.j.applied < r.j.flushed {
		upTo, wait := r.ripe()
		r.applying, r.showTo = true, upTo
		r.env.SetTimer(timerApply, wait+r.set.applyDelay.Sample(r.env.Rand().Uint64()))
	}
}

// stage ends a stage that every write passes through on a standby.
func (r *replica) stage(t sim.TimerID) {
	if r.role != standby {
		return
	}
	switch t {
	case timerWrite:
		r.writing = false
		before := r.j.written
		r.j.written = max(r.j.written, min(r.writeTo, r.j.last()))
		if r.awaited(levelWrite, before, r.j.written) {
			r.report(false)
		}
	case timerFlush:
		r.flush(min(r.flushTarget, r.j.written))
	case timerApply:
		r.applying = false
		before := r.j.applied
		r.j.show(min(r.showTo, r.j.flushed))
		if r.awaited(levelApply, before, r.j.applied) {
			r.report(false)
		}
	}
	r.pump()
}

// flush makes the log durable up to an index.
func (r *replica) flush(index int) {
	r.keepTo(index)
	end := r.j.lineAt(index)
	r.env.Sync(func() {
		r.flushing = false
		if r.role == standby && index <= r.j.last() && r.j.lineAt(index) == end { // it may have been rewound
			r.j.flushed = max(r.j.flushed, index)
			r.report(false)
		}
		r.pump()
	})
}

// compare takes the lines of the primary's log. What is not on them is given up, or else this node stays out.
func (r *replica) compare(from sim.Addr, p payload) {
	if r.role != standby || from != r.upstream {
		return
	}
	fork := r.j.fork(p.spans, p.end)
	if fork < r.j.last() {
		if !r.set.rewinds && !r.byHand {
			r.role = out
			r.keepPlace()
			r.env.Note(sim.NoteOut, from, int64(r.j.last()-fork))
			return
		}
		r.rewind(fork)
	}
	r.byHand = false
	r.call()
}

// rewind gives up the log after an index.
func (r *replica) rewind(index int) {
	given := r.j.last() - index
	var keys []string
	held := map[string]sim.OpID{}
	for r.j.last() > index {
		key, now := r.j.truncate()
		if _, ok := held[key]; !ok {
			keys = append(keys, key)
		}
		held[key] = now.write
	}
	for _, key := range keys {
		r.env.Holds(key, held[key])
	}
	r.keepCut(index)
	r.env.Note(sim.NoteRewound, r.upstream, int64(given))
}
