package foreign

import (
	"fmt"
	"slices"
	"strings"
)

// maxShown is how many bytes of a value are shown.
const maxShown = 60

// shown returns a value, or as much of it as one can look at.
func shown(v Value) string {
	s := v.String()
	if len(s) > maxShown {
		s = brief(s)
	}
	return s
}

// String says what the operation did, such as ":read 3" or ":cas [1 2], no answer".
func (k Kept) String() string {
	what := k.F
	switch {
	case k.found:
		return fmt.Sprintf("%s %s, found %s", k.F, shown(k.Arg), shown(k.Result))
	case k.Ended && verbs[Register][k.F] == reads && k.Arg.none():
		what += " " + shown(k.Result)
		if k.Cut {
			end := what[len(what)-1:]
			what = strings.TrimSuffix(what, end)
			if len(k.Result.items) > 0 {
				what += " "
			}
			what += "…" + end
		}
	default:
		what += " " + shown(k.Arg)
	}
	if !k.Ended && k.Return != 0 && k.Outcome == Info {
		return what + ", no answer"
	} else if !k.Ended {
		return what + ", not ended"
	}
	return what
}

// Text says in a sentence or two what cannot be.
func (v *Violation) Text() string {
	at := slices.IndexFunc(v.Ops, func(k Kept) bool { return k.Op == v.Op })
	k := v.Ops[at]
	text := fmt.Sprintf("When process %s ended %s, there was no order left in which ", k.Process, k)
	if len(v.Ops) == 1 {
		text += "it finds what it returned."
	} else if len(v.Ops) == 2 {
		text += "it and the other operation below both did what they say."
	} else {
		text += fmt.Sprintf("it and the %d other operations below all did what they say.", len(v.Ops)-1)
	}
	return text
}

// Place is where an operation of a Violation begins or ends on a line of time, on which nothing else lies.
type Place struct{ From, To int } // To is -1 of an operation that has not ended

// Places returns where the operations lie, in numbers from 0, and how many numbers there are.
func (v *Violation) Places() (places []Place, n int) {
	var events []int
	for _, k := range v.Ops {
		events = append(events, k.Call)
		if k.Ended {
			events = append(events, k.Return)
		}
	}
	slices.Sort(events)
	for _, k := range v.Ops {
		p := Place{To: -1}
		p.From, _ = slices.BinarySearch(events, k.Call)
		if k.Ended {
			p.To, _ = slices.BinarySearch(events, k.Return)
		}
		places = append(places, p)
	}
	return places, len(events)
}
