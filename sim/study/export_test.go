package study

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"netsplit/sim/check"
	"netsplit/sim/foreign"
)

// TestJepsenHistoriesKeepTheirVerdict: what is exported as Jepsen writes it down, and read again, is judged as the referee
// judged the run.
func TestJepsenHistoriesKeepTheirVerdict(t *testing.T) {
	counts := map[string]int{}
	list := []int{49} // there two replicas applied one increment, and a read saw both at once
	for seed := range seeds(24, 3000) {
		list = append(list, seed)
	}
	for _, seed := range list {
		sameVerdict(t, seed, randomWorld(uint64(seed)), counts)
		text, _ := randomShop(uint64(seed))
		sameVerdict(t, seed, text, counts)
		conflict := []string{"dvv", "counter", "or-set"}[seed%3]
		world := modelWorld(seed, fmt.Sprintf("lane plain gossip conflict=%[1]s\nlane quorum quorum r=2 w=2 conflict=%[1]s\n", conflict))
		workload := map[string]string{"dvv": "workload register", "counter": "workload likes", "or-set": "workload cart"}[conflict]
		sameVerdict(t, seed, workloadLine.ReplaceAllString(world, workload), counts)
	}
	t.Log(counts)
	if counts["register yes"] == 0 || counts["register no"] == 0 || counts["counter yes"] == 0 || counts["set yes"] == 0 || counts["set no"] == 0 {
		t.Errorf("some verdict was never met: %v", counts)
	}
}

var workloadLine = regexp.MustCompile(`workload \S+`)

func sameVerdict(t *testing.T, seed int, text string, counts map[string]int) {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	rep, err := Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rep.Lanes {
		s, _ := Parse(text)
		var b bytes.Buffer
		if err := Export(context.Background(), s, Jepsen, l.Name, &b); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		h, err := foreign.Read(b.Bytes())
		if err != nil {
			counts["no operations"]++
			if l.Operations > 0 {
				t.Fatalf("seed %d, lane %s: %v\n%s", seed, l.Name, err, text)
			}
			continue
		}
		v, err := foreign.Judge(h, "", 200_000)
		if err != nil {
			t.Fatalf("seed %d, lane %s: %v\n%s", seed, l.Name, err, text)
		}
		counts[fmt.Sprintf("%s %s", v.Model, v.Answer)]++
		if string(v.Answer) != string(l.Linearizable) && l.Linearizable != check.Unknown && v.Answer != foreign.Unknown {
			counts["differ"]++
			t.Errorf("seed %d, lane %s: the referee says %s, of the export check says %s\n%s", seed, l.Name, l.Linearizable, v.Answer, text)
		}
	}
}

// shiviz is how ShiViz reads a log, unless it is told otherwise.
var shiviz = regexp.MustCompile(`(?m)^(\S*) (\{.*\})\n(.*)$`)

// TestShiVizClocks: each host counts its own events one by one, forgets nothing, and what receives a message knows at least
// what its sender knew.
func TestShiVizClocks(t *testing.T) {
	log := exportedAs(t, randomFaults(7), ShiViz, "")
	events := shiviz.FindAllStringSubmatch(log, -1)
	if got := strings.Count(log, "\n"); got != 2*len(events) || len(events) < 100 {
		t.Fatalf("%d lines, of which %d events can be read", got, len(events))
	}
	at, sent, received := map[string]map[string]int{}, map[string]map[string]int{}, 0
	for _, e := range events {
		host, clock := e[1], map[string]int{}
		if err := json.Unmarshal([]byte(e[2]), &clock); err != nil {
			t.Fatal(err)
		}
		before := at[host]
		if clock[host] != before[host]+1 || !knows(clock, before) {
			t.Fatalf("%s: %v after %v", host, clock, before)
		}
		at[host] = clock
		lane, _, _ := strings.Cut(host, ":")
		words := strings.Fields(e[3])
		switch words[len(words)-3] {
		case "sent":
			sent[lane+words[1]] = clock
		case "received":
			received++
			if known := sent[lane+words[1]]; known == nil || !knows(clock, known) {
				t.Fatalf("%s: %v received what was sent at %v", e[3], clock, known)
			}
		}
	}
	if received < 100 {
		t.Errorf("%d messages were received", received)
	}
}

func knows(clock, before map[string]int) bool {
	for host, n := range before {
		if clock[host] < n {
			return false
		}
	}
	return true
}

// TestEventLines: every line is an Event in order of time, and the operations are the report's.
func TestEventLines(t *testing.T) {
	text := randomFaults(3)
	counts, last := map[string]int{}, map[string]int64{}
	lines := strings.Split(strings.TrimSpace(exportedAs(t, text, Events, "")), "\n")
	for _, line := range lines {
		var e struct {
			At         int64
			Lane, Type string
		}
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if e.At < last[e.Lane] && e.Type != "lose" {
			t.Fatalf("after %d: %s", last[e.Lane], line)
		}
		last[e.Lane] = max(last[e.Lane], e.At)
		counts[e.Lane+" "+e.Type]++
	}
	s, _ := Parse(text)
	rep, err := Execute(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range rep.Lanes {
		if got := counts[l.Name+" invoke"]; got != l.Operations {
			t.Errorf("lane %s: %d calls, of %d operations", l.Name, got, l.Operations)
		}
		if got := counts[l.Name+" return"]; got != l.OK+l.Fail+l.Info {
			t.Errorf("lane %s: %d ends, of %d", l.Name, got, l.OK+l.Fail+l.Info)
		}
		if counts[l.Name+" receive"]+counts[l.Name+" lose"] == 0 || counts[l.Name+" command"] == 0 {
			t.Errorf("lane %s: %v", l.Name, counts)
		}
	}
}

// TestPorcupinePage: the page has every operation of the lane, and says where no order goes on.
func TestPorcupinePage(t *testing.T) {
	page := exportedAs(t, "seed 1\nregions us-east-1 eu-west-1\nlane g gossip\nat 1s write us-east-1 a 5\nat 2s partition eu-west-1\nat 3s write us-east-1 a 6\nat 4s read eu-west-1 a\nend 6s\n", Porcupine, "")
	for _, want := range []string{"<html", `:write [5 1]`, `:write [6 2]`, `:read [5 1]`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

// TestNotExportable: what cannot be exported is named.
func TestNotExportable(t *testing.T) {
	s, err := Parse("regions us-east-1 eu-west-1\nlane a gossip\nlane b gossip\nend 1s\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		form Form
		lane string
		want string
	}{
		{"pdf", "", `unknown form "pdf"; expected one of jepsen porcupine shiviz jsonl`},
		{Jepsen, "", "jepsen is of one lane; name one of a b"},
		{Events, "c", `unknown lane "c"; expected one of a b`},
	} {
		if err := Export(context.Background(), s, c.form, c.lane, io.Discard); err == nil || err.Error() != c.want {
			t.Errorf("%s of lane %q: %v, want %s", c.form, c.lane, err, c.want)
		}
	}
}

func exportedAs(t *testing.T, text string, form Form, lane string) string {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Export(context.Background(), s, form, lane, &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
