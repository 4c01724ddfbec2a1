package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"netsplit/sim/study"
)

// export carries out "netsplit export": it runs a scenario and writes what happened for other tools.
func export(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	fs := flag.NewFlagSet("export", flag.ContinueOnError)
	form := fs.String("as", string(study.Jepsen), "the form")
	lane := fs.String("lane", "", "the lane")
	out := fs.String("out", "", "the file to write, in place of standard output")
	files, code, done := parse(fs, args, stdout, stderr)
	if done {
		return code
	}
	if len(files) != 1 {
		fmt.Fprintln(stderr, "netsplit: export: expected one scenario file or link; - is standard input")
		return exitUsage
	}
	text, err := readLimited(files[0], stderr)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %v\n", err)
		return exitUsage
	}
	s, err := study.Parse(text)
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: %s:%v\n", files[0], err)
		return exitUsage
	}
	if err := study.Exportable(s, study.Form(*form), *lane); err != nil {
		fmt.Fprintf(stderr, "netsplit: export: %v\n", err)
		return exitUsage
	}
	err = written(*out, stdout, func(w io.Writer) error { return study.Export(ctx, s, study.Form(*form), *lane, w) })
	if err != nil {
		fmt.Fprintf(stderr, "netsplit: export: %v\n", err)
		return exitFailed
	}
	return exitOK
}

// written has a file written, or if it has no name standard output.
func written(file string, stdout io.Writer, write func(io.Writer) error) error {
	if file == "" {
		return write(stdout)
	}
	f, err := os.Create(file)
	if err != nil {
		return fmt.Errorf("%s: %w", file, cause(err))
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
