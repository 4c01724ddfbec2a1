package sim

import (
	"cmp"
	"math/bits"
	"slices"
)

// ClientTimeout is how long a client waits for an answer before it gives an attempt up, where the scenario does not
// say.
const ClientTimeout = 2 * Second

// RetryPause is what a client lets pass between two attempts.
const RetryPause = 100 * Millisecond

// DefaultRetries is the number of attempts after the first of a client that tries again.
const DefaultRetries = 3

// attempt sends an operation to the replica chosen.
func (c *Cluster) attempt(rec *Record) {
	op := rec.Op
	op.Attempt = int(rec.attempts)
	c.queue.push(event{at: c.now + c.workload.AttemptTimeout(), kind: eventDeadline, ref: attemptRef(op.ID, op.Attempt)})
	c.send(op.Client, rec.Asked, KindRequest, requestPayload{op})
}

func attemptRef(op OpID, attempt int) uint64 { return uint64(attempt)<<32 | uint64(op) }

// choose returns the replica that an operation's present attempt goes to: its client's own, or with Roam one drawn
// anew for each operation; and with RetryElsewhere, the node that a refusal named,
// or else each attempt the next of all replicas by nearness to the client.
func (c *Cluster) choose(rec *Record) Addr {
	first := c.Home(rec.Client)
	if c.workload.Roam {
		nth := slices.Index(rec.errand.Ops, rec.ID)
		drawn, _ := bits.Mul64(mix(mix(rec.errand.Luck, luckSession), uint64(nth)), uint64(len(c.nodes)))
		first = Addr(drawn)
	}
	if rec.attempts == 0 || c.workload.Retry != RetryElsewhere {
		return first
	}
	if rec.hinted > 0 {
		return rec.hinted - 1
	}
	near := c.nearest(rec.Client)
	return near[(slices.Index(near, first)+int(rec.attempts))%len(near)]
}

// asksOf returns the replicas that a client may ask.
func (c *Cluster) asksOf(client Addr) []Addr {
	if c.workload.Roam || c.workload.Retry == RetryElsewhere {
		return c.nearest(client)
	}
	return []Addr{c.Home(client)}
}

// nearest returns all replicas by the median round trip from a client, its own first, then by address.
func (c *Cluster) nearest(client Addr) []Addr {
	own := c.Home(client)
	near := make([]Addr, len(c.nodes))
	for i := range near {
		near[i] = Addr(i)
	}
	away := func(a Addr) Time {
		if a == own {
			return -1
		}
		return c.Trip(client, a)
	}
	slices.SortFunc(near, func(a, b Addr) int { return cmp.Or(cmp.Compare(away(a), away(b)), cmp.Compare(a, b)) })
	return near
}

// answered takes a replica's answer to an attempt. Any success ends the operation; a refusal of an attempt that was
// given up before says nothing new.
func (c *Cluster) answered(p replyPayload) {
	rec := c.history[p.op-1]
	switch {
	case rec.Result.Outcome != Pending:
	case p.result.Outcome == OK:
		c.complete(p.op, p.result)
	case p.attempt == int(rec.attempts) && !rec.pausing:
		c.attemptFailed(rec, p.result)
	}
}

// deadline gives an attempt up, unless it has ended.
func (c *Cluster) deadline(ref uint64) {
	rec := c.history[OpID(ref)-1]
	if rec.Result.Outcome == Pending && attemptRef(rec.ID, int(rec.attempts)) == ref && !rec.pausing {
		c.hangUp(rec)
		c.attemptFailed(rec, Result{Outcome: Info, Reason: ReasonTimeout})
	}
}

// hangUp has a client give up a connection on which nothing has come while it waited, as drivers do: the peer may have
// forgotten it.
func (c *Cluster) hangUp(rec *Record) {
	e := c.link(rec.Client, rec.Asked).stream
	if e.conn != 0 && e.read <= c.now-c.workload.AttemptTimeout() {
		e.giveUp()
	}
}

// attemptFailed has an operation tried again, or ends it as this attempt ended; but as info if any attempt may have
// been applied.
func (c *Cluster) attemptFailed(rec *Record, r Result) {
	if r.Outcome == Info && rec.Kind != Read {
		rec.unsure = true
	}
	rec.hinted = 0
	if r.Hint != "" {
		rec.hinted = c.node(r.Hint) + 1
	}
	switch {
	case c.workload.Retry != RetryNone && int(rec.attempts) < c.workload.Retries:
		rec.pausing = true
		if c.anew(rec) {
			c.end(rec, r)
		}
		c.queue.push(event{at: c.now + RetryPause, kind: eventRetry, ref: uint64(rec.ID)})
	case rec.unsure && r.Outcome != Info:
		c.complete(rec.ID, Result{Outcome: Info, Reason: ReasonTimeout})
	default:
		c.complete(rec.ID, r)
	}
}

// retry makes the next attempt, unless a late answer to an earlier one has come.
func (c *Cluster) retry(op OpID) {
	rec := c.history[op-1]
	if rec.pausing && c.anew(rec) {
		c.again(rec)
		return
	}
	if rec.Result.Outcome != Pending {
		return
	}
	rec.pausing = false
	rec.attempts++
	rec.Asked = c.choose(rec)
	c.trace.add('a', c.now, uint64(op), uint64(rec.attempts))
	c.attempt(rec)
}

// anew reports whether another attempt at an operation is another operation.
func (c *Cluster) anew(rec *Record) bool {
	return c.protocol.Anew != nil && rec.Kind != Read && c.protocol.Anew(c.config)
}

// again has an errand try once more what an operation of it, which has ended, did not bring about.
func (c *Cluster) again(before *Record) {
	before.pausing = false
	e, op := before.errand, before.Op
	e.Unsure = e.Unsure || before.unsure
	if len(c.history) >= MaxOps {
		c.proceed(e, before)
		return
	}
	e.Wrote = c.nextOp()
	if c.isDocument(op.Key) {
		op.Value = c.addDocument(e, c.documents[before.ID].parent)
	}
	c.invokeAs(e, Op{Kind: op.Kind, Key: op.Key, Value: op.Value, Expect: op.Expect}, before.attempts+1)
}
