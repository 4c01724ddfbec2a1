package study

import (
	"context"
	"fmt"
	"math"
	"slices"

	"netsplit/sim"
)

// etcdWorld is the setting in which a real etcd 3.4.23 was measured: three namespaces, 20 ms one way, heartbeats each
// 100 ms and an election timeout of 1 s. That a request reaches its own replica in 0.35 ms, and that an fsync takes 2
// ms, is taken from its latencies.
const etcdWorld = "regions a b c\nlink everywhere constant 20ms\nlink a a constant 0.35ms\nlink b b constant 0.35ms\nlink c c constant 0.35ms\n" +
	"lane etcd raft leader=a leaderless=wait pre-vote=%s\nat 0s fsync a/1 2ms\nat 0s fsync b/1 2ms\nat 0s fsync c/1 2ms\n"

// The course of each trial.
const (
	etcdCut     = 5 * sim.Second // at the earliest
	etcdHeal    = 8 * sim.Second // after that
	etcdEnd     = 30 * sim.Second
	etcdLoad    = 100 * sim.Millisecond // from one request of a kind in a region to the next
	etcdTimeout = 20 * sim.Second       // of clients, who wait for etcd's own
)

// etcdKinds are the requests of the load: writes, linearizable and local reads.
var etcdKinds = []sim.Command{{Verb: sim.VerbWrite, Key: "x"}, {Verb: sim.VerbRead, Key: "x", Level: "linearizable"},
	{Verb: sim.VerbRead, Key: "x", Level: "local"}}

// etcdTrial is what came of a load with one fault in the midst of it.
type etcdTrial struct {
	cut, heal sim.Time
	witness
	deposed sim.Time
	history []*sim.Record
	cluster *sim.Cluster
}

// Noted takes down when the old leader stepped down, too.
func (e *etcdTrial) Noted(n sim.Note) {
	e.witness.Noted(n)
	if n.Kind == sim.NoteDeposed && n.Node == 0 && e.deposed == 0 {
		e.deposed = n.At
	}
}

// playEtcd plays a fault, and what undoes it.
func playEtcd(seed int, preVote, fault, undo string) (*etcdTrial, error) {
	e := &etcdTrial{cut: etcdCut + sim.Time(seed)*37*sim.Millisecond}
	e.heal = e.cut + etcdHeal
	text := fmt.Sprintf("seed %d\n"+etcdWorld, seed+1, preVote)
	if fault != "" {
		text += fmt.Sprintf("at %[1]s "+fault+"\nat %[2]s "+undo+"\n", e.cut, e.heal)
	}
	s, err := Parse(text)
	if err != nil {
		return nil, err
	}
	s.Workload.Timeout = etcdTimeout
	for at := sim.Second; at < etcdEnd-8*sim.Second; at += etcdLoad {
		for i, region := range s.Regions {
			for k, cmd := range etcdKinds {
				cmd.At, cmd.Region = at+sim.Time(11*(3*i+k))*sim.Millisecond, region
				if cmd.Verb == sim.VerbWrite {
					cmd.Value = int64(at / sim.Millisecond)
				}
				s.Commands = append(s.Commands, cmd)
			}
		}
	}
	slices.SortStableFunc(s.Commands, func(a, b sim.Command) int { return int(a.At - b.At) })
	lab, err := sim.NewLab(s, Vocabulary())
	if err != nil {
		return nil, err
	}
	e.cluster = lab.Lanes()[0]
	e.held = make([]sim.OpID, e.cluster.Nodes())
	e.cluster.Observe(e)
	lab.AdvanceTo(etcdEnd)
	e.history = e.cluster.History()
	return e, nil
}

// each calls yield for the requests of a kind, by index of etcdKinds, of the region with an index.
func (e *etcdTrial) each(region, kind int, yield func(*sim.Record)) {
	for _, r := range e.history {
		if e.cluster.RegionOf(r.Client) == region && r.Level == etcdKinds[kind].Level {
			yield(r)
		}
	}
}

