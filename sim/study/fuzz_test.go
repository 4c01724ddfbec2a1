package study

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"netsplit/sim"
)

// everyStatement has every statement of the scenario language, in most of its forms.
const everyStatement = `engine 2
title All at once
seed 9
regions us-east-1 berlin
replicas 3 per region
replicas 2 in berlin
clients 2 per region
profile LNKD-DISK
link us-east-1 berlin mix 0.9 pareto 0.235ms 10, 0.1 exponential 0.6ms
link berlin/1 > us-east-1/1 for ack normal 10ms 2ms
link berlin@1 berlin constant 1ms
link everywhere for replicate uniform 1ms 3ms
lane r raft transport=datagram leader=berlin
lane q quorum transport=stream n=3 r=1 w=2
lane e gossip
workload feed rate=0.25/s poisson keys=3 skew=0.9 reads=12.5% read-level=one write-level=all timeout=300ms retry=same retries=2 session=roam until=9s
at 1s write berlin@2 feed-1 -3 level quorum as w1
at 2s lane q fsync berlin/2 stuck
end 9.5s
expect q lost-writes >= 0
expect e linearizable = no
expect r w1 ok -3
`

// TestEveryStatement holds the example of the fuzzed corpus to its name.
func TestEveryStatement(t *testing.T) {
	s := mustParse(t, everyStatement)
	_, err := Parse("unknown")
	_, list, _ := strings.Cut(err.Error(), "expected a statement: ")
	list, _, _ = strings.Cut(list, ", got")
	words := strings.Fields(strings.NewReplacer(",", " ", " or ", " ").Replace(list))
	if len(words) < 13 {
		t.Fatalf("statements %q", words)
	}
	for _, word := range words {
		if !strings.Contains("\n"+s.String(), "\n"+word+" ") {
			t.Errorf("no line %q in\n%s", word, s)
		}
	}
}

// FuzzScenario: no text panics; what parses prints canonically, and its print parses to the same scenario.
func FuzzScenario(f *testing.F) {
	for _, name := range []string{"europe-away"} {
		text, err := os.ReadFile("../../server/scenarios/" + name + ".txt")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("regions us-east-1 eu-west-1\nlane a quorum n=2 r=1 w=1\nat 0.5us heal\nat 1ms write us-east-1 k -3 as r\nexpect a r ok -3\nexpect a damage <= 0.5\n")
	f.Add("title \x00\nlane a raft leader=x\nworkload bank rate=1/s staggered until=0s\nend 9999999999999999999s\n")
	f.Add("regions us-east-1 eu-west-1\nlane a quorum n=2\nworkload cart rate=0.25/s poisson keys=3 skew=0.9 reads=12.5% read-level=one " +
		"timeout=300ms retry=elsewhere retries=2 session=roam until=9s\nat 1s read us-east-1 cart-2 level all as r\n")
	f.Add("regions us-east-1\nlane a gossip\nworkload inventory closed think=1ms stock=0\n")
	f.Add("regions us-east-1 eu-west-1\nlane a gossip conflict=or-set cache=eu-west-1 ttl=1s grace=ever\nat 1s add us-east-1 k 3 as r\n" +
		"at 2s increment us-east-1 k -1\nat 3s delete us-east-1 k\nat 4s remove us-east-1 k 3\n")
	f.Add("profile WAN\nregions us-east-1 eu-west-1\nlane a gossip\n")
	f.Add(everyStatement)
	for _, text := range commandExamples {
		f.Add("regions us-east-1 eu-west-1 ap-south-1\nreplicas 2 per region\nclients 2 per region\nlane e gossip\nlane q quorum\nat 1s " + text + "\n")
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse(text)
		if err != nil {
			var where *sim.ParseError
			if !errors.As(err, &where) || where.Line < 1 || where.Column < 1 || where.Problem == "" {
				t.Fatalf("%q: error without a place: %v", text, err)
			}
			return
		}
		printed := s.String()
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q prints as %q, which does not parse: %v", text, printed, err)
		}
		if twice := again.String(); twice != printed {
			t.Fatalf("%q prints as %q, then as %q", text, printed, twice)
		}
		if _, err := New(s); err != nil {
			t.Fatalf("%q parses but cannot be set up: %v", text, err)
		}
	})
}

// FuzzCommand: no command from the wire panics or breaks the run; what is accepted survives in the run's text.
func FuzzCommand(f *testing.F) {
	f.Add(`{"verb":"partition","groups":[["eu-west-1"],["us-east-1","ap-south-1"]]}`)
	f.Add(`{"verb":"write","region":"eu-west-1","key":"balance","value":300,"as":"r1"}`)
	f.Add(`{"verb":"read","region":"eu-west-1","key":"balance","as":"ok"}`)
	f.Add(`{"verb":"read","region":"eu-west-1","key":"balance","level":"all"}`)
	f.Add(`{"verb":"read","region":"nowhere","key":"a b"}`)
	f.Add(`{"verb":"withdraw","region":"eu-west-1","key":"balance","value":30,"as":"r1"}`)
	f.Add(`{"verb":"deliver","lane":"s","message":34}`)
	f.Add(`{"verb":"lose","lane":"e","message":9}`)
	f.Add(`{"verb":"postpone","lane":"q","message":21,"by":250000}`)
	f.Add(`{"verb":"heal","at":-5,"groups":[[],[""]]}`)
	f.Fuzz(func(t *testing.T, text string) {
		var cmd sim.Command
		if json.Unmarshal([]byte(text), &cmd) != nil {
			return
		}
		s, err := Parse("regions us-east-1 eu-west-1 ap-south-1\nlane s raft\nlane q quorum\nlane e gossip\nworkload bank rate=1/s staggered\n")
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(s)
		if err != nil {
			t.Fatal(err)
		}
		r.AdvanceTo(sim.Second)
		if _, err := r.Do(cmd); err != nil {
			return
		}
		r.AdvanceTo(2 * sim.Second)
		run := r.Scenario()
		again, err := Parse(run.String())
		if err != nil {
			t.Fatalf("%s was accepted but its text is refused: %v\n%s", text, err, run.String())
		}
		replay, err := New(again)
		if err != nil {
			t.Fatal(err)
		}
		replay.AdvanceTo(2 * sim.Second)
		if replay.Trace() != r.Trace() {
			t.Fatalf("%s: replay differs", text)
		}
	})
}
