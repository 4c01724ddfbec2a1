package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// workload reads "workload none", or a name, how clients come, and options.
func (p *parser) workload(ws words) error {
	name := ws.at(1)
	if name.text == "none" {
		return p.noMore(ws, 2)
	}
	i := slices.IndexFunc(domains, func(d domain) bool { return string(d.kind) == name.text })
	if i < 0 {
		return p.expected(name, "a workload: "+workloadNames())
	}
	p.Workload = Workload{Kind: domains[i].kind, Keys: 1, Reads: domains[i].reads, Timeout: ClientTimeout}
	if p.Workload.Kind == Inventory {
		p.Workload.Stock = DefaultStock
	}
	if err := p.arrivals(ws); err != nil {
		return err
	}
	given := map[string]bool{}
	for i := 4; ws.at(i).text != ""; i++ {
		if err := p.workloadOption(ws.at(i), given); err != nil {
			return err
		}
	}
	return p.completeWorkload(ws, given)
}

func workloadNames() string {
	var names []string
	for _, d := range domains {
		names = append(names, string(d.kind))
	}
	return strings.Join(names, ", ") + " or none"
}

// arrivals reads "rate=N/s staggered|poisson" or "closed think=TIME".
func (p *parser) arrivals(ws words) error {
	w := &p.Workload
	if ws.at(2).text == "closed" {
		text, found := strings.CutPrefix(ws.at(3).text, "think=")
		if !found {
			return p.expected(ws.at(3), "think=TIME")
		}
		return p.span(ws.at(3), text, MinThink, MaxThink, &w.Think)
	}
	text, found := strings.CutPrefix(ws.at(2).text, "rate=")
	number, per := strings.CutSuffix(text, "/s")
	n, ok := parseThousandths(number, MaxRate)
	if !found || !per || !ok || n == 0 {
		return p.expected(ws.at(2), fmt.Sprintf("rate=N/s with N from 0.001 to %d, or closed", MaxRate))
	}
	w.Rate = Rate(n)
	switch ws.at(3).text {
	case "staggered":
	case "poisson":
		w.Poisson = true
	default:
		return p.expected(ws.at(3), "staggered or poisson")
	}
	return nil
}

// parseThousandths reads a number with up to three decimals, in thousandths.
func parseThousandths(s string, most int) (int, bool) {
	whole, frac, dotted := strings.Cut(s, ".")
	if !allDigits(whole) || len(whole) > 6 || dotted && (!allDigits(frac) || len(frac) > 3) {
		return 0, false
	}
	n, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi((frac + "000")[:3])
	return n*1000 + f, n*1000+f <= most*1000
}

// span reads the time of an option within limits.
func (p *parser) span(w word, text string, least, most Time, into *Time) error {
	col := w.col + len(w.text) - len(text)
	t, err := ParseTime(text)
	if err != nil {
		return p.fail(col, "%s", err)
	}
	if t < least || t > most {
		return p.fail(col, "%s is not between %s and %s", text, least, most)
	}
	*into = t
	return nil
}

// workloadOptions maps each option to its reader, which takes the text after the equals sign.
var workloadOptions = map[string]func(*parser, word, string) error{
	"keys": (*parser).keysOption, "skew": (*parser).skewOption, "reads": (*parser).readsOption,
	"stock": (*parser).stockOption, "read-level": (*parser).levelOption, "write-level": (*parser).levelOption,
	"timeout": func(p *parser, w word, text string) error {
		return p.span(w, text, MinTimeout, MaxTimeout, &p.Workload.Timeout)
	},
	"retry": (*parser).retryOption, "retries": (*parser).retriesOption, "session": (*parser).sessionOption,
	"until": func(p *parser, w word, text string) error {
		if t, err := ParseTime(text); err == nil && t == 0 {
			return p.fail(w.col+len("until="), "until=0s would let nobody set out; use workload none")
		}
		return p.span(w, text, 0, MaxTime, &p.Workload.Until)
	},
}

const workloadOptionNames = "keys=, skew=, reads=, stock=, read-level=, write-level=, timeout=, retry=, retries=, session= or until="

func (p *parser) workloadOption(w word, given map[string]bool) error {
	name, text, found := strings.Cut(w.text, "=")
	read := workloadOptions[name]
	switch {
	case !found || read == nil:
		return p.expected(w, "an option: "+workloadOptionNames)
	case given[name]:
		return p.fail(w.col, "a second %s=", name)
	}
	given[name] = true
	return read(p, w, text)
}

