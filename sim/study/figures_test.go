package study

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/check"
)

// recount knows what happened in a lane, and counts its figures anew at the end, by the definitions, with no regard to cost.
type recount struct {
	sim.NopObserver
	cluster  *sim.Cluster
	ended    []*sim.Record
	requests []arrival
	answers  []departed
	standing []moment    // a node went down or was paused
	parted   []*interval // some link between regions is cut
}

type arrival struct {
	node sim.Addr
	op   sim.OpID
	at   sim.Time
	turn int // orders all that is noted
}

type departed struct {
	arrival
	told   sim.Outcome
	atOnce bool // while the node was handed the request
}

type moment struct {
	node sim.Addr
	at   sim.Time
	turn int
}

type interval struct{ from, to sim.Time }

func newRecount(c *sim.Cluster) *recount {
	r := &recount{cluster: c}
	c.Observe(r)
	return r
}

func (r *recount) turn() int { return len(r.requests) + len(r.answers) + len(r.standing) }

func (r *recount) Returned(rec *sim.Record) { r.ended = append(r.ended, rec) }

func (r *recount) Sent(m *sim.Message) {
	if op, told, ok := m.Answer(); ok {
		atOnce := false
		if by := r.cluster.Handling(); by != nil {
			asked, is := by.Request()
			atOnce = is && asked == op && by.To == m.From
		}
		r.answers = append(r.answers, departed{arrival{m.From, op, r.cluster.Now(), r.turn()}, told, atOnce})
	}
}

// Arrived is told of a request after the node has dealt with it.
func (r *recount) Arrived(m *sim.Message) {
	if op, ok := m.Request(); ok && r.cluster.Handling() == m {
		r.requests = append(r.requests, arrival{m.To, op, r.cluster.Now(), r.turn()})
	}
}

func (r *recount) Noted(n sim.Note) {
	c, now := r.cluster, r.cluster.Now()
	if n.Kind == sim.NoteMachine && c.Standing(n.Node) {
		r.standing = append(r.standing, moment{n.Node, now, r.turn()})
	}
	cut := false
	for a := range sim.Addr(c.Nodes()) {
		for b := range sim.Addr(c.Nodes()) {
			cut = cut || c.RegionOf(a) != c.RegionOf(b) && c.Cut(a, b)
		}
	}
	last := len(r.parted) - 1
	lasts := last >= 0 && r.parted[last].to == sim.MaxTime
	switch {
	case cut && !lasts:
		r.parted = append(r.parted, &interval{now, sim.MaxTime})
	case !cut && lasts:
		r.parted[last].to = now
	}
}

// gilbertLynch counts requests that were answered, refused, left in silence, excused and are waiting.
func (r *recount) gilbertLynch(end sim.Time) (got [5]int) {
	cutOff := r.cluster.Workload().AttemptTimeout()
	for _, q := range r.requests {
		told, at := sim.Pending, q.at+cutOff+1
		for _, a := range r.answers {
			if a.node == q.node && a.op == q.op && a.at < at && (a.turn > q.turn || a.atOnce && a.turn == q.turn-1) {
				told, at = a.told, a.at
			}
		}
		failed := slices.ContainsFunc(r.standing, func(m moment) bool {
			return m.node == q.node && m.turn > q.turn && m.at < at && m.at <= q.at+cutOff
		})
		switch {
		case failed:
			got[3]++
		case told == sim.OK:
			got[0]++
		case told != sim.Pending:
			got[1]++
		case q.at+cutOff < end:
			got[2]++
		default:
			got[4]++
		}
	}
	return got
}

// percentile returns the nearest rank of the sorted values of a list.
func percentile(values []sim.Time, percent int) sim.Time {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[max(0, (len(sorted)*percent+99)/100-1)]
}

// near reports whether a latency in milliseconds is a percentile, to a thousandth upward.
func near(ms float64, want sim.Time) bool {
	return ms >= want.Milliseconds() && ms <= want.Milliseconds()*1.001+0.001
}

