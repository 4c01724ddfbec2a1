package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// visit is what a command has a client do: what it asks its replica for, and what its errand is called.
type visit struct {
	verb  Verb
	op    OpKind // the first one, where the lane has no shorter way
	kind  ErrandKind
	value bool         // the command says a number
	of    WorkloadKind // whose clients do it: of the keys of a workload, those of this one alone; "" for any
}

var visits = []visit{
	{VerbRead, Read, ErrandLook, false, ""},
	{VerbWrite, Write, ErrandSet, true, ""},
	{VerbDelete, Delete, ErrandDelete, false, ""},
	{VerbIncrement, Increment, ErrandIncrement, true, ""},
	{VerbAdd, Add, ErrandInsert, true, ""},
	{VerbRemove, Remove, ErrandRemove, true, ""},
	{VerbDeposit, Read, ErrandDeposit, true, Bank},
	{VerbWithdraw, Read, ErrandWithdraw, true, Bank},
	{VerbBuy, Read, ErrandBuy, true, Inventory},
	{VerbLike, Read, ErrandLike, false, Likes},
	{VerbPut, Read, ErrandAdd, true, Cart},
	{VerbPost, Read, ErrandPost, true, Feed},
	{VerbSwap, Read, ErrandSwap, true, Register},
	{VerbCreate, CompareAndSet, ErrandCreate, true, Register},
}

// visit returns what the command has a client do; its op is 0 if the command changes the world instead.
func (c Command) visit() visit {
	for _, v := range visits {
		if v.verb == c.Verb {
			return v
		}
	}
	return visit{}
}

// VisitsTo lists the verbs of clients that a key of the workload takes.
func (w Workload) VisitsTo(key string) []Verb {
	var verbs []Verb
	for _, v := range visits {
		if w.takes(v, key) {
			verbs = append(verbs, v.verb)
		}
	}
	return verbs
}

// takes reports whether a key may be asked for this. The books of a workload know what its own clients do, and what a
// visitor may do to any key. Where nobody comes of their own accord, the key that is shown is an account.
func (w Workload) takes(v visit, key string) bool {
	kind := w.Kind
	if kind == NoWorkload {
		kind = Bank
	}
	switch {
	case v.of == "":
		return true
	case w.HasKey(key):
		return v.of == kind
	}
	return v.of != Cart && v.of != Feed // no other key holds documents
}

// checkVisit refuses a client's command that the world cannot carry out.
func (c Command) checkVisit(s *Scenario) error {
	v := c.visit()
	if s.Topology().client(c.Region) < 0 {
		return unknownClient(c.Region, s)
	}
	if err := checkName("key", c.Key); err != nil {
		return err
	}
	if !s.Workload.takes(v, c.Key) {
		var can []string
		for _, verb := range s.Workload.VisitsTo(c.Key) {
			can = append(can, string(verb))
		}
		return fmt.Errorf("key %q is not of the %s workload; it takes %s", c.Key, v.of, strings.Join(can, ", "))
	}
	if c.Value > MaxValue || c.Value < -MaxValue {
		return fmt.Errorf("value %d is over %d", c.Value, MaxValue)
	}
	if (v.of == Bank || v.of == Inventory) && c.Value <= 0 {
		return fmt.Errorf("expected a number over 0, got %d", c.Value)
	}
	if c.As != "" {
		return checkName("result name", c.As)
	}
	return nil
}

// visitStatement prints a client's command.
func (c Command) visitStatement() string {
	words := []string{string(c.Verb), c.Region, c.Key}
	if c.visit().value {
		words = append(words, strconv.FormatInt(c.Value, 10))
	}
	if c.Level != "" {
		words = append(words, "level", c.Level)
	}
	if c.As != "" {
		words = append(words, "as", c.As)
	}
	return strings.Join(words, " ")
}

// visit has a client do what a command says.
func (c *Cluster) visit(cmd Command) {
	e := &Errand{Client: c.client(cmd.Region), Kind: cmd.visit().kind, Key: cmd.Key, Amount: cmd.Value, Name: cmd.As,
		Level: cmd.Level}
	if cmd.Verb == VerbLike {
		e.Amount = 1
	}
	e.Luck = visitorLuck(c.seed, int(e.Client)-len(c.nodes), c.now)
	if cmd.As != "" {
		c.results[cmd.As] = e
	}
	c.startErrand(e)
}

// firstOp returns the operation that an errand begins with: where the lane has a counter or a set for it, what adds to
// that; else what its command says; else a read.
func (c *Cluster) firstOp(e *Errand) OpKind {
	switch adds := e.Kind == ErrandDeposit || e.Kind == ErrandLike; {
	case adds && c.can(Increment):
		return Increment
	case e.Kind == ErrandAdd && c.can(Add):
		return Add
	}
	for _, v := range visits {
		if v.kind == e.Kind {
			return v.op
		}
	}
	return Read
}

// can reports whether the lane's protocol, as configured, knows an operation.
func (c *Cluster) can(k OpKind) bool {
	if c.protocol.Can == nil {
		return k <= Write
	}
	return c.protocol.Can(c.config, k)
}
