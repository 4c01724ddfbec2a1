package gossip

import (
	"fmt"
	"strings"
	"testing"

	"netsplit/sim"
)

// roaming writes a world in which clients ask another replica each time, under random faults.
func roaming(seed int, session string) string {
	conflict := []string{"lww", "dvv", "vector-clock"}[seed%3]
	text := chaos(seed, conflict, "session="+session+" "+[]string{"", "push=off", "clock=hlc wait=300ms"}[seed/3%3])
	return strings.Replace(text, "lane e", "workload register rate=3/s poisson keys=2 reads=60% session=roam until=14s\nlane e", 1)
}

// broken returns the first read that breaks a client's session: it began after another operation of the client on the
// key had been acknowledged, and does not show what that had read (seen) or written (own).
func (w *world) broken(own, seen bool) string {
	for _, r := range w.cluster.History() {
		if r.Kind != sim.Read || r.Result.Outcome != sim.OK {
			continue
		}
		for _, q := range w.cluster.History() {
			if q.Client != r.Client || q.Key != r.Key || q.Result.Outcome != sim.OK || q.End >= r.Start {
				continue
			}
			if own && !r.Result.Found.Covers(q.Result.Made) || seen && !r.Result.Found.Covers(q.Result.Found) {
				return fmt.Sprintf("read %d at %s does not show what operation %d was told", r.ID, r.Start, q.ID)
			}
		}
	}
	return ""
}

// TestSessions: each session holds what it promises to roaming clients, by refusing where it must; without a session
// either promise is broken often.
func TestSessions(t *testing.T) {
	behind, waited := 0, 0
	for _, seed := range seeds(45, 5000) {
		for _, s := range []struct {
			word      string
			own, seen bool
		}{{"read-your-writes", true, false}, {"monotonic", false, true}, {"both", true, true}} {
			text := roaming(seed, s.word)
			w := run(t, text, bugs{})
			if broken := w.broken(s.own, s.seen); broken != "" {
				fail(t, seed, text, "%s: %s", s.word, broken)
			}
			for _, rec := range w.cluster.History() {
				switch {
				case rec.Result.Reason == sim.ReasonBehind:
					behind++
				case rec.Kind == sim.Read && rec.Result.Outcome == sim.OK && rec.End-rec.Start > 400*sim.Millisecond:
					waited++
				}
			}
		}
	}
	own, seen := 0, 0
	for seed := range 45 {
		w := run(t, roaming(seed, "none"), bugs{})
		if w.broken(true, false) != "" {
			own++
		}
		if w.broken(false, true) != "" {
			seen++
		}
	}
	t.Logf("%d reads refused, about %d waited; without sessions %d of 45 worlds break read-your-writes, %d monotonic reads", behind, waited, own, seen)
	if own == 0 || seen == 0 {
		t.Error("nothing is broken without sessions: the worlds show nothing")
	}
}

// TestTokensMatter: replicas that do not look at tokens are caught.
func TestTokensMatter(t *testing.T) {
	caughtBy(t, 5, func(seed int) bool {
		return run(t, roaming(seed, "both"), bugs{noToken: true}).broken(true, true) != ""
	})
}
