package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"netsplit/sim/foreign"
)

// exitUnknown is check's exit code where the search for an answer was cut short.
const exitUnknown = 3

// check carries out "netsplit check": it judges histories of other systems.
func check(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("check", flag.ContinueOnError)
	asJSON := fs.Bool("json", false, "print JSON")
	model := fs.String("model", "", "what kind of object the operations are on")
	steps := fs.Int("steps", foreign.DefaultSteps, "of the search, for each key")
	files, code, done := parse(fs, args, stdout, stderr)
	switch {
	case done:
		return code
	case *model != "" && !slices.Contains(foreign.Models(), foreign.Model(*model)):
		fmt.Fprintf(stderr, "netsplit: check: unknown model %q; expected one of %s\n", *model, strings.Trim(fmt.Sprint(foreign.Models()), "[]"))
		return exitUsage
	case *steps < 1:
		fmt.Fprintf(stderr, "netsplit: check: steps %d: expected at least 1\n", *steps)
		return exitUsage
	case len(files) == 0:
		fmt.Fprintln(stderr, "netsplit: check: expected a file with a history; - is standard input")
		return exitUsage
	}
	for _, file := range files {
		code = worse(code, checkFile(file, foreign.Model(*model), *steps, *asJSON, stdout, stderr))
		if ctx.Err() != nil {
			fmt.Fprintln(stderr, "netsplit: check: interrupted")
			return worse(code, exitFailed)
		}
	}
	return code
}

// worse returns the worse of two exit codes of check: unreadable, violated, unknown, and well.
func worse(a, b int) int {
	order := []int{exitOK, exitUnknown, exitFailed, exitUsage}
	return order[max(slices.Index(order, a), slices.Index(order, b))]
}

func checkFile(file string, model foreign.Model, steps int, asJSON bool, stdout, stderr io.Writer) int {
	content, err := readUpTo(file, foreign.MaxBytes)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitUsage
	}
	h, err := foreign.Read(content)
	var v *foreign.Verdict
	if err == nil {
		v, err = foreign.Judge(h, model, steps)
	}
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %s:%v\n", file, err)
		return exitUsage
	}
	if asJSON {
		err = printChecked(stdout, file, v)
	} else {
		err = printVerdict(stdout, file, h, v)
	}
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitFailed
	}
	return map[foreign.Answer]int{foreign.Yes: exitOK, foreign.No: exitFailed, foreign.Unknown: exitUnknown}[v.Answer]
}

// maxRows is how many operations of a counterexample are printed, and maxColumns how wide their diagram may be.
const (
	maxRows    = 60
	maxColumns = 64
)

func printVerdict(w io.Writer, file string, h *foreign.History, v *foreign.Verdict) error {
	_, err := fmt.Fprintf(w, "%s: linearizable: %s (%s, %s, %s)\n", file, v.Answer, v.Model, count(v.Ops, "operation"), count(v.Keys, "key"))
	if v.Answer == foreign.Unknown {
		_, err = fmt.Fprintf(w, "  The search was cut short for %s; --steps N allows more.\n", keyed(v.Unknown))
	}
	if v.Violation != nil {
		err = printViolation(w, h, v.Violation)
	}
	return err
}

func count(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprint(n, " ", what)
}

// keyed names keys, but not all of many.
func keyed(keys []string) string {
	if len(keys) == 1 && keys[0] == "" {
		return "the only key"
	}
	if more := len(keys) - 10; more > 0 {
		return fmt.Sprintf("keys %s and %d more", strings.Join(keys[:10], ", "), more)
	}
	return "keys " + strings.Join(keys, ", ")
}

func printViolation(w io.Writer, h *foreign.History, v *foreign.Violation) error {
	key := ""
	if v.Key != "" {
		key = "Key " + v.Key + ": "
	}
	fmt.Fprintf(w, "  %s%s\n", key, v.Text())
	unit := "line"
	if !h.Lined {
		unit = "event" // several are on a line
	}
	places, width := v.Places()
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(tw, "    process\toperation\tcall\tend (%s)\n", unit)
	for i, k := range v.Ops {
		if i >= maxRows && k.Op != v.Op {
			continue
		}
		mark, call, end := " ", k.Call, k.Return
		if h.Lined {
			call, end = k.CallLine, k.ReturnLine
		}
		if k.Op == v.Op {
			mark = ">"
		}
		ended := "-"
		if k.Ended {
			ended = fmt.Sprint(end)
		}
		fmt.Fprintf(tw, "  %s %s\t%s\t%d\t%s\t%s\n", mark, k.Process, k, call, ended, bar(places[i], width))
	}
	err := tw.Flush()
	if more := len(v.Ops) - maxRows; more > 0 {
		_, err = fmt.Fprintf(w, "    and %d more\n", more)
	}
	if !v.Minimal {
		_, err = fmt.Fprintf(w, "  Some of these may not matter; --steps N allows a longer search for which.\n")
	}
	return err
}

// bar draws when an operation was open; the columns are the calls and ends of all, in order.
func bar(p foreign.Place, width int) string {
	switch {
	case width > maxColumns:
		return ""
	case p.To < 0:
		return strings.Repeat(" ", p.From) + "|" + strings.Repeat("-", width-p.From-1) + " ?"
	}
	return strings.Repeat(" ", p.From) + "|" + strings.Repeat("-", p.To-p.From-1) + "|"
}

// checked is a verdict as JSON.
type checked struct {
	File         string         `json:"file"`
	Model        foreign.Model  `json:"model"`
	Linearizable foreign.Answer `json:"linearizable"`
	Operations   int            `json:"operations"`
	Keys         int            `json:"keys"`
	UnknownKeys  []string       `json:"unknown_keys"` // as EDN
	Violation    *contradiction `json:"violation"`
}

// contradiction is a violation as JSON. Events are numbered from 1 among those of clients.
type contradiction struct {
	Key       string     `json:"key"` // as EDN
	Event     int        `json:"event"`
	Line      int        `json:"line"`
	Operation int        `json:"operation"` // its place in history, from 0
	Minimal   bool       `json:"minimal"`
	Text      string     `json:"text"`
	History   []asPlaced `json:"history"`
}

// asPlaced is one operation of a counterexample. What has no answer has no end.
type asPlaced struct {
	Process   string `json:"process"`
	F         string `json:"f"`
	Value     string `json:"value"` // what it was called with, as EDN
	Result    string `json:"result,omitempty"`
	Call      int    `json:"call"`
	CallLine  int    `json:"call_line"`
	End       int    `json:"end,omitempty"`
	EndLine   int    `json:"end_line,omitempty"`
	Condensed bool   `json:"condensed,omitempty"` // of the collection in result, only what matters is here
}

func printChecked(w io.Writer, file string, v *foreign.Verdict) error {
	doc := checked{File: file, Model: v.Model, Linearizable: v.Answer, Operations: v.Ops, Keys: v.Keys, UnknownKeys: append([]string{}, v.Unknown...)}
	if bad := v.Violation; bad != nil {
		c := &contradiction{Key: bad.Key, Event: bad.Event, Line: bad.Op.ReturnLine, Minimal: bad.Minimal, Text: bad.Text()}
		for i, k := range bad.Ops {
			if k.Op == bad.Op {
				c.Operation = i
			}
			op := asPlaced{Process: k.Process, F: k.F, Value: k.Arg.String(), Call: k.Call, CallLine: k.CallLine, Condensed: k.Cut}
			if k.Ended {
				op.Result, op.End, op.EndLine = k.Result.String(), k.Return, k.ReturnLine
			}
			c.History = append(c.History, op)
		}
		doc.Violation = c
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}