func (r *recount) latencies(of func(*sim.Record) bool) (list []sim.Time) {
	for _, rec := range r.ended {
		took := rec.End - rec.Start
		if rec.Result.Outcome != sim.OK {
			took = max(took, r.cluster.Workload().AttemptTimeout())
		}
		if of(rec) {
			list = append(list, took)
		}
	}
	return list
}

// holdLatency compares percentiles.
func holdLatency(t *testing.T, what string, got check.Latency, values []sim.Time) {
	t.Helper()
	for percent, ms := range map[int]float64{50: got.P50, 95: got.P95, 99: got.P99} { // order does not matter: comparisons
		if want := percentile(values, percent); !near(ms, want) {
			t.Fatalf("%s: p%d is %v ms; the recount has %s", what, percent, ms, want)
		}
	}
}

// holdServices compares what clients saw, region by region.
func (r *recount) holdServices(t *testing.T, got []check.Service) {
	t.Helper()
	sum := 0
	for _, s := range got {
		of := func(rec *sim.Record) bool {
			level := rec.Level
			if level == "" {
				level = check.DefaultLevel
			}
			return r.cluster.RegionName(r.cluster.RegionOf(rec.Client)) == s.Region && level == s.Level && (rec.Kind == sim.Read) == (s.Kind == "read")
		}
		what := s.Region + " " + s.Level + " " + s.Kind
		values := r.latencies(of)
		holdLatency(t, what, s.Latency, values)
		counts := map[sim.Outcome]int{}
		for _, rec := range r.ended {
			if of(rec) {
				counts[rec.Result.Outcome]++
			}
		}
		if s.OK != counts[sim.OK] || s.Fail != counts[sim.Fail] || s.Info != counts[sim.Info] {
			t.Fatalf("%s: %+v; the recount has %v", what, s, counts)
		}
		if s.Fibre != nil && s.OK > 0 && s.Fail+s.Info == 0 && *s.Fibre > s.P50 {
			t.Fatalf("%s: light needs %v ms, and half of all took less than %v ms", what, *s.Fibre, s.P50)
		}
		sum += len(values)
	}
	if sum != len(r.ended) {
		t.Fatalf("services cover %d operations of %d", sum, len(r.ended))
	}
}

// staleness returns age, versions behind and the write missed of a read, by the definition.
func (r *recount) staleness(read *sim.Record, lost map[sim.OpID]sim.Time, o *oracle) (s check.Stale) {
	since := sim.Time(-1)
	if v := read.Result.Version; v != 0 {
		rec := r.cluster.History()[v-1]
		if rec.Result.Outcome != sim.OK {
			return s
		}
		since = rec.End
	}
	for _, w := range r.ended {
		at, gone := lost[w.ID]
		if !acknowledged(w) || w.Key != read.Key || w.End >= read.Start || since >= w.Start || gone && at <= read.End || o.shown(read, w.ID) {
			continue
		}
		if s.Behind++; s.Missed == 0 {
			s.Age, s.Missed = read.Start-w.End, w.ID
		}
	}
	return s
}

// holdStaleness compares every read, and the distribution.
func (r *recount) holdStaleness(t *testing.T, ref *check.Referee, o *oracle) int {
	t.Helper()
	lost := map[sim.OpID]sim.Time{}
	for _, l := range ref.Losses() {
		lost[l.Write] = l.At
	}
	var ages []sim.Time
	behind := make([]int, check.MaxBehind+1)
	for _, read := range r.ended {
		if read.Kind != sim.Read || read.Result.Outcome != sim.OK {
			continue
		}
		want := r.staleness(read, lost, o)
		if got, _ := ref.Stale(read.ID); got != want {
			t.Fatalf("read %d: %+v; the recount has %+v", read.ID, got, want)
		}
		ages = append(ages, want.Age)
		behind[min(want.Behind, check.MaxBehind)]++
	}
	s := ref.Staleness()
	if s.Reads != len(ages) || !slices.Equal(s.Behind, behind) || s.P50 != percentile(ages, 50) || s.P95 != percentile(ages, 95) ||
		s.P99 != percentile(ages, 99) || s.Max != percentile(ages, 100) {
		t.Fatalf("%+v; the recount has %v and %v", s, behind, ages)
	}
	return s.Stale
}

