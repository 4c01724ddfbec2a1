package study

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// causeLanes are the lanes of the swarm of causes.
var causeLanes = []string{"gossip", "gossip interval=5s", "gossip push=off interval=3s", "gossip clock=hlc", "gossip conflict=dvv",
	"gossip transport=stream", "quorum r=1 w=1", "quorum r=2 w=1", "quorum", "quorum r=1 w=2 hinted-handoff=on",
	"quorum sloppy=on hinted-handoff=on r=1 w=2", "quorum sloppy=on hinted-handoff=on", "raft reads=local", "primary reads=standby",
	"primary", "primary sync=any k=1"}

// oneFault writes a scenario of one lane with one fault and perhaps its undoing, and returns it without them as well.
func oneFault(seed int) (with, without string) {
	rnd := rand.New(rand.NewPCG(uint64(seed), 505))
	some := func(of ...string) string { return of[rnd.IntN(len(of))] }
	regions := []string{"us-east-1", "eu-west-1", "ap-south-1", "sa-east-1", "us-west-2"}[:3+rnd.IntN(3)]
	region := func() string { return some(regions...) }
	without = fmt.Sprintf("seed %d\nregions %s\nlane x %s\n", seed, strings.Join(regions, " "), some(causeLanes...))
	without += "workload " + some("register rate=2/s staggered", "register rate=1/s poisson", "register rate=3/s poisson keys=3",
		"register rate=1/s staggered retry=elsewhere", "bank rate=1/s poisson", "inventory rate=1/s poisson") + " until=12s\n"
	node, a, b := region()+"/1", region(), region()
	for a == b {
		b = region()
	}
	from, to := 3000+rnd.IntN(2000), 6000+rnd.IntN(4000)
	faults := [][2]string{{"partition " + a, "heal"}, {"cut " + a + " " + b, "mend everywhere"}, {"cut " + a + " > " + b, "mend everywhere"},
		{"hold " + a + " > " + b, "release everywhere"}, {"drop 50% everywhere", "drop 0% everywhere"}, {"delay 800ms " + a + " " + b, "delay 0s everywhere"},
		{"skew " + node + " 4s", "skew " + node + " 0s"}, {"skew " + node + " -4s", "skew " + node + " 0s"}, {"exit " + node, "restart " + node},
		{"crash " + node, "restart " + node}, {"pause " + node, "resume " + node}, {"wipe " + node, "restart " + node},
		{"slow " + node + " 300ms", "slow " + node + " 0s"}, {"fsync " + node + " stuck", "fsync " + node + " 0s"},
		{"drift " + node + " 50000ppm", "drift " + node + " 0ppm"}, {"reorder 50% 900ms everywhere", "reorder 0% 0s everywhere"}}
	f := faults[rnd.IntN(len(faults))]
	return fmt.Sprintf("%sat %dms %s\nat %dms %s\nend 20s\n", without, from, f[0], to, f[1]), without + "end 20s\n"
}

// same tells an operation in another world: by its client and when it was called.
type same struct {
	client sim.Addr
	start  sim.Time
}

// other is the run of the same world without the fault.
type other struct {
	*Run
	ids map[same]sim.OpID
}

func newOther(r *Run) other {
	o := other{r, map[same]sim.OpID{}}
	for _, rec := range r.Lanes()[0].History() {
		o.ids[nameIn(r, rec.ID)] = rec.ID
	}
	return o
}

func nameIn(r *Run, id sim.OpID) same {
	rec := r.Lanes()[0].History()[id-1]
	return same{rec.Client, rec.Start}
}

// violated reports whether a violation of another run came about here too, and whether that can be said: the same
// operations must have been called. With any, it does not matter which write was missed, or took the place of a lost one.
func (o other) violated(r *Run, v check.Violation, any bool) (there, comparable bool) {
	ref := o.Referees[0]
	op, missed := o.ids[nameIn(r, v.Op)], sim.OpID(0)
	if v.Missed != 0 {
		missed = o.ids[nameIn(r, v.Missed)]
	}
	if op == 0 || v.Missed != 0 && missed == 0 {
		return false, false
	}
	switch v.Kind {
	case check.StaleRead:
		w, stale := ref.StaleRead(op)
		return stale && (any || w.Missed == missed), true
	case check.LostUpdate:
		return slices.ContainsFunc(ref.LostUpdates(), func(u check.UpdateLoss) bool { return u.Second == op && (any || u.First == missed) }), true
	case check.LostWrite:
		return slices.ContainsFunc(ref.Losses(), func(l check.Loss) bool { return l.Write == op && (any || ref.LostWrite(l).Missed == missed) }), true
	}
	stands, comparable := o.stands(r, v)
	return stands || any && slices.ContainsFunc(ref.Violations(), func(w check.Violation) bool { return w.Kind == v.Kind && w.Op == op }), comparable
}

