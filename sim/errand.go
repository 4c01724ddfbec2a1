package sim

import "slices"

// MaxTries bounds how often an Errand starts over when a CompareAndSet found that somebody else was faster.
const MaxTries = 3

// ErrandKind is what a client came to do.
type ErrandKind string

// The kinds of errands. Look and set are also what a visitor does.
const (
	ErrandLook      ErrandKind = "look"      // read
	ErrandSet       ErrandKind = "set"       // write a value blindly; of a document: write one with a single item
	ErrandDeposit   ErrandKind = "deposit"   // read, then write the sum
	ErrandWithdraw  ErrandKind = "withdraw"  // read, then write the difference, if it is not negative
	ErrandBuy       ErrandKind = "buy"       // read the stock, then write one less, if there is any
	ErrandLike      ErrandKind = "like"      // read the count, then write one more
	ErrandAdd       ErrandKind = "add"       // read the cart, then write it with one more item
	ErrandPost      ErrandKind = "post"      // read the feed, then write it with one more post
	ErrandDelete    ErrandKind = "delete"    // leave the key without a value
	ErrandIncrement ErrandKind = "increment" // add to a counter
	ErrandInsert    ErrandKind = "insert"    // put an item into a set
	ErrandRemove    ErrandKind = "remove"    // take an item out of a set
	ErrandSwap      ErrandKind = "cas"       // read, then write a value in place of what was found
	ErrandCreate    ErrandKind = "create"    // write a value if the key still has its opening value
)

// Errand is what a client came to do: a short sequence of operations, each after the answer to the one before. What
// reads and then writes does so conditionally where the protocol offers compare-and-set, blindly where it does not; and
// where it offers counters, deposits and likes increment without reading, and a cart that is a set is added to.
// Its outcome is that of its last operation, but for a reason of its own.
type Errand struct {
	ID      int        `json:"id"` // in its lane, from 1
	Client  Addr       `json:"client"`
	Visit   int32      `json:"-"` // of the workload's, from 1; 0 for a visitor's
	Kind    ErrandKind `json:"kind"`
	Key     string     `json:"key"`
	Amount  int64      `json:"amount"` // deposited, withdrawn, bought or set; the number of the item or post
	Start   Time       `json:"start"`
	End     Time       `json:"end"` // meaningful once the outcome is not pending
	Outcome Outcome    `json:"outcome"`
	Reason  Reason     `json:"reason,omitempty"`
	Says    string     `json:"says,omitempty"` // what the product's client read last; see Protocol.Says
	Balance int64      `json:"balance"`        // ok: the value found, or written; of a document, the number of its items
	Have    int        `json:"have,omitempty"`
	Need    int        `json:"need,omitempty"`
	Wrote   OpID       `json:"wrote,omitempty"` // the last operation that may have changed the register; 0 for none
	Level   string     `json:"level,omitempty"` // that the visitor asked for; "" for the protocol's or the workload's
	Ops     []OpID     `json:"-"`
	Name    string     `json:"-"` // given by the scenario ("as r1"), or ""
	Luck    uint64     `json:"-"` // of its own draws
	Unsure  bool       `json:"-"` // an operation of it was given up for another that tries the same, and may have been applied
}

// Equal reports whether both say the same; nil is nobody's.
func (e *Errand) Equal(o *Errand) bool {
	if e == nil || o == nil || e == o {
		return e == o
	}
	return e.ID == o.ID && e.Client == o.Client && e.Visit == o.Visit && e.Kind == o.Kind && e.Key == o.Key && e.Amount == o.Amount &&
		e.Start == o.Start && e.End == o.End && e.Outcome == o.Outcome && e.Reason == o.Reason && e.Says == o.Says &&
		e.Balance == o.Balance && e.Have == o.Have && e.Need == o.Need && e.Wrote == o.Wrote && e.Level == o.Level &&
		slices.Equal(e.Ops, o.Ops) && e.Name == o.Name && e.Luck == o.Luck && e.Unsure == o.Unsure
}