// updates counts acknowledged read-modify-writes that were not the first of their version, over all pairs.
func (r *recount) updates() (seconds []sim.OpID) {
	version := func(rec *sim.Record) (sim.OpID, bool) {
		if rec.Kind == sim.CompareAndSet {
			return rec.Result.Version, acknowledged(rec)
		}
		ops := r.cluster.ErrandOf(rec.ID).Ops
		i := slices.Index(ops, rec.ID)
		if rec.Kind != sim.Write || i == 0 || !acknowledged(rec) {
			return 0, false
		}
		return r.cluster.History()[ops[i-1]-1].Result.Version, true
	}
	for i, b := range r.ended {
		v, ok := version(b)
		if ok && slices.ContainsFunc(r.ended[:i], func(a *sim.Record) bool {
			w, is := version(a)
			return is && w == v && a.Key == b.Key
		}) {
			seconds = append(seconds, b.ID)
		}
	}
	return seconds
}

// holdUpdates compares lost updates.
func (r *recount) holdUpdates(t *testing.T, got []check.UpdateLoss) {
	t.Helper()
	var seconds []sim.OpID
	for _, u := range got {
		seconds = append(seconds, u.Second)
		first, second := r.cluster.History()[u.First-1], r.cluster.History()[u.Second-1]
		if first.Completion >= second.Completion || first.Key != u.Key || second.Key != u.Key || u.At != second.End {
			t.Fatalf("%+v of %+v and %+v", u, first, second)
		}
	}
	if want := r.updates(); !slices.Equal(seconds, want) {
		t.Fatalf("lost updates %v; the recount has %v", seconds, want)
	}
}

// holdPACELC compares how operations are divided.
func (r *recount) holdPACELC(t *testing.T, p check.PACELC) {
	t.Helper()
	var want [2][4]int
	for _, rec := range r.ended {
		in := 0
		if slices.ContainsFunc(r.parted, func(i *interval) bool { return i.from <= rec.End && i.to >= rec.Start }) {
			in = 1
		}
		want[in][rec.Result.Outcome]++
	}
	for in, g := range []check.Given{p.Calm, p.Parted} {
		if got := [4]int{0, g.OK, g.Fail, g.Info}; got != want[in] {
			t.Fatalf("%+v; the recount has %v", p, want)
		}
	}
}

// holdBroken: everything lost or stale is a violation with its counterexample, in order of time.
func (r *recount) holdBroken(t *testing.T, ref *check.Referee) {
	t.Helper()
	counts := map[check.Kind]int{}
	last := sim.Time(0)
	for _, v := range ref.Broken() {
		counts[v.Kind]++
		has := func(op sim.OpID) bool { return op == 0 || slices.Contains(v.Ops, op) }
		if v.At < last || !has(v.Op) || !has(v.Missed) || !slices.IsSorted(v.Ops) || slices.Contains(v.Ops, 0) {
			t.Fatalf("%+v", v)
		}
		for _, op := range v.Ops {
			if r.cluster.History()[op-1].Key != v.Key {
				t.Fatalf("%+v is not of one key", v)
			}
		}
		last = v.At
	}
	s := ref.Scores()
	if counts[check.LostWrite] != s.LostWrites || counts[check.LostUpdate] != s.LostUpdates || counts[check.StaleRead] != s.StaleReads {
		t.Fatalf("%v; the scores are %+v", counts, s)
	}
	if risks := ref.AtRisk(); len(risks) != s.AtRisk {
		t.Fatalf("%v at risk; the scores have %d", risks, s.AtRisk)
	}
}

