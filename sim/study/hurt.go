package study

import (
	"fmt"
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/sim/check"
)

// Hurt is what somebody who chooses a database does not want, as a figure of one run, the lower the better.
type Hurt struct {
	Name string   `json:"name"`           // one of HurtNames
	Over sim.Time `json:"over,omitempty"` // stale: how old a read must be to count
	of   func(r *check.Referee, over sim.Time) float64
	unit string
}

// hurts lists all, as somebody would name them first.
var hurts = []Hurt{
	{Name: "lost-writes", unit: "a run", of: func(r *check.Referee, _ sim.Time) float64 { return float64(len(r.Losses())) }},
	{Name: "stale", unit: "% of reads", of: staleOver},
	{Name: "refusals", unit: "% of operations", of: func(r *check.Referee, _ sim.Time) float64 { return thousandth(100 - r.Scores().Answered) }},
	{Name: "latency", unit: "ms, p99", of: func(r *check.Referee, _ sim.Time) float64 { return r.Scores().Latency.P99 }},
	{Name: "latency-p50", unit: "ms", of: func(r *check.Referee, _ sim.Time) float64 { return r.Scores().Latency.P50 }},
	{Name: "lost-updates", unit: "a run", of: func(r *check.Referee, _ sim.Time) float64 { return float64(len(r.LostUpdates())) }},
	{Name: "damage", unit: "a run", of: func(r *check.Referee, _ sim.Time) float64 {
		d := r.Books().Damage
		return float64(max(d, -d))
	}},
	{Name: "not-linearizable", unit: "of runs", of: func(r *check.Referee, _ sim.Time) float64 {
		if r.Verdict().Answer == check.No {
			return 1
		}
		return 0
	}},
}

// staleOver returns how many percent of a run's answered reads were of a version that had been out of date for longer.
func staleOver(r *check.Referee, over sim.Time) float64 {
	old := 0
	for _, reading := range r.Readings() {
		if s, is := r.Stale(reading.Read); is && s.Age > over {
			old++
		}
	}
	if old == 0 {
		return 0
	}
	return check.Percent(old, len(r.Readings()))
}

// Happens reports whether the figure says that something went wrong at all; a latency always is.
func (h Hurt) Happens() bool { return !strings.HasPrefix(h.Name, "latency") }

// Unit says what the figure counts.
func (h Hurt) Unit() string { return h.unit }

// String writes the hurt as ParseHurts reads it.
func (h Hurt) String() string {
	if h.Name == "stale" && h.Over > 0 {
		return h.Name + ">" + h.Over.String()
	}
	return h.Name
}

// HurtNames lists what may hurt.
func HurtNames() (names []string) {
	for _, h := range hurts {
		names = append(names, h.Name)
	}
	return names
}

// DefaultHurts are those that are measured where nobody says.
const DefaultHurts = "lost-writes,stale,refusals,latency"

// ParseHurts reads names parted by commas, the worst first; "stale>500ms" counts only reads that old.
func ParseHurts(text string) ([]Hurt, error) {
	var list []Hurt
	for _, word := range strings.Split(text, ",") {
		name, over, bounded := strings.Cut(strings.TrimSpace(word), ">")
		i := slices.IndexFunc(hurts, func(h Hurt) bool { return h.Name == name })
		if i < 0 {
			return nil, fmt.Errorf("unknown hurt %q; expected some of %s%s", name, strings.Join(HurtNames(), ", "), sim.DidYouMean(name, HurtNames()))
		}
		h := hurts[i]
		if bounded {
			t, err := sim.ParseTime(over)
			if err != nil || name != "stale" {
				return nil, fmt.Errorf("%q: only stale takes a bound, such as stale>500ms", word)
			}
			h.Over = t
		}
		if slices.ContainsFunc(list, func(o Hurt) bool { return o.Name == h.Name }) {
			return nil, fmt.Errorf("%s is named twice", h.Name)
		}
		list = append(list, h)
	}
	return list, nil
}
