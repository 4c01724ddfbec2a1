package sim

import "math/bits"

// Account is the one key of the bank workload.
const Account = "balance"

// OpeningBalance is what the account holds before the first write, in dollars.
const OpeningBalance = 500

// WorkloadStart is when the first client sets out; a first leader has been elected by then.
const WorkloadStart = 500 * Millisecond

// MaxTries bounds how often an Errand starts over when a CompareAndSet found that somebody else was faster.
const MaxTries = 3

// Workload is what the clients do of their own accord, the same in every lane: in a bank, each client comes
// Rate times a second, evenly staggered over the clients, to look at the balance, to deposit or to withdraw. A
// deposit or withdrawal reads the balance, then writes the new one: conditionally where the protocol offers
// compare-and-set, blindly where it does not.
type Workload struct {
	Bank  bool // false: nobody comes of their own accord
	Rate  int  // Errands a second of each client
	Until Time // nobody sets out after this instant; 0 for no end
}

// Opening returns the value of a key before the first write.
func (w Workload) Opening(key string) int64 {
	if w.Bank && key == Account {
		return OpeningBalance
	}
	return 0
}

// arrival returns when client i of n sets out on its k-th Errand, from 0.
func (w Workload) arrival(i, n, k int) Time {
	interval := Second / Time(w.Rate)
	return WorkloadStart + Time(k)*interval + interval*Time(i)/Time(n)
}

// ErrandKind is what a client came to do.
type ErrandKind string

// The kinds of errands. Look and set are also what a visitor does.
const (
	ErrandLook      ErrandKind = "look"      // read
	ErrandDeposit   ErrandKind = "deposit"   // read, then write the sum
	ErrandWithdraw  ErrandKind = "withdraw"  // read, then write the difference, if it is not negative
	ErrandSet       ErrandKind = "set"       // write a value blindly
	ErrandDelete    ErrandKind = "delete"    // leave the key without a value
	ErrandIncrement ErrandKind = "increment" // add to a counter
	ErrandInsert    ErrandKind = "insert"    // put an item into a set
	ErrandRemove    ErrandKind = "remove"    // take an item out of a set
)

// Errand is what a client came to do: a short sequence of operations, each after the answer to the one before.
// Its outcome is that of its last operation, but for a reason of its own.
type Errand struct {
	ID      int        `json:"id"` // in its lane, from 1
	Client  Addr       `json:"client"`
	Kind    ErrandKind `json:"kind"`
	Key     string     `json:"key"`
	Amount  int64      `json:"amount"` // dollars deposited or withdrawn, or the value set
	Start   Time       `json:"start"`
	End     Time       `json:"end"` // meaningful once the outcome is not pending
	Outcome Outcome    `json:"outcome"`
	Reason  Reason     `json:"reason,omitempty"`
	Balance int64      `json:"balance"` // ok: the value found, or written
	Have    int        `json:"have,omitempty"`
	Need    int        `json:"need,omitempty"`
	Wrote   OpID       `json:"wrote,omitempty"` // the last operation that may have changed the register; 0 for none
	Ops     []OpID     `json:"-"`
	Name    string     `json:"-"` // given by the scenario ("as r1"), or ""
}

// errand draws what client i does on its k-th visit.
func (w Workload) errand(seed uint64, i, k int) (ErrandKind, int64) {
	u := mix(mix(mix(seed, streamWorkload), uint64(i)), uint64(k))
	amount, _ := bits.Mul64(mix(u, 1), 12)
	switch d, _ := bits.Mul64(u, 10); {
	case d < 3:
		return ErrandLook, 0
	case d < 6:
		return ErrandDeposit, 10 * (int64(amount) + 1)
	default:
		return ErrandWithdraw, 10 * (int64(amount) + 1)
	}
}

// startErrand sets a client out. Over MaxOps it stays at home.
func (c *Cluster) startErrand(e *Errand) {
	if len(c.history) >= MaxOps {
		return
	}
	e.ID, e.Start = len(c.errands)+1, c.now
	c.errands = append(c.errands, e)
	c.clientAt(e.Client).asking = e
	op := Op{Kind: blindOp(e.Kind), Key: e.Key}
	if op.Kind != Read {
		e.Wrote, op.Value = c.nextOp(), e.Amount
	}
	c.invoke(e, op)
}

// proceed takes an Errand on from the operation that just completed.
func (c *Cluster) proceed(e *Errand, rec *Record) {
	r := rec.Result
	switch {
	case r.Outcome != OK:
		e.Have, e.Need = r.Have, r.Need
		c.finish(e, r.Outcome, r.Reason)
	case rec.Kind == Read && e.Kind == ErrandLook:
		e.Balance = r.Value
		c.finish(e, OK, NoReason)
	case rec.Kind == Read:
		c.change(e, r.Value)
	case rec.Kind == CompareAndSet && !r.Applied:
		e.Wrote, e.Balance = 0, r.Value
		if len(e.Ops) >= 2*MaxTries {
			c.finish(e, OK, ReasonConflict)
			return
		}
		c.invoke(e, Op{Kind: Read, Key: e.Key})
	default:
		e.Balance = rec.Value
		c.finish(e, OK, NoReason)
	}
}

// change writes the balance that a deposit or withdrawal makes of the one it read.
func (c *Cluster) change(e *Errand, balance int64) {
	to := balance + e.Amount
	if e.Kind == ErrandWithdraw {
		to = balance - e.Amount
		if to < 0 {
			e.Balance = balance
			c.finish(e, OK, ReasonFunds)
			return
		}
	}
	e.Wrote = c.nextOp()
	if c.can(CompareAndSet) {
		c.invoke(e, Op{Kind: CompareAndSet, Key: e.Key, Expect: balance, Value: to})
	} else {
		c.invoke(e, Op{Kind: Write, Key: e.Key, Value: to})
	}
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
}
