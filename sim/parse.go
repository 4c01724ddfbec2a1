package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ParseError says where a scenario text is wrong and what was expected there.
type ParseError struct {
	Line, Column int // from 1; the column counts bytes
	Problem      string
}

// Error names the line, the column and the problem.
func (e *ParseError) Error() string { return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Problem) }

// parser reads a scenario line by line.
type parser struct {
	Scenario
	vocabulary Vocabulary
	line       int
	seen       map[string]bool
	later      []func() error // checks that need the whole scenario, each with its place
}

// Parse reads a scenario text. Its errors are of type *ParseError.
func Parse(text string, v Vocabulary) (*Scenario, error) {
	p := &parser{vocabulary: v, seen: map[string]bool{}}
	p.Seed, p.End = 1, DefaultEnd
	if len(text) > MaxScenarioSize {
		return nil, &ParseError{1, 1, fmt.Sprintf("the text is over %d bytes", MaxScenarioSize)}
	}
	for i, line := range strings.Split(text, "\n") {
		p.line = i + 1
		if err := p.statement(strings.TrimSuffix(line, "\r")); err != nil {
			return nil, err
		}
	}
	if !strings.HasSuffix(text, "\n") && text != "" {
		p.line++
	}
	if err := p.complete(); err != nil {
		return nil, err
	}
	return &p.Scenario, nil
}

func (p *parser) fail(col int, format string, args ...any) error {
	return &ParseError{p.line, col, fmt.Sprintf(format, args...)}
}

// expected reports that something else than w was expected.
func (p *parser) expected(w word, what string) error {
	if w.text == "" {
		return p.fail(w.col, "expected %s, got the end of the line", what)
	}
	known := strings.FieldsFunc(what, func(r rune) bool { return strings.ContainsRune(" ,:", r) })
	known = slices.DeleteFunc(known, func(k string) bool { // numbers, and forms such as rate=N/s: not to be copied
		return allDigits(k) || strings.Contains(k, "/")
	})
	return p.fail(w.col, "expected %s, got %q%s", what, w.text, didYouMean(w.text, known))
}

// afterwards keeps a check for when the whole scenario is known, with the present place.
func (p *parser) afterwards(col int, check func() error) { p.afterwardsIn(words{}, col, check) }

// afterwardsIn is afterwards, but for an error that quotes one of the words the place is that word's.
func (p *parser) afterwardsIn(ws words, col int, check func() error) {
	line := p.line
	p.later = append(p.later, func() error {
		if err := check(); err != nil {
			return &ParseError{line, ws.quoted(err.Error(), col), err.Error()}
		}
		return nil
	})
}

// statements maps each statement's first word to its parser; those marked once may stand once only.
var statements = map[string]struct {
	once  bool
	parse func(*parser, words) error
}{
	"engine": {true, (*parser).engine}, "title": {true, (*parser).title}, "seed": {true, (*parser).seed},
	"regions": {true, (*parser).regions}, "replicas": {false, (*parser).replicas}, "clients": {true, (*parser).clients}, "profile": {true, (*parser).profile},
	"link": {false, (*parser).link}, "lane": {false, (*parser).addLane},
	"workload": {true, (*parser).workload}, "at": {false, (*parser).at}, "end": {true, (*parser).end},
	"expect": {false, (*parser).expect},
}

const statementNames = "engine, title, seed, regions, replicas, clients, profile, link, lane, workload, at, end or expect"

func (p *parser) statement(line string) error {
	if len(line) > MaxLineSize {
		return p.fail(1, "the line has %d bytes; the most is %d", len(line), MaxLineSize)
	}
	if !utf8.ValidString(line) {
		return p.fail(1, "the line is not valid UTF-8")
	}
	ws := split(line)
	first := ws.at(0)
	if first.text == "" {
		return nil
	}
	st, ok := statements[first.text]
	if !ok {
		return p.expected(first, "a statement: "+statementNames)
	}
	if st.once && p.seen[first.text] {
		return p.fail(first.col, "a second %s", first.text)
	}
	p.seen[first.text] = true
	return st.parse(p, ws)
}

// noMore refuses words from index i on.
func (p *parser) noMore(ws words, i int) error {
	if w := ws.at(i); w.text != "" {
		return p.expected(w, "the end of the line")
	}
	return nil
}

func (p *parser) engine(ws words) error {
	n, err := strconv.Atoi(ws.at(1).text)
	if err != nil || n < 1 {
		return p.expected(ws.at(1), "an engine number")
	}
	if n != Engine {
		return p.fail(ws.at(1).col, "this text is for engine %d; this is engine %d", n, Engine)
	}
	return p.noMore(ws, 2)
}

func (p *parser) title(ws words) error {
	var texts []string
	for _, w := range ws.list[1:] {
		texts = append(texts, w.text)
	}
	p.Title = strings.Join(texts, " ")
	if p.Title == "" {
		return p.expected(ws.at(1), "a title")
	}
	if len(p.Title) > MaxTitleSize {
		return p.fail(ws.at(1).col, "the title has %d bytes; the most is %d", len(p.Title), MaxTitleSize)
	}
	if strings.ContainsFunc(p.Title, unicode.IsControl) {
		return p.fail(ws.at(1).col, "the title has a control character")
	}
	return nil
}

func (p *parser) seed(ws words) error {
	n, err := p.seedNumber(ws.at(1))
	if err != nil {
		return err
	}
	p.Seed = n
	return p.noMore(ws, 2)
}

func (p *parser) seedNumber(w word) (uint64, error) {
	n, err := strconv.ParseUint(w.text, 10, 64)
	if err != nil || n > MaxSeed {
		return 0, p.expected(w, fmt.Sprintf("a seed from 0 to %d", uint64(MaxSeed)))
	}
	return n, nil
}

func (p *parser) profile(ws words) error {
	names := make([]string, len(Profiles))
	for i := range Profiles {
		names[i] = Profiles[i].Name
	}
	if !slices.Contains(names, ws.at(1).text) {
		return p.expected(ws.at(1), "a profile: "+strings.Join(names, ", "))
	}
	p.Profile = ws.at(1).text
	return p.noMore(ws, 2)
}

func (p *parser) end(ws words) error {
	t, err := ParseTime(ws.at(1).text)
	if err != nil {
		return p.fail(ws.at(1).col, "%s", err)
	}
	p.End = t
	return p.noMore(ws, 2)
}

// complete checks what needs the whole scenario. What is missing is missing in the line after the last.
func (p *parser) complete() error {
	switch {
	case len(p.Regions) == 0:
		return p.fail(1, "expected a line such as: regions us-east-1 eu-west-1 ap-south-1")
	case len(p.Lanes) == 0:
		return p.fail(1, "expected a line such as: lane strong raft")
	}
	for _, check := range p.later {
		if err := check(); err != nil {
			return err
		}
	}
	p.settleReplicas()
	slices.SortStableFunc(p.Commands, func(a, b Command) int { return int(a.At - b.At) })
	p.Workload.Main = p.mainKey()
	return nil
}

// mainKey returns the first key of which a result has a name, where nobody but the script asks for plain numbers and none
// of those results is of the workload's own key; else "". Visitors name no results, so that a run's text keeps its key.
func (s *Scenario) mainKey() string {
	key := ""
	if s.Workload.Kind != NoWorkload && s.Workload.Kind != Register || s.Workload.Keys > 1 {
		return key
	}
	for _, c := range s.Commands {
		switch {
		case c.As != "" && c.Key == s.Workload.Key(0):
			return ""
		case c.As != "" && key == "":
			key = c.Key
		}
	}
	return key
}
