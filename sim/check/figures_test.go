package check

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"netsplit/sim"
)

// TestSpread holds percentiles to the sorted list: of each the nearest rank, at most a thousandth too high.
func TestSpread(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 1))
	for range 300 {
		s := &spread{patience: sim.Time(1 + rnd.Int64N(int64(600*sim.Second)))}
		var all []sim.Time
		for range 1 + rnd.IntN(300) {
			v := sim.Time(math.Exp(rnd.Float64() * math.Log(float64(s.patience))))
			if rnd.IntN(3) == 0 {
				v = s.patience
			}
			s.add(v)
			all = append(all, v)
			if rnd.IntN(10) == 0 {
				s.latency() // asking changes nothing
			}
		}
		slices.Sort(all)
		got := s.latency()
		hist := s.histogram()
		for i, p := range []int{50, 95, 99} {
			if few, many := s.at(int64(p), s.count()), sim.Time(hist.ValueAtPercentile(nearest(int64(p), s.count()))); few != many {
				t.Fatalf("p%d of %d values up to %s: %d of the list, %d of the histogram", p, len(all), s.patience, few, many)
			}
			want := all[max(1, int(math.Ceil(float64(p)*float64(len(all))/100)))-1]
			ms := []float64{got.P50, got.P95, got.P99}[i]
			if exact := want.Milliseconds(); ms < exact || ms > exact*1.001 || want < 2048 && ms != exact || want == s.patience && ms != exact {
				t.Fatalf("p%d of %d values up to %s: %v ms, want %v", p, len(all), s.patience, ms, exact)
			}
		}
	}
	if s := (&spread{patience: 5}); s.latency() != (Latency{}) {
		t.Errorf("of nothing: %+v", s.latency())
	}
}

// TestTally holds medians to the sorted list.
func TestTally(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 2))
	for range 200 {
		counts, all := counts{}, []sim.Time{}
		for range 1 + rnd.IntN(30) {
			v := sim.Time(rnd.IntN(6))
			counts[v]++
			all = append(all, v)
		}
		slices.Sort(all)
		if got, ok := counts.median(); !ok || got != all[(len(all)+1)/2-1] {
			t.Fatalf("median of %v: %d", all, got)
		}
	}
	if _, ok := (counts{}).median(); ok {
		t.Error("a median of nothing")
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int
		want        float64
	}{{0, 0, 100}, {0, 7, 0}, {7, 7, 100}, {1, 3, 33.333}, {2, 3, 66.667}, {1, 20_000, 0.005}} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: %v %%, want %v", c.part, c.whole, got, c.want)
		}
	}
}

// TestSinceParts: every time falls into the part that says so.
func TestSinceParts(t *testing.T) {
	parts := SinceParts()
	for _, at := range []sim.Time{0, 1, 9999, 10_000, 29_999, 30_000, sim.Second, 3*sim.Second - 1, 3 * sim.Second, sim.MaxTime} {
		p := parts[SinceOf(at)]
		if at < p.From || p.To != 0 && at >= p.To {
			t.Errorf("%s is in the part from %s to %s", at, p.From, p.To)
		}
	}
}

// TestTell: damage in the words of the workloads.
func TestTell(t *testing.T) {
	for _, c := range []struct {
		of   invariant
		harm harm
		want string
	}{
		{money{}, harm{broken: 120, keys: 1}, "account overdrawn by $120"},
		{money{}, harm{broken: 120, keys: 2}, "2 accounts overdrawn by $120 in all"},
		{money{}, harm{missing: 20, broken: 5, keys: 1}, "$20 missing, account overdrawn by $5"},
		{stock{}, harm{broken: 3, keys: 1}, "3 more sold than in stock"},
		{likes{}, harm{missing: 2}, "2 likes gone"},
		{likes{}, harm{missing: 1}, "1 like gone"},
		{cart{}, harm{missing: 1}, "1 item vanished"},
		{feed{}, harm{missing: 2, broken: 1, keys: 1}, "2 posts gone, 1 pair of posts out of order"},
	} {
		if got := c.of.tell(c.harm); got != c.want {
			t.Errorf("%+v: %q, want %q", c.harm, got, c.want)
		}
	}
}
