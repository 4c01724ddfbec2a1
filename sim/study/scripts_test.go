package study

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"netsplit/sim"
)

// TestScripts runs the scripts in the testdata of sim and of the packages below it. A script says what is done
// and, after the line of dashes, what comes of it; go test ./sim/study -run TestScripts -rewrite writes the latter.
func TestScripts(t *testing.T) {
	for _, dir := range []string{"../testdata", "../gossip/testdata", "../quorum/testdata", "../check/testdata"} {
		files, err := filepath.Glob(dir + "/*.txt")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no scripts (%v)", dir, err)
		}
		for _, file := range files {
			t.Run(filepath.ToSlash(file), func(t *testing.T) {
				var s script
				datadriven.RunTest(t, file, s.command)
			})
		}
	}
}

// script is the run that a script has set up.
type script struct {
	run       *Run
	recorders []*sim.Recorder // by lane
}

func (s *script) command(t *testing.T, d *datadriven.TestData) string {
	switch d.Cmd {
	case "parse": // prints the canonical text, or the error
		sc, err := Parse(d.Input)
		if err != nil {
			return err.Error() + "\n"
		}
		return sc.String()
	case "scenario": // sets a run up
		sc, err := Parse(d.Input)
		if err != nil {
			return err.Error() + "\n"
		}
		if s.run, err = New(sc); err != nil {
			t.Fatal(err)
		}
		s.recorders = nil
		for _, c := range s.run.Lanes() {
			s.recorders = append(s.recorders, sim.NewRecorder(c))
		}
		return "ok\n"
	case "until": // lets everything happen up to a time
		at, err := sim.ParseTime(d.CmdArgs[0].Key)
		if err != nil {
			t.Fatal(err)
		}
		s.run.AdvanceTo(at)
		return "now " + s.run.Now().String() + "\n"
	case "do": // a user's command, as the scenario language writes it
		return s.do(t, d.Input)
	case "views", "inspect", "flying", "message", "operation": // see inspect_test.go
		return s.inspect(t, d)
	}
	return s.show(t, d)
}

func (s *script) do(t *testing.T, statement string) string {
	sc := s.run.Scenario()
	wrapped, err := Parse(strings.Replace(sc.String(), "\nend ", "\nat "+s.run.Now().String()+" "+statement+"\nend ", 1))
	if err != nil {
		return err.Error() + "\n"
	}
	last := -1 // of those of this instant, of which some may have been done already
	for i, cmd := range wrapped.Commands {
		if cmd.At == s.run.Now() {
			last = i
		}
	}
	if _, err := s.run.Do(wrapped.Commands[last]); err != nil {
		return err.Error() + "\n"
	}
	s.run.AdvanceTo(s.run.Now() + 1)
	return "ok\n"
}

