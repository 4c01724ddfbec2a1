package study

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"

	"netsplit/sim"
)

// inspect prints what viewers may see and ask for, in one lane, the first argument:
//
//	views LANE            what the stage draws of each node
//	inspect LANE NODE     everything about a node, raw with a third argument
//	flying LANE           messages between nodes on their way
//	message LANE ID       everything about a message
//	operation LANE ID     everything about an operation
func (s *script) inspect(t *testing.T, d *datadriven.TestData) string {
	if len(d.CmdArgs) == 0 {
		d.Fatalf(t, "expected a lane")
	}
	for i, c := range s.run.Lanes() {
		if c.Name != d.CmdArgs[0].Key {
			continue
		}
		p := &printer{c: c}
		number := func() uint64 {
			n, err := strconv.ParseUint(d.CmdArgs[1].Key, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		var err error
		switch d.Cmd {
		case "views":
			for a := range sim.Addr(c.Nodes()) {
				p.view(a, c.Describe(a))
			}
		case "flying":
			for _, m := range s.recorders[i].InFlightViews(nil) {
				p.say("%d %s from %s to %s, due %s", m.ID, m.Kind, p.name(m.From), p.name(m.To), m.Due)
			}
		case "inspect":
			err = p.inspectNode(d.CmdArgs[1].Key, len(d.CmdArgs) > 2)
		case "message":
			var f sim.MessageFacts
			if f, err = s.recorders[i].InspectMessage(number(), false); err == nil {
				p.message(f)
			}
		case "operation":
			var f sim.OperationFacts
			if f, err = c.InspectOperation(sim.OpID(number())); err == nil {
				p.operation(f)
			}
		}
		if err != nil {
			return err.Error() + "\n"
		}
		return p.String()
	}
	d.Fatalf(t, "no lane %q", d.CmdArgs[0].Key)
	return ""
}

// printer writes inspections for people.
type printer struct {
	strings.Builder
	c *sim.Cluster
}

func (p *printer) say(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *printer) name(a sim.Addr) string { return place(p.c, a) }

func (p *printer) names(list []sim.Addr) string {
	words := make([]string, len(list))
	for i, a := range list {
		words[i] = p.name(a)
	}
	return strings.Join(words, " ")
}

func (p *printer) view(a sim.Addr, v sim.NodeView) {
	line := fmt.Sprintf("%s: %d of write %d", p.name(a), v.Value, v.Version)
	if v.Role != "" {
		line += fmt.Sprintf(", %s, term %d", v.Role, v.Term)
	}
	if v.Lead != nil {
		line += ", follows " + p.name(*v.Lead)
	}
	if len(v.Dead) > 0 {
		line += ", takes for dead " + p.names(v.Dead)
	}
	for _, h := range v.Hints {
		line += fmt.Sprintf(", %d hints for %s", h.Count, p.name(h.Peer))
	}
	for _, w := range v.Siblings {
		line += fmt.Sprintf(", sibling %d of %d", w.Value, w.Write)
		if w.Deleted {
			line += " deleted"
		}
	}
	p.say("%s", line)
	p.timers(v.Timers)
	if v.Log != nil {
		p.say("  log, durable to %d, committed to %d:%s", v.Log.Durable, v.Log.Commit, entriesText(v.Log.Entries))
	}
	p.tallies(v.Tallies)
}

func (p *printer) timers(list []sim.TimerView) {
	for _, t := range list {
		about := ""
		if t.Peer != nil {
			about = " of " + p.name(*t.Peer)
		}
		p.say("  %s%s from %s until %s", t.Name, about, t.From, t.Until)
	}
}

func (p *printer) tallies(list []sim.TallyView) {
	for _, t := range list {
		p.say("  %s %d: %d of %d", t.What, t.Op, t.Have, t.Need)
	}
}

func entriesText(list []sim.LogEntry) string {
	text := ""
	for _, e := range list {
		text += fmt.Sprintf(" %d/%d %s", e.Index, e.Term, e.Kind)
		if e.Write != 0 {
			text += fmt.Sprintf(" %d by %d;", e.Value, e.Write)
		}
	}
	return text
}

func (p *printer) facts(indent string, facts []sim.Fact) {
	for _, f := range facts {
		text := strconv.FormatInt(f.N, 10)
		switch f.Kind {
		case sim.FactTime, sim.FactSpan:
			text = sim.Time(f.N).String()
		case sim.FactNode:
			text = p.name(sim.Addr(f.N))
		case sim.FactYes:
			text = map[int64]string{0: "no", 1: "yes"}[f.N]
		case sim.FactText:
			text = f.Text
		}
		p.say("%s%s: %s", indent, f.Name, text)
	}
}

func (p *printer) inspectNode(name string, raw bool) error {
	node := sim.Addr(-1)
	for a := range sim.Addr(p.c.Nodes()) {
		if p.name(a) == name {
			node = a
		}
	}
	f, err := p.c.Inspect(node, raw)
	if err != nil {
		return err
	}
	p.say("%s", f.Name)
	p.timers(f.Timers)
	p.tallies(f.Tallies)
	p.facts("  ", f.Facts)
	for _, peer := range f.Peers {
		p.say("  of %s", p.name(peer.Peer))
		p.facts("    ", peer.Facts)
	}
	if f.Kept > 0 {
		p.say("  log from %d, durable to %d, committed to %d:%s", f.Kept, f.Durable, f.Commit, entriesText(f.Log))
	}
	for _, k := range f.Keys {
		p.key(k)
	}
	p.say("  disk keeps %t, unsynced %d, flushing %d, waits %d", f.Disk.Keeps, f.Disk.Unsynced, f.Disk.Flushing, f.Disk.Waits)
	p.facts("    ", f.Disk.Durable)
	for _, s := range f.Streams {
		p.stream(s)
	}
	p.WriteString(f.Raw)
	return nil
}

func (p *printer) key(k sim.KeyFacts) {
	line := fmt.Sprintf("  %s: %d", k.Key, k.Value)
	if k.For != nil {
		line += ", a hint for " + p.name(*k.For)
	}
	if k.Gone {
		line += ", gone"
	}
	for _, v := range k.Versions {
		line += fmt.Sprintf("; %d of write %d", v.Value, v.Write)
		if v.Deleted {
			line += " deleted"
		}
		if v.Stamp != nil {
			line += fmt.Sprintf(" stamped %s.%d by %s", *v.Stamp, v.Tick, p.name(*v.Node))
		}
		if v.Dot > 0 {
			line += fmt.Sprintf(" dot %d", v.Dot)
		}
	}
	for _, m := range k.Clock {
		line += fmt.Sprintf("; knows %s to %d (+%d -%d)", p.name(m.Node), m.Count, m.Plus, m.Minus)
	}
	p.say("%s", line)
}

func (p *printer) stream(s sim.StreamFacts) {
	line := fmt.Sprintf("  stream to %s: connection %d, %d not acknowledged, %d waiting, %d early, round trip %s, timeout %s, heard %s",
		p.c.NameOf(s.Peer), s.Connection, s.Unacked, s.Waiting, s.Early, s.RoundTrip, s.Timeout, s.Heard)
	if s.Retrying {
		line += fmt.Sprintf(", tries %d", s.Tries)
	}
	if s.Next != nil {
		line += ", next " + s.Next.String()
	}
	if s.GivesUp != nil {
		line += ", gives up " + s.GivesUp.String()
	}
	p.say("%s", line)
}

func (p *printer) message(f sim.MessageFacts) {
	p.say("%d %s from %s to %s, sent %s, due %s: %s at %d", f.ID, f.Kind, p.name(f.From), p.name(f.To), f.Sent, f.Due, f.State, f.At)
	p.facts("  ", f.Facts)
	for _, w := range f.Carries {
		p.say("  carries write %d of %s", w.Write, w.Key)
	}
}

func (p *printer) operation(f sim.OperationFacts) {
	p.say("%s %s by %s at %s, attempt %d, started %s", f.Op.Kind, f.Op.Key, p.name(f.Client), p.name(f.Asked), f.Attempts, f.Start)
	p.facts("  ", sim.ResultFacts(f.Result))
	p.say("  wrote %d, found %d, place %d, errand %s of %d, held by [%s], carried by %d", f.Wrote, f.Found, f.Place, f.Errand.Kind, f.Ops,
		p.names(f.HeldBy), f.Carried)
	for _, w := range f.Siblings {
		p.say("  sibling %d of write %d", w.Value, w.Write)
	}
}
