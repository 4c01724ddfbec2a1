package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/sim/study"
)

// defaultSeeds is how many lucks a sweep tries where nobody says.
const defaultSeeds = 100

// sweeping is a command line of "netsplit sweep".
type sweeping struct {
	file          string
	seeds         int
	sets          []string
	find, turning string
	matrix        bool
	hurts, runs   string
	format, out   string
	length        string
	workers       int

	scenario       *sim.Scenario
	stdout, stderr io.Writer
}

// formats are those that a sweep is written in, by the ends of files' names.
var formats = map[string]string{"": "table", ".txt": "table", ".csv": "csv", ".json": "json", ".md": "markdown"}

// sweep carries out "netsplit sweep".
func sweep(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	s := &sweeping{stdout: stdout, stderr: stderr}
	fs := flag.NewFlagSet("sweep", flag.ContinueOnError)
	fs.IntVar(&s.seeds, "seeds", defaultSeeds, "lucks")
	fs.Func("set", "LANE.KNOB=VALUE,...", func(text string) error { s.sets = append(s.sets, text); return nil })
	fs.StringVar(&s.find, "find", "", "[LANE:]PROMISE")
	fs.StringVar(&s.turning, "turning", "", "[LANE:]PROMISE")
	fs.BoolVar(&s.matrix, "matrix", false, "the databases, one by one")
	fs.StringVar(&s.hurts, "hurts", study.DefaultHurts, "what hurts, the worst first")
	fs.StringVar(&s.runs, "runs", "", "a directory for the run behind each cell")
	fs.StringVar(&s.format, "format", "", "table, csv, json or markdown")
	fs.StringVar(&s.out, "out", "", "a file")
	fs.StringVar(&s.length, "for", "", "virtual time")
	fs.IntVar(&s.workers, "workers", 0, "goroutines")
	files, code, done := parse(fs, args, stdout, stderr)
	if done {
		return code
	}
	if len(files) != 1 {
		fmt.Fprintln(stderr, "netsplit: sweep: expected one scenario file, or a link with #run=; - is standard input")
		return exitUsage
	}
	s.file = files[0]
	if err := s.prepare(); err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitUsage
	}
	return s.carryOut(ctx)
}

// prepare reads the file, and refuses what does not go together.
func (s *sweeping) prepare() error {
	if err := s.check(); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	text, err := readLimited(s.file, s.stderr)
	if err != nil {
		return err
	}
	if s.scenario, err = study.Parse(text); err != nil {
		return fmt.Errorf("%s:%w", s.file, err)
	}
	if s.length != "" {
		if s.scenario.End, err = sim.ParseTime(s.length); err != nil {
			return fmt.Errorf("sweep: for: %w", err)
		}
	}
	if s.out == "" {
		return nil
	}
	f, err := os.OpenFile(s.out, os.O_WRONLY|os.O_CREATE, 0o666) // to know now rather than at the end
	if err != nil {
		return fmt.Errorf("%s: %w", s.out, cause(err))
	}
	return f.Close()
}

func (s *sweeping) check() error {
	all := []string{"table", "csv", "json", "markdown"}
	if s.format == "" {
		if s.format = formats[filepath.Ext(s.out)]; s.format == "" {
			s.format = formats[""]
		}
	}
	switch {
	case !slices.Contains(all, s.format):
		return fmt.Errorf("unknown format %q; expected one of %s%s", s.format, strings.Join(all, ", "), sim.DidYouMean(s.format, all))
	case s.seeds < 1 || s.seeds > study.MaxSweepRuns:
		return fmt.Errorf("seeds %d: expected 1 to %d", s.seeds, study.MaxSweepRuns)
	case s.workers < 0:
		return fmt.Errorf("workers %d: expected at least 1", s.workers)
	case s.find != "" && s.turning != "", s.find+s.turning != "" && len(s.sets) > 0, s.matrix && (s.find+s.turning != "" || len(s.sets) > 0):
		return errors.New("expected only one of --set, --find, --turning and --matrix")
	case !s.matrix && (s.runs != "" || s.hurts != study.DefaultHurts):
		return errors.New("--hurts and --runs go with --matrix")
	}
	if _, err := study.ParseHurts(s.hurts); err != nil {
		return fmt.Errorf("hurts: %w", err)
	}
	return nil
}

// carryOut does what the command line asks for.
func (s *sweeping) carryOut(ctx context.Context) int {
	do := s.sweep
	switch {
	case s.matrix:
		do = s.measure
	case s.find != "":
		do = s.seek
	case s.turning != "":
		do = s.turn
	}
	var b bytes.Buffer
	code, err := do(ctx, &b)
	if err == nil && b.Len() > 0 {
		if err = s.write(b.Bytes()); err != nil {
			code = exitFailed
		}
	}
	if err != nil {
		fmt.Fprintf(s.stderr, "netsplit: %s: %v\n", s.file, err)
	}
	return code
}

