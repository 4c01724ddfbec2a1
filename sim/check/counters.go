package check

import (
	"fmt"
	"math"
	"strings"

	"netsplit/sim"
)

// plural puts a number of things into words.
func plural(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// phrases joins those parts of a sentence whose number is not 0.
func phrases(parts ...phrase) string {
	var said []string
	for _, p := range parts {
		if p.n != 0 {
			said = append(said, p.text)
		}
	}
	return strings.Join(said, ", ")
}

type phrase struct {
	n    int64
	text string
}

// money is the bank's invariant: money is neither made nor lost, and no account is overdrawn, but by a visitor's own
// hand.
type money struct{}

func (money) effect(e *sim.Errand) int64 {
	switch e.Kind {
	case sim.ErrandDeposit, sim.ErrandIncrement:
		return e.Amount
	case sim.ErrandWithdraw:
		return -e.Amount
	}
	return 0
}

func (money) harm(a *account, h held) harm {
	wrong := a.outside(h)
	if h.agreed && h.amount < 0 && a.setBy(h.version) == nil {
		wrong.broken = -h.amount
	}
	return wrong
}

func (money) tell(h harm) string {
	overdrawn := fmt.Sprintf("account overdrawn by $%d", h.broken)
	if h.keys > 1 {
		overdrawn = fmt.Sprintf("%d accounts overdrawn by $%d in all", h.keys, h.broken)
	}
	return phrases(phrase{h.missing, fmt.Sprintf("$%d missing", h.missing)}, phrase{h.surplus, fmt.Sprintf("$%d too much", h.surplus)},
		phrase{h.broken, overdrawn})
}

// stock is the inventory's invariant: no more is sold than there was. Sales count that are certain; whether the
// replicas agree does not matter, for the buyers have been told.
type stock struct{}

func (stock) effect(e *sim.Errand) int64 {
	switch e.Kind {
	case sim.ErrandBuy:
		return -e.Amount
	case sim.ErrandIncrement:
		return e.Amount
	}
	return 0
}

func (stock) harm(a *account, _ held) harm {
	oversold := int64(math.MaxInt64)
	for _, c := range a.candidates { // an uncertain sale lowers low alone
		oversold = min(oversold, max(c.start-c.high-max(c.start, 0), 0))
	}
	return harm{broken: oversold}
}

func (stock) tell(h harm) string { return fmt.Sprintf("%d more sold than in stock", h.broken) }

// likes is the invariant of a counter: it is that of the acknowledged likes.
type likes struct{}

func (likes) effect(e *sim.Errand) int64 {
	if e.Kind == sim.ErrandLike || e.Kind == sim.ErrandIncrement {
		return e.Amount
	}
	return 0
}

func (likes) harm(a *account, h held) harm { return a.outside(h) }

func (likes) tell(h harm) string {
	return phrases(phrase{h.missing, plural(h.missing, "like", "likes") + " gone"},
		phrase{h.surplus, plural(h.surplus, "like", "likes") + " too many"})
}
