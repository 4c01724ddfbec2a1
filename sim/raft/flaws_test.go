package raft

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"netsplit/sim"
)

// complaints is a test that notes what is wrong, and goes on.
type complaints struct {
	testing.TB
	list []string
}

// enough ends a run of which it is known that it is wrong.
type enough struct{}

func (c *complaints) Helper() {}
func (c *complaints) Errorf(format string, args ...any) {
	c.list = append(c.list, fmt.Sprintf(format, args...))
	panic(enough{})
}
func (c *complaints) Fatalf(format string, args ...any) { c.Errorf(format, args...) }

// complaint runs a scenario with mistakes, and returns the first thing that is found wrong, or "".
func complaint(t *testing.T, text string, tr trials) (what string) {
	c := &complaints{TB: t}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case enough:
			what = c.list[0]
		default:
			what = fmt.Sprint(p)
		}
	}()
	play(c, text, tr)
	return ""
}

// crashes is a storm whose nodes crash and are back within a moment, so that a term may outlive them, on disks that are
// slow.
func crashes(seed int) string {
	text := strings.Replace(breakdowns(storm(seed), seed), "lane strong raft",
		"lane strong raft transport=datagram pre-vote=off check-quorum=off election=600ms election-max=700ms", 1)
	var b strings.Builder
	for i, name := range regionsOf(text) {
		fmt.Fprintf(&b, "at 0s fsync %s/1 %dms\n", name, seed%7*20)
		for at := sim.Time(seed*37+i*331)*sim.Millisecond%sim.Second + sim.Second/2; at < 20*sim.Second; at += sim.Time(900+97*i) * sim.Millisecond {
			fmt.Fprintf(&b, "at %s crash %s/1\nat %s restart %s/1\n", at, name, at+20*sim.Millisecond, name)
		}
	}
	return strings.Replace(text, "end ", b.String()+"end ", 1)
}

// leases is a storm under which reads go by leases.
func leases(seed int) string {
	text := strings.Replace(storm(seed), "lane strong raft", "lane strong raft transport=datagram reads=lease election-max=1050ms", 1)
	names := regionsOf(text)
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, "at %dms read %s balance\n", 1000+i*47, names[i%len(names)])
	}
	return strings.Replace(text, "end ", b.String()+"end ", 1)
}

// ballots has two nodes stand for election at about the same time, who do not hear each other, and the third crash when
// it has heard from one of them.
func ballots(seed int) string {
	then := 640*sim.Millisecond + upTo(rand.New(rand.NewPCG(uint64(seed), 25)), 40*sim.Millisecond)
	return fmt.Sprintf("seed %d\nregions us-east-1 eu-west-1 us-west-2\nlink us-east-1 eu-west-1 constant 40ms\n"+
		"link us-west-2 eu-west-1 constant 40ms\nat 0s cut us-east-1 us-west-2\nworkload none\nlane strong raft "+
		"transport=datagram pre-vote=off check-quorum=off election=600ms election-max=640ms\n"+
		"at 0s crash us-east-1/1\nat 1ms restart us-east-1/1\nat 200ms crash eu-west-1/1\nat 201ms restart eu-west-1/1\n"+
		"at %[2]s crash eu-west-1/1\nat %[3]s restart eu-west-1/1\nend 3s\n", seed, then, then+sim.Millisecond)
}

// TestFlawsAreFound: each deliberate mistake is found within so many seeds, and without it the same runs are right.
func TestFlawsAreFound(t *testing.T) {
	for _, f := range []struct {
		what     string
		trials   trials
		scenario func(int) string
		within   int
		says     string
	}{
		{"a vote is not on disk", trials{forgetsVote: true}, ballots, 60, "have both led in term"},
		{"what rests on a disk is sent before its fsync", trials{sendsEarly: true}, crashes, 20, ""},
		{"a leader acknowledges what it has appended", trials{acksAppend: true}, storm, 20, ""},
		{"a lease lasts longer than it is", trials{longLease: true}, leases, 60, "was known when it began"},
		{"a leader does not ask whether it leads", trials{skipsIndex: true}, storm, 20, "was known when it began"},
	} {
		found := -1
		for seed := 0; seed < f.within && found < 0; seed++ {
			text := f.scenario(seed)
			if what := complaint(t, text, trials{}); what != "" {
				t.Fatalf("seed %d without a mistake: %s\n%s", seed, what, text)
			}
			if what := complaint(t, text, f.trials); what != "" {
				if !strings.Contains(what, f.says) {
					t.Errorf("%s: seed %d: %s", f.what, seed, what)
				}
				t.Logf("%s: found with seed %d: %s", f.what, seed, what)
				found = seed
			}
		}
		if found < 0 {
			t.Errorf("%s: not found within %d seeds", f.what, f.within)
		}
	}
}
