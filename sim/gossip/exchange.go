package gossip

import "netsplit/sim"

// compare answers a digest with what it does not cover here, and asks for what is not covered here by a digest of its
// own. An answer to an answer has nothing left to ask.
func (r *replica) compare(peer sim.Addr, theirs digest) {
	known := map[string]sim.State{}
	var wanted []string
	for _, e := range theirs.entries {
		known[e.key] = e.state
		if !r.store.Covers(e.key, e.state) {
			wanted = append(wanted, e.key)
		}
	}
	var news []string
	for _, key := range r.store.Keys() {
		st, ok := known[key]
		if theirs.reply && !ok {
			continue // only what it asked for
		}
		if !ok || r.store.News(key, st) {
			news = append(news, key)
		}
	}
	if len(news) > 0 {
		r.env.Send(peer, sim.KindGossip, r.entries(news))
	}
	if len(wanted) > 0 && !theirs.reply {
		r.env.Send(peer, sim.KindGossip, digest{reply: true, entries: r.entries(wanted)})
	}
}

func (r *replica) entries(keys []string) entries {
	list := make(entries, len(keys))
	for i, key := range keys {
		list[i] = entry{key, r.store.Get(key)}
	}
	return list
}

type entry struct {
	key   string
	state sim.State
}

// entries carry states.
type entries []entry

func (es entries) AppendTrace(b []byte) []byte {
	for _, e := range es {
		b = e.state.AppendTrace(append(b, e.key...))
	}
	return b
}

func (es entries) Writes(yield func(string, sim.OpID)) {
	for _, e := range es {
		e.state.Writes(func(w sim.OpID) { yield(e.key, w) })
	}
}

// digest carries the stamps and clocks of states, not the values: nothing can be restored from it.
type digest struct {
	reply   bool // these are the ones that the sender wants
	entries entries
}

func (d digest) AppendTrace(b []byte) []byte   { return d.entries.AppendTrace(append(b, 'd')) }
func (d digest) Writes(func(string, sim.OpID)) {}
