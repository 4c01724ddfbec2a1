package study

import (
	"testing"

	"netsplit/sim"
)

// weather keeps the delay of every message by what decides it, and when each client set out.
type weather struct {
	sim.NopObserver
	delays map[departure]sim.Time
	setOut map[sim.Addr][]sim.Time
	errand map[*sim.Errand]bool
	lane   *sim.Cluster
	ties   map[departure]int
	latest map[[2]sim.Addr]sim.Time // arrival by link: on a stream nothing arrives before that
}

type departure struct {
	from, to sim.Addr
	kind     sim.MessageKind
	at       sim.Time
	tie      int
}

func watch(c *sim.Cluster) *weather {
	w := &weather{delays: map[departure]sim.Time{}, setOut: map[sim.Addr][]sim.Time{}, errand: map[*sim.Errand]bool{},
		ties: map[departure]int{}, latest: map[[2]sim.Addr]sim.Time{}, lane: c}
	c.Observe(w)
	return w
}

func (w *weather) Sent(m *sim.Message) {
	d := departure{from: m.From, to: m.To, kind: m.Kind, at: m.Sent}
	tie := w.ties[d]
	w.ties[d]++
	d.tie = tie
	way := [2]sim.Addr{m.From, m.To}
	if m.Due != w.latest[way] { // else it waits for the message before it
		w.delays[d] = m.Due - m.Sent
	}
	w.latest[way] = max(w.latest[way], m.Due)
}

func (w *weather) Invoked(rec *sim.Record) {
	if e := w.lane.ErrandOf(rec.ID); !w.errand[e] {
		w.errand[e] = true
		w.setOut[rec.Client] = append(w.setOut[rec.Client], rec.Start)
	}
}

// TestSameWeather runs one world with different lanes, faults and neighbours: whatever departs on a link at an
// instant on its own has the same delay in all of them, and clients set out at the same moments.
func TestSameWeather(t *testing.T) {
	const world = `
seed 11
regions us-east-1 eu-west-1 ap-south-1
workload bank rate=2/s staggered
`
	texts := []string{
		world + "lane a gossip\nlane b quorum\nlane c raft leader=eu-west-1\n",
		world + "lane a quorum r=1\nlane b gossip\n",
		world + "lane a raft\nlane b gossip\nat 1s partition eu-west-1\nat 4s heal\nat 1.5s read us-east-1 balance\n",
		world + "lane a quorum\nlane b gossip\nat 1s lane a cut eu-west-1 us-east-1\nat 2s lane a slow us-east-1/1 30ms\nat 3s lane b drop 20% everywhere\n",
	}
	all := map[departure]sim.Time{}
	var first map[sim.Addr][]sim.Time
	compared := 0
	for n, text := range texts {
		s, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		var lanes []*weather
		for _, c := range r.Lanes() {
			lanes = append(lanes, watch(c))
		}
		r.AdvanceTo(10 * sim.Second)
		for _, w := range lanes {
			for d, delay := range w.delays { // order does not matter: each is compared by itself
				if other, ok := all[d]; ok {
					compared++
					if other != delay {
						t.Fatalf("scenario %d: %+v takes %s here and %s elsewhere", n, d, delay, other)
					}
				}
				all[d] = delay
			}
			if first == nil {
				first = w.setOut
			}
			for client, times := range w.setOut { // order does not matter: each is compared by itself
				for i, at := range times {
					if n != 2 && at != first[client][i] {
						t.Fatalf("scenario %d: visit %d of client %d at %s here and %s elsewhere", n, i, client, at, first[client][i])
					}
				}
			}
		}
	}
	if compared < 500 {
		t.Fatalf("only %d departures compared", compared)
	}
	t.Logf("%d departures compared", compared)
}
