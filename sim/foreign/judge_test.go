package foreign

import (
	"fmt"
	"math/rand/v2"
	"os"
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

// TestLarge: of long histories of one key, one operation in twenty without an answer, the verdict is never wrong, and
// within the steps that are allowed by default it is seldom unknown. A violation at the end is found and made small.
func TestLarge(t *testing.T) {
	scale := 1
	if os.Getenv("NETSPLIT_SOAK") != "" {
		scale = 10
	}
	unknown := 0
	for _, c := range []struct {
		model  Model
		n, bad int // operations of a good history and of a bad one, for which it takes longer to show that there is no order
		values int
	}{
		{Register, 2000, 40, 5},
		{Register, 2000, 200, 1_000_000},
		{KV, 200, 100, 1_000_000},
		{Counter, 2000, 30, 5},
		{Set, 200, 100, 1_000_000},
		{List, 200, 100, 1_000_000},
	} {
		good := invent(rand.New(rand.NewPCG(1, 11)), c.model, scale*c.n, 5, c.values, 0.05, 0)
		if v := judged(t, good); v.Answer == No {
			t.Errorf("a %s of %d values: %+v", c.model, c.values, v.Violation)
		} else if v.Answer == Unknown {
			unknown++
		}
		f := functions[c.model][0][1:]
		bad := invent(rand.New(rand.NewPCG(1, 11)), c.model, scale*c.bad, 5, c.values, 0.05, 0) +
			spell("99999999 "+f+" nil; 99999999 ok "+f+" "+returned(c.model, "77777777"))
		if v := judged(t, bad); v.Answer == Yes {
			t.Errorf("a %s of %d values: a violation is not seen", c.model, c.values)
		} else if v.Answer == Unknown {
			unknown++
		} else if v.Violation.Op.Process != "99999999" || c.model != Counter && len(v.Violation.Ops) > 3 {
			t.Errorf("a %s of %d values: %+v", c.model, c.values, v.Violation)
		}
	}
	if unknown > 2 {
		t.Errorf("%d of 12 verdicts are unknown", unknown)
	}
}

func judged(t *testing.T, source string) *Verdict {
	t.Helper()
	h, err := Read([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	v, err := Judge(h, "", DefaultSteps)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestConfirm: what porcupine finds linearizable is no counterexample, and one that it refuses stays as it is.
func TestConfirm(t *testing.T) {
	h, err := Read([]byte(spell("0 write 1; 0 ok write 1; 1 read nil; 1 ok read 1; 2 read nil; 2 ok read nil")))
	if err != nil {
		t.Fatal(err)
	}
	o, k := newObject(Register), keyed{}
	for i := range h.Ops {
		e, err := o.effect(&h.Ops[i])
		if err != nil {
			t.Fatal(err)
		}
		k.ops, k.effects = append(k.ops, &h.Ops[i]), append(k.effects, e)
	}
	all := o.items(k.ops, k.effects, never)
	for _, c := range []struct {
		left []item
		want int
	}{{all[:2], 3}, {[]item{all[0], all[2]}, 2}, {all, 3}} {
		m := &minimizer{object: o, items: c.left}
		m.confirm(all, DefaultSteps)
		if len(m.items) != c.want || m.unsure != (len(c.left) != c.want) {
			t.Errorf("of %d operations %d stay, unsure %v", len(c.left), len(m.items), m.unsure)
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
