package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"netsplit/server"
	"netsplit/sim"
	"netsplit/sim/study"
)

// run carries out "netsplit run".
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("run", flag.ContinueOnError)
	asJSON := fs.Bool("json", false, "print JSON")
	files, code, done := parse(fs, args, stdout, stderr)
	if done {
		return code
	}
	if len(files) == 0 {
		fmt.Fprintln(stderr, "netsplit: run: expected a scenario file, or a link with #run=; - is standard input")
		return exitUsage
	}
	for _, file := range files {
		code = max(code, runFile(ctx, file, *asJSON, stdout, stderr))
		if ctx.Err() != nil {
			break
		}
	}
	return code
}

func runFile(ctx context.Context, file string, asJSON bool, stdout, stderr io.Writer) int {
	text, err := readLimited(file, stderr)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitUsage
	}
	s, err := study.Parse(text)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %s:%v\n", file, err)
		return exitUsage
	}
	for _, w := range study.Warnings(s) {
		fmt.Fprintf(stderr, "netsplit: %s: warning: lane %s: %s\n", file, w.Lane, w.Text)
	}
	rep, err := study.ExecuteUnless(ctx, s)
	if ctx.Err() != nil {
		fmt.Fprintf(stderr, "netsplit: %s: interrupted\n", file)
		return exitFailed
	}
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %s: %v\n", file, err)
		return exitUsage
	}
	if asJSON {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		err = enc.Encode(rep)
	} else {
		err = printReport(stdout, file, rep)
	}
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	if !rep.Holds() {
		return exitFailed
	}
	return exitOK
}

// readLimited reads a file, standard input for "-", or the text that a link such as #run=2.abc carries, but no more than
// a scenario may have. What was made by an older engine is read as if by this one, with a warning.
func readLimited(file string, stderr io.Writer) (string, error) {
	text, name := "", file
	if _, packed, ok := strings.Cut(file, sim.RunMark); ok {
		var err error
		if text, err = sim.Unpack(packed); err != nil {
			return "", fmt.Errorf("this link's run cannot be opened: %w", err)
		}
		name = "this link"
	} else {
		data, err := readUpTo(file, server.MaxRoomLog)
		if err != nil {
			return "", err
		}
		if text = string(data); server.IsRoomLog(text) {
			text = sim.Bare(text)
		}
	}
	text, made := sim.Renew(text)
	if made > 0 {
		fmt.Fprintf(stderr, "netsplit: %s: warning: made by engine %d; this is engine %d, and what happens may differ\n", name, made, sim.Engine)
	}
	return text, nil
}

// readUpTo reads a file, or standard input for "-", but not much more than a limit of bytes: one, so that it shows.
func readUpTo(file string, limit int64) ([]byte, error) {
	in := os.Stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, cause(err))
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, cause(err))
	}
	return data, nil
}

// cause takes the file's name, which we say ourselves, out of an error.
func cause(err error) error {
	var pathErr *os.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}

func printReport(w io.Writer, file string, rep *study.Report) error {
	fmt.Fprintf(w, "%s: %s\n", file, rep.Title)
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "lane\tprotocol\tlinearizable\toperations\tok\tfail\tinfo\tGilbert-Lynch\tstale reads\tlost writes\tat risk\tlost updates\tdamage\tp50 ms\tp95 ms\tp99 ms\t")
	for _, l := range rep.Lanes {
		verdict := string(l.Linearizable)
		if l.ViolationAt != nil {
			verdict = fmt.Sprintf("no, at %d", *l.ViolationAt)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%s\t%d\t%d\t%d\t%d\t%d\t%.1f\t%.1f\t%.1f\t\n", l.Name, l.Protocol, verdict,
			l.Operations, l.OK, l.Fail, l.Info, l.GilbertLynch.Answer, l.StaleReads, l.LostWrites, l.AtRisk, l.LostUpdates, l.Damage, l.Latency.P50, l.Latency.P95, l.Latency.P99)
	}
	tw.Flush()
	for _, l := range rep.Lanes {
		fmt.Fprintf(w, "%s: %s %s\n", l.Name, l.PACELC.Text[0], l.PACELC.Text[1])
		if l.PBS != nil && l.PBS.Measured+l.PBS.Predicted > 0 {
			fmt.Fprintf(w, "%s: %s\n", l.Name, l.PBS.Text)
		}
		if len(l.Causes) > 0 {
			fmt.Fprintf(w, "%s: %s %s\n", l.Name, l.Causes[0].Text[0], l.Causes[0].Text[1])
		}
	}
	for _, h := range rep.Expects {
		mark := "holds"
		if !h.Holds {
			mark = "FAILS"
		}
		fmt.Fprintf(w, "expect %s: %s (got %s)\n", strings.TrimSpace(h.Expect), mark, h.Got)
	}
	_, err := fmt.Fprintf(w, "trace %s\n\n", rep.Trace)
	return err
}