// show prints a part of the run, for every lane or for the one named.
func (s *script) show(t *testing.T, d *datadriven.TestData) string {
	var b strings.Builder
	for i, c := range s.run.Lanes() {
		if len(d.CmdArgs) > 0 && d.CmdArgs[0].Key != c.Name {
			continue
		}
		switch d.Cmd {
		case "values": // what the replicas hold
			for a := range sim.Addr(c.Nodes()) {
				v := c.Describe(a)
				fmt.Fprintf(&b, "%s %s: $%d by operation %d\n", c.Name, place(c, a), v.Value, v.Version)
			}
		case "history": // the operations
			for _, rec := range c.History() {
				b.WriteString(s.operation(c, rec) + "\n")
			}
		case "verdict":
			v := s.run.Referees[i].Verdict()
			fmt.Fprintf(&b, "%s: linearizable %s, violation at %d, covers %d\n", c.Name, v.Answer, v.ViolationAt, v.Covers)
		case "losses":
			for _, l := range s.run.Referees[i].Losses() {
				fmt.Fprintf(&b, "%s: operation %d lost at %s, in its place operation %d, parted %v\n", c.Name, l.Write, l.At, l.Over, l.Parted)
			}
		case "risk":
			fmt.Fprintf(&b, "%s: %d at risk\n", c.Name, s.run.Referees[i].Scores().AtRisk)
		case "books":
			k := s.run.Referees[i].Books()
			fmt.Fprintf(&b, "%s: between $%d and $%d, held by %d values, damage $%d\n", c.Name, k.Low, k.High, k.Distinct, k.Damage)
		case "damage": // in the workload's words
			k := s.run.Referees[i].Books()
			fmt.Fprintf(&b, "%s: between %d and %d, damage %d: %s\n", c.Name, k.Low, k.High, k.Damage, cmp.Or(k.Text, "none"))
		case "errands":
			for _, e := range c.Errands() {
				fmt.Fprintf(&b, "%s %d %s %s %s %d: %s %s %d after %s\n", c.Name, e.ID, e.Start, e.Kind, e.Key, e.Amount, e.Outcome,
					cmp.Or(string(e.Reason), "-"), e.Balance, e.End-e.Start)
			}
		case "flight": // the messages on their way
			var flying []*sim.Message
			c.InFlight(func(m *sim.Message) bool {
				flying = append(flying, m)
				return true
			})
			slices.SortFunc(flying, func(a, b *sim.Message) int { return cmp.Compare(a.ID, b.ID) })
			for _, m := range flying {
				fmt.Fprintf(&b, "%s %d %s to %s %s: sent %s, due %s\n", c.Name, m.ID, c.NameOf(m.From), c.NameOf(m.To), m.Kind, m.Sent, m.Due)
			}
		case "texts": // what viewers see of documents
			for a := range sim.Addr(c.Nodes()) {
				fmt.Fprintf(&b, "%s %d: %s\n", c.Name, a, c.Describe(a).Text)
			}
		default:
			t.Fatalf("unknown command %q", d.Cmd)
		}
	}
	return b.String()
}

// place is the region of an endpoint or, where it is not the first there, its own name.
func place(c *sim.Cluster, a sim.Addr) string {
	name := c.NameOf(a)
	if region, first := strings.CutSuffix(name, "1"); first {
		return strings.TrimRight(region, "/@")
	}
	return name
}

func (s *script) operation(c *sim.Cluster, rec *sim.Record) string {
	client := place(c, rec.Client)
	text := fmt.Sprintf("%s %d %s %s %s", c.Name, rec.ID, rec.Start, client, rec.Kind)
	switch rec.Kind {
	case sim.Write:
		text += fmt.Sprintf(" $%d", rec.Value)
	case sim.Increment, sim.Add, sim.Remove:
		text += fmt.Sprintf(" %d", rec.Value)
	case sim.CompareAndSet:
		text += fmt.Sprintf(" $%d to $%d", rec.Expect, rec.Value)
	}
	if rec.Level != "" {
		text += " level " + rec.Level
	}
	r := rec.Result
	text += ": " + r.Outcome.String()
	switch {
	case r.Outcome == sim.Pending:
		return text
	case r.Outcome != sim.OK && r.Need > 0:
		text += fmt.Sprintf(" %s, %d of %d", r.Reason, r.Have, r.Need)
	case r.Outcome != sim.OK:
		text += " " + string(r.Reason)
	case rec.Kind == sim.Read && r.Found.Items() != nil:
		text += fmt.Sprintf(" items %d", r.Found.Items())
	case rec.Kind == sim.Read && len(r.Found.Siblings()) > 1:
		text += " siblings"
		for _, v := range r.Found.Siblings() {
			text += siblingText(v)
		}
	case rec.Kind == sim.Read && r.Absent:
		text += fmt.Sprintf(" nothing, of operation %d", r.Version)
	case rec.Kind == sim.Read || !r.Applied:
		text += fmt.Sprintf(" $%d of operation %d", r.Value, r.Version)
	}
	return text + " after " + (rec.End - rec.Start).String()
}

func siblingText(v sim.Version) string {
	if v.Deleted {
		return fmt.Sprintf(" deleted by %d", v.Write)
	}
	return fmt.Sprintf(" $%d of %d", v.Value, v.Write)
}
