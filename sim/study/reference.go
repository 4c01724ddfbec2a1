package study

import (
	"cmp"
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

// ReferencePart is a part of the reference figures.
type ReferencePart struct {
	Name    string
	Seconds float64 // that it takes on two cores at full size, about
	Tables  func(context.Context) ([]Table, error)
}

// ReferenceParts returns the reproduction of the figures that the simulator is held to, part by part. The figures depend on
// the size alone, not on the number of cores.
func ReferenceParts(size Size) []ReferencePart {
	var parts []ReferencePart
	for i := range sim.Profiles {
		p := &sim.Profiles[i]
		parts = append(parts, ReferencePart{"the WARS model under " + p.Name, 1, oneTable(func(ctx context.Context, n int) (Table, error) { return pbsTable(ctx, p, n) }, size.Model)})
	}
	parts = append(parts, ReferencePart{"the quorum protocol in the world", 17, oneTable(worldTable, size.World)},
		ReferencePart{"distances, rumours and detectors", 0.2, func(context.Context) ([]Table, error) {
			detection, err := detectionTable()
			return []Table{fibreTable(), epidemicTable(20_000), detection}, err
		}})
	parts = append(parts, ReferencePart{"databases", 3, oneTable(databasesTable, 0)})
	if size.Elections == 0 {
		return parts
	}
	return append(parts,
		ReferencePart{"elections over a wide area", 5, oneTable(availSim, 4*size.Elections)},
		ReferencePart{"elections after a leader's crash", 5, oneTable(figure16Table, size.Elections)},
		ReferencePart{"elections by deadline", 1, oneTable(splitTable, 2*size.Elections)},
		ReferencePart{"elections beside a real etcd's", 7, oneTable(etcdTable, max(1, size.Elections/50))})
}

func oneTable(table func(context.Context, int) (Table, error), trials int) func(context.Context) ([]Table, error) {
	return func(ctx context.Context) ([]Table, error) {
		t, err := table(ctx, trials)
		return []Table{t}, err
	}
}

// Reference reproduces all of them. It ends early with the context's error.
func Reference(ctx context.Context, size Size, progress func(string)) ([]Table, error) {
	var tables []Table
	for _, part := range ReferenceParts(size) {
		progress(part.Name)
		some, err := part.Tables(ctx)
		if err = cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		tables = append(tables, some...)
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
