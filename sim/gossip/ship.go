package gossip

import (
	"encoding/binary"
	"slices"

	"netsplit/sim"
)

const (
	// shipRetry is after how long a replica ships again what was not acknowledged: the playground's own figure.
	shipRetry = sim.Second
	// maxShipment is how many writes one message ships at the most.
	maxShipment = 100
)

// shipping is push=stream: each write waits in a queue for each other replica, is shipped there after a time that is drawn
// anew for each, in a message that may carry several, and shipped again until it is acknowledged. Writes of several keys
// arrive in any order, as the streams of a table's partitions do. A replica that restarts does not know what it has
// shipped, and ships all that it holds. (Global tables of DynamoDB: asynchronous, per item, usually within a second.)
type shipping struct {
	on            bool
	after, within sim.Time
	queues        map[sim.Addr][]parcel
	count         uint64 // of parcels, from what the clock said when the replica was made
}

// parcel is a write on its way to one other replica.
type parcel struct {
	number uint64
	entry
	due sim.Time // by the node's clock: when it is shipped, or shipped again
}

func newShipping(env sim.Env, cfg sim.Config) shipping {
	return shipping{on: cfg.Words["push"] == "stream", after: sim.Time(cfg.Numbers["ship-after"]), within: sim.Time(cfg.Numbers["ship-within"]),
		queues: map[sim.Addr][]parcel{}, count: uint64(env.Elapsed()) << 16}
}

// ship queues a state for every other replica.
func (r *replica) ship(key string, st sim.State) {
	for _, to := range r.peers {
		lag := r.after
		if spread := r.within - r.after; spread > 0 {
			lag += sim.Time(r.env.Rand().Int64N(int64(spread) + 1))
		}
		r.count++
		r.queues[to] = append(r.queues[to], parcel{r.count, entry{key, st}, r.env.Elapsed() + lag})
	}
	r.setShipTimer()
}

// setShipTimer sets the timer to when the next parcel is due.
func (r *replica) setShipTimer() {
	next := sim.Time(-1)
	for _, to := range r.peers {
		for _, p := range r.queues[to] {
			if next < 0 || p.due < next {
				next = p.due
			}
		}
	}
	if next >= 0 {
		r.env.SetTimer(timerShip, next-r.env.Elapsed())
	}
}

// shipDue sends what is due.
func (r *replica) shipDue() {
	now := r.env.Elapsed()
	for _, to := range r.peers {
		var s shipment
		for i := range r.queues[to] {
			if p := &r.queues[to][i]; p.due <= now && len(s.entries) < maxShipment {
				s.numbers, s.entries = append(s.numbers, p.number), append(s.entries, p.entry)
				p.due = now + shipRetry
			}
		}
		if len(s.entries) > 0 {
			r.env.Send(to, sim.KindReplicate, s)
		}
	}
	r.setShipTimer()
}

// unload takes a shipment in, and acknowledges it once it is durable.
func (r *replica) unload(from sim.Addr, s shipment) {
	for _, e := range s.entries {
		r.store.Merge(e.key, e.state)
	}
	r.soil()
	r.env.Sync(func() { r.env.Send(from, sim.KindAck, receipt(s.numbers)) })
	r.caughtUp()
}

// delivered forgets what has arrived.
func (r *replica) delivered(at sim.Addr, numbers receipt) {
	r.queues[at] = slices.DeleteFunc(r.queues[at], func(p parcel) bool { return slices.Contains(numbers, p.number) })
}

// shipment carries writes.
type shipment struct {
	numbers receipt
	entries entries
}

// AppendTrace appends the numbers and the writes.
func (s shipment) AppendTrace(b []byte) []byte {
	return s.entries.AppendTrace(s.numbers.AppendTrace(b))
}

// Writes yields the writes.
func (s shipment) Writes(yield func(string, sim.OpID)) { s.entries.Writes(yield) }

// Facts says what is shipped.
func (s shipment) Facts() []sim.Fact { return s.entries.Facts() }

// receipt says which parcels have arrived.
type receipt []uint64

// AppendTrace appends the numbers.
func (n receipt) AppendTrace(b []byte) []byte {
	for _, number := range n {
		b = binary.AppendUvarint(b, number)
	}
	return append(b, 's')
}

// Writes yields nothing.
func (n receipt) Writes(func(string, sim.OpID)) {}

// Facts says how many have arrived.
func (n receipt) Facts() []sim.Fact {
	return []sim.Fact{sim.Text("message", "shipped writes have arrived"), sim.Number("writes", len(n))}
}
