package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// at reads "at TIME COMMAND".
func (p *parser) at(ws words) error {
	t, err := ParseTime(ws.at(1).text)
	if err != nil {
		return p.fail(ws.at(1).col, "%s", err)
	}
	if len(p.Commands) == MaxCommands {
		return p.fail(1, "over %d commands", MaxCommands)
	}
	cmd, whole := Command{At: t}, words{slices.Clone(ws.list), ws.end}
	if ws.at(2).text == "lane" {
		if cmd.Lane = ws.at(3).text; cmd.Lane == "" {
			return p.expected(ws.at(3), "a lane")
		}
		ws.list = slices.Delete(ws.list, 2, 4) // what follows reads as if it were for every lane
	}
	cmd.Verb = Verb(ws.at(2).text)
	switch cmd.Verb {
	case VerbPartition:
		cmd.Groups = groups(ws.list[3:])
	case VerbHeal:
		err = p.noMore(ws, 3)
	case VerbReseed:
		err = p.reseed(&cmd, ws)
	case VerbDeliver, VerbLose, VerbPostpone:
		err = p.handCommand(&cmd, ws)
	case VerbCut, VerbMend, VerbHold, VerbRelease, VerbDrop, VerbDuplicate, VerbReorder, VerbDelay:
		err = p.linkCommand(&cmd, ws)
	case VerbCrash, VerbExit, VerbWipe, VerbRestart, VerbPause, VerbResume, VerbSlow, VerbSkew, VerbDrift, VerbFsync:
		err = p.nodeCommand(&cmd, ws)
	case VerbPromote, VerbRejoin, VerbCancel, VerbTransfer, VerbMembers:
		err = p.operatorCommand(&cmd, ws)
	default:
		if cmd.Fault() {
			return p.expected(ws.at(2), "a command: "+joinVerbs())
		}
		err = p.clientCommand(&cmd, ws)
	}
	if err != nil {
		return err
	}
	p.Commands = append(p.Commands, cmd)
	p.afterwardsIn(whole, ws.at(2).col, func() error {
		if err := cmd.Check(&p.Scenario); err != nil {
			return err
		}
		return p.vocabulary.checkOperator(cmd, &p.Scenario)
	})
	return nil
}

// reseed reads "reseed N".
func (p *parser) reseed(cmd *Command, ws words) (err error) {
	if cmd.Seed, err = p.seedNumber(ws.at(3)); err != nil {
		return err
	}
	return p.noMore(ws, 4)
}

// groups reads regions in groups parted by bars; an empty group stays, to be refused with a reason.
func groups(list []word) [][]string {
	all := [][]string{nil}
	for _, w := range list {
		if w.text == "|" {
			all = append(all, nil)
			continue
		}
		all[len(all)-1] = append(all[len(all)-1], w.text)
	}
	return all
}

// clientCommand reads "VERB CLIENT KEY [NUMBER] [level LEVEL] [as NAME]".
func (p *parser) clientCommand(cmd *Command, ws words) error {
	cmd.Region, cmd.Key = ws.at(3).text, ws.at(4).text
	if cmd.Region == "" {
		return p.expected(ws.at(3), "a region")
	}
	if cmd.Key == "" {
		return p.expected(ws.at(4), "a key such as "+Account)
	}
	i := 5
	if cmd.visit().value {
		n, err := strconv.ParseInt(ws.at(5).text, 10, 64)
		if err != nil {
			return p.expected(ws.at(5), "a whole number")
		}
		cmd.Value = n
		i++
	}
	if ws.at(i).text == "level" {
		level := ws.at(i + 1)
		if level.text == "" {
			return p.expected(level, "a level")
		}
		cmd.Level = level.text
		p.afterwards(level.col, func() error { return p.checkLevel(level.text) })
		i += 2
	}
	if ws.at(i).text == "as" {
		cmd.As = ws.at(i + 1).text
		if cmd.As == "" {
			return p.expected(ws.at(i+1), "a name for the result")
		}
		if _, metric := p.vocabulary.metric(cmd.As); metric {
			return p.fail(ws.at(i+1).col, "a result cannot be named %q: that is a metric", cmd.As)
		}
		if p.namesResult(cmd.As) {
			return p.fail(ws.at(i+1).col, "a second result named %q", cmd.As)
		}
		i += 2
	}
	return p.noMore(ws, i)
}

// linkCommand reads "VERB [CHANCE] [TIME] LINKS".
func (p *parser) linkCommand(cmd *Command, ws words) error {
	var err error
	i := 3
	if cmd.Verb == VerbDrop || cmd.Verb == VerbDuplicate || cmd.Verb == VerbReorder {
		if cmd.Chance, err = ParseChance(ws.at(i).text); err != nil {
			return p.fail(ws.at(i).col, "%s", err)
		}
		i++
	}
	if cmd.Verb == VerbDelay || cmd.Verb == VerbReorder {
		if cmd.By, err = ParseTime(ws.at(i).text); err != nil {
			return p.fail(ws.at(i).col, "%s", err)
		}
		i++
	}
	if cmd.Links, i, err = p.links(ws, i); err != nil {
		return err
	}
	return p.noMore(ws, i)
}

