package sim

// Fact is one thing that is known of a node, a message or an operation, by a name in plain words. The kind says what
// it is and which of N and Text has it.
type Fact struct {
	Name string   `json:"name"`
	Kind FactKind `json:"kind"`
	N    int64    `json:"n"`
	Text string   `json:"text,omitempty"`
}

// FactKind says what a Fact's value is.
type FactKind string

// The kinds of facts. Those of a Replica that are of a time are by Env.Elapsed, and shown in the time of the world.
const (
	FactNumber FactKind = "number"    // N
	FactTime   FactKind = "time"      // N: an instant, in microseconds
	FactSpan   FactKind = "span"      // N: microseconds
	FactNode   FactKind = "node"      // N: an Addr, of a node or a client
	FactOp     FactKind = "operation" // N: an OpID
	FactYes    FactKind = "yes"       // N: 1 for yes, 0 for no
	FactText   FactKind = "text"      // Text
)

// Factual is a Payload or a Disk that can say what it carries or keeps. It changes nothing.
type Factual interface{ Facts() []Fact }

// Number returns a fact of kind number.
func Number[T ~int | ~int64 | ~uint64 | ~uint32](name string, n T) Fact {
	return Fact{Name: name, Kind: FactNumber, N: int64(n)}
}

// At returns a fact of kind time.
func At(name string, t Time) Fact { return Fact{Name: name, Kind: FactTime, N: int64(t)} }

// Span returns a fact of kind span.
func Span(name string, t Time) Fact { return Fact{Name: name, Kind: FactSpan, N: int64(t)} }

// Endpoint returns a fact of kind node.
func Endpoint(name string, a Addr) Fact { return Fact{Name: name, Kind: FactNode, N: int64(a)} }

// Operation returns a fact of kind write.
func Operation(name string, op OpID) Fact { return Fact{Name: name, Kind: FactOp, N: int64(op)} }

// Text returns a fact of kind text.
func Text(name, text string) Fact { return Fact{Name: name, Kind: FactText, Text: text} }

// Yes returns a fact of kind yes.
func Yes(name string, is bool) Fact {
	f := Fact{Name: name, Kind: FactYes}
	if is {
		f.N = 1
	}
	return f
}

// Endpoints returns a fact of kind node for each of several, all of one name.
func Endpoints(name string, list []Addr) (facts []Fact) {
	for _, a := range list {
		facts = append(facts, Endpoint(name, a))
	}
	return facts
}

// OpFacts says what an Op asks for.
func OpFacts(op Op) []Fact {
	facts := []Fact{Operation("operation", op.ID), Text("does", op.Kind.String()), Text("key", op.Key), Endpoint("client", op.Client)}
	if op.Kind != Read && op.Kind != Delete {
		facts = append(facts, Number("value", op.Value))
	}
	if op.Kind == CompareAndSet {
		facts = append(facts, Number("expects", op.Expect))
	}
	if op.Level != "" {
		facts = append(facts, Text("level", op.Level))
	}
	if op.Attempt > 0 {
		facts = append(facts, Number("attempt", op.Attempt+1))
	}
	return facts
}

// ResultFacts says what an operation was answered.
func ResultFacts(r Result) []Fact {
	facts := []Fact{Text("outcome", r.Outcome.String())}
	if r.Reason != NoReason {
		facts = append(facts, Text("reason", string(r.Reason)))
	}
	if r.Says != "" {
		facts = append(facts, Text("says", r.Says))
	}
	if r.Outcome == OK {
		facts = append(facts, Yes("applied", r.Applied), Number("value", r.Value), Operation("of write", r.Version))
	}
	if r.Absent {
		facts = append(facts, Yes("has no value", true))
	}
	if r.Need > 0 {
		facts = append(facts, Number("have", r.Have), Number("need", r.Need))
	}
	if r.Hint != "" {
		facts = append(facts, Text("ask instead", r.Hint))
	}
	return facts
}

// Facts says what is asked.
func (p requestPayload) Facts() []Fact { return OpFacts(p.op) }

// Facts says what is answered.
func (p replyPayload) Facts() []Fact {
	return append([]Fact{Operation("operation", p.op)}, ResultFacts(p.result)...)
}
