package check

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
)

// PACELC is what a run shows in the terms of Abadi (IEEE Computer 2012): during partitions what was given up, and
// otherwise what latency was paid. They are counts of this run, and say nothing of another.
type PACELC struct {
	Partitions []Partition
	Parted     Given   // operations under way during some partition
	Calm       Given   // the others
	Read       Service // outside partitions, of all regions and levels
	Write      Service
	Local      sim.Time  // the least median round trip within one of the regions: what an answer from nearby costs
	Text       [2]string // two sentences in plain words: during partitions, and otherwise
}

// Given is what some operations were denied: an answer, or what a single copy of the data would have given them.
type Given struct {
	OK, Fail, Info          int // completed operations
	StaleReads              int
	LostWrites, LostUpdates int // such writes among them, lost since
}

// Operations returns how many there were.
func (g Given) Operations() int { return g.OK + g.Fail + g.Info }

// PACELC returns what the run has shown so far.
func (r *Referee) PACELC() PACELC {
	e := r.eras
	p := PACELC{Partitions: slices.Clone(e.partitions), Local: e.local(), Read: e.service(0), Write: e.service(1)}
	for i := range p.Partitions {
		part := &p.Partitions[i]
		part.Sides = slices.Clone(part.Sides)
		if part.Lasts {
			part.To = r.cluster.Now()
		}
		for _, s := range part.Sides {
			p.Parted.OK, p.Parted.Fail, p.Parted.Info = p.Parted.OK+s.OK, p.Parted.Fail+s.Fail, p.Parted.Info+s.Info
			p.Parted.StaleReads += s.StaleReads
		}
	}
	p.Calm = Given{OK: p.Read.OK + p.Write.OK, Fail: p.Read.Fail + p.Write.Fail, Info: p.Read.Info + p.Write.Info, StaleReads: e.calmStale}
	given := func(w sim.OpID) *Given {
		rec := r.cluster.History()[w-1]
		if slices.ContainsFunc(e.partitions, func(p Partition) bool { return p.From <= rec.End && (p.Lasts || p.To >= rec.Start) }) {
			return &p.Parted
		}
		return &p.Calm
	}
	for _, l := range r.lost.losses {
		given(l.Write).LostWrites++
	}
	for _, u := range r.updates.lost {
		given(u.Second).LostUpdates++
	}
	p.Text = [2]string{p.partedText(), p.calmText()}
	return p
}

func (e *eras) service(kind int) Service {
	s := e.calm[kind]
	return Service{Kind: word(kind == 1), OK: s.outcomes[sim.OK], Fail: s.outcomes[sim.Fail], Info: s.outcomes[sim.Info],
		Answered: percent(s.outcomes[sim.OK], s.completed()), Latency: s.took.latency(), Fibre: s.bound()}
}

func (e *eras) local() sim.Time {
	least := sim.MaxTime
	for i := range e.cluster.RegionOf(sim.Addr(e.cluster.Nodes()-1)) + 1 {
		least = min(least, e.cluster.RoundTrip(i, i))
	}
	return least
}

// partedText says what was given up during partitions.
func (p *PACELC) partedText() string {
	g := p.Parted
	when := ""
	switch n := len(p.Partitions); {
	case n == 0:
		return "No link between regions was cut."
	case n == 1:
		when = fmt.Sprintf("During the partition (%s to %s)", p.Partitions[0].From, p.Partitions[0].To)
	default:
		when = fmt.Sprintf("During %d partitions (from %s, to %s)", n, p.Partitions[0].From, p.Partitions[n-1].To)
	}
	if g.Operations() == 0 {
		return when + " no request ended."
	}
	denied := g.Fail + g.Info
	text := fmt.Sprintf("%s %s of %s had no answer%s", when, count(denied), requests(g.Operations()), p.bySides())
	return text + ", and " + g.wrongs() + "."
}

// bySides says where requests had no answer, if there was one partition and that differs.
func (p *PACELC) bySides() string {
	if len(p.Partitions) != 1 || p.Parted.Fail+p.Parted.Info == 0 || len(p.Partitions[0].Sides) < 2 {
		return ""
	}
	var sides []string
	for i, s := range p.Partitions[0].Sides {
		sides = append(sides, fmt.Sprintf("%d of %d on side %d", s.Fail+s.Info, s.OK+s.Fail+s.Info, i+1))
	}
	return " (" + strings.Join(sides, ", ") + ")"
}

// wrongs says what the data was denied.
func (g Given) wrongs() string {
	var list []string
	add := func(n int, one, many string) {
		if n > 0 {
			list = append(list, plural(int64(n), one, many))
		}
	}
	add(g.StaleReads, "read was stale", "reads were stale")
	add(g.LostWrites, "acknowledged write was lost", "acknowledged writes were lost")
	add(g.LostUpdates, "update overwrote another", "updates overwrote another")
	if len(list) == 0 {
		return "no read was stale and nothing was lost"
	}
	if n := len(list); n > 1 {
		return strings.Join(list[:n-1], ", ") + " and " + list[n-1]
	}
	return list[0]
}

// calmText says what latency was paid outside partitions.
func (p *PACELC) calmText() string {
	when := "Without one,"
	if len(p.Partitions) == 0 {
		when = "So"
	}
	var parts []string
	for _, s := range []Service{p.Write, p.Read} {
		if s.OK+s.Fail+s.Info > 0 {
			parts = append(parts, s.paid())
		}
	}
	if len(parts) == 0 {
		return when + " no request ended."
	}
	return when + " " + strings.Join(parts, ", and ") + "; " + p.Calm.wrongs() + "."
}

// paid says what an operation took, and how much of that is distance.
func (s Service) paid() string {
	text := fmt.Sprintf("a %s took %s at the median", s.Kind, milliseconds(s.P50))
	if s.Fibre == nil {
		return text
	}
	return text + ", of which light in fibre needs " + milliseconds(*s.Fibre)
}

// milliseconds prints a time as a reader wants it: with three figures at most.
func milliseconds(ms float64) string {
	switch {
	case ms >= 100 || ms == 0:
		return fmt.Sprintf("%.0f ms", ms)
	case ms >= 10:
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.2f ms", ms)
}

func count(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}

func requests(n int) string { return plural(int64(n), "request", "requests") }
