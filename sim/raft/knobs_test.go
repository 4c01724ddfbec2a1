package raft

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// anyKnobs gives the lane of a scenario random knobs: all that make sense together, leases within the drift declared.
func anyKnobs(text string, seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 22))
	pick := func(words ...string) string { return words[luck.IntN(len(words))] }
	check := pick("on", "on", "off")
	reads := pick("linearizable", "lease", "lease", "local")
	if check == "off" && reads == "lease" {
		reads = "linearizable"
	}
	lane := fmt.Sprintf("lane strong raft transport=%s heartbeat=%s election=%s election-max=%s pre-vote=%s check-quorum=%s "+
		"reads=%s max-drift=%d snapshot-every=%s forward=%s leaderless=%s certify=%s", pick("stream", "datagram"), pick("50ms", "100ms", "300ms"),
		pick("800ms", "1000ms", "1500ms"), pick("twice", "1800ms", "4s"), pick("on", "off"), check, reads, sim.MaxDrift,
		pick("1", "7", "30", "1000"), pick("on", "on", "off"), pick("refuse", "wait"), pick("off", "off", "on"))
	return strings.Replace(text, "lane strong raft", lane, 1)
}

// operations writes into a storm reads at every level, transfers of leadership and changes of members, and at its end
// makes all nodes members again.
func operations(text string, seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 23))
	names := regionsOf(text)
	var b strings.Builder
	for range 60 {
		level := []string{"", " level linearizable", " level lease", " level local"}[luck.IntN(4)]
		fmt.Fprintf(&b, "at %s read %s balance%s\n", upTo(luck, 20*sim.Second), names[luck.IntN(len(names))], level)
	}
	for range luck.IntN(8) {
		fmt.Fprintf(&b, "at %s transfer %s/1\n", upTo(luck, 20*sim.Second), names[luck.IntN(len(names))])
	}
	for range luck.IntN(8) {
		fmt.Fprintf(&b, "at %s members %s\n", upTo(luck, 20*sim.Second), someNodes(luck, names))
	}
	for at := range 10 { // until somebody leads who can do it
		fmt.Fprintf(&b, "at %ds members %s/1\n", 22+4*at, strings.Join(names, "/1 "))
	}
	return strings.Replace(text, "end 30s\n", b.String()+"end 75s\n", 1)
}

func upTo(luck *rand.Rand, most sim.Time) sim.Time { return sim.Time(luck.Int64N(int64(most))) }

func someNodes(luck *rand.Rand, names []string) string {
	some := []string{}
	for _, i := range luck.Perm(len(names))[:1+luck.IntN(len(names))] {
		some = append(some, names[i]+"/1")
	}
	return strings.Join(some, " ")
}

func regionsOf(text string) []string {
	_, list, _ := strings.Cut(text, "regions ")
	list, _, _ = strings.Cut(list, "\n")
	return strings.Fields(list)
}

// mishaps writes faults of links and clocks into a storm, over by 20 s.
func mishaps(text string, seed int) string {
	luck := rand.New(rand.NewPCG(uint64(seed), 24))
	names := regionsOf(text)
	var b strings.Builder
	for at := sim.Time(0); at < 20*sim.Second; at += upTo(luck, 6*sim.Second) {
		ends := luck.Perm(len(names))
		a, z := names[ends[0]], names[ends[1]]
		switch luck.IntN(8) {
		case 0, 1:
			fmt.Fprintf(&b, "at %s cut %s > %s\n", at, a, z)
		case 2:
			fmt.Fprintf(&b, "at %s mend everywhere\n", at)
		case 3:
			fmt.Fprintf(&b, "at %s drop %d%% everywhere\n", at, luck.IntN(30))
		case 4:
			fmt.Fprintf(&b, "at %[1]s duplicate 20%% everywhere\nat %[1]s reorder 30%% 0.3s everywhere\n", at)
		case 5:
			fmt.Fprintf(&b, "at %s pause %s/1\n", at, a)
		case 6:
			fmt.Fprintf(&b, "at %s resume %s/1\n", at, a)
		case 7:
			fmt.Fprintf(&b, "at %s skew %s/1 %dms\n", at, a, luck.IntN(5000))
		}
	}
	b.WriteString("at 20s mend everywhere\nat 20s drop 0% everywhere\nat 20s duplicate 0% everywhere\nat 20s reorder 0% 0s everywhere\n")
	for _, name := range names {
		fmt.Fprintf(&b, "at 20s resume %s/1\n", name)
	}
	return strings.Replace(text, "end ", b.String()+"end ", 1)
}

// everything is a storm with all of it.
func everything(seed int) string {
	return mishaps(operations(anyKnobs(breakdowns(storm(seed), seed), seed), seed), seed)
}

// TestKnobSwarm checks the invariants under any knobs, with transfers and changes of members, and all faults but wipes.
func TestKnobSwarm(t *testing.T) { swarm(t, everything, 2, 10) }

// TestBadKnobs: what makes no sense together is refused with a reason.
func TestBadKnobs(t *testing.T) {
	for knobs, want := range map[string]string{
		"heartbeat=1s":                   "heartbeat=1s is not below election=1s",
		"election-max=900ms":             "election-max=0.9s is not above election=1s",
		"reads=lease check-quorum=off":   "reads=lease needs check-quorum=on",
		"lease=500ms":                    "lease=0.5s has no meaning without reads=lease",
		"reads=lease lease=999.8ms":      "lease=0.9998s may outlast election=1s when clocks drift by 200 ppm",
		"reads=lease lease=100ms":        "heartbeat=0.1s is not below lease=0.1s",
		"reads=quickly":                  "expected linearizable or lease or local",
		"election=soon":                  "expected a time from 0.001s to 60s",
		"snapshot-every=0":               "expected a whole number from 1 to 1000000",
		"reads=lease max-drift=100000":   "",
		"reads=lease lease=0.999s":       "",
		"heartbeat=99ms election=0.1s":   "",
		"election=150ms heartbeat=75ms":  "",
		"pre-vote=off check-quorum=off":  "",
		"forward=off leaderless=wait":    "",
		"reads=lease election-max=1.01s": "",
	} {
		_, err := sim.Parse(three+"lane s raft "+knobs+"\n", sim.Vocabulary{Protocols: []sim.Protocol{Protocol()}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", knobs, err, want)
		}
	}
	for _, k := range knobs() {
		if !strings.Contains(k.About, "(") && k.Name != "leader" {
			t.Errorf("%s names no source: %s", k.Name, k.About)
		}
	}
}