// number reads the whole number of an option within limits.
func (p *parser) number(w word, text string, least, most int64) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < least || n > most {
		return 0, p.fail(w.col+len(w.text)-len(text), "expected a whole number from %d to %d, got %q", least, most, text)
	}
	return n, nil
}

func (p *parser) keysOption(w word, text string) error {
	n, err := p.number(w, text, 1, MaxKeys)
	p.Workload.Keys = int(n)
	return err
}

func (p *parser) skewOption(w word, text string) error {
	n, ok := parseThousandths(text, MaxSkew)
	if !ok {
		return p.fail(w.col+len("skew="), "expected a number from 0 to %d with up to three decimals, got %q", MaxSkew, text)
	}
	p.Workload.Skew = Skew(n)
	return nil
}

func (p *parser) readsOption(w word, text string) error {
	c, err := ParseChance(text)
	if err != nil {
		return p.fail(w.col+len("reads="), "%s", err)
	}
	p.Workload.Reads = c
	return nil
}

func (p *parser) stockOption(w word, text string) error {
	if p.Workload.Kind != Inventory {
		return p.fail(w.col, "stock= is of inventory; a %s has none", p.Workload.Kind)
	}
	n, err := p.number(w, text, 0, MaxValue)
	p.Workload.Stock = n
	return err
}

func (p *parser) levelOption(w word, text string) error {
	if strings.HasPrefix(w.text, "read-") {
		p.Workload.ReadLevel = text
	} else {
		p.Workload.WriteLevel = text
	}
	p.afterwards(w.col+len(w.text)-len(text), func() error { return p.checkLevel(text) })
	return nil
}

func (p *parser) retryOption(w word, text string) error {
	switch text {
	case "none":
	case string(RetrySame), string(RetryElsewhere):
		p.Workload.Retry = Retry(text)
	default:
		return p.expected(word{text, w.col + len("retry=")}, "none, same or elsewhere")
	}
	return nil
}

func (p *parser) retriesOption(w word, text string) error {
	n, err := p.number(w, text, 1, MaxRetries)
	p.Workload.Retries = int(n)
	return err
}

func (p *parser) sessionOption(w word, text string) error {
	switch text {
	case "sticky":
	case "roam":
		p.Workload.Roam = true
	default:
		return p.expected(word{text, w.col + len("session=")}, "sticky or roam")
	}
	return nil
}

// completeWorkload checks what options mean together.
func (p *parser) completeWorkload(ws words, given map[string]bool) error {
	w := &p.Workload
	at := func(name string) int {
		i := slices.IndexFunc(ws.list, func(x word) bool { return strings.HasPrefix(x.text, name+"=") })
		return ws.at(i).col
	}
	switch {
	case w.Skew != 0 && w.Keys == 1:
		return p.fail(at("skew"), "skew= says nothing of one key; give keys= too")
	case given["retries"] && w.Retry == RetryNone:
		return p.fail(at("retries"), "retries= needs retry=same or retry=elsewhere")
	case w.Retry != RetryNone && !given["retries"]:
		w.Retries = DefaultRetries
	}
	return nil
}

// LevelTime is the end of a level that names a time, as protocols list it: exact-staleness-TIME is asked for as
// exact-staleness-15s.
const LevelTime = "-TIME"

// Knows reports whether clients may ask for a level.
func (p Protocol) Knows(level string) bool {
	return slices.ContainsFunc(p.Levels, func(known string) bool {
		kind, timed := strings.CutSuffix(known, LevelTime)
		if !timed {
			return known == level
		}
		text, found := strings.CutPrefix(level, kind+"-")
		_, err := ParseTime(text)
		return found && err == nil
	})
}

// checkLevel refuses a level that no lane's protocol knows.
func (p *parser) checkLevel(level string) error {
	var protocols []Protocol
	for _, l := range p.Lanes {
		proto, _ := p.vocabulary.protocol(l.Protocol)
		protocols = append(protocols, proto)
	}
	return checkLevel(level, protocols)
}

// checkLevel refuses a level that none of the protocols knows.
func checkLevel(level string, protocols []Protocol) error {
	var known []string
	for _, proto := range protocols {
		for _, l := range proto.Levels {
			if !slices.Contains(known, l) {
				known = append(known, l)
			}
		}
	}
	switch {
	case slices.ContainsFunc(protocols, func(p Protocol) bool { return p.Knows(level) }):
		return nil
	case len(known) == 0:
		return fmt.Errorf("no lane knows the level %q; none has levels", level)
	}
	return fmt.Errorf("no lane knows the level %q; expected one of %s%s", level, strings.Join(known, ", "), didYouMean(level, known))
}