// failingWorld is a random world in which machines fail too, and clients try again.
func failingWorld(seed uint64) string {
	rnd := rand.New(rand.NewPCG(seed, 21))
	text := randomWorld(seed)
	retry := []string{"", " retry=same", " timeout=1s retry=elsewhere retries=2"}[rnd.IntN(3)]
	text = strings.Replace(text, " staggered until=7s", " staggered until=7s"+retry, 1)
	for at := 500; at < 8000; at += 300 + rnd.IntN(2500) {
		node := []string{"us-east-1/1", "eu-west-1/1"}[rnd.IntN(2)]
		verbs := [][2]string{{"pause", "resume"}, {"crash", "restart"}, {"exit", "restart"}}[rnd.IntN(3)]
		text += fmt.Sprintf("at %dms %s %s\nat %dms %s %s\n", at, verbs[0], node, at+200+rnd.IntN(1500), verbs[1], node)
	}
	return text
}

// TestFiguresAgainstRecount holds every figure to a recount of what happened, in random worlds.
func TestFiguresAgainstRecount(t *testing.T) {
	t.Parallel()
	var seen struct{ stale, updates, refused, silent, excused, parted int }
	for seed := range uint64(seeds(150, 10_000)) {
		text := failingWorld(seed)
		s := mustParse(t, text)
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		var recounts []*recount
		var oracles []*oracle
		for _, c := range r.Lanes() {
			recounts, oracles = append(recounts, newRecount(c)), append(oracles, newOracle(c))
		}
		r.AdvanceTo(s.End)
		for i, c := range recounts {
			ref := r.Referees[i]
			where := fmt.Sprintf("lane %s of\n%s", c.cluster.Name, text)
			t.Run("", func(t *testing.T) {
				defer func() {
					if t.Failed() {
						t.Log(where)
					}
				}()
				holdLatency(t, "all", ref.Scores().Latency, c.latencies(func(*sim.Record) bool { return true }))
				c.holdServices(t, ref.Services())
				seen.stale += c.holdStaleness(t, ref, oracles[i])
				c.holdUpdates(t, ref.LostUpdates())
				c.holdBroken(t, ref)
				seen.updates += len(ref.LostUpdates())
				g := ref.GilbertLynch()
				if got, want := [5]int{g.Answered, g.Refused, g.Silent, g.Excused, g.Waiting}, c.gilbertLynch(s.End); got != want {
					t.Fatalf("answered, refused, silent, excused, waiting %v; the recount has %v", got, want)
				}
				seen.refused, seen.silent, seen.excused = seen.refused+g.Refused, seen.silent+g.Silent, seen.excused+g.Excused
				c.holdPACELC(t, ref.PACELC())
				seen.parted += ref.PACELC().Parted.Operations()
			})
			if t.Failed() {
				return
			}
		}
	}
	if seen.stale == 0 || seen.updates == 0 || seen.refused == 0 || seen.silent == 0 || seen.excused == 0 || seen.parted == 0 {
		t.Fatalf("%+v: the worlds show too little", seen)
	}
	t.Logf("%+v", seen)
}

// TestFiguresDoNotDependOnSteps: asking on the way changes no figure.
func TestFiguresDoNotDependOnSteps(t *testing.T) {
	t.Parallel()
	for seed := range uint64(seeds(20, 1000)) {
		s := mustParse(t, failingWorld(seed))
		var reports []string
		for turn := range uint64(2) {
			r, err := New(s)
			if err != nil {
				t.Fatal(err)
			}
			steps := rand.New(rand.NewPCG(seed, turn))
			for turn > 0 && r.Now() < s.End {
				r.AdvanceTo(min(s.End, r.Now()+sim.Time(steps.Int64N(int64(700*sim.Millisecond)))))
				r.Report()
			}
			r.AdvanceTo(s.End)
			text, err := json.Marshal(r.Report())
			if err != nil {
				t.Fatal(err)
			}
			reports = append(reports, string(text))
		}
		if reports[0] != reports[1] {
			at := 0
			for reports[0][at] == reports[1][at] {
				at++
			}
			from := max(0, at-1500)
			t.Errorf("seed %d: in one step:\n%s\nin many:\n%s", seed, reports[0][from:at+600], reports[1][from:at+600])
		}
	}
}
