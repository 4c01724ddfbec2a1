package main

import (
	"context"
	"fmt"
	"io"

	"netsplit/server"
	"netsplit/sim/study"
)

// bench carries out "netsplit bench".
func bench(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if code, done := parseNone("bench", args, stdout, stderr); done {
		return code
	}
	s, err := server.Scenario("")
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: bench: %v\n", err)
		return exitFailed
	}
	var parts []part
	for _, one := range append(study.BenchParts(s), server.BenchParts()...) {
		parts = append(parts, part{one.Name, one.Seconds, func(ctx context.Context) (func(io.Writer) error, error) {
			figures, err := one.Measure(ctx)
			return func(w io.Writer) error { return printFigures(w, figures) }, err
		}})
	}
	return inParts(ctx, "bench", parts, stdout, stderr)
}

func printFigures(w io.Writer, figures []study.Figure) (err error) {
	for _, f := range figures {
		_, err = fmt.Fprintf(w, "%-58s %12s   %s\n", f.Name, f.Value, f.Against)
	}
	return err
}