// stands reports whether the operations of a counterexample to a model found the same here, and followed each other as
// they did, and whether they were called at all.
func (o other) stands(r *Run, v check.Violation) (same, comparable bool) {
	same = true
	for _, id := range v.Ops {
		here, there := o.ids[nameIn(r, id)], r.Lanes()[0].History()[id-1]
		if here == 0 {
			return false, false
		}
		rec := o.Lanes()[0].History()[here-1]
		found := there.Result.Version
		if found != 0 {
			found = o.ids[nameIn(r, found)]
		}
		if there.Kind == sim.Read {
			same = same && rec.Result.Outcome == there.Result.Outcome && rec.Result.Version == found
		}
		for _, before := range v.Ops { // what had ended when it was called
			a, b := r.Lanes()[0].History()[before-1], o.Lanes()[0].History()[max(o.ids[nameIn(r, before)], 1)-1]
			same = same && !(a.Result.Outcome == sim.OK && a.End < there.Start && !(b.Result.Outcome == sim.OK && b.End < rec.Start))
		}
	}
	return same, true
}

// TestCausesSwarm explains every stale read, every lost write and the first violation of each other kind in random worlds with one
// fault, and looks into the same worlds without it: what it is blamed for must not have happened there, and the rest must have.
func TestCausesSwarm(t *testing.T) {
	t.Parallel()
	right, wrong := map[check.Blame]int{}, map[check.Blame]int{}
	shown := 0
	for seed := range seeds(300, 2000) {
		with, without := oneFault(seed)
		w, o := play(t, with, 0), newOther(play(t, without, 0).Run)
		ref := w.Referees[0]
		judge := func(v check.Violation) {
			cause := ref.Explain(v)
			there, ok := o.violated(w.Run, v, cause.Fault == nil)
			if !ok {
				return
			}
			if (cause.Fault != nil) != there {
				right[cause.Blame]++
				return
			}
			wrong[cause.Blame]++
			if shown++; shown <= 5 || testing.Verbose() {
				t.Logf("seed %d: %s; without the fault it happens: %v\n%s\n%s", seed, v.Kind, there, with, w.tell(cause))
			}
		}
		for _, rec := range w.Lanes()[0].History() {
			if v, ok := ref.StaleRead(rec.ID); ok {
				judge(v)
			}
		}
		for _, l := range ref.Losses() {
			judge(ref.LostWrite(l))
		}
		for _, c := range ref.Causes() {
			if k := c.Violation.Kind; k != check.StaleRead && k != check.LostWrite && c.Violation.Op != 0 {
				judge(c.Violation)
			}
		}
	}
	good, bad := 0, 0
	for _, b := range slices.Sorted(maps.Keys(right)) {
		good += right[b]
	}
	for _, b := range slices.Sorted(maps.Keys(wrong)) {
		bad += wrong[b]
	}
	t.Logf("%d right %v, %d wrong %v", good, right, bad, wrong)
	if good < 300 || bad > good/50 || right[check.BlameUnknown] > good/50 {
		t.Errorf("of %d causes %d do not hold in the world without the fault", good+bad, bad)
	}
}

// TestCausesOfChaos explains whatever goes wrong where anything may happen: each cause is whole.
func TestCausesOfChaos(t *testing.T) {
	explained := map[check.Blame]int{}
	for seed := range seeds(15, 500) {
		c := &chaos{Rand: rand.New(rand.NewPCG(uint64(seed), 5))}
		s := mustParse(t, c.text(seed))
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		r.AdvanceTo(s.End)
		for i, lane := range r.Lanes() {
			ref := r.Referees[i]
			causes := slices.Clone(ref.Causes())
			for _, rec := range lane.History() {
				if v, stale := ref.StaleRead(rec.ID); stale {
					causes = append(causes, ref.Explain(v))
				}
			}
			for _, l := range ref.Losses() {
				causes = append(causes, ref.Explain(ref.LostWrite(l)))
			}
			for _, c := range causes {
				if fault := whole(c); fault != "" {
					t.Fatalf("seed %d, lane %s, operation %d: %s: %+v", seed, lane.Name, c.Violation.Op, fault, c)
				}
				explained[c.Blame]++
			}
		}
	}
	t.Logf("%v", explained)
}

// whole says what is wrong with the form of a cause; "" for nothing.
func whole(c check.Cause) string {
	order := []check.StepKind{check.StepOperation, check.StepState, check.StepMessage, check.StepFault}
	switch {
	case c.Fault == nil && !slices.Contains(check.Blames(), c.Blame):
		return "no fault, and no blame without one"
	case c.Fault != nil && (c.Blame != check.Blame(c.Fault.Verb) || c.Fault.At > c.Violation.At || c.Steps[len(c.Steps)-1].Command != c.Fault):
		return "its fault is not what it blames"
	case !slices.IsSortedFunc(c.Steps, func(a, b check.Step) int { return slices.Index(order, a.Kind) - slices.Index(order, b.Kind) }):
		return "its steps are out of order"
	case slices.ContainsFunc(c.Steps, func(s check.Step) bool { return s.Text == "" || s.At > c.Violation.At }):
		return "a step says nothing, or comes later"
	case slices.ContainsFunc(c.Text[:], func(s string) bool {
		return !strings.HasSuffix(s, ".") || strings.Contains(s, "  ") || strings.Contains(s, " ,") || strings.Contains(s, ": ,")
	}):
		return "its text is not two sentences"
	}
	return ""
}