var operators = []string{"=", "<", ">", "<=", ">="}

// expect reads "expect LANE METRIC [OPERATOR VALUE]" or "expect LANE RESULT OUTCOME [VALUE]".
func (p *parser) expect(ws words) error {
	if len(p.Expects) == MaxExpectations {
		return p.fail(1, "over %d expect lines", MaxExpectations)
	}
	e := Expectation{Lane: ws.at(1).text}
	if e.Lane == "" {
		return p.expected(ws.at(1), "a lane")
	}
	p.afterwards(ws.at(1).col, func() error {
		if p.lane(e.Lane) == nil {
			return unknownLane(e.Lane, &p.Scenario)
		}
		return nil
	})
	var err error
	if m, ok := p.vocabulary.metric(ws.at(2).text); ok {
		err = p.expectMetric(&e, m, ws)
	} else {
		err = p.expectResult(&e, ws)
	}
	p.Expects = append(p.Expects, e)
	return err
}

func (p *parser) expectMetric(e *Expectation, m Metric, ws words) error {
	e.Metric, e.Operator, e.Value = m.Name, ws.at(3).text, ws.at(4).text
	if m.Verdict && e.Operator == "" {
		e.Operator, e.Value = "=", "yes"
		return nil
	}
	if !slices.Contains(operators, e.Operator) || m.Verdict && e.Operator != "=" {
		return p.expected(ws.at(3), "one of "+strings.Join(operators, " "))
	}
	if m.Verdict {
		if !slices.Contains([]string{"yes", "no", "unknown"}, e.Value) {
			return p.expected(ws.at(4), "yes, no or unknown")
		}
		return p.noMore(ws, 5)
	}
	// Digits with at most one point: but for zeros that say nothing, the same bytes are printed again.
	whole, frac, dotted := strings.Cut(e.Value, ".")
	if !allDigits(whole) || dotted && !allDigits(frac) || len(e.Value) > 15 {
		return p.expected(ws.at(4), "a number")
	}
	for len(whole) > 1 && whole[0] == '0' {
		whole, e.Value = whole[1:], e.Value[1:]
	}
	if dotted {
		e.Value = strings.TrimSuffix(strings.TrimRight(e.Value, "0"), ".")
	}
	return p.noMore(ws, 5)
}

func (p *parser) unknownMetric(name string) error {
	if p.namesResult(name) {
		return fmt.Errorf("%q is a named result: expected ok, fail or info after it", name)
	}
	names := make([]string, len(p.vocabulary.Metrics))
	for i, m := range p.vocabulary.Metrics {
		names[i] = m.Name
	}
	return fmt.Errorf("%q is neither a named result nor a metric; the metrics are %s%s", name, strings.Join(names, ", "),
		didYouMean(name, names))
}

func (p *parser) expectResult(e *Expectation, ws words) error {
	e.Result = ws.at(2).text
	if err := checkName("metric or result", e.Result); err != nil {
		return p.expected(ws.at(2), "a metric or a named result")
	}
	p.afterwards(ws.at(2).col, func() error {
		if !p.namesResult(e.Result) {
			return p.unknownMetric(e.Result)
		}
		return nil
	})
	i := slices.Index(outcomeNames[:], ws.at(3).text)
	if i <= int(Pending) {
		if after := ws.at(3).text; after == "" || slices.Contains(operators, after) { // it was meant for a metric
			return p.fail(ws.at(2).col, "%s", p.unknownMetric(e.Result))
		}
		return p.expected(ws.at(3), "ok, fail or info")
	}
	e.Outcome = Outcome(i)
	next := 4
	if v := ws.at(next); e.Outcome == OK && v.text != "" && !slices.Contains(manners, v.text) {
		n, err := strconv.ParseInt(v.text, 10, 64)
		if err != nil {
			return p.expected(v, "a whole number, siblings, after, within or says")
		}
		e.HasValue, e.Number = true, n
		next++
	}
	if e.Outcome == OK && ws.at(next).text == siblingsWord {
		var err error
		if next, err = p.expectSiblings(e, ws, next+1); err != nil {
			return err
		}
	}
	return p.expectManner(e, ws, next)
}

// manners are the words that may follow an outcome.
var manners = []string{siblingsWord, "after", "within", "says"}

// expectManner reads what a result took and what its client is to read: "[after TIME] [within TIME] [says TEXT]".
func (p *parser) expectManner(e *Expectation, ws words, i int) error {
	for _, bound := range []struct {
		word string
		time *Time
	}{{"after", &e.After}, {"within", &e.Within}} {
		if ws.at(i).text != bound.word {
			continue
		}
		t, err := ParseTime(ws.at(i + 1).text)
		if err != nil || t == 0 {
			return p.expected(ws.at(i+1), "a time such as 2s")
		}
		*bound.time = t
		i += 2
	}
	if ws.at(i).text != "says" {
		return p.noMore(ws, i)
	}
	var texts []string
	for i++; ws.at(i).text != ""; i++ {
		texts = append(texts, ws.at(i).text)
	}
	if e.Says = strings.Join(texts, " "); e.Says == "" {
		return p.expected(ws.at(i), "what the client reads")
	}
	return nil
}
