package check

import (
	"math"
	"slices"

	"netsplit/sim"
)

// Books are the workload's own view of its keys: what the acknowledged Errands allow them to hold, over all keys. Of a
// document the number of its items counts.
type Books struct {
	Low, High int64  // what the acknowledged effects allow, with any subset of unanswered ones
	Distinct  int    // values that the replicas hold, of the key of which they hold most
	Agreed    bool   // they hold one version of each key
	Held      int64  // what they then hold
	Damage    int64  // how much is wrong; negative where things are missing and nothing else is wrong
	Text      string // what is wrong, in the workload's words; "" for nothing
}

// harm is what is wrong with a key: how much is missing, how much too much there is, and how often the workload's
// own rule was broken.
type harm struct {
	missing, surplus, broken int64
	keys                     int64 // of which the rule was broken, once harms are added up
}

// invariant is what a workload promises of each of its keys.
type invariant interface {
	// effect returns by how much an Errand that takes effect changes what a key holds.
	effect(e *sim.Errand) int64
	// harm compares an account with what the replicas hold.
	harm(a *account, h held) harm
	// tell puts the harm to all keys into words.
	tell(h harm) string
}

func invariantOf(kind sim.WorkloadKind) invariant {
	switch kind {
	case sim.Inventory:
		return stock{}
	case sim.Likes:
		return likes{}
	case sim.Cart:
		return cart{}
	case sim.Feed:
		return feed{}
	case sim.Register:
		return anything{}
	}
	return money{}
}

// anything is the invariant of a register: it may hold what was written last.
type anything struct{}

func (anything) effect(*sim.Errand) int64 { return 0 }
func (anything) harm(*account, held) harm { return harm{} }
func (anything) tell(harm) string         { return "" }

// held is what the replicas hold of a key.
type held struct {
	distinct int  // values
	agreed   bool // they hold one version; the rest is of that one
	version  sim.OpID
	amount   int64
	items    []sim.Item
}

// ledger adds up what the clients were told, for each key of the workload that one of them has asked for.
type ledger struct {
	cluster   *sim.Cluster
	workload  sim.Workload
	invariant invariant
	accounts  map[string]*account
	order     []*account // by first mention; the main key first
}

func newLedger(c *sim.Cluster) *ledger {
	l := &ledger{cluster: c, workload: c.Workload(), invariant: invariantOf(c.Workload().Kind), accounts: map[string]*account{}}
	l.account(l.workload.MainKey())
	return l
}

func (l *ledger) account(key string) *account {
	a := l.accounts[key]
	if a == nil {
		a = newAccount(key, l.workload.Opening(key), l.invariant)
		l.accounts[key] = a
		l.order = append(l.order, a)
	}
	return a
}

func (l *ledger) begin(e *sim.Errand) {
	if l.workload.HasKey(e.Key) {
		l.account(e.Key).begin(e, l.workload.Documents())
	}
}

func (l *ledger) end(e *sim.Errand) {
	if l.workload.HasKey(e.Key) {
		l.account(e.Key).end(e)
	}
}

// held returns what the replicas hold of a key.
func (l *ledger) held(key string) held {
	h := held{agreed: true}
	var values []int64
	var state sim.State
	for node := range sim.Addr(l.cluster.Nodes()) {
		if !l.cluster.Replicates(node, key) {
			continue
		}
		v := l.cluster.Held(node, key)
		h.agreed = h.agreed && (len(values) == 0 || v.Version == h.version && slices.Equal(writes(v.Held), writes(state)))
		state = v.Held
		h.version, h.amount = v.Version, l.cluster.Shown(key, v.Value, v.Version)
		if !slices.Contains(values, v.Value) {
			values = append(values, v.Value)
		}
	}
	h.distinct = len(values)
	switch set := state.Items(); {
	case !h.agreed:
	case set != nil:
		for _, number := range set {
			h.items = append(h.items, sim.Item{Number: number})
		}
	case l.workload.Documents():
		h.items = l.cluster.Document(h.version)
	}
	return h
}

// writes lists the writes of a State, of which there are several where siblings stand side by side or increments add up.
func writes(st sim.State) (list []sim.OpID) {
	st.Writes(func(w sim.OpID) { list = append(list, w) })
	return list
}

// books returns the workload's view at this moment: what is under way may have had its effect or not.
func (l *ledger) books() Books {
	b := Books{Agreed: true}
	var total harm
	for _, a := range l.order {
		low, high := a.bounds()
		b.Low, b.High = b.Low+low, b.High+high
		h := l.held(a.key)
		b.Distinct, b.Agreed, b.Held = max(b.Distinct, h.distinct), b.Agreed && h.agreed, b.Held+h.amount
		wrong := l.invariant.harm(a, h)
		total.missing += wrong.missing
		total.surplus += wrong.surplus
		total.broken += wrong.broken
		if wrong.broken != 0 {
			total.keys++
		}
	}
	b.Damage = total.missing + total.surplus + total.broken
	if b.Damage == total.missing {
		b.Damage = -b.Damage
	}
	if b.Damage != 0 {
		b.Text = l.invariant.tell(total)
	}
	return b
}

