package check

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// DefaultLevel stands for the level of an operation that names none: the protocol's own.
const DefaultLevel = "default"

// Service is what the clients of one region saw of their reads, or of everything else, at one level. The percentiles
// cover every completed operation, one without an answer with at least its timeout; times are in milliseconds.
type Service struct {
	Region   string   `json:"region"`
	Level    string   `json:"level"`
	Kind     string   `json:"kind"` // read or write; what is not a read is a write
	OK       int      `json:"ok"`
	Fail     int      `json:"fail"`
	Info     int      `json:"info"`
	Answered float64  `json:"answered"` // percent of the completed operations
	Latency           // of all of them
	Fibre    *float64 `json:"fibre_ms"` // the median fibre bound of those answered, see ways; null where no bound is known
}

// figures counts completed operations and how long they took, in all, and by region, level and kind.
type figures struct {
	cluster *sim.Cluster
	all     *spread
	groups  map[group]*service
}

// group is what operations are counted by.
type group struct {
	region int
	level  string
	write  bool
}

// service is what is known of one group.
type service struct {
	outcomes [4]int
	took     *spread
	fibre    counts
}

func newFigures(c *sim.Cluster) *figures {
	return &figures{cluster: c, all: newSpread(c), groups: map[group]*service{}}
}

func newService(c *sim.Cluster) *service { return &service{took: newSpread(c), fibre: counts{}} }

// count takes in a completed operation, how long it took, and its fibre bound if that is known.
func (f *figures) count(rec *sim.Record, latency, fibre sim.Time, known bool) {
	f.all.add(latency)
	g := group{f.cluster.RegionOf(rec.Client), rec.Level, rec.Kind != sim.Read}
	s := f.groups[g]
	if s == nil {
		s = newService(f.cluster)
		f.groups[g] = s
	}
	s.count(rec.Result.Outcome, latency, fibre, known)
}

func (s *service) count(o sim.Outcome, latency, fibre sim.Time, known bool) {
	s.outcomes[o]++
	s.took.add(latency)
	if known {
		s.fibre[fibre]++
	}
}

// completed returns how many operations there were.
func (s *service) completed() int {
	return s.outcomes[sim.OK] + s.outcomes[sim.Fail] + s.outcomes[sim.Info]
}

// median returns the median fibre bound in milliseconds, or nil.
func (s *service) bound() *float64 {
	t, ok := s.fibre.median()
	if !ok {
		return nil
	}
	ms := t.Milliseconds()
	return &ms
}

// Services returns what clients saw, by region in the scenario's order, then by level in that of the protocol, its
// default first, and reads before writes.
func (r *Referee) Services() []Service {
	f := r.figures
	var order []group
	for g := range f.groups { // order does not matter: sorted below
		order = append(order, g)
	}
	levels := f.cluster.Protocol().Levels
	slices.SortFunc(order, func(a, b group) int {
		return cmp.Or(a.region-b.region, slices.Index(levels, a.level)-slices.Index(levels, b.level), cmp.Compare(a.level, b.level), len(word(a.write))-len(word(b.write)))
	})
	list := []Service{}
	for _, g := range order {
		s := f.groups[g]
		list = append(list, Service{Region: f.cluster.RegionName(g.region), Level: cmp.Or(g.level, DefaultLevel), Kind: word(g.write),
			OK: s.outcomes[sim.OK], Fail: s.outcomes[sim.Fail], Info: s.outcomes[sim.Info],
			Answered: Percent(s.outcomes[sim.OK], s.completed()), Latency: s.took.latency(), Fibre: s.bound()})
	}
	return list
}

// word names the two kinds of operations that figures tell apart.
func word(write bool) string {
	if write {
		return "write"
	}
	return "read"
}

// Percent returns how many percent a part is of a whole, rounded to three decimals; of nothing it is 100.
func Percent(part, whole int) float64 {
	if whole == 0 {
		return 100
	}
	return float64((int64(part)*200_000+int64(whole))/int64(2*whole)) / 1000
}
