package study

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// MatrixPlan asks which databases would hurt how much: the scenario's regions, workload and faults are run with each of
// its own lanes and each candidate, one at a time, under the same lucks.
type MatrixPlan struct {
	Scenario   *sim.Scenario
	Candidates []preset.Candidate // nil for all configurations of the databases
	Hurts      []Hurt
	Seeds      int
	Workers    int // goroutines; 0 for one a core
	Progress   Progress
}

// Matrix is what was measured. It recommends nothing. Its JSON keys are stable.
type Matrix struct {
	Engine int         `json:"engine"`
	Title  string      `json:"title"`
	Seed   uint64      `json:"seed"` // of the first luck
	Seeds  int         `json:"seeds"`
	End    sim.Time    `json:"end"`
	Runs   int         `json:"runs"` // asked for
	Done   int         `json:"done"`
	Hurts  []Hurt      `json:"hurts"`
	Rows   []MatrixRow `json:"rows"`
}

// MatrixRow is one configuration.
type MatrixRow struct {
	Name       string        `json:"name"` // of the lane
	Title      string        `json:"title"`
	About      string        `json:"about"`
	Protocol   string        `json:"protocol"`
	Knobs      []sim.Setting `json:"knobs"`
	Impossible string        `json:"impossible,omitempty"` // why this world cannot have it; then there are no cells
	Dropped    []sim.Dropped `json:"dropped"`              // statements that it cannot have
	Broken     []BrokenRun   `json:"broken"`               // runs that broke the simulation, which are in no figure
	Runs       int           `json:"runs"`
	Cells      []MatrixCell  `json:"cells"` // one for each hurt

	scenario *sim.Scenario
}

// MatrixCell is one figure of one configuration, and the run to look at: the one that hurt most.
type MatrixCell struct {
	Hurt string `json:"hurt"`
	Spread
	In    Share   `json:"in"`    // the runs in which it happened at all
	Seed  uint64  `json:"seed"`  // of the run with the most of it, the first of several
	Worst float64 `json:"worst"` // its figure
	Text  string  `json:"text"`  // that run, as the scenario language writes it
}

// Measure runs the plan. When its context ends it returns what is done, with no error: Done is less than Runs then.
func (p MatrixPlan) Measure(ctx context.Context) (*Matrix, error) {
	m, err := p.begin()
	if err != nil {
		return nil, err
	}
	rows := m.possible()
	if len(rows) == 0 {
		return m, nil
	}
	figures, errs := make([][]float64, m.Runs), make([]error, m.Runs)
	count := &counter{of: m.Runs, tell: p.Progress}
	onWorkers(ctx, p.Workers, m.Runs, func(i int) { // luck by luck, so that rows cut short are alike
		s := otherLuck(rows[i%len(rows)].scenario, uint64(i/len(rows)))
		if figures[i], errs[i] = p.figuresOf(ctx, s); !errors.Is(errs[i], errStopped) {
			count.add(1)
		}
	})
	for k, row := range rows {
		row.take(p.Hurts, len(rows), k, figures, errs)
		m.Done += row.Runs + len(row.Broken)
	}
	return m, nil
}

// figuresOf runs one scenario of one lane and returns the figure of each hurt.
func (p MatrixPlan) figuresOf(ctx context.Context, s *sim.Scenario) (list []float64, err error) {
	err = Unbroken(func() error {
		r, err := completed(ctx, s)
		if err != nil {
			return err
		}
		for _, h := range p.Hurts {
			list = append(list, h.of(r.Referees[0], h.Over))
		}
		return nil
	})
	return list, err
}

// begin checks the plan, and returns a matrix of which nothing is measured.
func (p MatrixPlan) begin() (*Matrix, error) {
	m := &Matrix{Engine: sim.Engine, Title: p.Scenario.Title, Seed: p.Scenario.Seed, Seeds: p.Seeds, End: p.Scenario.End, Hurts: p.Hurts}
	for _, l := range p.Scenario.Lanes {
		m.Rows = append(m.Rows, rowOf(p.Scenario, preset.Candidate{Name: "lane " + l.Name + " (" + l.Protocol + ")", Lane: l, About: "A lane of the scenario."}))
	}
	if p.Candidates == nil {
		p.Candidates = preset.Candidates(p.Scenario.Regions)
	}
	for _, c := range p.Candidates {
		m.Rows = append(m.Rows, rowOf(p.Scenario, c))
	}
	switch n := len(m.possible()); {
	case p.Seeds < 1:
		return nil, fmt.Errorf("seeds %d: expected at least 1", p.Seeds)
	case len(p.Hurts) == 0:
		return nil, errors.New("nothing that hurts is named")
	case p.Seeds > MaxSweepRuns/max(n, 1):
		return nil, fmt.Errorf("%d seeds of %d configurations are over %d runs", p.Seeds, n, MaxSweepRuns)
	default:
		m.Runs = n * p.Seeds
	}
	return m, nil
}

