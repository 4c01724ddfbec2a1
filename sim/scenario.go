package sim

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// Scenario is everything that determines a run: seed, set-up and timed commands; and what is expected of it.
type Scenario struct {
	Title   string
	Seed    uint64
	Regions []string

	Replicas   int              // of each region; 0 for 1
	ReplicasIn []RegionReplicas // where it is not as in the others; in the order of the regions
	Clients    int              // of each region; 0 for 1

	Profile  string      // of the links between nodes; "" for the measured round trips
	Links    []LinkDelay // in place of measured delays and of the profile's; later ones win
	Lanes    []Lane
	Workload Workload
	Commands []Command // in order of time
	End      Time      // how far a headless run goes
	Expects  []Expectation
}

// Lane names a Cluster, its protocol, its transport where that is not the protocol's, and the knobs that differ from their defaults, in the protocol's order.
type Lane struct {
	Name      string
	Protocol  string
	Transport string // stream or datagram; "" for the protocol's own
	Knobs     []Setting
}

// Setting is one knob's value as the scenario language writes it.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Expectation is one line of what must hold at the end of a run. It is about a metric of a lane, or, where
// Result is not empty, about the result that a command named.
type Expectation struct {
	Lane string

	Metric, Operator, Value string // Operator is one of = < > <= >=

	Result   string
	Outcome  Outcome
	HasValue bool
	Number   int64
	Siblings []Sibling // all that was found side by side, in order; nil for whatever
	After    Time      // that the client's errand took at least; 0 for any
	Within   Time      // that it took at the most; 0 for any
	Says     string    // that its client reads; "" for anything
}

// Vocabulary is what a scenario may name beyond the world itself.
type Vocabulary struct {
	Protocols []Protocol
	Metrics   []Metric
}

// Metric is a figure of a lane that a scenario may expect.
type Metric struct {
	Name    string
	Verdict bool // yes, no or unknown, rather than a number
}

// DefaultEnd is how far a headless run goes when the scenario does not say.
const DefaultEnd = 20 * Second

func (v Vocabulary) protocol(name string) (Protocol, bool) {
	for _, p := range v.Protocols {
		if p.Name == name {
			return p, true
		}
	}
	return Protocol{}, false
}

func (v Vocabulary) metric(name string) (Metric, bool) {
	for _, m := range v.Metrics {
		if m.Name == name {
			return m, true
		}
	}
	return Metric{}, false
}

// region returns the index of a region of the scenario, or -1.
func (s *Scenario) region(name string) int { return slices.Index(s.Regions, name) }

func (s *Scenario) lane(name string) *Lane {
	for i := range s.Lanes {
		if s.Lanes[i].Name == name {
			return &s.Lanes[i]
		}
	}
	return nil
}

func unknownLane(name string, s *Scenario) error {
	names := make([]string, len(s.Lanes))
	for i, l := range s.Lanes {
		names[i] = l.Name
	}
	return fmt.Errorf("unknown lane %q; expected one of %s%s", name, strings.Join(names, ", "), didYouMean(name, names))
}

func (s *Scenario) namesResult(name string) bool {
	return slices.ContainsFunc(s.Commands, func(c Command) bool { return c.As == name })
}

// insert adds a command in order of time, after those of the same instant.
func (s *Scenario) insert(cmd Command) {
	i := sort.Search(len(s.Commands), func(i int) bool { return s.Commands[i].At > cmd.At })
	s.Commands = slices.Insert(s.Commands, i, cmd)
}

func (s *Scenario) clone() Scenario {
	c := *s
	c.Commands, c.Lanes, c.Expects = slices.Clone(s.Commands), slices.Clone(s.Lanes), slices.Clone(s.Expects)
	return c
}

// config completes a lane's settings with its protocol's defaults, in the knobs that the protocol's code knows. The
// scenario has been checked.
func (l Lane) config(s *Scenario, p Protocol) Config {
	cfg := l.settings(s, p)
	if p.Translate != nil {
		cfg = p.Translate(cfg)
	}
	return cfg
}

// settings completes a lane's settings with its protocol's defaults.
func (l Lane) settings(s *Scenario, p Protocol) Config {
	t := s.Topology()
	world := Config{Nodes: t.Nodes(), RegionOf: t.regionOf[:t.Nodes()]}
	for a := range Addr(t.Nodes()) {
		world.Names = append(world.Names, t.NameOf(a))
	}
	cfg := p.Defaults(world)
	for _, set := range l.Knobs {
		switch k := p.Knobs[p.knob(set.Name)]; k.Kind {
		case KnobRegion:
			if region := s.region(set.Value); region >= 0 {
				cfg.Regions[set.Name] = t.first[region]
			}
		case KnobRegions:
			cfg.Lists[set.Name] = t.nodesOf(set.Value)
		default:
			cfg.set(k, set.Value)
		}
	}
	return cfg
}

// String prints the scenario in canonical form: parsing it gives the scenario back, bit for bit.
func (s *Scenario) String() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("engine %d", Engine)
	if s.Title != "" {
		line("title %s", s.Title)
	}
	line("seed %d", s.Seed)
	line("regions %s", strings.Join(s.Regions, " "))
	line("replicas %d per region", max(s.Replicas, 1))
	for _, r := range s.ReplicasIn {
		line("replicas %d in %s", r.Count, r.Region)
	}
	if s.Clients > 1 {
		line("clients %d per region", s.Clients)
	}
	if s.Profile != "" {
		line("profile %s", s.Profile)
	}
	for _, l := range s.Links {
		line("link %s", l)
	}
	for _, l := range s.Lanes {
		words := []string{"lane", l.Name, l.Protocol}
		if l.Transport != "" {
			words = append(words, transportWord+l.Transport)
		}
		for _, k := range l.Knobs {
			words = append(words, k.Name+"="+k.Value)
		}
		line("%s", strings.Join(words, " "))
	}
	line("workload %s", s.Workload)
	for _, c := range s.Commands {
		line("at %s %s", c.At, c.statement())
	}
	line("end %s", s.End)
	for _, e := range s.Expects {
		line("expect %s", e)
	}
	return b.String()
}

// String prints the expectation as the scenario language writes it.
func (e Expectation) String() string {
	if e.Result != "" {
		text := e.Lane + " " + e.Result + " " + e.Outcome.String()
		if e.HasValue {
			text += " " + strconv.FormatInt(e.Number, 10)
		}
		text += siblingsText(e.Siblings)
		if e.After > 0 {
			text += " after " + e.After.String()
		}
		if e.Within > 0 {
			text += " within " + e.Within.String()
		}
		if e.Says != "" {
			text += " says " + e.Says
		}
		return text
	}
	if e.Operator == "=" && e.Value == "yes" {
		return e.Lane + " " + e.Metric
	}
	return strings.Join([]string{e.Lane, e.Metric, e.Operator, e.Value}, " ")
}
