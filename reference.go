package main

import (
	"context"
	"fmt"
	"io"

	"netsplit/sim/study"
)

// reference carries out "netsplit reference": exit code 1 if a figure is out of tolerance.
func reference(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if code, done := parseNone("reference", args, stdout, stderr); done {
		return code
	}
	return printReference(ctx, study.FullSize, stdout, stderr)
}

func printReference(ctx context.Context, size study.Size, stdout, stderr io.Writer) int {
	tables, err := study.Reference(ctx, size, func(next string) { fmt.Fprintf(stderr, "netsplit: reference: %s\n", next) })
	if ctx.Err() != nil {
		fmt.Fprintln(stderr, "netsplit: reference: interrupted")
		return exitFailed
	}
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: reference: %v\n", err)
		return exitFailed
	}
	out, rows := 0, 0
	for _, t := range tables {
		if err := t.Write(stdout); err != nil {
			fmt.Fprintf(stderr, "netsplit: reference: %v\n", err)
			return exitFailed
		}
		out += t.Out
		rows += len(t.Rows)
	}
	fmt.Fprintf(stdout, "%d figures, %d out of tolerance\n", rows, out)
	if out > 0 {
		return exitFailed
	}
	return exitOK
}