// firstAck returns how long after the cut the others acknowledge the first write begun since.
func (e *etcdTrial) firstAck() sim.Time {
	first := sim.MaxTime
	for region := 1; region < 3; region++ {
		e.each(region, 0, func(r *sim.Record) {
			if r.Start >= e.cut && r.Result.Outcome == sim.OK {
				first = min(first, r.End-e.cut)
			}
		})
	}
	return first
}

// longestGap returns the longest time between two acknowledgements of writes to a region of the majority, about the heal.
func (e *etcdTrial) longestGap() sim.Time {
	longest := sim.Time(0)
	for region := 1; region < 3; region++ {
		var ends []sim.Time
		e.each(region, 0, func(r *sim.Record) {
			if r.Result.Outcome == sim.OK && r.End >= e.heal-sim.Second {
				ends = append(ends, r.End)
			}
		})
		slices.Sort(ends)
		for i := 1; i < len(ends) && ends[i-1] < e.heal+5*sim.Second; i++ {
			longest = max(longest, ends[i]-ends[i-1])
		}
	}
	return longest
}

// served returns how long after the heal the isolated node shows a local reader what was newest when it was healed.
func (e *etcdTrial) served() sim.Time {
	newest := sim.OpID(0)
	for _, r := range e.history {
		if r.Kind == sim.Write && r.Result.Outcome == sim.OK && r.End <= e.heal {
			newest = max(newest, r.ID)
		}
	}
	first := sim.MaxTime
	e.each(0, 2, func(r *sim.Record) {
		if r.Start >= e.heal && r.Result.Version >= newest {
			first = min(first, r.End-e.heal)
		}
	})
	return first
}

// median returns the median of a figure of trials, in milliseconds.
func median(trials []*etcdTrial, figure func(*etcdTrial) sim.Time) float64 {
	var values []float64
	for _, e := range trials {
		values = append(values, figure(e).Milliseconds())
	}
	slices.Sort(values)
	return share(values, 0.5)
}

// etcdFault is a row of trials with one fault.
type etcdFault struct{ name, preVote, fault, undo string }

// play plays n trials.
func (f etcdFault) play(ctx context.Context, n int) ([]*etcdTrial, error) {
	trials, errs := make([]*etcdTrial, n), make([]error, n)
	inParallel(ctx, n, func(i int) { trials[i], errs[i] = playEtcd(i, f.preVote, f.fault, f.undo) })
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return trials, ctx.Err()
}

// etcdTable holds medians to those of a real etcd, within 15 %, and outcomes to what was seen there.
func etcdTable(ctx context.Context, n int) (Table, error) {
	t := Table{Title: fmt.Sprintf("A real etcd 3.4.23 (three namespaces, 20 ms one way, heartbeat 100 ms, election 1000 ms; cut off for 8 s under load): medians, ms, %d trials each", n),
		Head: []string{"what", "", "measured", "reference", "ours", "error", "verdict"}}
	played := map[string][]*etcdTrial{}
	for _, f := range []etcdFault{
		{"isolated off", "off", "partition a", "heal"}, {"isolated on", "on", "partition a", "heal"},
		{"killed off", "off", "exit a/1", "restart a/1"}, {"one way on", "on", "cut b > a\nat %[1]s cut c > a", "mend everywhere"},
	} {
		trials, err := f.play(ctx, n)
		if err != nil {
			return t, err
		}
		played[f.name] = trials
	}
	first, gap := (*etcdTrial).firstAck, (*etcdTrial).longestGap
	believes := func(e *etcdTrial) sim.Time { return e.deposed - e.cut }
	for _, row := range []struct {
		what, trials string
		measured     float64
		figure       func(*etcdTrial) sim.Time
	}{
		{"leader isolated: first acknowledgement by the others, pre-vote off", "isolated off", 1299, first},
		{"and on", "isolated on", 1361, first},
		{"leader's process ended: the same, pre-vote off", "killed off", 1473, first},
		{"isolated leader believes that it leads, pre-vote off", "isolated off", 1530, believes},
		{"and on", "isolated on", 1570, believes},
		{"longest gap between acknowledgements at the heal, pre-vote off", "isolated off", 2346, gap},
		{"and on", "isolated on", 97, gap},
		{"isolated node serves the newest after the heal, pre-vote on", "isolated on", 1009, (*etcdTrial).served},
	} {
		m := row.measured
		t.against(row.what, "p50", m, m, median(played[row.trials], row.figure), 15)
	}
	t.deposed(played["one way on"])
	t.steady(played["isolated on"])
	t.outcomes(played["isolated on"])
	return t, nil
}

