package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"netsplit/sim/study"
)

// printRows prints a table in a format other than JSON.
func printRows(w io.Writer, format string, head []string, rows [][]string) error {
	switch format {
	case "csv":
		c := csv.NewWriter(w)
		c.Write(head)           //nolint:errcheck // Error says
		return c.WriteAll(rows) // which flushes
	case "markdown":
		fmt.Fprintf(w, "| %s |\n|%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)))
		for _, row := range rows {
			for i := range row {
				row[i] = strings.ReplaceAll(row[i], "|", `\|`)
			}
			fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | "))
		}
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, row := range append([][]string{head}, rows...) {
		fmt.Fprintln(tw, strings.Join(row, "\t")+"\t")
	}
	return tw.Flush()
}

// printSweep prints what a sweep came to.
func printSweep(w io.Writer, format string, s *study.Sweep) error {
	switch format {
	case "json":
		return inJSON(w, s)
	case "csv":
		head, rows := sweepColumns(s)
		return printRows(w, format, head, rows)
	}
	title := s.Title
	if title == "" {
		title = "A sweep"
	}
	fmt.Fprintf(w, "%s: %s under %s, from %d on, to %s\n\n", title, count(len(s.Configurations), "configuration"), count(s.Seeds, "seed"), s.Seed, s.End)
	if s.Done < s.Runs {
		fmt.Fprintf(w, "Interrupted: %d of %d runs.\n\n", s.Done, s.Runs)
	}
	head := []string{"configuration", "lane", "runs", "answered", "p50 ms", "p99 ms", "stale reads", "available", "lost writes", "lost updates", "damage", "linearizable", "sequential", "causal"}
	var rows [][]string
	for _, c := range s.Configurations {
		for _, l := range c.Lanes {
			broken := func(p study.Promise) string { return l.Of(p).Share.String() }
			kept := func(p study.Promise) string { return l.Of(p).Kept().String() }
			rows = append(rows, []string{c.Name, l.Name, strconv.Itoa(c.Runs), percent(l.Answered.Mean), tenth(l.P50.P50), tenth(l.P99.P50), percent(l.StalePercent()),
				kept(study.Available), broken("lost-write"), broken("lost-update"), broken(study.NoDamage), kept("linearizable"), kept("sequential"), kept("causal")})
		}
	}
	if err := printRows(w, format, head, rows); err != nil {
		return err
	}
	if rows := brokenPromises(s); len(rows) > 0 {
		fmt.Fprintln(w)
		if err := printRows(w, format, []string{"configuration", "lane", "broken", "in", "first seed"}, rows); err != nil {
			return err
		}
	}
	_, err := fmt.Fprint(w, "\nanswered: of a run's operations, the mean. p50, p99: of a run, the median. stale reads: of the reads of all runs. The others: in how many\n"+
		"of the runs the lane was available (Gilbert and Lynch), lost writes or updates, was damaged, was linearizable, sequential or causal, with\n"+
		"Wilson's 95 % interval.\n")
	return err
}

// brokenPromises says in how many runs which promise was broken, and first under which seed, so that it can be looked at.
func brokenPromises(s *study.Sweep) (rows [][]string) {
	for _, c := range s.Configurations {
		for _, l := range c.Lanes {
			for _, b := range l.Broken {
				if b.Seed != nil {
					rows = append(rows, []string{c.Name, l.Name, string(b.Promise), b.Share.String(), strconv.FormatUint(*b.Seed, 10)})
				}
			}
		}
	}
	return rows
}

func percent(x float64) string { return fmt.Sprintf("%.2f %%", x) }
func tenth(x float64) string   { return fmt.Sprintf("%.1f", x) }

// sweepColumns returns every figure of a sweep, a row for each lane of each configuration.
func sweepColumns(s *study.Sweep) (head []string, rows [][]string) {
	number := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
	for _, c := range s.Configurations {
		for _, l := range c.Lanes {
			var names, row []string
			put := func(name, value string) { names, row = append(names, name), append(row, value) }
			put("configuration", c.Name)
			for _, set := range c.Settings {
				put(set.Lane+"."+set.Knob, set.Value)
			}
			put("lane", l.Name)
			put("protocol", l.Protocol)
			put("runs", strconv.Itoa(c.Runs))
			for _, spread := range []struct {
				name string
				study.Spread
			}{{"answered", l.Answered}, {"latency-ms-p50", l.P50}, {"latency-ms-p99", l.P99}, {"stale-percent", l.Stale},
				{"lost-writes", l.LostWrites}, {"lost-updates", l.Updates}, {"damage", l.Damage}} {
				put(spread.name+" mean", number(spread.Mean))
				put(spread.name+" 5%", number(spread.P5))
				put(spread.name+" 50%", number(spread.P50))
				put(spread.name+" 95%", number(spread.P95))
			}
			put("reads", strconv.Itoa(l.Reads))
			put("stale reads", strconv.Itoa(l.StaleReads))
			for _, b := range l.Broken {
				name := "broken " + string(b.Promise)
				put(name, strconv.Itoa(b.Count))
				put(name+" percent", number(b.Percent))
				put(name+" low", number(b.Low))
				put(name+" high", number(b.High))
				put(name+" unknown", strconv.Itoa(b.Unknown))
				seed := ""
				if b.Seed != nil {
					seed = strconv.FormatUint(*b.Seed, 10)
				}
				put(name+" seed", seed)
			}
			head, rows = names, append(rows, row)
		}
	}
	return head, rows
}

// printTurning prints the curve of a run, and where it turned.
func printTurning(w io.Writer, format string, t *study.Turning) error {
	if format == "json" {
		return inJSON(w, t)
	}
	var rows [][]string
	for _, m := range t.Curve {
		rows = append(rows, []string{m.At.String(), strconv.Itoa(m.Count), strconv.Itoa(m.Of), fmt.Sprintf("%.1f", m.Percent), fmt.Sprintf("%.1f", m.Low), fmt.Sprintf("%.1f", m.High)})
	}
	head := []string{"other luck from", "broken", "of", "percent", "low", "high"}
	if format == "csv" {
		return printRows(w, format, head, rows)
	}
	what := "keeps"
	if t.Broken {
		what = "breaks"
	}
	fmt.Fprintf(w, "This run %s %s in lane %s.\n\n", what, t.Promise, t.Lane)
	if err := printRows(w, format, head, rows); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, turn := range []struct {
		*study.Turn
		percent int
	}{{t.Likely, 50}, {t.Sure, 95}} {
		switch {
		case turn.Turn == nil:
			fmt.Fprintf(w, "At no moment that was looked at did %d %% of the lucks break it.\n", turn.percent)
		case turn.After < 0:
			fmt.Fprintf(w, "From the start on at least %d %% of the lucks break it.\n", turn.percent)
		default:
			fmt.Fprintf(w, "From %s on at least %d %% of the lucks break it; at %s it was fewer.\n", turn.At, turn.percent, turn.After)
		}
	}
	return nil
}