// account is what is known of one key. It may hold what any write that set it left there, as long as none is known to
// have come later: the opening value or the last that its client was told of, and every one whose client had no answer,
// for that may take effect at any time. Each is a candidate with effects of its own.
type account struct {
	key        string
	invariant  invariant
	candidates []*candidate
	underWay   []*sim.Errand // that change what there is
	done       []*sim.Errand // those that were acknowledged, in order of acknowledgement
	unanswered []*sim.Errand // those that may take effect at any time
	removals   []*sim.Errand // from a set
}

// sets reports whether an errand leaves a key what it does whatever it held before.
func sets(e *sim.Errand) bool { return e.Kind == sim.ErrandSet || e.Kind == sim.ErrandDelete }

// candidate is a write that may have set the key last, and the least and the most that it holds since then.
type candidate struct {
	set       *sim.Errand // nil for the opening value
	start     int64
	low, high int64
}

func newAccount(key string, opening int64, i invariant) *account {
	return &account{key: key, invariant: i, candidates: []*candidate{{start: opening, low: opening, high: opening}}}
}

func (a *account) begin(e *sim.Errand, document bool) {
	switch {
	case sets(e):
		c := &candidate{set: e, start: e.Amount}
		if document && e.Kind == sim.ErrandSet {
			c.start = 1
		}
		c.low, c.high = c.start, c.start
		for _, o := range a.unanswered {
			c.low, c.high = c.enter(o, a.invariant.effect(o), c.low, c.high)
		}
		a.candidates = append(a.candidates, c)
	case !slices.Contains(a.underWay, e):
		if e.Kind == sim.ErrandRemove {
			a.removals = append(a.removals, e)
		}
		a.underWay = append(a.underWay, e)
	}
}

func (a *account) end(e *sim.Errand) {
	if sets(e) {
		a.candidates = slices.DeleteFunc(a.candidates, func(c *candidate) bool { return c.before(e) })
		return
	}
	a.underWay = slices.DeleteFunc(a.underWay, func(o *sim.Errand) bool { return o == e })
	for _, c := range a.candidates {
		c.low, c.high = c.enter(e, a.invariant.effect(e), c.low, c.high)
	}
	switch {
	case e.Wrote == 0:
	case e.Outcome == sim.OK:
		a.done = append(a.done, e)
	default:
		a.unanswered = append(a.unanswered, e)
	}
}

// before reports whether a set that has ended rules the candidate out: the candidate came surely before it, or is
// it and was refused.
func (c *candidate) before(set *sim.Errand) bool {
	switch {
	case c.set == set:
		return set.Outcome == sim.Fail
	case set.Outcome != sim.OK:
		return false
	default:
		return c.set == nil || c.set.Outcome == sim.OK && c.set.End < set.Start
	}
}

// certain reports whether an Errand took effect, and surely after the candidate.
func (c *candidate) certain(e *sim.Errand) bool {
	return e.Outcome == sim.OK && e.Wrote != 0 && (c.set == nil || c.set.Outcome == sim.OK && e.Start > c.set.End)
}

// enter adds the effect of an errand that was not acknowledged before the candidate began: for certain, or else as one
// that may have happened or not.
func (c *candidate) enter(e *sim.Errand, effect, low, high int64) (int64, int64) {
	switch {
	case e.Wrote == 0:
		return low, high
	case c.certain(e):
		return low + effect, high + effect
	}
	return low + min(effect, 0), high + max(effect, 0)
}

// bounds returns the least and the most that the key may hold.
func (a *account) bounds() (int64, int64) {
	least, most := int64(math.MaxInt64), int64(math.MinInt64)
	for _, c := range a.candidates {
		low, high := c.low, c.high
		for _, e := range a.underWay {
			low, high = c.enter(e, a.invariant.effect(e), low, high)
		}
		least, most = min(least, low), max(most, high)
	}
	return least, most
}

// outside returns how far what the replicas agreed on lies outside the bounds.
func (a *account) outside(h held) harm {
	if !h.agreed {
		return harm{}
	}
	low, high := a.bounds()
	return harm{missing: max(low-h.amount, 0), surplus: max(h.amount-high, 0)}
}

// setBy returns the Errand that set the key to the version blindly, or nil.
func (a *account) setBy(version sim.OpID) *sim.Errand {
	for _, c := range a.candidates {
		if c.set != nil && c.set.Wrote == version {
			return c.set
		}
	}
	return nil
}
