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
	p.Text = [2]string{p.partedText(r.cluster), p.calmText()}
	return p
}

func (e *eras) service(kind int) Service {
	s := e.calm[kind]
	return Service{Kind: word(kind == 1), OK: s.outcomes[sim.OK], Fail: s.outcomes[sim.Fail], Info: s.outcomes[sim.Info],
		Answered: Percent(s.outcomes[sim.OK], s.completed()), Latency: s.took.latency(), Fibre: s.bound()}
}

func (e *eras) local() sim.Time {
	least := sim.MaxTime
	for i := range e.cluster.RegionOf(sim.Addr(e.cluster.Nodes()-1)) + 1 {
		least = min(least, e.cluster.RoundTrip(i, i))
	}
	return least
}

// partedText says what was given up during partitions.
func (p *PACELC) partedText(c *sim.Cluster) string {
	g := p.Parted
	if len(p.Partitions) == 0 {
		return "All links between regions were up."
	}
	when := p.when()
	every := "every one of " + requests(g.Operations())
	if g.Operations() == 1 {
		every = "the only request"
	}
	switch {
	case g.Operations() == 0:
		return when + " no request ended."
	case g.denied() > 0:
		return fmt.Sprintf("%s %s%s; %s.", when, g.denials(), p.bySides(c), g.wrongs())
	case g.unharmed():
		return fmt.Sprintf("%s %s had an answer, and %s.", when, every, g.wrongs())
	default:
		return fmt.Sprintf("%s %s had an answer, but %s.", when, every, g.wrongs())
	}
}

// when says when there were partitions.
func (p *PACELC) when() string {
	n := len(p.Partitions)
	first, last := p.Partitions[0], p.Partitions[n-1]
	switch {
	case n == 1 && last.Lasts:
		return fmt.Sprintf("During the partition (from %s on)", seconds(first.From))
	case n == 1:
		return fmt.Sprintf("During the partition (%s to %s)", seconds(first.From), seconds(first.To))
	case last.Lasts:
		return fmt.Sprintf("During %d partitions (from %s on)", n, seconds(first.From))
	}
	return fmt.Sprintf("During %d partitions (between %s and %s)", n, seconds(first.From), seconds(last.To))
}

func (g Given) denied() int { return g.Fail + g.Info }

// denials says how many requests were refused, and how many had no answer.
func (g Given) denials() string {
	of := "of " + requests(g.Operations())
	if g.Operations() == 1 {
		if g.Fail == 1 {
			return "the only request was refused"
		}
		return "the only request had no answer"
	}
	refused := fmt.Sprintf("%d %s %s refused", g.Fail, of, was(g.Fail))
	switch {
	case g.Info == 0:
		return refused
	case g.Fail == 0:
		return fmt.Sprintf("%d %s had no answer", g.Info, of)
	}
	return fmt.Sprintf("%s and %d had no answer", refused, g.Info)
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// bySides says where requests were refused or had no answer, if there was one partition and both sides asked.
func (p *PACELC) bySides(c *sim.Cluster) string {
	if len(p.Partitions) != 1 || len(p.Partitions[0].Sides) < 2 {
		return ""
	}
	var sides []string
	for _, s := range p.Partitions[0].Sides {
		if s.OK+s.Fail+s.Info == 0 {
			continue
		}
		var names []string
		for _, region := range s.Regions {
			names = append(names, c.RegionName(region))
		}
		sides = append(sides, fmt.Sprintf("%d of %d in %s", s.Fail+s.Info, s.OK+s.Fail+s.Info, enumerate(names)))
	}
	if len(sides) < 2 {
		return ""
	}
	return " (" + strings.Join(sides, ", ") + ")"
}

// enumerate joins words as a sentence does.
func enumerate(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

func seconds(t sim.Time) string { return strings.TrimSuffix(t.String(), "s") + " s" }

func (g Given) unharmed() bool { return g.StaleReads == 0 && g.LostWrites == 0 && g.LostUpdates == 0 }

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
	add(g.LostUpdates, "update did not see another", "updates did not see others")
	if len(list) == 0 {
		return "no read was stale and nothing was lost"
	}
	return enumerate(list)
}

// calmText says what latency was paid outside partitions, and what went wrong there all the same.
func (p *PACELC) calmText() string {
	article := "Otherwise a"
	if len(p.Partitions) == 0 {
		article = "A"
	}
	var parts []string
	for _, s := range []Service{p.Write, p.Read} {
		if s.OK+s.Fail+s.Info > 0 {
			parts = append(parts, s.paid())
		}
	}
	if len(parts) == 0 {
		return "No request ended while all links between regions were up."
	}
	text := article + " " + strings.Join(parts, ", and a ")
	var wrong []string
	if p.Calm.denied() > 0 {
		wrong = append(wrong, p.Calm.denials())
	}
	if !p.Calm.unharmed() {
		wrong = append(wrong, p.Calm.wrongs())
	}
	if len(wrong) == 0 {
		return text + "."
	}
	return text + "; " + strings.Join(wrong, "; ") + "."
}

// paid says what an operation took, and how much of that is distance. Where most had no success the median is none of an
// answer.
func (s Service) paid() string {
	if 2*s.OK <= s.OK+s.Fail+s.Info {
		return s.Kind + " mostly came to nothing"
	}
	text := fmt.Sprintf("%s took %s at the median", s.Kind, milliseconds(s.P50))
	switch {
	case s.Fibre == nil:
		return text
	case *s.Fibre == 0:
		return text + ", none of it distance"
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

func requests(n int) string { return plural(int64(n), "request", "requests") }
