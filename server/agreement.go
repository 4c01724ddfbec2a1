package server

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// Servers that share a log prove to each other that they simulate the same. At moments of a grid, which follows from the speed, each notes
// the run's trace, the sum over all its events; now and then one writes its own down, as a claim: of the run as the entries before
// say. The others compare theirs of that very moment, when they come there. Who differs replays the log. If it still differs the other must be
// wrong, and hears so by a claim; who has replayed once without success leaves it at that.

// proof is what a run has come to at a moment.
type proof struct {
	at    sim.Time
	trace string
}

// claim is a proof that stands in the log.
type claim struct {
	proof
	seq     uint64 // of the entry
	retried bool   // the log has been replayed because of it
	reads   int    // of the log, for that
}

// agreement is what a room knows of how others see its run.
type agreement struct {
	proofs  []proof   // of its own, the latest
	claims  []claim   // for moments to come
	claimed time.Time // when somebody made the last claim, by the log's clock
	said    sim.Time  // the last moment that the room itself has made a claim for
	anewing bool      // the log is being read, to be replayed
	lost    bool      // a replay has not helped: there is no other
}

const traceNote = "# trace "

func (p proof) entry() string { return fmt.Sprintf("%s%s at %s", traceNote, p.trace, p.at) }

// parseProof reads what follows traceNote.
func parseProof(text string) (p proof, err error) {
	trace, at, _ := strings.Cut(text, " at ")
	p.trace = trace
	p.at, err = sim.ParseTime(at)
	return p, err
}

// proofDue returns the next moment at which the run is to be proved.
func (r *Room) proofDue() sim.Time {
	next, now := sim.MaxTime+1, r.feed.run.Now()
	if r.ourLog() {
		return next
	}
	for _, c := range r.claims {
		if c.at > now {
			next = min(next, c.at)
		}
	}
	if r.ahead > 0 {
		return next
	}
	step := sim.Second
	for float64(step) < r.speed*float64(ProofInterval.Microseconds()) {
		step *= 2
	}
	return min(next, (now/step+1)*step)
}

// prove notes what the run has come to, and compares it with what others say; or says it to them if nobody has of late.
func (r *Room) prove() {
	p := proof{r.feed.run.Now(), r.feed.run.Trace()}
	r.proofs = append(r.proofs[max(0, len(r.proofs)-MaxProofs+1):], p)
	for i := 0; i < len(r.claims); i++ {
		if c := r.claims[i]; c.at == p.at {
			r.claims = slices.Delete(r.claims, i, i+1)
			i--
			r.compare(p, c)
		}
	}
	if r.sure && r.ahead == 0 && r.host.clock.now().Sub(r.claimed) > ClaimInterval {
		r.say(p)
	}
}

// say writes a proof down for others. Nothing waits for it: if something else comes first, another will do.
func (r *Room) say(p proof) {
	r.claimed, r.said = r.host.clock.now(), p.at
	after, log, id := r.seq, r.log, r.ID
	r.host.running.Add(1)
	go func() {
		defer r.host.running.Done()
		ctx, cancel := context.WithTimeout(r.host.ctx, AppendTimeout)
		defer cancel()
		log.Append(ctx, id, after, randomID(), p.entry()) //nolint:errcheck // see above
	}()
}

// hearClaim compares what a server says of the run, or notes that for when the run is there.
func (r *Room) hearClaim(c claim, when time.Time) {
	r.claimed = when
	if c.at > r.feed.run.Now() {
		r.claims = append(r.claims[max(0, len(r.claims)-MaxProofs+1):], c)
		return
	}
	for _, p := range r.proofs {
		if p.at == c.at {
			r.compare(p, c)
			return
		}
	}
}

// compare looks whether the room agrees with a claim.
func (r *Room) compare(p proof, c claim) {
	if p.trace == c.trace {
		return
	}
	r.host.metrics.diverge()
	r.logger.Error("servers disagree about a room's run", "at", c.at.String(), "entry", c.seq, "own", p.trace, "theirs", c.trace, "replayed", c.retried)
	switch {
	case r.lost || r.anewing:
	case !c.retried:
		r.readAnew(c)
	default:
		if r.lost = true; r.said < p.at {
			r.say(p)
		}
	}
}

// unprove forgets what is known of moments from one on, since an entry changes what they are.
func (r *Room) unprove(from sim.Time) {
	r.proofs = slices.DeleteFunc(r.proofs, func(p proof) bool { return p.at >= from })
	r.claims = slices.DeleteFunc(r.claims, func(c claim) bool { return c.at >= from })
}

// readAnew reads the room's log, to replay it because of a claim.
func (r *Room) readAnew(c claim) {
	r.anewing = true
	c.retried = true
	c.reads++
	r.host.running.Add(1)
	go func() {
		defer r.host.running.Done()
		entries, err := r.host.readEntries(r.ID)
		r.ask(r.host.ctx, request{kind: requestAnew, entries: entries, claim: c, err: err})
	}()
}

// readEntries reads what a room's log has by now.
func (rs *rooms) readEntries(room string) (entries []Entry, err error) {
	ctx, cancel := context.WithTimeout(rs.ctx, WakeTimeout)
	defer cancel()
	for e, err := range rs.log.Follow(ctx, room, 1) {
		if err != nil {
			return nil, err
		}
		if _, mark := e.Mark(); mark {
			return entries, nil
		}
		entries = append(entries, e)
	}
	return nil, fmt.Errorf("its log could not be read within %s", WakeTimeout)
}

// feedOf makes a feed of what a log says, but for what was done by hand.
func (r *Room) feedOf(rec *roomRecord, err error) (*sim.Scenario, *feed, error) {
	if err == nil && rec.seq < r.seq {
		err = fmt.Errorf("it ends with entry %d, and had %d", rec.seq, r.seq)
	}
	if err != nil {
		return nil, nil, err
	}
	text, _ := sim.Renew(rec.text)
	s, err := study.Parse(text)
	if err != nil {
		return nil, nil, err
	}
	f, err := newFeed(s)
	return s, f, err
}

// beginAnew has the room play what its log says from the start, to where it was; viewers are shown that again. Entries that it has not
// taken in yet are still to come.
func (r *Room) beginAnew(entries []Entry, c claim, err error) {
	r.anewing = false
	rec := &roomRecord{}
	for _, e := range entries {
		if err == nil && e.Seq <= r.seq {
			err = rec.take(e)
		}
	}
	if err == nil && rec.seq < r.seq && c.reads < MaxReads {
		r.readAnew(c) // the room has written more meanwhile
		return
	}
	s, f, err := r.feedOf(rec, err)
	if err != nil {
		r.logger.Error("a room's log cannot be replayed", "error", err)
		return
	}
	f.measure()
	f.seq += r.feed.seq
	to := r.edge()
	if !rec.Playing {
		to = max(rec.anchor.at, rec.latest)
	}
	r.feed, r.deeds = f, nil
	if err = r.repeat(s, rec); err != nil {
		panic(fmt.Sprintf("the room's log: %v", err))
	}
	r.runs, r.name, r.restarted, r.playing, r.speed = rec.Run, rec.Name, rec.Restarted, rec.Playing, rec.Speed
	r.ids, r.begun, r.anchor, r.latest = rec.ids, rec.begun, rec.anchor, rec.latest
	r.paced = r.paceNow()
	if r.proofs, r.claims = nil, nil; !slices.ContainsFunc(rec.done, func(d deedText) bool { return d.seq > c.seq && d.At <= c.at }) && c.seq > rec.begun {
		r.claims = []claim{c}
	}
	r.waking = to > 0
	r.goInto(f, newArchive(f), to)
}
