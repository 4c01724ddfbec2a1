package preset

import (
	"fmt"
	"slices"

	"netsplit/sim"
)

// Warning says in words what about a lane contradicts the world that it is in, or has no effect there. Nothing is
// forbidden by it.
type Warning struct {
	Lane string
	Knob string // of the lane's protocol; "" where it is about something else
	Text string
}

// Warnings returns what is to be said of each lane of a scenario, in the order of the lanes and of their knobs. It depends
// on the scenario alone.
func Warnings(s *sim.Scenario) []Warning {
	lab, err := sim.NewLab(s, sim.Vocabulary{Protocols: Protocols()})
	if err != nil {
		return nil // Parse has refused it
	}
	return WarningsOf(s, lab.Lanes())
}

// WarningsOf is Warnings, for who has the scenario's lanes already, however far they have run.
func WarningsOf(s *sim.Scenario, lanes []*sim.Cluster) []Warning {
	var all []Warning
	for i, c := range lanes {
		l := &lane{Cluster: c, s: s, cfg: c.Config(), given: map[string]bool{}}
		p, _ := Named(s.Lanes[i].Protocol)
		for _, k := range s.Lanes[i].Knobs {
			l.given[p.to(k.Name)] = true
		}
		advisers[mode(s.Lanes[i].Protocol)](l)
		if p.Warn != nil {
			p.Warn(l)
		}
		for i := range l.warnings {
			l.warnings[i].Knob, l.warnings[i].Text = p.from(l.warnings[i].Knob), p.inOwnWords(l.warnings[i].Text)
		}
		order := func(w Warning) int {
			return slices.IndexFunc(c.Protocol().Knobs, func(k sim.Knob) bool { return k.Name == w.Knob })
		}
		slices.SortStableFunc(l.warnings, func(a, b Warning) int { return order(a) - order(b) })
		all = append(all, l.warnings...)
	}
	return all
}

// advisers know what to look at, by protocol.
var advisers = map[string]func(*lane){"raft": (*lane).raft, "quorum": (*lane).quorum, "gossip": (*lane).gossip, "primary": (*lane).primary, "group": (*lane).group}

// lane is what is known of a lane before it runs.
type lane struct {
	*sim.Cluster
	s        *sim.Scenario
	cfg      sim.Config
	given    map[string]bool // knobs that the scenario names
	warnings []Warning
}

func (l *lane) warn(knob, format string, args ...any) {
	l.warnings = append(l.warnings, Warning{l.Name, knob, fmt.Sprintf(format, args...)})
}

func (l *lane) span(knob string) sim.Time { return sim.Time(l.cfg.Numbers[knob]) }
func (l *lane) count(knob string) int     { return int(l.cfg.Numbers[knob]) }
func (l *lane) is(knob, word string) bool { return l.cfg.Words[knob] == word }

// idle warns of knobs that the scenario names although they have no effect, and says why.
func (l *lane) idle(why string, knobs ...string) {
	for _, k := range knobs {
		if l.given[k] {
			l.warn(k, "%s has no effect: %s", k, why)
		}
	}
}

// ms writes a span for people.
func ms(t sim.Time) string {
	if t >= 10*sim.Second || t%sim.Second == 0 {
		return fmt.Sprintf("%g s", float64(t/sim.Millisecond)/1000)
	}
	return fmt.Sprintf("%d ms", (t+sim.Millisecond/2)/sim.Millisecond)
}

// nodes lists the nodes.
func (l *lane) all() []sim.Addr {
	list := make([]sim.Addr, l.Nodes())
	for a := range list {
		list[a] = sim.Addr(a)
	}
	return list
}

// worst returns the longest round trip between two nodes, in words as well.
func (l *lane) worst() (sim.Time, string) {
	most, where := sim.Time(0), ""
	for _, a := range l.all() {
		for _, b := range l.all()[:a] {
			if t := l.Trip(a, b); t > most {
				most, where = t, l.NameOf(b)+" and "+l.NameOf(a)
			}
		}
	}
	return most, where
}

// reach returns how long a node waits for the answers of the count nearest of some nodes, itself among them without a
// wait if it is one.
func (l *lane) reach(from sim.Addr, nodes []sim.Addr, count int) sim.Time {
	if count <= 0 || len(nodes) == 0 {
		return 0
	}
	trips := make([]sim.Time, len(nodes))
	for i, to := range nodes {
		if to != from {
			trips[i] = l.Trip(from, to)
		}
	}
	slices.Sort(trips)
	return trips[min(count, len(trips))-1]
}

// majority is how many of the nodes are one.
func (l *lane) majority() int { return l.Nodes()/2 + 1 }

// impatient warns where a healthy operation takes longer than clients wait. takes says how long one takes from its
// client's replica on.
func (l *lane) impatient(takes func(home sim.Addr) sim.Time) {
	most, who := sim.Time(0), ""
	for i := range l.Clients() {
		client := l.Client(i)
		home := l.Home(client)
		if t := l.Trip(client, home) + takes(home); t > most {
			most, who = t, l.NameOf(client)
		}
	}
	if patience := l.s.Workload.Patience(); most > patience {
		l.warn("", "a write of %s takes %s, and clients wait for %s (timeout of the workload): they get no answer even when all is well", who, ms(most), ms(patience))
	}
}

// sticks reports whether a client only ever asks its own replica.
func (l *lane) sticks() bool { return !l.s.Workload.Roam && l.s.Workload.Retry != sim.RetryElsewhere }

// slowest returns the longest fsync that each node is told to have, and which have one of a span or more.
func (l *lane) slow(least sim.Time) (nodes []string) {
	for _, c := range l.s.Commands {
		if c.Verb == sim.VerbFsync && (c.Lane == "" || c.Lane == l.Name) && (c.Stuck || c.By >= least) && !slices.Contains(nodes, c.Node) {
			nodes = append(nodes, c.Node)
		}
	}
	return nodes
}

// longestAway returns for how long some region is parted from others in the script at the most.
func (l *lane) longestAway() sim.Time {
	longest, since := sim.Time(0), sim.Time(-1)
	for _, c := range l.s.Commands {
		switch {
		case c.Lane != "" && c.Lane != l.Name:
		case c.Verb == sim.VerbPartition && since < 0:
			since = c.At
		case c.Verb == sim.VerbHeal && since >= 0:
			longest, since = max(longest, c.At-since), -1
		}
	}
	if since >= 0 {
		longest = max(longest, l.s.End-since)
	}
	return longest
}
