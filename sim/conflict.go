package sim

// Conflict says what becomes of two writes of a key of which neither saw the other.
type Conflict uint8

// The ways to resolve conflicts.
const (
	LastWriterWins Conflict = iota // the newer Version stays
	VectorClock                    // both stay, as siblings; a put that has not seen all of a replica's siblings replaces none
	DottedVersions                 // both stay, as siblings; a put replaces just those that it has seen
	CounterType                    // increments add up
	SetType                        // items; a removal removes the additions that it has seen

	ObjectClock   // siblings, as Riak keeps them without dotted versions: replicas compare whole objects by their clocks
	ObjectNewest  // as ObjectClock, but of siblings the last modified alone stays (Riak, allow_mult=false)
	DottedNewest  // as DottedVersions, but of siblings the last modified alone stays
	LatestArrival // what comes last stays, whatever it is (Riak, last_write_wins=true)
)

// counts reports whether what is held is a counter or a set rather than values of a register.
func (c Conflict) counts() bool { return c == CounterType || c == SetType }

// alone reports whether a State is one Version, without dots.
func (c Conflict) alone() bool { return c == LastWriterWins || c == LatestArrival }

// dotted reports whether a put replaces just those versions that its client has seen.
func (c Conflict) dotted() bool { return c == DottedVersions || c == DottedNewest }

// byObject reports whether States merge as Riak's objects do; see object.go.
func (c Conflict) byObject() bool { return c >= ObjectClock && c <= DottedNewest }

// conflictWords are the values of the knob conflict=, and what they stand for.
var conflictWords = []struct {
	word     string
	conflict Conflict
}{
	{"lww", LastWriterWins}, {"vector-clock", VectorClock}, {"dvv", DottedVersions},
	{"counter", CounterType}, {"or-set", SetType}, {"mv-register", DottedVersions}, {"lww-register", LastWriterWins},
}

// ClockKind says whose clock stamps a write.
type ClockKind uint8

// The clocks.
const (
	CoordinatorClock ClockKind = iota // of the node that takes the write
	ClientClock                       // of the client that asks for it
	HybridClock                       // of the node, but never behind a stamp that it has seen
)

// ClockWords are the values of the knob clock=, by ClockKind.
var ClockWords = []string{"coordinator", "client", "hlc"}

// Rules are what a Store goes by.
type Rules struct {
	Conflict Conflict
	Clock    ClockKind
	Grace    Time // how long a tombstone is kept; 0 for ever

	Prune Pruning // of the clocks of values side by side

	// TieByArrival breaks the lattice: of equal stamps the version that came last stays. It is there for tests to catch.
	TieByArrival bool
}

// StoreKnobs are the knobs that every protocol with a Store has.
func StoreKnobs() []Knob {
	words := make([]string, len(conflictWords))
	for i, w := range conflictWords {
		words[i] = w.word
	}
	return []Knob{
		{Name: "conflict", Kind: KnobWord, Default: "lww", Words: words,
			About: "What becomes of writes of which neither saw the other: the later stays (Cassandra, DynamoDB; Riak by default), both stay as siblings (Dynamo, Riak's allow_mult; dvv after Preguiça et al. 2010), or they merge (CRDTs, Shapiro et al. 2011)."},
		{Name: "clock", Kind: KnobWord, Default: "coordinator", Words: ClockWords,
			About: "Whose clock stamps a write: the coordinator's (Riak), the client's (Cassandra's drivers), or the coordinator's hybrid logical clock (Kulkarni et al. 2014)."},
		{Name: "grace", Kind: KnobTime, Default: "ever", Words: []string{"ever"}, Min: 1, Max: int64(MaxTime),
			About: "How long a replica keeps a tombstone (Cassandra's gc_grace_seconds, 10 days there; Riak's delete_mode, 3 s there); for ever by default, the playground's choice."},
	}
}

// StoreRules returns the Rules that a configuration of StoreKnobs asks for.
func StoreRules(cfg Config) Rules {
	r := Rules{Grace: Time(cfg.Numbers["grace"])}
	for _, w := range conflictWords {
		if w.word == cfg.Words["conflict"] {
			r.Conflict = w.conflict
		}
	}
	for i, w := range ClockWords {
		if w == cfg.Words["clock"] {
			r.Clock = ClockKind(i)
		}
	}
	return r
}

// Can reports whether a Store under these rules can carry out an operation. None can compare and set.
func (r Rules) Can(k OpKind) bool {
	switch k {
	case Read:
		return true
	case Write:
		return !r.Conflict.counts()
	case Delete:
		return r.Conflict != CounterType
	case Increment:
		return r.Conflict == CounterType
	case Add, Remove:
		return r.Conflict == SetType
	}
	return false
}
