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
	for _, measure := range []func(context.Context) ([]study.Figure, error){benchLab, server.Bench} {
		figures, err := measure(ctx)
		if ctx.Err() != nil {
			fmt.Fprintln(stderr, "netsplit: bench: interrupted")
			return exitFailed
		}
		if err != nil {
			fmt.Fprintf(stderr, "netsplit: bench: %v\n", err)
			return exitFailed
		}
		for _, f := range figures {
			fmt.Fprintf(stdout, "%-58s %12s   %s\n", f.Name, f.Value, f.Against)
		}
	}
	return exitOK
}

func benchLab(context.Context) ([]study.Figure, error) {
	s, err := server.Scenario("")
	if err != nil {
		return nil, err
	}
	return study.Bench(s)
}
