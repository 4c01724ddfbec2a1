package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"

	"netsplit/sim"
	"netsplit/sim/study"
)

// knobs carries out "netsplit knobs": it lists what a lane may run, and what can be set about it.
func knobs(args []string, stdout, stderr io.Writer) int {
	names, code, done := parse(flag.NewFlagSet("knobs", flag.ContinueOnError), args, stdout, stderr)
	if done {
		return code
	}
	all := study.Vocabulary().Protocols
	for _, name := range names {
		if !slices.ContainsFunc(all, func(p sim.Protocol) bool { return p.Name == name }) {
			fmt.Fprintf(stderr, "netsplit: knobs: unknown protocol %q\n", name)
			return exitUsage
		}
	}
	for _, p := range all {
		if len(names) == 0 || slices.Contains(names, p.Name) {
			printKnobs(stdout, p)
		}
	}
	return exitOK
}

func printKnobs(w io.Writer, p sim.Protocol) {
	fmt.Fprintf(w, "lane NAME %s\n  transport=stream|datagram   by default %s\n", p.Name, p.Transport)
	for _, k := range p.Knobs {
		fmt.Fprintf(w, "  %s=%s", k.Name, k.Values())
		if k.Default != "" {
			fmt.Fprintf(w, "   by default %s", k.Default)
		}
		fmt.Fprintf(w, "\n      %s\n", k.About)
	}
	if len(p.Levels) > 0 {
		fmt.Fprintf(w, "  levels of operations: %s\n", strings.Join(p.Levels, ", "))
	}
	for _, v := range p.Verbs {
		fmt.Fprintf(w, "  at TIME %s NODE\n", v)
	}
	fmt.Fprintln(w)
}
