package raft

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"netsplit/sim"
)

// storyteller tells a world's notes and what its clients were told, in the order in which it happened.
type storyteller struct {
	sim.NopObserver
	w     *world
	lines []string
}

func (s *storyteller) tell(at sim.Time, format string, args ...any) {
	s.lines = append(s.lines, fmt.Sprintf("%7.3fs  ", float64(at)/float64(sim.Second))+fmt.Sprintf(format, args...))
}

func (s *storyteller) Noted(n sim.Note) { s.tell(n.At, "%s", s.w.says(n)) }

func (s *storyteller) Finished(e *sim.Errand) {
	who := s.w.scenario.Regions[int(e.Client)-s.w.cluster.Nodes()]
	what := fmt.Sprintf("reads %s", e.Key)
	if e.Kind == sim.ErrandSet {
		what = fmt.Sprintf("writes %d to %s", e.Amount, e.Key)
	}
	if e.Level != "" {
		what += " at level " + e.Level
	}
	told := fmt.Sprintf("%s %s", e.Outcome, e.Reason)
	if hint := s.w.cluster.History()[e.Ops[0]-1].Result.Hint; hint != "" {
		told += ", ask " + hint
	}
	if e.Outcome == sim.OK {
		told = fmt.Sprintf("ok %d", e.Balance)
	}
	s.tell(e.End, "%s %s (asked at %.3fs): %s", who, what, float64(e.Start)/float64(sim.Second), told)
}

// TestScripts plays the scripts in testdata. Their commands are
//
//	scenario            begins the world that the text below it describes
//	run until=TIME      lets it happen, and tells what did
//	roles               says what each node takes itself for
//	values              says what each node has applied, and what its log has beyond that
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var s *storyteller
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "scenario":
				s = &storyteller{w: newWorld(t, d.Input)}
				s.w.cluster.Observe(s)
				return fmt.Sprintf("%d nodes\n", s.w.cluster.Nodes())
			case "run":
				var until string
				d.ScanArgs(t, "until", &until)
				return s.run(t, until)
			case "roles":
				return s.roles()
			case "values":
				return s.values()
			default:
				d.Fatalf(t, "unknown command %s", d.Cmd)
				return ""
			}
		})
	})
}

func (s *storyteller) run(t *testing.T, until string) string {
	at, err := sim.ParseTime(until)
	if err != nil {
		t.Fatal(err)
	}
	s.lines = nil
	s.w.lab.AdvanceTo(at)
	return strings.Join(append(s.lines, ""), "\n")
}

func (s *storyteller) roles() string {
	var b strings.Builder
	for i, region := range s.w.scenario.Regions {
		v := s.w.cluster.Describe(sim.Addr(i))
		fmt.Fprintf(&b, "%s: %s in term %d", region, v.Role, v.Term)
		if lead := s.w.replicas[i].lead; v.Role == "follower" && lead == 0 {
			b.WriteString(", follows nobody")
		} else if v.Role == "follower" {
			fmt.Fprintf(&b, ", follows %s", s.w.scenario.Regions[addrOf(lead)])
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *storyteller) values() string {
	var b strings.Builder
	for i, region := range s.w.scenario.Regions {
		v := s.w.cluster.Describe(sim.Addr(i))
		fmt.Fprintf(&b, "%s: %d", region, v.Value)
		if log := s.w.replicas[i].tail.read(sim.Account); log.version != v.Version {
			fmt.Fprintf(&b, ", and %d in its log", log.value)
		}
		b.WriteByte('\n')
	}
	return b.String()
}
