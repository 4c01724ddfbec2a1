package study

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"netsplit/sim"
)

// Form is what a run's history can be written as, for other tools.
type Form string

// The forms. Jepsen and Porcupine are of one lane and of its clients' operations; the others are of messages too, and of
// all lanes unless one is named.
const (
	Jepsen    Form = "jepsen"    // EDN, an event a line: see historian.history
	Porcupine Form = "porcupine" // the HTML page that porcupine draws: which orders can be, and how far they go
	ShiViz    Form = "shiviz"    // two lines an event, the first with its vector clock: https://bestchai.bitbucket.io/shiviz/
	Events    Form = "jsonl"     // a JSON object a line: see Event
)

// Forms lists the forms.
func Forms() []Form { return []Form{Jepsen, Porcupine, ShiViz, Events} }

// Extension returns how a file of the form ends.
func (f Form) Extension() string {
	return map[Form]string{Jepsen: ".edn", Porcupine: ".html", ShiViz: ".shiviz.log", Events: ".jsonl"}[f]
}

// exporter writes what it is told of a run.
type exporter interface {
	observe(lane *sim.Cluster)
	finish(ctx context.Context, w io.Writer) error
}

// Export runs a scenario to its end and writes the history of a lane, or if that is empty of what the form is of. It ends
// early, with an error, if the context does. Errors name the form or the lane that is not known.
func Export(ctx context.Context, s *sim.Scenario, form Form, lane string, w io.Writer) error {
	r, err := New(s)
	if err != nil {
		return err
	}
	if err := Exportable(s, form, lane); err != nil {
		return err
	}
	lanes := r.Lanes()
	if lane != "" {
		lanes = slices.DeleteFunc(slices.Clone(lanes), func(c *sim.Cluster) bool { return c.Name != lane })
	}
	out := bufio.NewWriter(w)
	var e exporter
	switch form {
	case Jepsen, Porcupine:
		e = &historian{form: form}
	case ShiViz:
		e = newClocks(out, len(lanes) > 1)
	case Events:
		e = &eventWriter{w: out}
	}
	for _, c := range lanes {
		e.observe(c)
	}
	if err := r.finish(ctx); err != nil {
		return err
	}
	if err := e.finish(ctx, out); err != nil {
		return err
	}
	return out.Flush()
}

// underway hands over the messages that were sent before anybody could watch, in order.
func underway(lane *sim.Cluster, sent func(*sim.Message)) {
	list := slices.Collect(lane.InFlight)
	slices.SortFunc(list, func(a, b *sim.Message) int { return cmp.Compare(a.ID, b.ID) })
	for _, m := range list {
		sent(m)
	}
}

// Exportable says why a scenario cannot be exported in a form, of a lane; nil if it can.
func Exportable(s *sim.Scenario, form Form, lane string) error {
	if !slices.Contains(Forms(), form) {
		return fmt.Errorf("unknown form %q; expected one of %s", form, strings.Trim(fmt.Sprint(Forms()), "[]"))
	}
	var names []string
	for _, l := range s.Lanes {
		names = append(names, l.Name)
	}
	switch {
	case lane != "" && !slices.Contains(names, lane):
		return fmt.Errorf("unknown lane %q; expected one of %s", lane, strings.Join(names, " "))
	case lane == "" && (form == Jepsen || form == Porcupine) && len(names) > 1:
		return fmt.Errorf("%s is of one lane; name one of %s", form, strings.Join(names, " "))
	}
	return nil
}
