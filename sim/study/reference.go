package study

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"netsplit/sim"
)

// Table is a set of figures, each held against what others found.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Out   int // rows that are out of tolerance
}

// Write prints the table in aligned columns.
func (t *Table) Write(w io.Writer) error {
	fmt.Fprintln(w, t.Title)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{t.Head}, t.Rows...) {
		fmt.Fprintln(tw, strings.Join(row, "\t")+"\t")
	}
	fmt.Fprintf(tw, "\n")
	return tw.Flush()
}

// Size is how much work a set of reference figures is: trials in the WARS model of each profile, and trials in
// the world of each row of table 4 at each time; and of elections, trials of a leader's crash, four times as many of an
// election over a wide area, twice as many of deadlines, and a fiftieth of each fault of the etcd that was measured. With
// 0 elections are left out.
type Size struct{ Model, World, Elections int }

// FullSize takes under two minutes on two cores. The reference figures are for a million trials of the model.
var FullSize = Size{Model: 1_000_000, World: 40_000, Elections: 5_000}

// Reference reproduces the figures that the simulator is held to. It tells progress what comes next, and ends early
// with the context's error. The figures depend on the size alone, not on the number of cores.
func Reference(ctx context.Context, size Size, progress func(string)) ([]Table, error) {
	var tables []Table
	for i := range sim.Profiles {
		p := &sim.Profiles[i]
		progress("the WARS model under " + p.Name)
		t, err := pbsTable(ctx, p, size.Model)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	progress("the quorum protocol in the world")
	world, err := worldTable(ctx, size.World)
	if err != nil {
		return nil, err
	}
	detection, err := detectionTable()
	if err != nil {
		return nil, err
	}
	tables = append(tables, world, fibreTable(), epidemicTable(20_000), detection)
	if size.Elections == 0 {
		return tables, nil
	}
	progress("elections by the Raft adapter in the world")
	for _, part := range []struct {
		table  func(context.Context, int) (Table, error)
		trials int
	}{{availSim, 4 * size.Elections}, {figure16Table, size.Elections}, {splitTable, 2 * size.Elections}, {etcdTable, max(1, size.Elections/50)}} {
		t, err := part.table(ctx, part.trials)
		if err != nil {
			return nil, err
		}
		tables = append(tables, t)
	}
	return tables, nil
}

// fibreTable holds the measured round trips between regions to what light in fibre allows.
func fibreTable() Table {
	t := Table{Title: "Round trips between AWS regions: median measured, there and back, beside the bound of light in fibre (2 x great circle / 200 km per ms)",
		Head: []string{"from", "to", "measured ms", "back ms", "bound ms", "least / bound", "verdict"}}
	ms := func(t sim.Time) string { return fmt.Sprintf("%.3f", t.Milliseconds()) }
	for i, a := range sim.Regions {
		for j, b := range sim.Regions[:i] {
			there, back, bound := sim.RoundTrip(j, i), sim.RoundTrip(i, j), sim.FibreBound(j, i)
			verdict := "over"
			if min(there, back) < bound {
				verdict = "UNDER"
				t.Out++
			}
			t.Rows = append(t.Rows, []string{b.Name, a.Name, ms(there), ms(back), ms(bound),
				fmt.Sprintf("%.2f", min(there, back).Milliseconds()/bound.Milliseconds()), verdict})
		}
	}
	return t
}