// startErrand sets a client out. Over MaxOps it stays at home.
func (c *Cluster) startErrand(e *Errand) {
	if len(c.history) >= MaxOps {
		return
	}
	e.ID, e.Start = len(c.errands)+1, c.now
	c.errands = append(c.errands, e)
	c.clientAt(e.Client).asking = e
	op := Op{Kind: c.firstOp(e), Key: e.Key}
	if op.Kind != Read {
		e.Wrote, op.Value = c.nextOp(), e.Amount
	}
	if op.Kind == CompareAndSet { // on nothing that was read
		op.Expect = c.workload.Opening(e.Key)
	}
	if op.Kind == Write && c.isDocument(e.Key) {
		op.Value = c.addDocument(e, noParent)
	}
	c.invoke(e, op)
}

// proceed takes an Errand on from the operation that just completed.
func (c *Cluster) proceed(e *Errand, rec *Record) {
	r := rec.Result
	e.Says = r.Says
	switch {
	case r.Outcome == Fail && e.Unsure: // this attempt had no effect, but an earlier one may have
		c.finish(e, Info, ReasonTimeout)
	case r.Outcome != OK:
		e.Have, e.Need = r.Have, r.Need
		c.finish(e, r.Outcome, r.Reason)
	case rec.Kind == Read && e.Kind == ErrandLook:
		e.Balance = c.Shown(e.Key, r.Value, r.Version)
		c.finish(e, OK, NoReason)
	case rec.Kind == Read:
		c.change(e, r)
	case rec.Kind == CompareAndSet && !r.Applied:
		e.Wrote, e.Balance = 0, c.Shown(e.Key, r.Value, r.Version)
		switch {
		case e.Kind == ErrandCreate:
			c.finish(e, c.unmet(e), ReasonExists)
			return
		case len(e.Ops) >= 2*MaxTries:
			c.finish(e, c.unmet(e), ReasonConflict)
			return
		}
		c.invoke(e, Op{Kind: Read, Key: e.Key})
	default:
		e.Balance = c.Shown(e.Key, rec.Value, rec.ID)
		if !rec.Kind.Plain() {
			e.Balance = r.Value
		}
		c.finish(e, OK, r.Reason)
	}
}

// unmet is how an Errand ends whose condition does not hold. Where that is an error, one whose earlier attempt had no answer
// does not know whether it has met its own write.
func (c *Cluster) unmet(e *Errand) Outcome {
	switch {
	case !c.protocol.ConditionsFail:
		return OK
	case e.Unsure:
		return Info
	}
	return Fail
}

// change writes what an Errand makes of the version it read, if it may.
func (c *Cluster) change(e *Errand, found Result) {
	if why := e.hindrance(found.Value); why != NoReason {
		e.Balance = found.Value
		c.finish(e, OK, why)
		return
	}
	e.Wrote = c.nextOp()
	op := Op{Kind: Write, Key: e.Key, Value: found.Value}
	switch e.Kind {
	case ErrandDeposit, ErrandLike:
		op.Value += e.Amount
	case ErrandWithdraw, ErrandBuy:
		op.Value -= e.Amount
	case ErrandAdd, ErrandPost:
		op.Value = c.addDocument(e, found.Version)
	case ErrandSwap:
		op.Value = e.Amount
	}
	switch {
	case (e.Kind == ErrandWithdraw || e.Kind == ErrandBuy) && c.can(Increment):
		op.Kind, op.Value = Increment, -e.Amount
	case c.can(CompareAndSet):
		op.Kind, op.Expect = CompareAndSet, found.Value
	}
	c.invoke(e, op)
}

// hindrance says why nothing may be written after this value was found.
func (e *Errand) hindrance(found int64) Reason {
	switch {
	case e.Kind == ErrandWithdraw && found < e.Amount:
		return ReasonFunds
	case e.Kind == ErrandBuy && found < e.Amount:
		return ReasonSoldOut
	}
	return NoReason
}

func (c *Cluster) nextOp() OpID { return OpID(len(c.history) + 1) }

func (c *Cluster) finish(e *Errand, o Outcome, why Reason) {
	e.End, e.Outcome, e.Reason = c.now, o, why
	if o == Fail {
		e.Wrote = 0
	}
	cl := c.clientAt(e.Client)
	cl.told = e
	if cl.asking == e {
		cl.asking = nil
	}
	for _, ob := range c.observers {
		ob.Finished(e)
	}
	if e.Visit > 0 && c.workload.Closed() {
		c.comeAgain(int(e.Client)-len(c.nodes), int(e.Visit))
	}
}
