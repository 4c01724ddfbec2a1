package sim

import (
	"cmp"
	"slices"
	"strconv"
)

// The words of the scenario language for what a read finds side by side.
const (
	siblingsWord = "siblings"
	deletedWord  = "deleted"
	noneWord     = "none"
)

// Sibling is one of the values that a read found side by side, as an expectation names it.
type Sibling struct {
	Value   int64
	Deleted bool // a tombstone; its Value is 0
	None    bool // stands alone for nothing found
}

// order has numbers ascend, and tombstones after them.
func (b Sibling) order(o Sibling) int {
	if b.Deleted != o.Deleted {
		if b.Deleted {
			return 1
		}
		return -1
	}
	return cmp.Compare(b.Value, o.Value)
}

func (b Sibling) String() string {
	switch {
	case b.None:
		return noneWord
	case b.Deleted:
		return deletedWord
	}
	return strconv.FormatInt(b.Value, 10)
}

// SiblingsText writes what was found side by side as an expectation does: "siblings 1 2 deleted".
func SiblingsText(list []Sibling) string {
	text := siblingsWord
	for _, b := range list {
		text += " " + b.String()
	}
	return text
}

// siblingsText is what an expectation has of them, with a blank before it; "" where it does not say.
func siblingsText(list []Sibling) string {
	if len(list) == 0 {
		return ""
	}
	return " " + SiblingsText(list)
}

// Siblings returns all that an Errand's last answer found, in the order in which an expectation names it: siblings, the one
// value of a key without others, or the items of a set. It is None alone where nothing was found.
func (c *Cluster) Siblings(e *Errand) []Sibling {
	nothing := []Sibling{{None: true}}
	if e == nil || len(e.Ops) == 0 {
		return nothing
	}
	found := c.history[e.Ops[len(e.Ops)-1]-1].Result.Found
	var list []Sibling
	for _, v := range found.Siblings() {
		b := Sibling{Value: c.Shown(e.Key, v.Value, v.Write)}
		if v.Deleted {
			b = Sibling{Deleted: true}
		}
		list = append(list, b)
	}
	for _, item := range found.Items() {
		list = append(list, Sibling{Value: item})
	}
	if len(list) == 0 {
		return nothing
	}
	slices.SortFunc(list, Sibling.order)
	return list
}

// expectSiblings reads the values after siblings and returns where the next word is.
func (p *parser) expectSiblings(e *Expectation, ws words, i int) (int, error) {
	for ; ws.at(i).text != "" && !slices.Contains(manners, ws.at(i).text); i++ {
		b := Sibling{Deleted: ws.at(i).text == deletedWord, None: ws.at(i).text == noneWord}
		if !b.Deleted && !b.None {
			n, err := strconv.ParseInt(ws.at(i).text, 10, 64)
			if err != nil {
				return i, p.expected(ws.at(i), "a whole number, deleted or none")
			}
			b.Value = n
		}
		if len(e.Siblings) > 0 && (b.None || e.Siblings[0].None) {
			return i, p.fail(ws.at(i).col, "none stands alone")
		}
		if len(e.Siblings) == MaxSiblings {
			return i, p.fail(ws.at(i).col, "over %d siblings", MaxSiblings)
		}
		e.Siblings = append(e.Siblings, b)
	}
	if len(e.Siblings) == 0 {
		return i, p.expected(ws.at(i), "a value, deleted or none")
	}
	slices.SortFunc(e.Siblings, Sibling.order)
	return i, nil
}
