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

func (p *parser) regions(ws words) error {
	for _, w := range ws.list[1:] {
		if err := checkName("region", w.text); err != nil {
			return p.fail(w.col, "%s", err)
		}
		if w.text == everywhere {
			return p.fail(w.col, "a region cannot be named %q: that means all links", w.text)
		}
		if len(p.Regions) == MaxRegions {
			return p.fail(w.col, "over %d regions", MaxRegions)
		}
		if slices.Contains(p.Regions, w.text) {
			return p.fail(w.col, "region %q is named twice", w.text)
		}
		p.Regions = append(p.Regions, w.text)
	}
	if len(p.Regions) == 0 {
		return p.expected(ws.at(1), "regions")
	}
	p.afterwards(ws.at(1).col, p.checkTopology)
	return nil
}

// replicas reads "replicas N per region" or "replicas N in REGION".
func (p *parser) replicas(ws words) error {
	n, err := p.count(ws.at(1), MaxReplicas)
	if err != nil {
		return err
	}
	switch where := ws.at(3); ws.at(2).text {
	case "per":
		if p.Replicas != 0 {
			return p.fail(1, "a second line of replicas per region")
		}
		p.Replicas = n
		return p.perRegion(ws)
	case "in":
		if where.text == "" {
			return p.expected(where, "a region")
		}
		if slices.ContainsFunc(p.ReplicasIn, func(r RegionReplicas) bool { return r.Region == where.text }) {
			return p.fail(where.col, "a second line of replicas in %s", where.text)
		}
		p.ReplicasIn = append(p.ReplicasIn, RegionReplicas{where.text, n})
		p.afterwards(where.col, func() error {
			if p.region(where.text) < 0 {
				return unknownRegion(where.text, &p.Scenario)
			}
			return nil
		})
		return p.noMore(ws, 4)
	}
	return p.expected(ws.at(2), `"per region" or "in REGION"`)
}

// clients reads "clients N per region".
func (p *parser) clients(ws words) error {
	n, err := p.count(ws.at(1), MaxClients)
	if err != nil {
		return err
	}
	p.Clients = n
	return p.perRegion(ws)
}

// perRegion reads "per region" and the end of the line.
func (p *parser) perRegion(ws words) error {
	for i, want := range []string{"per", "region"} {
		if w := ws.at(i + 2); w.text != want {
			return p.expected(w, want)
		}
	}
	return p.noMore(ws, 4)
}

// count reads a whole number from 1 to most.
func (p *parser) count(w word, most int) (int, error) {
	n, err := strconv.Atoi(w.text)
	if err != nil || n < 1 || n > most {
		return 0, p.expected(w, fmt.Sprintf("a whole number from 1 to %d", most))
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

func (p *parser) addLane(ws words) error {
	name := ws.at(1)
	if err := checkName("lane", name.text); err != nil {
		return p.fail(name.col, "%s", err)
	}
	if p.lane(name.text) != nil {
		return p.fail(name.col, "a second lane %q", name.text)
	}
	if len(p.Lanes) == MaxLanes {
		return p.fail(name.col, "over %d lanes", MaxLanes)
	}
	proto, ok := p.vocabulary.protocol(ws.at(2).text)
	if !ok {
		names := make([]string, len(p.vocabulary.Protocols))
		for i, known := range p.vocabulary.Protocols {
			names[i] = known.Name
		}
		return p.expected(ws.at(2), "a protocol: "+strings.Join(names, ", "))
	}
	lane := Lane{Name: name.text, Protocol: proto.Name}
	set := false
	for i := 3; ws.at(i).text != ""; i++ {
		if value, ok := strings.CutPrefix(ws.at(i).text, transportWord); ok {
			if set {
				return p.fail(ws.at(i).col, "a second %s", transportWord)
			}
			set = true
			var err error
			if lane.Transport, err = p.transport(ws.at(i), value, proto); err != nil {
				return err
			}
			continue
		}
		set, err := p.knob(ws.at(i), proto, lane.Knobs)
		if err != nil {
			return err
		}
		lane.Knobs = append(lane.Knobs, set)
	}
	slices.SortFunc(lane.Knobs, func(a, b Setting) int { return proto.knob(a.Name) - proto.knob(b.Name) })
	p.Lanes = append(p.Lanes, lane)
	if proto.Check != nil {
		p.afterwards(ws.at(1).col, func() error { return proto.Check(lane.config(&p.Scenario, proto)) })
	}
	return nil
}

// knob returns the index of a knob of the protocol, or -1.
func (p Protocol) knob(name string) int {
	return slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == name })
}

