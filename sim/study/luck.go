package study

import (
	"slices"

	"netsplit/sim"
	"netsplit/sim/check"
)

// otherLuck returns the scenario under another luck, by number: 0 is its own. The seed and those of its reseeds are moved
// by the number. What a user decided about single messages is left out: under another luck its numbers mean other
// messages.
func otherLuck(s *sim.Scenario, number uint64) *sim.Scenario {
	if number == 0 {
		return s
	}
	other := *s
	other.Seed = moved(s.Seed, number)
	other.Commands = slices.Clone(s.Commands)
	for i := range other.Commands {
		if c := &other.Commands[i]; c.Verb == sim.VerbReseed {
			c.Seed = moved(c.Seed, number)
		}
	}
	other.Commands = slices.DeleteFunc(other.Commands, aboutMessage)
	return &other
}

// moved returns the seed that comes so many after another; after the last comes 0.
func moved(seed, by uint64) uint64 { return (seed + by%(sim.MaxSeed+1)) % (sim.MaxSeed + 1) }

func aboutMessage(c sim.Command) bool { return c.Verb.About() == "message" }

// aboutMessages counts the commands that otherLuck leaves out.
func aboutMessages(s *sim.Scenario) (n int) {
	for _, c := range s.Commands {
		if aboutMessage(c) {
			n++
		}
	}
	return n
}

// upTo returns the scenario with another end.
func upTo(s *sim.Scenario, end sim.Time) *sim.Scenario {
	other := *s
	other.End = end
	return &other
}

// alone returns the scenario with one lane only, in which everything happens as it does among the others.
func alone(s *sim.Scenario, lane string) *sim.Scenario {
	other := *s
	other.Lanes = slices.DeleteFunc(slices.Clone(s.Lanes), func(l sim.Lane) bool { return l.Name != lane })
	other.Commands = slices.DeleteFunc(slices.Clone(s.Commands), func(c sim.Command) bool { return c.Lane != "" && c.Lane != lane })
	other.Expects = nil
	return &other
}

// LaneOutcome is what one run came to in one lane.
type LaneOutcome struct {
	Kept []check.Answer // in the order of Promises
	check.Scores
	StalePercent float64
	Reads        int // answered
}

func outcomeOf(r *check.Referee) LaneOutcome {
	o := LaneOutcome{Scores: r.Scores(), Reads: len(r.Readings())}
	o.Books, o.DamageText = check.Books{}, "" // there are many outcomes
	for _, v := range r.FinalVerdicts() {
		o.Kept = append(o.Kept, v.Answer)
	}
	for _, p := range Promises()[len(o.Kept):] {
		o.Kept = append(o.Kept, p.kept(r, true))
	}
	if o.Reads > 0 {
		o.StalePercent = check.Percent(o.StaleReads, o.Reads)
	}
	return o
}