// possible returns the rows that can be run.
func (m *Matrix) possible() (rows []*MatrixRow) {
	for i := range m.Rows {
		if m.Rows[i].Impossible == "" {
			rows = append(rows, &m.Rows[i])
		}
	}
	return rows
}

// rowOf puts a candidate into the scenario's world, in the place of all lanes.
func rowOf(s *sim.Scenario, c preset.Candidate) MatrixRow {
	row := MatrixRow{Name: c.Lane.Name, Title: c.Name, About: c.About, Protocol: c.Lane.Protocol, Knobs: append([]sim.Setting{}, c.Lane.Knobs...),
		Dropped: []sim.Dropped{}, Broken: []BrokenRun{}, Cells: []MatrixCell{}}
	bare := *s
	bare.Expects = nil
	edits := []sim.Edit{{Do: sim.EditAdd, Lane: row.Name, Protocol: row.Protocol, Transport: c.Lane.Transport, Knobs: row.Knobs}}
	kept := slices.ContainsFunc(s.Lanes, func(l sim.Lane) bool { return l.Name == row.Name })
	if kept {
		edits = nil
	}
	for _, l := range s.Lanes {
		if l.Name != row.Name {
			edits = append([]sim.Edit{{Do: sim.EditRemove, Lane: l.Name}}, edits...)
		}
	}
	if len(edits) == 0 {
		row.scenario = &bare
		return row
	}
	var err error
	var dropped []sim.Dropped
	if row.scenario, dropped, err = bare.Edited(edits, Vocabulary()); err != nil {
		row.Impossible = err.Error()
	}
	row.Dropped = append(row.Dropped, dropped...)
	return row
}

// take fills the row with what its runs came to: every width-th figure from its own on.
func (row *MatrixRow) take(hurts []Hurt, width, own int, figures [][]float64, errs []error) {
	type run struct {
		luck    uint64
		figures []float64
	}
	var runs []run
	for k := own; k < len(figures); k += width {
		luck := uint64(k / width)
		switch {
		case figures[k] != nil:
			runs = append(runs, run{luck, figures[k]})
		case errs[k] != nil && !errors.Is(errs[k], errStopped):
			row.Broken = append(row.Broken, BrokenRun{moved(row.scenario.Seed, luck), errs[k].Error()})
		}
	}
	row.Runs = len(runs)
	for h := range hurts {
		cell := MatrixCell{Hurt: hurts[h].String()}
		var values []float64
		worst, happened := -1, 0
		for i, one := range runs {
			v := one.figures[h]
			values = append(values, v)
			if v > 0 {
				happened++
			}
			if worst < 0 || v > cell.Worst {
				worst, cell.Worst = i, v
			}
		}
		cell.Spread, cell.In = spreadOf(values), shareOf(happened, len(runs))
		if worst >= 0 {
			s := otherLuck(row.scenario, runs[worst].luck)
			cell.Seed, cell.Text = s.Seed, s.String()
		}
		row.Cells = append(row.Cells, cell)
	}
}

// Sort puts the rows into the order of the first hurt's figure, then of the next; what is not possible comes last.
func (m *Matrix) Sort() {
	slices.SortStableFunc(m.Rows, func(a, b MatrixRow) int {
		if len(a.Cells) != len(b.Cells) {
			return len(b.Cells) - len(a.Cells)
		}
		for i := range a.Cells {
			if c := cmp.Compare(m.Hurts[i].figure(a.Cells[i]), m.Hurts[i].figure(b.Cells[i])); c != 0 {
				return c
			}
		}
		return 0
	})
}

// figure is what a cell is compared by: the mean of what may happen, the median of a latency.
func (h Hurt) figure(c MatrixCell) float64 {
	if h.Happens() {
		return c.Mean
	}
	return c.P50
}
