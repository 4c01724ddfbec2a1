package foreign

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// spell writes a short history as EDN: "0 write 1" is a call by process 0, "0 ok write 1" its end.
func spell(lines string) string {
	var b strings.Builder
	for _, line := range strings.Split(lines, "; ") {
		part := strings.SplitN(line, " ", 4)
		if !types[":"+part[1]] {
			part = append([]string{part[0], "invoke"}, strings.SplitN(line, " ", 3)[1:]...)
		}
		fmt.Fprintf(&b, "{:process %s, :type :%s, :f :%s, :value %s}\n", part[0], part[1], part[2], part[3])
	}
	return b.String()
}

// TestObjects: histories made by hand of every kind of object, which is inferred, good and bad; of the bad ones, the
// counterexample.
func TestObjects(t *testing.T) {
	for _, c := range []struct {
		lines string
		model Model
		want  string // the counterexample; the operation that cannot be placed is marked with >
	}{
		{"0 write 1; 0 ok write 1; 1 read nil; 1 ok read 1", Register, ""},
		{"0 write 1; 0 ok write 1; 1 read nil; 1 ok read nil", Register, ":write 1, >:read nil"},
		{"0 write 1; 1 read nil; 1 ok read 1; 2 read nil; 2 ok read nil", Register, ":write 1, not ended, :read 1, >:read nil"},
		{"0 write 1; 0 info write 1; 1 read nil; 1 ok read nil; 1 read nil; 1 ok read 1", Register, ""},
		{"0 write 1; 0 fail write 1; 1 read nil; 1 ok read 1", Register, ">:read 1"},
		{"0 write 1; 0 info write 1; 1 cas [1 2]; 1 info cas [1 2]; 2 read nil; 2 ok read 2", Register, ""},
		{"0 write 1; 0 ok write 1; 0 write 2; 0 ok write 2; 1 cas [1 3]; 1 ok cas [1 3]", Register, ":write 1, :write 2, >:cas [1 3]"},
		{"0 write 1; 0 info write 1; 1 write 1; 1 ok write 1; 1 read nil; 1 ok read 1; 1 write 2; 1 ok write 2; 1 read nil; 1 ok read 1", Register, ""},
		{"0 write [1 2]; 0 ok write [1 2]; 1 read nil; 1 ok read (1 2)", Register, ""},
		{"0 read [:a nil]; 0 ok read [:a nil]; 0 write [:a 1]; 0 ok write [:a 1]; 1 read [:b nil]; 1 ok read [:b 1]", Register, ">:read 1"},
		{"0 add 2; 1 read nil; 1 ok read 0; 0 ok add 2; 1 read nil; 1 ok read 2", Counter, ""},
		{"0 add 2; 0 ok add 2; 1 add -1; 1 info add -1; 2 read nil; 2 ok read 2; 2 read nil; 2 ok read 1", Counter, ""},
		{"0 add 2; 0 ok add 2; 1 add -1; 1 info add -1; 2 read nil; 2 ok read 1; 2 read nil; 2 ok read 2", Counter, ":add 2, :add -1, no answer, :read 1, >:read 2"},
		{"0 add 2; 0 ok add 2; 2 read nil; 2 ok read 3", Counter, ":add 2, >:read 3"},
		{"0 add 1; 0 ok add 1; 1 add 2; 2 read nil; 2 ok read #{2 1}; 1 info add 2", Set, ""},
		{"0 add 1; 0 ok add 1; 1 add 2; 1 ok add 2; 1 add 3; 1 ok add 3; 2 read nil; 2 ok read #{1 3}", Set, ":add 2, >:read #{…}"},
		{"0 add :x; 0 ok add :x; 1 remove :x; 1 info remove :x; 2 read nil; 2 ok read nil; 2 read nil; 2 ok read [:x]", Set, ":add :x, :remove :x, no answer, :read nil, >:read [:x]"},
		{"0 add 1; 0 fail add 1; 2 read nil; 2 ok read [1 2]", Set, ">:read [2 …]"},
		{"0 append 1; 1 append 2; 0 ok append 1; 1 ok append 2; 2 r nil; 2 ok r [2 1]", List, ""},
		{"0 append 1; 1 append 2; 3 append 3; 0 ok append 1; 1 ok append 2; 2 r nil; 2 ok r [2 1]; 2 r nil; 2 ok r [1 2 3]", List, ":append 1, :append 2, :r [2 1], >:r [1 2 …]"},
		{"0 append 1; 0 ok append 1; 0 append 2; 0 ok append 2; 2 r nil; 2 ok r [2]", List, ":append 1, >:r […]"},
		{`0 put "a"; 0 ok put "a"; 1 append "b"; 1 info append "b"; 2 get nil; 2 ok get "a"; 2 get nil; 2 ok get "ab"`, KV, ""},
		{`0 get nil; 0 ok get ""; 0 append "b"; 0 ok append "b"; 2 get nil; 2 ok get nil`, KV, `:append "b", >:get nil`},
	} {
		h, err := Read([]byte(spell(c.lines)))
		if err != nil {
			t.Errorf("%s: %v", c.lines, err)
			continue
		}
		v, err := Judge(h, "", DefaultSteps)
		if err != nil || v.Model != c.model {
			t.Errorf("%s: %+v, %v; want a %s", c.lines, v, err, c.model)
			continue
		}
		var kept []string
		if v.Answer == No {
			for _, k := range v.Violation.Ops {
				kept = append(kept, strings.Repeat(">", map[bool]int{true: 1}[k.Op == v.Violation.Op])+k.String())
			}
		}
		if got := strings.Join(kept, ", "); got != c.want || (v.Answer == Yes) != (c.want == "") {
			t.Errorf("%s: %s %s\nwant %s", c.lines, v.Answer, got, c.want)
		}
	}
}

