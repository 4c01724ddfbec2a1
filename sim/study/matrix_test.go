package study

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
)

const matrixScenario = `regions us-east-1 eu-west-1 ap-south-1
lane raft raft
lane gossip gossip
workload bank rate=2/s staggered
at 3s partition us-east-1
at 9s heal
at 1s lane raft transfer eu-west-1/1
end 14s
`

func matrixOf(t *testing.T, plan MatrixPlan, hurts string) *Matrix {
	t.Helper()
	var err error
	if plan.Hurts, err = ParseHurts(hurts); err != nil {
		t.Fatal(err)
	}
	if plan.Scenario, err = Parse(matrixScenario); err != nil {
		t.Fatal(err)
	}
	m, err := plan.Measure(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCellsHaveTheirRuns: each cell's run, replayed from its text, comes to the cell's worst figure, and no luck to more.
func TestCellsHaveTheirRuns(t *testing.T) {
	m := matrixOf(t, MatrixPlan{Seeds: 5, Candidates: preset.Candidates([]string{"us-east-1", "eu-west-1", "ap-south-1"})}, strings.Join(HurtNames(), ","))
	for _, row := range m.Rows {
		if row.Impossible != "" {
			continue
		}
		if len(row.Cells) != len(m.Hurts) || row.Runs != 5 {
			t.Fatalf("%s: %d cells of %d runs", row.Name, len(row.Cells), row.Runs)
		}
		for i, c := range row.Cells {
			s, err := Parse(c.Text)
			if err != nil {
				t.Fatalf("%s: %v in\n%s", row.Name, err, c.Text)
			}
			if len(s.Lanes) != 1 || s.Lanes[0].Name != row.Name || s.Seed != c.Seed {
				t.Errorf("%s: its run has lanes %v and seed %d", row.Name, s.Lanes, s.Seed)
			}
			run, err := completed(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			if got := m.Hurts[i].of(run.Referees[0], m.Hurts[i].Over); got != c.Worst {
				t.Errorf("%s: the run of seed %d comes to %s %g, and its cell says %g", row.Name, c.Seed, c.Hurt, got, c.Worst)
			}
			if c.Worst < c.P95 || c.Worst < c.Mean {
				t.Errorf("%s: the worst %s is %g, below %+v", row.Name, c.Hurt, c.Worst, c.Spread)
			}
		}
	}
	if lost := m.Rows[0].Cells[0]; lost.Mean != 0 {
		t.Errorf("raft lost writes: %+v", lost)
	}
	if refused := m.Rows[0].Cells[2]; refused.Mean == 0 || refused.In.Count != 5 {
		t.Errorf("a partition refused raft's clients nothing: %+v", refused)
	}
}

// TestMatrixIsTheSame with one worker and with four, and says what it leaves out.
func TestMatrixIsTheSame(t *testing.T) {
	impossible := preset.Candidate{Name: "far too many", Lane: sim.Lane{Name: "q", Protocol: "quorum", Knobs: []sim.Setting{{Name: "n", Value: "9"}}}}
	var texts []string
	for _, workers := range []int{1, 4} {
		m := matrixOf(t, MatrixPlan{Seeds: 3, Workers: workers, Candidates: []preset.Candidate{impossible}}, DefaultHurts)
		if !strings.Contains(m.Rows[2].Impossible, "n=9 is more than the 3 replicas") || len(m.Rows[2].Cells) != 0 {
			t.Errorf("n=9 of 3 replicas: %+v", m.Rows[2])
		}
		if len(m.Rows[1].Dropped) != 1 || len(m.Rows[0].Dropped) != 0 {
			t.Errorf("raft's transfer: dropped %v of gossip and %v of raft", m.Rows[1].Dropped, m.Rows[0].Dropped)
		}
		text, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("one worker and four come to different figures")
	}
}

// TestHurts: what is written is read, and what is wrong is quoted.
func TestHurts(t *testing.T) {
	list, err := ParseHurts("stale>0.5s, lost-writes")
	if err != nil || len(list) != 2 || list[0].Over != 500*sim.Millisecond || list[0].String() != "stale>0.5s" {
		t.Errorf("%v, %v", list, err)
	}
	for text, want := range map[string]string{"": `unknown hurt ""`, "stale>x": "only stale takes a bound", "latency>1s": "only stale takes a bound",
		"lost-write": "did you mean lost-writes?", "damage,damage": "named twice"} {
		if _, err := ParseHurts(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; expected %q", text, err, want)
		}
	}
}
