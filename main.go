// Netsplit shows what users see when a network splits. Without a subcommand it serves the playground.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

//go:generate go tool -modfile=tools.mod templ generate -path templates
//go:generate go run -modfile=tools.mod web/build.go

// Exit codes of every subcommand.
const (
	exitOK     = 0
	exitFailed = 1 // what was asked for did not hold, or went wrong on the way
	exitUsage  = 2 // bad flags, bad input
)

const usage = `usage: netsplit [serve] [--addr HOST:PORT] [--host NAME,...] [--embed-origins ORIGIN,...]
                                         serve the playground (default); --host names what it is
                                         also reached by, beside the host of --addr and localhost;
                                         --embed-origins whose pages may show embeds (docs/embedding.md)
       netsplit run [--json] FILE...     run scenario files or links, - for standard input; exit 1 if an
                                         expectation fails; --json prints a document for each file
       netsplit export [--as FORM] [--lane NAME] [--out FILE] FILE
                                         run a scenario file or link, and write what happened: jepsen (EDN, the
                                         default), porcupine (HTML), both of one lane, shiviz or jsonl
       netsplit check [--json] [--model KIND] [--steps N] FILE...
                                         judge histories of other systems, as Jepsen's EDN or log, - for standard
                                         input; exit 1 if one is not linearizable, 3 if the search was cut short,
                                         2 if a file cannot be read (of several, the worst: 2, 1, 3, 0). KIND is
                                         register, kv, counter, set or list, by default what fits; N bounds the
                                         steps of the search for each key, by default 4000000
       netsplit sweep [--seeds N] [--set LANE.KNOB=VALUE,...]... [--for TIME] [--workers N]
                      [--find [LANE:]PROMISE | --turning [LANE:]PROMISE | --matrix [--hurts WHAT,...] [--runs DIR]]
                      [--format table|csv|json|markdown] [--out FILE] FILE
                                         run a scenario under N seeds, by default 100, with every combination of
                                         settings, and say how often each promise is broken; --find prints the smallest
                                         run that breaks one, --turning from which moment on this run was going to;
                                         --matrix measures what hurts (lost-writes, stale>500ms, refusals, latency,
                                         ...) in each database as people run it, and writes the worst runs into DIR;
                                         exit 1 if interrupted, with what was done by then, or if nothing was found
       netsplit knobs [PROTOCOL...]      list what lanes may run, with every knob, its default and its source
       netsplit reference                hold the simulator to published figures; exit 1 if one is out of tolerance
       netsplit bench                    measure the simulator and the server
`

func main() {
	os.Exit(command(untilInterrupted(), os.Args[1:], os.Stdout, os.Stderr))
}

// untilInterrupted returns a context that ends with the first interrupt. The second ends the program at once.
func untilInterrupted() context.Context {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx
}

// command carries out a command line and returns its exit code.
func command(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	name := "serve"
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		name, args = args[0], args[1:]
	}
	switch name {
	case "serve":
		return serve(ctx, args, stdout, stderr)
	case "run":
		return run(ctx, args, stdout, stderr)
	case "export":
		return export(ctx, args, stdout, stderr)
	case "check":
		return check(ctx, args, stdout, stderr)
	case "sweep":
		return sweep(ctx, args, stdout, stderr)
	case "knobs":
		return knobs(args, stdout, stderr)
	case "reference":
		return reference(ctx, args, stdout, stderr)
	case "bench":
		return bench(ctx, args, stdout, stderr)
	case "help":
		fmt.Fprint(stdout, usage)
		return exitOK
	default:
		fmt.Fprintf(stderr, "netsplit: unknown subcommand %q\n%s", name, usage)
		return exitUsage
	}
}

// parse reads flags that may stand before or after the other arguments, which it returns. A bad flag is reported
// in one line; done says that the command is over, with its exit code.
func parse(fs *flag.FlagSet, args []string, stdout, stderr io.Writer) (rest []string, code int, done bool) {
	fs.SetOutput(io.Discard)
	for {
		err := fs.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			fmt.Fprint(stdout, usage)
			return nil, exitOK, true
		case err != nil:
			fmt.Fprintf(stderr, "netsplit: %v\n", err)
			return nil, exitUsage, true
		}
		if fs.NArg() == 0 {
			return rest, 0, false
		}
		rest = append(rest, fs.Arg(0))
		args = fs.Args()[1:]
	}
}

// parseNone refuses every argument of a subcommand that takes none.
func parseNone(name string, args []string, stdout, stderr io.Writer) (code int, done bool) {
	rest, code, done := parse(flag.NewFlagSet(name, flag.ContinueOnError), args, stdout, stderr)
	if !done && len(rest) > 0 {
		fmt.Fprintf(stderr, "netsplit: %s: unexpected argument %q\n", name, rest[0])
		return exitUsage, true
	}
	return code, done
}