func (s *sweeping) write(text []byte) error {
	if s.out == "" {
		_, err := s.stdout.Write(text)
		return err
	}
	if err := os.WriteFile(s.out, text, 0o666); err != nil {
		return fmt.Errorf("%s: %w", s.out, cause(err))
	}
	return nil
}

// sweep runs every configuration under every luck, and prints a table.
func (s *sweeping) sweep(ctx context.Context, w io.Writer) (int, error) {
	p := newProgress(s.stderr, "sweep")
	plan := study.SweepPlan{Scenario: s.scenario, Seeds: s.seeds, Workers: s.workers, Progress: p.runs}
	for _, text := range s.sets {
		axis, err := study.ParseAxis(s.scenario, text)
		if err != nil {
			return exitUsage, err
		}
		plan.Axes = append(plan.Axes, axis)
	}
	sweep, err := plan.Sweep(ctx)
	p.clear()
	if err != nil {
		return exitUsage, err
	}
	s.warn(sweep)
	if sweep.Done > 0 {
		if err := printSweep(w, s.format, sweep); err != nil {
			return exitFailed, err
		}
	}
	if sweep.Done < sweep.Runs {
		fmt.Fprintf(s.stderr, "netsplit: sweep: interrupted: %d of %d runs are in the figures\n", sweep.Done, sweep.Runs)
		return exitFailed, nil
	}
	return exitOK, nil
}

// warn says what is not in the figures, or not as it was written.
func (s *sweeping) warn(sweep *study.Sweep) {
	if sweep.ByHand > 0 {
		fmt.Fprintf(s.stderr, "netsplit: sweep: warning: %s about single messages left out under other seeds\n", count(sweep.ByHand, "command"))
	}
	for _, c := range sweep.Configurations {
		for _, d := range c.Dropped {
			fmt.Fprintf(s.stderr, "netsplit: sweep: warning: %s: without %q: %s\n", c.Name, d.Statement, d.Reason)
		}
		for _, b := range c.Broken {
			fmt.Fprintf(s.stderr, "netsplit: sweep: warning: %s: seed %d is in no figure: %s\n", c.Name, b.Seed, b.Error)
		}
	}
}

// seek looks for a luck that breaks a promise, and prints the minimal text that does.
func (s *sweeping) seek(ctx context.Context, w io.Writer) (int, error) {
	target, err := study.ParseTarget(s.scenario, s.find)
	if err != nil {
		return exitUsage, err
	}
	p := newProgress(s.stderr, "sweep")
	p.most = true
	f, err := study.FindPlan{Scenario: s.scenario, Target: target, Seeds: s.seeds, Workers: s.workers, Progress: p.runs}.Find(ctx)
	p.clear()
	if err != nil {
		return exitFailed, err
	}
	code := exitOK
	switch {
	case !f.Found && f.Cut:
		fmt.Fprintf(s.stderr, "netsplit: sweep: interrupted: %s is kept under %s\n", target, count(f.Tried, "seed"))
		code = exitFailed
	case !f.Found:
		fmt.Fprintf(s.stderr, "netsplit: sweep: %s is kept under all %s\n", target, count(f.Tried, "seed"))
		code = exitFailed
	default:
		fmt.Fprintf(s.stderr, "netsplit: sweep: seed %d breaks %s, of %s tried; %d of %s left\n", f.Seed, target, count(f.Tried, "seed"), f.After, count(f.Before, "command"))
	}
	switch {
	case f.Found && f.Cut:
		fmt.Fprintln(s.stderr, "netsplit: sweep: interrupted: there may be a smaller one")
		code = exitFailed
	case f.Found && !f.Minimal:
		fmt.Fprintf(s.stderr, "netsplit: sweep: after %s: there may be a smaller one\n", count(f.Runs, "run"))
	}
	if s.format == "json" {
		return code, inJSON(w, f)
	}
	_, err = io.WriteString(w, f.Text)
	return code, err
}

// turn prints from which moment of the run on a promise was as good as broken.
func (s *sweeping) turn(ctx context.Context, w io.Writer) (int, error) {
	target, err := study.ParseTarget(s.scenario, s.turning)
	if err != nil {
		return exitUsage, err
	}
	p := newProgress(s.stderr, "sweep")
	plan := study.TurningPlan{Scenario: s.scenario, Target: target, Seeds: min(s.seeds, study.MaxTurningRuns/study.TurningMoments), Workers: s.workers, Progress: p.runs}
	t, err := plan.Turning(ctx)
	p.clear()
	if err != nil {
		return exitFailed, err
	}
	if err := printTurning(w, s.format, t); err != nil {
		return exitFailed, err
	}
	if t.Cut {
		fmt.Fprintf(s.stderr, "netsplit: sweep: interrupted: %s are in the curve\n", count(len(t.Curve), "moment"))
		return exitFailed, nil
	}
	return exitOK, nil
}

func inJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}
