package server

import (
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/templates"
)

// posterFaults says what a scenario's text has done by a moment: in which group each region is, and which cables are cut
// in every lane, from the region of the lower index to the other.
func posterFaults(sc *sim.Scenario, at sim.Time) (groups []int, cut map[[2]int]bool) {
	groups, cut = make([]int, len(sc.Regions)), map[[2]int]bool{}
	for _, c := range sc.Commands {
		if c.At > at || c.Lane != "" {
			continue
		}
		switch c.Verb {
		case sim.VerbPartition:
			groups = posterGroups(sc, c)
		case sim.VerbHeal:
			clear(groups)
		case sim.VerbCut, sim.VerbMend:
			i, j := slices.Index(sc.Regions, c.From), slices.Index(sc.Regions, c.To)
			if i < 0 || j < 0 || c.OneWay {
				continue // of nodes, or of everything: no cable alone
			}
			cut[[2]int{min(i, j), max(i, j)}] = c.Verb == sim.VerbCut
		}
	}
	return groups, cut
}

// posterGroups numbers the groups of a partition: 0 for the regions that it does not name.
func posterGroups(sc *sim.Scenario, c sim.Command) []int {
	groups := make([]int, len(sc.Regions))
	for n, g := range c.Groups {
		for _, name := range g {
			if i := slices.Index(sc.Regions, name); i >= 0 {
				groups[i] = n + 1
			}
		}
	}
	return groups
}

// posterAway reports whether a region is with fewer others than some region is: it is away.
func posterAway(groups []int, region int) bool {
	of := map[int]int{}
	most := 0
	for _, g := range groups {
		of[g]++
		most = max(most, of[g])
	}
	return of[groups[region]] < most
}

// posterLine draws the run from its start to the end of its text, or of the last that happens by it.
func posterLine(sc *sim.Scenario, at sim.Time) templates.PosterLine {
	end := max(sc.End, at, sim.Second)
	for _, c := range sc.Commands {
		end = max(end, c.At)
	}
	x := func(t sim.Time) float64 { return posterFrom + (posterTo-posterFrom)*float64(t)/float64(end) }
	l := templates.PosterLine{From: px(posterFrom), To: px(posterTo), Now: px(x(at)), Start: "0s", End: end.String()}
	var since *sim.Command
	last := -posterWide
	close := func(to sim.Time) {
		if since == nil {
			return
		}
		band := templates.PosterBand{X: px(x(since.At)), Width: px(x(to) - x(since.At))}
		if x(since.At)-last > posterWide/5 && x(since.At) < posterTo-posterWide/5 { // a band's name needs room
			band.Text, last = posterText(posterParted(sc, *since), posterName), x(since.At)
		}
		l.Bands = append(l.Bands, band)
		since = nil
	}
	for i, c := range sc.Commands {
		if c.Lane != "" || c.Verb != sim.VerbPartition && c.Verb != sim.VerbHeal {
			continue
		}
		close(c.At)
		if c.Verb == sim.VerbPartition {
			since = &sc.Commands[i]
		}
	}
	close(end)
	return l
}

// posterParted names the regions that a partition sends away, with the scenario language's word for it.
func posterParted(sc *sim.Scenario, c sim.Command) string {
	groups := posterGroups(sc, c)
	words := []string{string(c.Verb)}
	for i, name := range sc.Regions {
		if posterAway(groups, i) {
			words = append(words, name)
		}
	}
	if len(words) == 1 { // halves
		for _, g := range c.Groups[:min(1, len(c.Groups))] {
			words = append(words, g...)
		}
	}
	return strings.Join(words, " ")
}

// posterAbout says in the scenario's own words what the picture shows.
func posterAbout(o *embedOptions, p templates.Poster) string {
	var lanes []string
	for _, l := range p.Lanes {
		lanes = append(lanes, strings.TrimSpace(l.Name+" "+l.Runs))
	}
	parts := []string{"regions " + strings.Join(o.scenario.Regions, " "), "lanes " + strings.Join(lanes, ", ")}
	for _, b := range p.Line.Bands {
		if b.Text != "" {
			parts = append(parts, b.Text)
		}
	}
	return posterText(strings.Join(parts, "; "), 500)
}