// deposed holds a leader that sends and hears nothing to the 1.1 to 2.0 s after which a real one stepped down.
func (t *Table) deposed(trials []*etcdTrial) {
	least, most := math.Inf(1), 0.0
	for _, e := range trials {
		ms := (e.deposed - e.cut).Milliseconds()
		least, most = min(least, ms), max(most, ms)
	}
	t.against("leader that cannot receive is deposed after at least", "min", 1100, 1100, least, 15)
	t.against("and at most", "max", 2000, 2000, most, 15)
}

// steady adds the latencies before the cut.
func (t *Table) steady(trials []*etcdTrial) {
	for _, row := range []struct {
		what         string
		region, kind int
		measured     float64
	}{
		{"write at the leader", 0, 0, 43}, {"linearizable read at the leader", 0, 1, 43},
		{"write at a follower", 1, 0, 85}, {"linearizable read at a follower", 1, 1, 85}, {"local read", 1, 2, 0.7},
	} {
		t.against(row.what, "p50", row.measured, row.measured, median(trials, func(e *etcdTrial) sim.Time {
			var took []sim.Time
			e.each(row.region, row.kind, func(r *sim.Record) {
				if r.End < e.cut {
					took = append(took, r.End-r.Start)
				}
			})
			slices.Sort(took)
			return took[len(took)/2]
		}), 15)
	}
}

// outcomes counts what becomes of the isolated side's requests begun during the cut.
func (t *Table) outcomes(trials []*etcdTrial) {
	var ended []float64 // writes that end with an error: after how long, ms
	late, reads, silent, during := 0, 0, 0, 0
	for _, e := range trials {
		of := func(kind int, yield func(*sim.Record)) {
			e.each(0, kind, func(r *sim.Record) {
				if r.Start >= e.cut && r.Start < e.heal {
					yield(r)
				}
			})
		}
		of(0, func(r *sim.Record) {
			if r.Result.Outcome == sim.OK {
				late++
			} else {
				ended = append(ended, (r.End - r.Start).Milliseconds())
			}
			if r.Result.Outcome == sim.OK && r.End < e.heal {
				during++
			}
		})
		of(1, func(r *sim.Record) {
			if r.Result.Outcome == sim.OK && r.End < e.heal {
				reads++
			}
		})
		of(2, func(r *sim.Record) {
			if r.Result.Outcome != sim.OK {
				silent++
			}
		})
	}
	slices.Sort(ended)
	t.against("isolated side: a write ends with an error after", "p50", 7000, 7000, share(ended, 0.5), 15)
	t.outcome("its writes acknowledged during the cut", "0", during, during == 0)
	t.outcome("its writes begun late that succeed after the heal", "some", late, late > 0)
	t.outcome("its linearizable reads answered during the cut", "0", reads, reads == 0)
	t.outcome("its local reads not answered", "0", silent, silent == 0)
}

// outcome adds a row that counts.
func (t *Table) outcome(what, measured string, ours int, ok bool) {
	verdict := "within"
	if !ok {
		verdict = "OUT"
		t.Out++
	}
	t.Rows = append(t.Rows, []string{what, "count", measured, measured, fmt.Sprint(ours), "", verdict})
}
