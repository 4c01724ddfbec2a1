package foreign

import (
	"slices"
	"strconv"
	"strings"
)

// form says what a Value is written as.
type form byte

const (
	symbol  form = iota // nil, true, false, and every other bare word
	keyword             // with its colon
	integer
	real // a number that is no integer: never reckoned with
	text
	character // with its backslash
	vector    // or list, which equals a vector with the same items
	mapping   // items are keys and values in turn
	set
	tagged // one item
)

// Value is a datum of EDN. Two are equal if, and only if, they print alike.
type Value struct {
	form  form
	text  string // of an atom, its canonical text, but of a text what it says; of a tagged value, the tag
	items []Value
}

func (v Value) is(f form, text string) bool { return v.form == f && v.text == text }

func (v Value) none() bool { return v.is(symbol, "nil") }

// collection reports whether the value is a vector, a list or a set.
func (v Value) collection() bool { return v.form == vector || v.form == set }

// pair reports whether the value is a vector of two.
func (v Value) pair() bool { return v.form == vector && len(v.items) == 2 }

// number returns the value of an integer of at most MaxNumber either way.
func (v Value) number() (int64, bool) {
	n, err := strconv.ParseInt(v.text, 10, 64)
	return n, v.form == integer && err == nil && -MaxNumber <= n && n <= MaxNumber
}

// String returns the value as canonical EDN: sets and maps are in order of their printed items.
func (v Value) String() string {
	switch v.form {
	case text:
		return quote(v.text)
	case vector:
		return "[" + strings.Join(printed(v.items), " ") + "]"
	case set:
		items := printed(v.items)
		slices.Sort(items)
		return "#{" + strings.Join(items, " ") + "}"
	case mapping:
		var pairs []string
		for i := 0; i+1 < len(v.items); i += 2 {
			pairs = append(pairs, v.items[i].String()+" "+v.items[i+1].String())
		}
		slices.Sort(pairs)
		return "{" + strings.Join(pairs, ", ") + "}"
	case tagged:
		return "#" + v.text + " " + v.items[0].String()
	}
	return v.text
}

func printed(items []Value) []string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.String()
	}
	return texts
}

// quote returns a text as EDN, which knows few escapes.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

var nothing = Value{form: symbol, text: "nil"}
