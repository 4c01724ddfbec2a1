package gossip

import (
	"encoding/binary"

	"netsplit/sim"
)

// cache answers reads from copies until their time to live is over, then from its origin, through which all writes
// go. A write does not touch the copy: as with DNS, whoever wrote may read the old value here until the copy is too
// old. When the origin does not answer, the cache does not either (it serves nothing stale, unlike RFC 8767).
type cache struct {
	env    sim.Env
	origin sim.Addr
	ttl    sim.Time
	copies map[string]held
	sessions
}

// held is what a cache was told last of a key.
type held struct {
	result sim.Result
	since  sim.Time // of the node's clock
}

func newCache(env sim.Env, cfg sim.Config) *cache {
	return &cache{env: env, origin: stores(cfg)[0], ttl: sim.Time(cfg.Numbers["ttl"]), copies: map[string]held{},
		sessions: newSessions(cfg)}
}

// Start does nothing.
func (c *cache) Start() {}

// Fire does nothing: a cache has no timers.
func (c *cache) Fire(sim.TimerID) {}

// Serve answers a read from a copy that is young enough and shows what the client must see; all else it passes on.
func (c *cache) Serve(op sim.Op) {
	h, ok := c.copies[op.Key]
	if op.Kind == sim.Read && ok && c.env.Now() < h.since+c.ttl && c.satisfied(op, h.result.Found.Covers) {
		c.env.Reply(op.ID, h.result)
		return
	}
	c.env.Send(c.origin, sim.KindRequest, passedOn{op})
}

// Receive takes the origin's answer: it goes to the client, and what was read stays here as a copy.
func (c *cache) Receive(m *sim.Message) {
	p := m.Payload.(passedBack)
	if p.read != "" && p.result.Outcome == sim.OK {
		c.copies[p.read] = held{p.result, c.env.Now()}
	}
	c.env.Reply(p.op, p.result)
}

// Held yields nothing: a copy is no replica's, and none outlives a crash.
func (c *cache) Held(func(string, sim.OpID)) {}

// Describe returns the view of a key: the copy, too old or not.
func (c *cache) Describe(key string) sim.NodeView {
	h, ok := c.copies[key]
	if !ok {
		return sim.NodeView{Value: c.env.Opening(key)}
	}
	return sim.NodeView{Value: h.result.Value, Version: h.result.Version, Held: h.result.Found}
}

// passedOn carries an operation from a cache to its origin.
type passedOn struct{ op sim.Op }

func (p passedOn) AppendTrace(b []byte) []byte { return p.op.AppendTrace(b) }
func (p passedOn) Writes(yield func(string, sim.OpID)) {
	if p.op.Kind != sim.Read {
		yield(p.op.Key, p.op.ID)
	}
}

// Serves returns the operation, which the origin carries out.
func (p passedOn) Serves() (sim.OpID, bool) { return p.op.ID, true }

// passedBack carries the answer. A copy in it is no replica's: nothing is restored from it.
type passedBack struct {
	op     sim.OpID
	read   string // the key that was read; "" for a write
	result sim.Result
}

func (p passedBack) AppendTrace(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, p.read...), uint32(p.op))
	return p.result.AppendTrace(b)
}
func (p passedBack) Writes(func(string, sim.OpID)) {}

// Serves returns the operation that the origin has carried out.
func (p passedBack) Serves() (sim.OpID, bool) { return p.op, true }
