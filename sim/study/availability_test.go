package study

import (
	"regexp"
	"strings"
	"testing"

	"netsplit/sim/check"
)

// report runs a scenario and returns what it says of its lanes, by name.
func report(t *testing.T, text string) map[string]LaneReport {
	t.Helper()
	rep, err := Execute(mustParse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	lanes := map[string]LaneReport{}
	for _, l := range rep.Lanes {
		lanes[l.Name] = l
	}
	return lanes
}

const availabilityHead = "seed 4\nregions us-east-1 eu-west-1 ap-south-1\nlane s raft leader=us-east-1\nlane q quorum n=3 r=2 w=2\n" +
	"lane e gossip\nworkload bank rate=1/s staggered\nend 20s\n"

// TestGilbertLynch: which lanes answer every request that a standing node receives, and what counts against the others.
func TestGilbertLynch(t *testing.T) {
	for _, c := range []struct {
		faults string
		want   map[string]check.Answer
		node   string // of the first request that counts against a lane
	}{
		{"", map[string]check.Answer{"s": check.Yes, "q": check.Yes, "e": check.Yes}, ""},
		{"at 3s partition eu-west-1\nat 10s heal\n", map[string]check.Answer{"s": check.No, "q": check.No, "e": check.Yes}, "eu-west-1/1"},
		// A node that is down or paused receives nothing, or is excused; the others go on without it.
		{"at 3s crash eu-west-1/1\nat 10s restart eu-west-1/1\n", map[string]check.Answer{"s": check.Yes, "q": check.Yes, "e": check.Yes}, ""},
		// A client that cannot reach its replica is not answered, and Gilbert and Lynch have nothing against that.
		{"at 3s cut eu-west-1@1 eu-west-1/1\nat 10s mend eu-west-1@1 eu-west-1/1\n", map[string]check.Answer{"s": check.Yes, "q": check.Yes, "e": check.Yes}, ""},
		// A disk that never ends an fsync is no failure of the node that has it.
		{"at 3s fsync eu-west-1/1 stuck\n", map[string]check.Answer{"e": check.No}, "eu-west-1/1"},
	} {
		lanes := report(t, availabilityHead+c.faults)
		for name, want := range c.want { // order does not matter: comparisons
			l := lanes[name]
			g := l.GilbertLynch
			if g.Answer != want || (g.First == nil) != (want == check.Yes) {
				t.Errorf("%slane %s: %+v, want %s", c.faults, name, g, want)
				continue
			}
			if g.First != nil && (g.First.Node != c.node || g.First.At < 2500) {
				t.Errorf("%slane %s: first %+v, want one at %s", c.faults, name, *g.First, c.node)
			}
			if g.Received != g.Answered+g.Refused+g.Silent || g.Received == 0 || g.CutOff != 2000 {
				t.Errorf("%slane %s: %+v", c.faults, name, g)
			}
		}
		if strings.Contains(c.faults, "cut") && lanes["e"].Answered == 100 {
			t.Errorf("%severy client was answered", c.faults)
		}
	}
}

// TestNothingReceived: of no requests nothing is said.
func TestNothingReceived(t *testing.T) {
	for _, l := range report(t, "seed 4\nregions us-east-1\nlane e gossip\nend 1s\n") { // order does not matter: comparisons
		if l.GilbertLynch.Answer != check.Unknown || l.PACELC.Text[1] != "No request ended while all links between regions were up." || len(l.Regions) != 0 {
			t.Errorf("%+v", l)
		}
	}
}

// TestPACELC: what a partition costs in each lane, with counts of each side, and what is paid without one.
func TestPACELC(t *testing.T) {
	lanes := report(t, availabilityHead+"at 3s partition eu-west-1\nat 10s heal\n")
	for name, l := range lanes { // order does not matter: comparisons
		p := l.PACELC
		if len(p.Partitions) != 1 || p.Partitions[0].From != 3000 || p.Partitions[0].To != 10_000 || p.Partitions[0].Lasts || len(p.Partitions[0].Sides) != 2 {
			t.Fatalf("lane %s: %+v", name, p.Partitions)
		}
		here, there := p.Partitions[0].Sides[0], p.Partitions[0].Sides[1]
		if strings.Join(here.Regions, " ") != "us-east-1 ap-south-1" || strings.Join(there.Regions, " ") != "eu-west-1" {
			t.Errorf("lane %s: sides %v and %v", name, here, there)
		}
		if got := p.Parted.OK + p.Parted.Fail + p.Parted.Info + p.Calm.OK + p.Calm.Fail + p.Calm.Info; got != l.Operations {
			t.Errorf("lane %s: %d of %d operations", name, got, l.Operations)
		}
		if p.Parted.LostWrites+p.Calm.LostWrites != l.LostWrites || p.Parted.LostUpdates+p.Calm.LostUpdates != l.LostUpdates ||
			p.Parted.StaleReads+p.Calm.StaleReads != l.StaleReads {
			t.Errorf("lane %s: %+v of %+v", name, p, l.Scores)
		}
		for _, text := range p.Text {
			if text == "" || strings.HasSuffix(text, "..") || strings.Contains(text, "  ") {
				t.Errorf("lane %s: %q", name, text)
			}
		}
	}
	for _, name := range []string{"s", "q"} {
		p := lanes[name].PACELC
		if there := p.Partitions[0].Sides[1]; there.OK > 1 || there.Fail+there.Info == 0 || p.Parted.StaleReads+p.Parted.LostWrites > 0 {
			t.Errorf("lane %s gives up answers, and nothing else: %+v", name, p)
		}
		if p.Calm.Write.P50 < 50 || *p.Calm.Write.Fibre < 50 || *p.Calm.Write.Fibre > p.Calm.Write.P50 {
			t.Errorf("lane %s pays for distance: %+v", name, p.Calm)
		}
	}
	e := lanes["e"].PACELC
	if e.Parted.Fail+e.Parted.Info > 0 || e.Parted.StaleReads == 0 || e.Parted.LostWrites == 0 || e.Calm.Write.P50 > 10 || *e.Calm.Write.Fibre != 0 {
		t.Errorf("lane e gives up something else, and pays nothing for distance: %+v", e)
	}
	if want := "During the partition (3 s to 10 s) every one of "; !strings.HasPrefix(e.Text[0], want) {
		t.Errorf("%q", e.Text[0])
	}
}

// TestPartitionsMerge: commands of an instant make one partition, other groups make another, and one may last.
func TestPartitionsMerge(t *testing.T) {
	p := report(t, availabilityHead+"at 3s cut us-east-1 eu-west-1\nat 3s cut ap-south-1 eu-west-1\nat 5s mend everywhere\n"+
		"at 5s partition ap-south-1\nat 7s heal\nat 8s cut us-east-1 > eu-west-1\n")["e"].PACELC
	var got []string
	for _, part := range p.Partitions {
		text := ""
		for _, s := range part.Sides {
			text += "|" + strings.Join(s.Regions, " ")
		}
		got = append(got, text)
	}
	want := "|us-east-1 ap-south-1|eu-west-1 |us-east-1 eu-west-1|ap-south-1 |us-east-1 eu-west-1 ap-south-1"
	if strings.Join(got, " ") != want || !p.Partitions[2].Lasts || p.Partitions[2].To != 20_000 || p.Partitions[1].To != 7000 {
		t.Errorf("%q, %+v", got, p.Partitions)
	}
}

// TestPACELCInWords: who was refused is told apart from who had no answer, a link that carries nothing parts as one that is
// cut does, and what fails while all links are up is not passed over.
func TestPACELCInWords(t *testing.T) {
	for _, c := range []struct{ lane, faults, parted, calm string }{
		{"quorum", "at 3s partition eu-west-1\nat 10s heal\n", `^During the partition \(3 s to 10 s\) \d+ of \d+ requests (was|were) refused and \d+ had no answer \(`, `^Otherwise a write took .*, and a read took `},
		{"gossip", "at 3s hold us-east-1 eu-west-1\n", `^During the partition \(from 3 s on\) every one of \d+ requests had an answer, but `, `^Otherwise a write took `},
		{"raft", "at 3s drop 100% everywhere\nat 5s drop 0% everywhere\n", `^During the partition \(3 s to 5 s\) \d+ of \d+ requests`, `^Otherwise a write took `},
		{"quorum", "at 1s crash eu-west-1/1\nat 1s crash ap-south-1/1\n", `^All links between regions were up\.$`, `mostly came to nothing.*; \d+ of \d+ requests were refused and \d+ had no answer\.$`},
	} {
		text := report(t, "seed 4\nregions us-east-1 eu-west-1 ap-south-1\nlane l "+c.lane+"\nworkload bank rate=1/s staggered\nend 15s\n"+c.faults)["l"].PACELC.Text
		for i, want := range []string{c.parted, c.calm} {
			if !regexp.MustCompile(want).MatchString(text[i]) {
				t.Errorf("%s, %q: %q, want %s", c.lane, c.faults, text[i], want)
			}
		}
	}
}
