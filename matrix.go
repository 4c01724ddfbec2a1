package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"netsplit/sim/study"
)

// measure runs the scenario with each of its lanes and each database, and prints how much hurts where.
func (s *sweeping) measure(ctx context.Context, w io.Writer) (int, error) {
	hurts, err := study.ParseHurts(s.hurts)
	if err != nil {
		return exitUsage, err
	}
	if s.runs != "" {
		if err := os.MkdirAll(s.runs, 0o777); err != nil {
			return exitFailed, fmt.Errorf("%s: %w", s.runs, cause(err))
		}
	}
	p := newProgress(s.stderr, "sweep")
	plan := study.MatrixPlan{Scenario: s.scenario, Hurts: hurts, Seeds: s.seeds, Workers: s.workers, Progress: p.runs}
	m, err := plan.Measure(ctx)
	p.clear()
	if err != nil {
		return exitUsage, err
	}
	if m.Done > 0 {
		if err := printMatrix(w, s.format, m); err != nil {
			return exitFailed, err
		}
		if err := s.writeRuns(m); err != nil {
			return exitFailed, err
		}
	}
	for _, row := range m.Rows {
		for _, b := range row.Broken {
			fmt.Fprintf(s.stderr, "netsplit: sweep: warning: %s: seed %d is in no figure: %s\n", row.Name, b.Seed, b.Error)
		}
	}
	if m.Done < m.Runs {
		fmt.Fprintf(s.stderr, "netsplit: sweep: interrupted: %d of %d runs are in the figures\n", m.Done, m.Runs)
		return exitFailed, nil
	}
	return exitOK, nil
}

// writeRuns writes the run behind each cell as a scenario file of its own.
func (s *sweeping) writeRuns(m *study.Matrix) error {
	if s.runs == "" {
		return nil
	}
	for _, row := range m.Rows {
		for _, c := range row.Cells {
			name, _, _ := strings.Cut(c.Hurt, ">")
			file := filepath.Join(s.runs, row.Name+"-"+name+".txt")
			if err := os.WriteFile(file, []byte(c.Text), 0o666); err != nil {
				return fmt.Errorf("%s: %w", file, cause(err))
			}
		}
	}
	return nil
}

// printMatrix prints what was measured. Rows are in the order of the first hurt, then of the next, as they were measured.
func printMatrix(w io.Writer, format string, m *study.Matrix) error {
	if format == "json" {
		return inJSON(w, m)
	}
	m.Sort()
	if format == "csv" {
		head, rows := matrixColumns(m)
		return printRows(w, format, head, rows)
	}
	title := m.Title
	if title == "" {
		title = "A matrix"
	}
	fmt.Fprintf(w, "%s: %s under %s, from %d on, to %s\n\n", title, count(len(m.Rows), "configuration"), count(m.Seeds, "seed"), m.Seed, m.End)
	if m.Done < m.Runs {
		fmt.Fprintf(w, "Interrupted: %d of %d runs.\n\n", m.Done, m.Runs)
	}
	head := []string{"configuration", "runs"}
	for _, h := range m.Hurts {
		head = append(head, h.String()+" ("+h.Unit()+")", "worst seed")
	}
	var rows [][]string
	var notes []string
	for _, row := range m.Rows {
		if row.Impossible != "" {
			notes = append(notes, fmt.Sprintf("%s is not possible here: %s", row.Title, row.Impossible))
			continue
		}
		for _, d := range row.Dropped {
			notes = append(notes, fmt.Sprintf("%s runs without %q: %s", row.Title, d.Statement, d.Reason))
		}
		line := []string{row.Title, strconv.Itoa(row.Runs)}
		for i, c := range row.Cells {
			line = append(line, figure(m.Hurts[i], c), seedOf(c, row.Runs))
		}
		rows = append(rows, line)
	}
	if err := printRows(w, format, head, rows); err != nil {
		return err
	}
	slices.Sort(notes)
	for _, n := range slices.Compact(notes) {
		fmt.Fprintf(w, "\n%s.", strings.TrimSuffix(n, "."))
	}
	_, err := fmt.Fprint(w, "\nFigures are means over the runs, latency a median; in brackets, in how many of the runs it happened at all (Wilson's 95 % interval).\n"+
		"The worst seed's run is the one to look at; --runs DIR writes each. What is measured here holds for this world and these faults alone.\n")
	return err
}

// figure writes a cell.
func figure(h study.Hurt, c study.MatrixCell) string {
	if !h.Happens() {
		return tenth(c.P50)
	}
	return fmt.Sprintf("%.2f in %s", c.Mean, c.In)
}

func seedOf(c study.MatrixCell, runs int) string {
	if runs == 0 {
		return "-"
	}
	return strconv.FormatUint(c.Seed, 10)
}

// matrixColumns returns every figure of a matrix, a row for each configuration.
func matrixColumns(m *study.Matrix) (head []string, rows [][]string) {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	head = []string{"configuration", "lane", "protocol", "knobs", "runs", "impossible"}
	for _, h := range m.Hurts {
		for _, part := range []string{"mean", "5%", "50%", "95%", "runs", "runs low %", "runs high %", "worst", "worst seed"} {
			head = append(head, h.String()+" "+part)
		}
	}
	for _, row := range m.Rows {
		var knobs []string
		for _, k := range row.Knobs {
			knobs = append(knobs, k.Name+"="+k.Value)
		}
		line := []string{row.Title, row.Name, row.Protocol, strings.Join(knobs, " "), strconv.Itoa(row.Runs), row.Impossible}
		for _, c := range row.Cells {
			line = append(line, number(c.Mean), number(c.P5), number(c.P50), number(c.P95), strconv.Itoa(c.In.Count), number(c.In.Low), number(c.In.High),
				number(c.Worst), strconv.FormatUint(c.Seed, 10))
		}
		for len(line) < len(head) {
			line = append(line, "")
		}
		rows = append(rows, line)
	}
	return head, rows
}