// TestLarge: long histories of one key, one operation in twenty without an answer, are judged within the steps that are
// allowed by default, and a violation at the end is found and made small. That there is none before takes longer to show.
func TestLarge(t *testing.T) {
	for _, c := range []struct {
		model        Model
		n, bad, most int // operations of a good history and of a bad one; of the counterexample
		values       int
	}{
		{Register, 20_000, 200, 3, 5},
		{Register, 20_000, 2000, 3, 1_000_000},
		{KV, 1000, 1000, 3, 1_000_000},
		{Counter, 20_000, 300, 300, 5},
		{Set, 2000, 1000, 3, 1_000_000},
		{List, 2000, 1000, 3, 1_000_000},
	} {
		for _, bad := range []bool{false, true} {
			n, end := c.n, ""
			if bad {
				n, end = c.bad, spell("99999999 "+functions[c.model][0][1:]+" nil; 99999999 ok "+functions[c.model][0][1:]+" "+returned(c.model, "77777777"))
			}
			h, err := Read([]byte(invent(rand.New(rand.NewPCG(1, 11)), c.model, n, 5, c.values, 0.05, 0) + end))
			if err != nil {
				t.Fatal(err)
			}
			switch v, err := Judge(h, c.model, DefaultSteps); {
			case err != nil || v.Answer != map[bool]Answer{false: Yes, true: No}[bad]:
				t.Errorf("%d operations on a %s of %d values, bad %v: %s, %v", n, c.model, c.values, bad, v.Answer, err)
			case bad && (v.Violation.Op.Process != "99999999" || len(v.Violation.Ops) > c.most):
				t.Errorf("%d operations on a %s: %+v", n, c.model, v.Violation)
			}
		}
	}
}

// TestUnknown: where the search is cut short the answer is unknown, never yes; and more steps tell.
func TestUnknown(t *testing.T) {
	var lines []string
	for i := range 14 {
		lines = append(lines, fmt.Sprintf("%d add %d", i, 1<<i))
	}
	for i := range 14 {
		lines = append(lines, fmt.Sprintf("%d ok add %d", i, 1<<i))
	}
	lines = append(lines, "20 read nil; 20 ok read 5")
	h, err := Read([]byte(spell(strings.Join(lines, "; "))))
	if err != nil {
		t.Fatal(err)
	}
	for steps, want := range map[int]Answer{5_000: Unknown, DefaultSteps: No} {
		if v, err := Judge(h, "", steps); err != nil || v.Answer != want || (want == Unknown) != (len(v.Unknown) == 1) {
			t.Errorf("%d steps: %+v, %v; want %s", steps, v, err, want)
		}
	}
}

// TestModel: the kind of object that is asked for is what is judged, and must fit.
func TestModel(t *testing.T) {
	h, err := Read([]byte(spell("0 write 1; 0 ok write 1; 1 read nil; 1 ok read 1")))
	if err != nil {
		t.Fatal(err)
	}
	for m, want := range map[Model]string{
		Register: "", KV: "1: a kv's :write needs a text, not 1", Counter: "1: a counter has :read and :add, not :write",
		Set: "1: a set has :read, :add and :remove, not :write", List: "1: a list has :read (or :r) and :append, not :write",
	} {
		if _, err := Judge(h, m, DefaultSteps); fmt.Sprint(err) != want && (err != nil || want != "") {
			t.Errorf("%s: %v; want %s", m, err, want)
		}
	}
}
