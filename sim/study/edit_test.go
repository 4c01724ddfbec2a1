package study

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

const editable = "seed 3\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft\nlane quorum quorum w=3\nlane books primary\n" +
	"workload bank rate=2/s poisson read-level=one\n" +
	"at 1s lane quorum cut us-east-1 eu-west-1\nat 2s promote eu-west-1/1\nat 3s deposit us-east-1 balance 5 as d\n" +
	"at 4s read us-east-1 balance level two as r\nat 5s lane strong lose 40\nat 6s lane quorum lose 40\nat 7s partition eu-west-1\nat 9s heal\nend 12s\n" +
	"expect strong linearizable\nexpect quorum r ok\nexpect books d ok 505\n"

// promoting names the protocols whose operators can promote a node.
func promoting() string {
	var names []string
	for _, p := range Vocabulary().Protocols {
		if slices.Contains(p.Verbs, sim.VerbPromote) {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, ", ")
}

// TestEditDrops: what an edit makes impossible is dropped and named, and nothing else is.
func TestEditDrops(t *testing.T) {
	for _, c := range []struct {
		edits []sim.Edit
		want  []string
	}{
		{[]sim.Edit{{Do: sim.EditMove, Lane: "books", Place: 0}}, nil},
		{[]sim.Edit{{Do: sim.EditAdd, Lane: "new", Protocol: "gossip"}}, nil},
		{[]sim.Edit{{Do: sim.EditSet, Lane: "quorum", Name: "dynamo", Knobs: []sim.Setting{{Name: "w", Value: "3"}}}}, nil},
		{[]sim.Edit{{Do: sim.EditSet, Lane: "quorum"}}, []string{"at 6s lane quorum lose 40: the messages of lane quorum have other numbers now"}},
		{[]sim.Edit{{Do: sim.EditRemove, Lane: "books"}}, []string{
			"at 2s promote eu-west-1/1: promote: no lane knows this command; " + promoting() + " does",
			"at 5s lane strong lose 40: the messages of lane strong have other numbers now",
			"at 6s lane quorum lose 40: the messages of lane quorum have other numbers now",
			"expect books d ok 505: lane books is gone"}},
		{[]sim.Edit{{Do: sim.EditRemove, Lane: "quorum"}}, []string{
			`workload read-level=one: no lane knows the level "one"; expected one of linearizable, lease, local, exact-staleness-TIME, max-staleness-TIME, read-timestamp-TIME, min-read-timestamp-TIME, off, remote-write, flush, remote-apply, primary, standby; did you mean off?`,
			"at 1s lane quorum cut us-east-1 eu-west-1: lane quorum is gone",
			`at 4s read us-east-1 balance level two as r: no lane knows the level "two"; expected one of linearizable, lease, local, exact-staleness-TIME, max-staleness-TIME, read-timestamp-TIME, min-read-timestamp-TIME, off, remote-write, flush, remote-apply, primary, standby`,
			"at 5s lane strong lose 40: the messages of lane strong have other numbers now",
			"at 6s lane quorum lose 40: lane quorum is gone",
			"expect quorum r ok: lane quorum is gone"}},
		{[]sim.Edit{{Do: sim.EditWorkload, Workload: "cart rate=1/s staggered"}, {Do: sim.EditMove, Lane: "strong", Place: 1}}, []string{
			"at 5s lane strong lose 40: the messages of lane strong have other numbers now",
			"at 6s lane quorum lose 40: the messages of lane quorum have other numbers now"}},
		{[]sim.Edit{{Do: sim.EditWorkload, Workload: "likes rate=1/s staggered keys=2"}, {Do: sim.EditWorkload, Workload: "none"}}, []string{
			"at 5s lane strong lose 40: the messages of lane strong have other numbers now",
			"at 6s lane quorum lose 40: the messages of lane quorum have other numbers now"}},
	} {
		s := mustParse(t, editable)
		edited, dropped, err := s.Edited(c.edits, Vocabulary())
		if err != nil {
			t.Errorf("%v: %v", c.edits, err)
			continue
		}
		var got []string
		for _, d := range dropped {
			got = append(got, d.Statement+": "+d.Reason)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%v drops\n%s\nwant\n%s", c.edits, strings.Join(got, "\n"), strings.Join(c.want, "\n"))
		}
		if again := mustParse(t, edited.String()); again.String() != edited.String() {
			t.Errorf("%v: not canonical", c.edits)
		}
		if s.String() != mustParse(t, editable).String() {
			t.Fatalf("%v has changed the scenario that was edited", c.edits)
		}
	}
}

// TestOtherLanesRunAsBefore: random edits of lanes leave what the lanes that are not edited go through as it was.
func TestOtherLanesRunAsBefore(t *testing.T) {
	for seed := range uint64(seeds(20, 400)) {
		rnd := rand.New(rand.NewPCG(seed, 5))
		base := strings.ReplaceAll(strings.ReplaceAll(editable, "at 2s promote eu-west-1/1\n", ""), " read-level=one", "")
		s := mustParse(t, strings.ReplaceAll(base, " level two", ""))
		touched := map[string]bool{}
		var edits []sim.Edit
		for i := range 1 + rnd.IntN(4) {
			e := randomEdit(rnd, i)
			touched[e.Lane] = touched[e.Lane] || e.Do != sim.EditMove
			edits = append(edits, e)
		}
		edited, _, err := s.Edited(edits, Vocabulary())
		if err != nil {
			continue
		}
		before, after := mustStart(t, s), mustStart(t, edited)
		before.AdvanceTo(s.End)
		after.AdvanceTo(s.End)
		for _, c := range before.Lanes() {
			i := slices.IndexFunc(after.Lanes(), func(o *sim.Cluster) bool { return o.Name == c.Name })
			if touched[c.Name] || i < 0 {
				continue
			}
			if !reflect.DeepEqual(story(c), story(after.Lanes()[i])) {
				t.Errorf("seed %d: %v: lane %s runs otherwise", seed, edits, c.Name)
			}
		}
	}
}

func randomEdit(rnd *rand.Rand, i int) sim.Edit {
	lanes := []string{"strong", "quorum", "books"}
	e := sim.Edit{Do: []sim.EditKind{sim.EditAdd, sim.EditRemove, sim.EditMove, sim.EditSet}[rnd.IntN(4)], Lane: lanes[rnd.IntN(3)],
		Place: rnd.IntN(3), Protocol: []string{"raft", "gossip", "quorum", ""}[rnd.IntN(4)]}
	if e.Do == sim.EditAdd {
		e.Lane = fmt.Sprintf("new-%d", i)
	}
	return e
}

// story is what a lane's clients went through.
func story(c *sim.Cluster) (lines []string) {
	for _, rec := range c.History() {
		lines = append(lines, fmt.Sprint(rec.Op.ID, rec.Kind, rec.Key, rec.Value, rec.Start, rec.End, rec.Result.Outcome, rec.Result.Value))
	}
	return append(lines, fmt.Sprint(c.Events()))
}

// TestVisitsAreExpected: what a visitor does has a result that a scenario may name and expect, in every protocol.
func TestVisitsAreExpected(t *testing.T) {
	for _, c := range []struct{ workload, commands, expects string }{
		{"bank", "at 2s deposit us-east-1 balance 20 as a\nat 3s withdraw eu-west-1 balance 70 as b\nat 4s withdraw us-east-1 balance 900 as c\n", "a ok 520|b ok 450|c ok 450"},
		{"inventory", "at 2s buy us-east-1 stock 15 as a\nat 3s buy eu-west-1 stock 15 as b\n", "a ok 5|b ok 5"},
		{"likes", "at 2s like us-east-1 likes as a\nat 3s like eu-west-1 likes as b\n", "a ok 1|b ok 2"},
		{"cart", "at 2s put us-east-1 cart 4 as a\nat 3s put eu-west-1 cart 5 as b\nat 4s read eu-west-1 cart as c\n", "a ok 1|b ok 2|c ok 2"},
		{"feed", "at 2s post us-east-1 feed 4 as a\nat 3s post eu-west-1 feed 5 as b\n", "a ok 1|b ok 2"},
		{"register", "at 2s swap us-east-1 x 4 as a\nat 3s swap eu-west-1 x 5 as b\nat 4s read us-east-1 x as c\n", "a ok 4|b ok 5|c ok 5"},
	} {
		text := "regions us-east-1 eu-west-1 ap-south-1\nlane strong raft\nlane quorum quorum\nlane gossip gossip\nlane primary primary\nworkload " +
			c.workload + " rate=0.001/s staggered reads=100%\n" + c.commands + "end 6s\n"
		for _, lane := range []string{"strong", "quorum", "gossip", "primary"} {
			for _, e := range strings.Split(c.expects, "|") {
				text += "expect " + lane + " " + e + "\n"
			}
		}
		rep, err := Execute(mustParse(t, text))
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range rep.Expects {
			if !h.Holds {
				t.Errorf("%s: %s: got %s", c.workload, h.Expect, h.Got)
			}
		}
	}
}
