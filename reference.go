package main

import (
	"context"
	"errors"
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

// printReference prints each part as it is done, so that an interrupt loses only the one under way.
func printReference(ctx context.Context, size study.Size, stdout, stderr io.Writer) int {
	out, rows := 0, 0
	var parts []part
	for _, one := range study.ReferenceParts(size) {
		parts = append(parts, part{one.Name, one.Seconds, func(ctx context.Context) (func(io.Writer) error, error) {
			tables, err := one.Tables(ctx)
			return func(w io.Writer) error {
				var err error
				for _, t := range tables {
					err = errors.Join(err, t.Write(w))
					out += t.Out
					rows += len(t.Rows)
				}
				return err
			}, err
		}})
	}
	code := inParts(ctx, "reference", parts, stdout, stderr)
	if rows > 0 {
		fmt.Fprintf(stdout, "%d figures, %d out of tolerance\n", rows, out)
	}
	if out > 0 {
		return exitFailed
	}
	return code
}
