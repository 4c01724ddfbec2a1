package study

import (
	"fmt"
	"slices"
	"testing"

	"netsplit/sim"
)

// TestArrivals: in an open loop every lane's clients set out at the same instants, on the same keys, with the same
// purpose and to the same replica, whatever becomes of it; in a closed loop none sets out before its errand has ended.
func TestArrivals(t *testing.T) {
	for seed := range uint64(seeds(60, 2000)) {
		text, _ := randomShop(seed)
		s := mustParse(t, text)
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		var firsts []*firstAttempts
		for _, c := range r.Lanes() {
			f := &firstAttempts{cluster: c}
			c.Observe(f)
			firsts = append(firsts, f)
		}
		r.AdvanceTo(s.End)
		for i, f := range firsts {
			if !s.Workload.Closed() && !slices.Equal(f.list, firsts[0].list) {
				t.Fatalf("lane %s: first attempts differ from the first lane's\n%s", r.Lanes()[i].Name, text)
			}
			if f.overlap != "" && s.Workload.Closed() {
				t.Fatalf("lane %s: %s\n%s", r.Lanes()[i].Name, f.overlap, text)
			}
		}
	}
}

// firstAttempts notes the first attempt of each errand of the workload's own.
type firstAttempts struct {
	sim.NopObserver
	cluster *sim.Cluster
	list    []string
	under   map[sim.Addr]int
	overlap string
}

func (f *firstAttempts) Invoked(rec *sim.Record) {
	e := f.cluster.ErrandOf(rec.ID)
	if e.Visit == 0 || len(e.Ops) > 1 {
		return
	}
	if f.under == nil {
		f.under = map[sim.Addr]int{}
	}
	if f.under[e.Client]++; f.under[e.Client] > 1 {
		f.overlap = fmt.Sprintf("client %d has two errands at %s", e.Client, rec.Start)
	}
	f.list = append(f.list, fmt.Sprint(rec.Start, e.Client, e.Kind, e.Key, e.Amount, rec.Asked))
}

func (f *firstAttempts) Finished(e *sim.Errand) {
	if e.Visit > 0 {
		f.under[e.Client]--
	}
}
