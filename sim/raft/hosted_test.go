package raft

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

// hostedStorm is a storm with everything but changes of members, under random settings of hosted services; but none that
// puts a write into the log of another leader once more, which the referee of these tests does not know.
func hostedStorm(seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 41))
	pick := func(words ...string) string { return words[luck.IntN(len(words))] }
	text := breakdowns(storm(seed), seed)
	_, leader, _ := strings.Cut(text, "leader=")
	leader, _, _ = strings.Cut(leader, "\n")
	lane := fmt.Sprintf("lane strong raft transport=%s heartbeat=%s election=%s max-drift=%d reads=%s ask-first=%s leaderless=wait request-timeout=%s "+
		"snapshot-every=%s rivals=%s", pick("stream", "datagram"), pick("50ms", "100ms", "300ms"), pick("800ms", "1000ms", "1500ms"), sim.MaxDrift,
		pick("linearizable", "lease", "local"), pick("on", "off"), pick("etcd", "1s"), pick("7", "1000"), pick("order", "refuse"))
	lane += pick("", " old-lease=leader-waits", " old-lease=leader-waits lease=0.5s", " old-lease=leader-waits lease=5s")
	if names := regionsOf(text); len(names) > 2 && luck.IntN(2) == 0 {
		if last := names[len(names)-1]; last != leader {
			lane += " witnesses=" + last
		}
	}
	lines := strings.SplitAfter(mishaps(operations(strings.Replace(text, "lane strong raft", lane, 1), seed), seed), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(line string) bool { return strings.Contains(line, " members ") }), "")
}

// TestHostedSwarm checks the invariants under the settings of hosted services.
func TestHostedSwarm(t *testing.T) { swarm(t, hostedStorm, 1, 10) }

// waits is a storm of reads by a lease for which new leaders wait.
func waits(seed int) string {
	return strings.Replace(leases(seed), "reads=lease election-max=1050ms", "reads=lease old-lease=leader-waits lease=6s leaderless=wait", 1)
}

// TestServingEarlyIsFound: a leader that does not wait for the old lease lets two serve at once.
func TestServingEarlyIsFound(t *testing.T) {
	for seed := range 40 {
		text := waits(seed)
		if what := complaint(t, text, trials{}); what != "" {
			t.Fatalf("seed %d without a mistake: %s\n%s", seed, what, text)
		}
		if what := complaint(t, text, trials{servesEarly: true}); what != "" {
			t.Logf("found with seed %d: %s", seed, what)
			return
		}
	}
	t.Error("not found")
}

// gray is a leader and a follower that do not hear each other, while both hear the third node.
const gray = three + "workload none\nlane strong raft %s\nat 5s cut us-east-1 eu-west-1\n" +
	"at 20s write us-east-1 k 1 as leaders\nat 20s write ap-south-1 k2 2 as thirds\nat 20s write eu-west-1 k3 3 as deaf\n" +
	"at 30s crash us-east-1/1\nat 40s write ap-south-1 k 4 as later\nend 50s\n"

// TestGrayFailure: who cannot reach the leader asks, learns that another can, and lets it lead; when nobody can, it is
// replaced.
func TestGrayFailure(t *testing.T) {
	for _, c := range []struct {
		knobs    string
		campaign bool
	}{{"ask-first=on pre-vote=off", false}, {"ask-first=on", false}, {"ask-first=off pre-vote=off", true}} {
		w := run(t, fmt.Sprintf(gray, c.knobs))
		before, after := 0, 0
		for _, n := range w.noted(sim.NoteCampaign) {
			if n.At > 5*sim.Second && n.At < 30*sim.Second {
				before++
			} else if n.At > 30*sim.Second {
				after++
			}
		}
		if before > 0 != c.campaign {
			t.Errorf("%s: %d nodes stood for election while the leader was well", c.knobs, before)
		}
		if after == 0 || w.named("later").Outcome != sim.OK {
			t.Errorf("%s: a leader that is gone is not replaced", c.knobs)
		}
		if c.campaign {
			continue
		}
		w.expect("leaders", sim.OK, sim.NoReason, 1)
		w.expect("thirds", sim.OK, sim.NoReason, 2)
		w.expect("deaf", sim.Fail, sim.ReasonNoLeader, 0)
	}
}