func (p *parser) knob(w word, proto Protocol, given []Setting) (Setting, error) {
	name, value, found := strings.Cut(w.text, "=")
	i := proto.knob(name)
	if !found || i < 0 {
		names := make([]string, len(proto.Knobs))
		for j, k := range proto.Knobs {
			names[j] = k.Name + "="
		}
		if len(names) == 0 {
			return Setting{}, p.expected(w, transportWord+" or the end of the line: "+proto.Name+" has no knobs")
		}
		return Setting{}, p.expected(w, "a knob of "+proto.Name+": "+transportWord+", "+strings.Join(names, ", "))
	}
	if slices.ContainsFunc(given, func(s Setting) bool { return s.Name == name }) {
		return Setting{}, p.fail(w.col, "a second %s=", name)
	}
	value, err := p.knobValue(proto.Knobs[i], value, w.col+len(name)+1)
	return Setting{name, value}, err
}

// knobValue reads a knob's value, which stands at a column, and returns it in canonical form.
func (p *parser) knobValue(k Knob, value string, col int) (string, error) {
	switch k.Kind {
	case KnobNumber:
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < k.Min || n > k.Max {
			return "", p.fail(col, "%s: expected a whole number from %d to %d, got %q", k.Name, k.Min, k.Max, value)
		}
		return strconv.FormatInt(n, 10), nil
	case KnobTime:
		if slices.Contains(k.Words, value) {
			break
		}
		t, err := ParseTime(value)
		if err != nil || int64(t) < k.Min || int64(t) > k.Max {
			either := append(slices.Clone(k.Words), fmt.Sprintf("a time from %s to %s", Time(k.Min), Time(k.Max)))
			return "", p.fail(col, "%s: expected %s, got %q", k.Name, strings.Join(either, " or "), value)
		}
		return t.String(), nil
	case KnobWord:
		if !slices.Contains(k.Words, value) {
			return "", p.fail(col, "%s: expected %s, got %q", k.Name, strings.Join(k.Words, " or "), value)
		}
	case KnobRegion, KnobRegions:
		p.afterwards(col, func() error { return k.checkRegions(value, &p.Scenario) })
	}
	return value, nil
}

// checkRegions refuses a value that names no region, or one region twice.
func (k Knob) checkRegions(value string, s *Scenario) error {
	names := []string{value}
	if k.Kind == KnobRegions {
		names = strings.Split(value, ",")
	}
	for i, name := range names {
		if s.region(name) < 0 {
			return fmt.Errorf("%s: %w", k.Name, unknownRegion(name, s))
		}
		if slices.Contains(names[:i], name) {
			return fmt.Errorf("%s: region %q is named twice", k.Name, name)
		}
	}
	return nil
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
	return nil
}

// settleReplicas brings the lines of replicas into canonical form: in the order of the regions, without those that say
// what is said of every region.
func (p *parser) settleReplicas() {
	given := p.ReplicasIn
	p.ReplicasIn = nil
	for _, name := range p.Regions {
		for _, r := range given {
			if r.Region == name && r.Count != max(p.Replicas, 1) {
				p.ReplicasIn = append(p.ReplicasIn, r)
			}
		}
	}
}
