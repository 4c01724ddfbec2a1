package sim

import (
	"fmt"
	"strconv"
	"strings"
)

// shapes are the words of the distributions, and what follows them.
var shapes = []struct {
	shape      shape
	name, form string
	spans      int // how many numbers with a unit
	alpha      bool
}{
	{constant, "constant", "constant 5ms", 1, false},
	{uniform, "uniform", "uniform 1ms 3ms", 2, false},
	{normal, "normal", "normal 10ms 2ms", 2, false},
	{exponential, "exponential", "exponential 5ms", 1, false},
	{pareto, "pareto", "pareto 0.235ms 10", 1, true},
}

const mixForm = "mix 0.9 pareto 0.235ms 10, 0.1 exponential 0.6ms"

// ParseDelay reads a distribution as the scenario language writes it:
//
//	constant TIME
//	uniform TIME TIME             from, to
//	normal TIME TIME              mean, standard deviation; what falls below 0 is drawn again
//	exponential TIME              mean
//	pareto TIME ALPHA             the least, and the exponent of the tail
//	mix WEIGHT DELAY, ...         2 to MaxDelayParts of the above; the weights add up to 1
//
// Times here are exact to the nanosecond, those of constant and uniform to the microsecond; ALPHA and WEIGHT are
// exact to the millionth.
func ParseDelay(s string) (Delay, error) {
	words := strings.Fields(s)
	if len(words) == 0 || words[0] != "mix" {
		p, err := parsePart(words)
		if err != nil {
			return Delay{}, err
		}
		p.weight = million
		return Delay{[]part{p}}, nil
	}
	texts := strings.Split(strings.Join(words[1:], " "), ",")
	if len(texts) < 2 || len(texts) > MaxDelayParts {
		return Delay{}, fmt.Errorf("mix: expected 2 to %d parts such as %s, got %d", MaxDelayParts, mixForm, len(texts))
	}
	var d Delay
	sum := int64(0)
	for _, text := range texts {
		p, err := parseWeighted(strings.Fields(text))
		if err != nil {
			return Delay{}, fmt.Errorf("mix: %w", err)
		}
		sum += p.weight
		d.parts = append(d.parts, p)
	}
	if sum != million {
		return Delay{}, fmt.Errorf("mix: the weights add up to %s, not to 1", millionths(sum))
	}
	return d, nil
}

func parseWeighted(words []string) (part, error) {
	if len(words) == 0 {
		return part{}, fmt.Errorf("expected a weight, got the end")
	}
	weight, ok := parseDecimal(words[0], 6)
	if !ok || weight == 0 || weight > million {
		return part{}, fmt.Errorf("expected a weight over 0 and up to 1, exact to the millionth, got %q", words[0])
	}
	p, err := parsePart(words[1:])
	p.weight = weight
	return p, err
}

func parsePart(words []string) (part, error) {
	var names []string
	for _, s := range shapes {
		if len(words) > 0 && words[0] == s.name {
			numbers, err := parseNumbers(words[1:], s.spans, s.alpha)
			if err != nil {
				return part{}, fmt.Errorf("%s: %w, as in %q", s.name, err, s.form)
			}
			p := part{shape: s.shape, a: numbers[0], b: numbers[1]}
			if err := p.check(); err != nil {
				return part{}, fmt.Errorf("%s: %w", s.name, err)
			}
			return p, nil
		}
		names = append(names, s.name)
	}
	got := "the end"
	if len(words) > 0 {
		got = strconv.Quote(words[0])
	}
	return part{}, fmt.Errorf("expected a distribution: %s, or by itself mix, got %s", strings.Join(names, ", "), got)
}

// parseNumbers reads spans and, where there is one, alpha.
func parseNumbers(words []string, spans int, alpha bool) (n [2]int64, err error) {
	want := spans
	if alpha {
		want++
	}
	if len(words) != want {
		return n, fmt.Errorf("expected %d numbers, got %d", want, len(words))
	}
	for i, w := range words {
		ok := false
		if i < spans {
			if n[i], ok = parseNanos(w); !ok {
				return n, fmt.Errorf("expected a time, exact to the nanosecond, got %q", w)
			}
		} else if n[i], ok = parseDecimal(w, 6); !ok {
			return n, fmt.Errorf("expected alpha, a number exact to the millionth, got %q", w)
		}
	}
	return n, nil
}

// parseNanos reads a time with the unit s, ms or us as nanoseconds.
func parseNanos(s string) (int64, bool) {
	for _, unit := range []struct {
		name   string
		places int
	}{{"us", 3}, {"ms", 6}, {"s", 9}} {
		if number, ok := strings.CutSuffix(s, unit.name); ok {
			return parseDecimal(number, unit.places)
		}
	}
	return 0, false
}

// parseDecimal reads a number that is not negative and below 10^9, with so many places at most, as a multiple
// of its last place.
func parseDecimal(s string, places int) (int64, bool) {
	whole, frac, dotted := strings.Cut(s, ".")
	if !allDigits(whole) || len(whole) > 9 || dotted && !allDigits(frac) || len(frac) > places {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+frac+strings.Repeat("0", places-len(frac)), 10, 64)
	return n, err == nil
}

// printDecimal is the shortest text that parseDecimal reads as n.
func printDecimal(n int64, places int) string {
	s := fmt.Sprintf("%0*d", places+1, n)
	dot := len(s) - places
	return strings.TrimSuffix(strings.TrimRight(s[:dot]+"."+s[dot:], "0"), ".")
}

func millionths(n int64) string { return printDecimal(n, 6) }

// nanos prints a span in milliseconds.
func nanos(n int64) string { return printDecimal(n, 6) + "ms" }

// String prints the distribution in canonical form: times in milliseconds, numbers at their shortest.
func (d Delay) String() string {
	switch len(d.parts) {
	case 0:
		return ConstantDelay(0).String()
	case 1:
		return d.parts[0].String()
	}
	var texts []string
	for _, p := range d.parts {
		texts = append(texts, millionths(p.weight)+" "+p.String())
	}
	return "mix " + strings.Join(texts, ", ")
}

func (p part) String() string {
	s := shapes[p.shape-constant]
	text := s.name + " " + nanos(p.a)
	switch {
	case s.alpha:
		return text + " " + millionths(p.b)
	case s.spans == 2:
		return text + " " + nanos(p.b)
	}
	return text
}