// TestGrayAnswersAreOfTheRound: the attempt is dropped by one who hears the leader, however many do not.
func TestGrayAnswersAreOfTheRound(t *testing.T) {
	r, _ := newFollower()
	r.set.asksFirst = true
	answer := func(round uint64, hears bool) {
		r.Receive(&sim.Message{From: 1, Payload: question{round, true, hears}})
	}
	r.Fire(timerForget)
	r.inquiry = inquiry{round: 2, open: true}
	answer(r.inquiry.round-1, false)
	if !r.inquiry.open || r.inquiry.deaf != 0 {
		t.Errorf("an answer of an earlier round counts: %+v", r.inquiry)
	}
	answer(r.inquiry.round, true)
	if r.inquiry.open {
		t.Error("the leader is heard, and the attempt goes on")
	}
	answer(r.inquiry.round, false)
	if r.inquiry.deaf != 0 {
		t.Error("an answer counts after the attempt was dropped")
	}
}

// TestRivals: of writes of two regions under way at once one is refused, and nothing of it is applied; those of one region
// are not rivals, nor is one that was acknowledged before.
func TestRivals(t *testing.T) {
	w := run(t, three+"clients 2 per region\nworkload none\nlane strong raft rivals=refuse\n"+
		"at 2s write us-east-1 k 1 as a\nat 2s write eu-west-1 k 2 as b\n"+
		"at 3s write eu-west-1 m 1 as c\nat 3s write eu-west-1@2 m 2 as d\n"+
		"at 4s write us-east-1 n 1 as e\nat 4.3s write ap-south-1 n 2 as f\nat 6s read us-east-1 k as r\nend 8s\n")
	w.expect("a", sim.OK, sim.NoReason, 1)
	w.expect("b", sim.Fail, sim.ReasonRival, 0)
	w.expect("c", sim.OK, sim.NoReason, 1)
	w.expect("d", sim.OK, sim.NoReason, 2)
	w.expect("e", sim.OK, sim.NoReason, 1)
	w.expect("f", sim.OK, sim.NoReason, 2)
	w.expect("r", sim.OK, sim.NoReason, 1)
}

// TestWitness: it serves nobody, has a majority go on, and leads no longer than it must: here it alone has what the old
// leader had acknowledged.
func TestWitness(t *testing.T) {
	w := run(t, three+"workload none\nlane strong raft witnesses=ap-south-1 leaderless=insist\nat 2s read ap-south-1 k as refused\n"+
		"at 2s cut us-east-1 eu-west-1\nat 2.1s write us-east-1 k 1 as w\nat 4s crash us-east-1/1\nat 20s read eu-west-1 k as r\nend 30s\n")
	w.expect("refused", sim.Fail, sim.ReasonWitness, 0)
	w.expect("w", sim.OK, sim.NoReason, 1)
	w.expect("r", sim.OK, sim.NoReason, 1)
	if w.replicas[1].roleName() != "leader" {
		t.Errorf("the full replica is a %s", w.replicas[1].roleName())
	}
}

// TestHostedKnobs: what makes no sense together is refused with a reason.
func TestHostedKnobs(t *testing.T) {
	for knobs, want := range map[string]string{
		"old-lease=leader-waits check-quorum=off":                 "old-lease=leader-waits needs check-quorum=on",
		"ask-first=on check-quorum=off":                           "ask-first=on needs check-quorum=on",
		"request-timeout=1s":                                      "request-timeout=1s has no meaning",
		"request-timeout=1s leaderless=insist":                    "",
		"witnesses=us-east-1,eu-west-1":                           "2 of 3 nodes are witnesses",
		"witnesses=us-east-1 leader=us-east-1":                    "a witness leads only until another can",
		"witnesses=us-east-1":                                     "",
		"old-lease=leader-waits lease=5s":                         "",
		"old-lease=leader-waits lease=50ms":                       "heartbeat=0.1s is not below lease=0.05s",
		"old-lease=leader-waits reads=lease lease=2s election=1s": "",
	} {
		_, err := sim.Parse(three+"lane s raft "+knobs+"\n", sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", knobs, err, want)
		}
	}
	for _, k := range hostedKnobs() {
		if !strings.Contains(k.About, "(") && !strings.Contains(k.About, "DynamoDB") {
			t.Errorf("%s names no source: %s", k.Name, k.About)
		}
	}
}
