package sim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// EditKind says what an Edit does.
type EditKind string

// The kinds of edits.
const (
	EditAdd      EditKind = "add"      // a lane, after the others
	EditRemove   EditKind = "remove"   // a lane
	EditMove     EditKind = "move"     // a lane to another place
	EditSet      EditKind = "set"      // what a lane runs; its name stays unless another is given
	EditWorkload EditKind = "workload" // what the clients do
)

// Edit is one change of a scenario's set-up. What it says nothing about has its default.
type Edit struct {
	Do        EditKind  `json:"do"`
	Lane      string    `json:"lane,omitempty"`     // all but workload
	Name      string    `json:"name,omitempty"`     // set: what the lane is called from now on; "" for as before
	Place     int       `json:"place,omitempty"`    // move: the lane's index from now on
	Protocol  string    `json:"protocol,omitempty"` // add, set
	Transport string    `json:"transport,omitempty"`
	Knobs     []Setting `json:"knobs,omitempty"`    // add, set: those that differ from their defaults
	Workload  string    `json:"workload,omitempty"` // as the scenario language writes it, without its first word
}

// String says in words what has been done.
func (e Edit) String() string {
	switch e.Do {
	case EditAdd:
		return "lane " + e.Lane + " is new"
	case EditRemove:
		return "lane " + e.Lane + " is gone"
	case EditMove:
		return "lane " + e.Lane + " has moved"
	case EditSet:
		return "lane " + e.Lane + " is set anew"
	}
	return "the workload is another"
}

// Dropped is a statement that an edited scenario cannot have any more.
type Dropped struct {
	Statement string `json:"statement"` // as the scenario language writes it
	Reason    string `json:"reason"`
}

// editor is a scenario under edit.
type editor struct {
	Scenario
	vocabulary Vocabulary
	changed    map[string]bool // lanes, by their present names, in which messages have other IDs now
	dropped    []Dropped
}

// Edited returns the scenario with its set-up changed by several edits, one after the other, and the commands and
// expectations that it had to drop: those that the new set-up cannot carry out, those about lanes that are gone, and
// those about single messages that have other IDs now. On an error nothing is changed, and the scenario stays as it is.
func (s *Scenario) Edited(edits []Edit, v Vocabulary) (*Scenario, []Dropped, error) {
	if len(edits) == 0 || len(edits) > MaxEdits {
		return nil, nil, fmt.Errorf("expected 1 to %d edits, got %d", MaxEdits, len(edits))
	}
	e := &editor{Scenario: s.clone(), vocabulary: v, changed: map[string]bool{}}
	for _, one := range edits {
		if err := e.carryOut(one); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", one.Do, err)
		}
	}
	if len(e.Lanes) == 0 {
		return nil, nil, errors.New("remove: the last lane has to stay")
	}
	e.settle()
	again, err := Parse(e.Scenario.String(), v)
	if err != nil {
		return nil, nil, err
	}
	return again, e.dropped, nil
}

func (e *editor) carryOut(edit Edit) error {
	if edit.Do == EditWorkload {
		return e.setWorkload(edit)
	}
	at := slices.IndexFunc(e.Lanes, func(l Lane) bool { return l.Name == edit.Lane })
	if at < 0 && slices.Contains([]EditKind{EditRemove, EditMove, EditSet}, edit.Do) {
		return unknownLane(edit.Lane, &e.Scenario)
	}
	switch edit.Do {
	case EditAdd:
		return e.addLane(edit)
	case EditRemove:
		e.Lanes = slices.Delete(e.Lanes, at, at+1)
		return nil
	case EditMove:
		if edit.Place < 0 || edit.Place >= len(e.Lanes) {
			return fmt.Errorf("lane %s: expected a place from 0 to %d, got %d", edit.Lane, len(e.Lanes)-1, edit.Place)
		}
		l := e.Lanes[at]
		e.Lanes = slices.Insert(slices.Delete(e.Lanes, at, at+1), edit.Place, l)
		return nil
	case EditSet:
		return e.setLane(edit, at)
	}
	return fmt.Errorf("expected add, remove, move, set or workload")
}

// read has the parser read one line into a scenario, and checks it against the rest.
func (e *editor) read(s Scenario, line string, parse func(*parser, words) error) (*parser, error) {
	p := &parser{Scenario: s, vocabulary: e.vocabulary, seen: map[string]bool{}}
	err := parse(p, split(line))
	for i := 0; err == nil && i < len(p.later); i++ {
		err = p.later[i]()
	}
	var where *ParseError
	if errors.As(err, &where) {
		err = errors.New(where.Problem)
	}
	return p, err
}

// parsed returns a lane as an edit describes it, among others.
func (e *editor) parsed(name string, edit Edit, others []Lane) (Lane, error) {
	words := []string{"lane", name, edit.Protocol}
	if edit.Transport != "" {
		words = append(words, transportWord+edit.Transport)
	}
	for _, k := range edit.Knobs {
		words = append(words, k.Name+"="+k.Value)
	}
	s := e.Scenario
	s.Lanes = slices.Clone(others)
	p, err := e.read(s, strings.Join(words, " "), (*parser).addLane)
	if err != nil {
		return Lane{}, fmt.Errorf("lane %s: %w", name, err)
	}
	return p.Lanes[len(others)], nil
}

func (e *editor) addLane(edit Edit) error {
	l, err := e.parsed(edit.Lane, edit, e.Lanes)
	if err == nil {
		e.Lanes = append(e.Lanes, l)
		e.changed[l.Name] = true
	}
	return err
}

func (e *editor) setLane(edit Edit, at int) error {
	before := e.Lanes[at]
	name := edit.Name
	if name == "" {
		name = before.Name
	}
	if edit.Protocol == "" {
		edit.Protocol = before.Protocol
	}
	l, err := e.parsed(name, edit, slices.Delete(slices.Clone(e.Lanes), at, at+1))
	if err != nil {
		return err
	}
	e.Lanes[at] = l
	if l.Protocol != before.Protocol || l.Transport != before.Transport || !slices.Equal(l.Knobs, before.Knobs) {
		e.changed[before.Name] = true
	}
	if name != before.Name {
		e.rename(before.Name, name)
	}
	return nil
}

// rename has what is about a lane follow its name.
func (e *editor) rename(from, to string) {
	if e.changed[from] {
		delete(e.changed, from)
		e.changed[to] = true
	}
	for i := range e.Commands {
		if e.Commands[i].Lane == from {
			e.Commands[i].Lane = to
		}
	}
	for i := range e.Expects {
		if e.Expects[i].Lane == from {
			e.Expects[i].Lane = to
		}
	}
}

func (e *editor) setWorkload(edit Edit) error {
	s := e.Scenario
	s.Workload = Workload{}
	p, err := e.read(s, "workload "+edit.Workload, (*parser).workload)
	if err != nil {
		return err
	}
	e.Workload = p.Workload
	e.differs("")
	return nil
}

// differs notes that messages of a lane, or of all if it is "", have other IDs from here on.
func (e *editor) differs(lane string) {
	for _, l := range e.Lanes {
		if lane == "" || lane == l.Name {
			e.changed[l.Name] = true
		}
	}
}

// settle drops what the scenario cannot have any more.
func (e *editor) settle() {
	var protocols []Protocol
	for _, l := range e.Lanes {
		p, _ := e.vocabulary.protocol(l.Protocol)
		protocols = append(protocols, p)
	}
	e.settleLevel("read-level=", &e.Workload.ReadLevel, protocols)
	e.settleLevel("write-level=", &e.Workload.WriteLevel, protocols)
	e.Commands = slices.DeleteFunc(e.Commands, func(c Command) bool {
		err := e.objection(c, protocols)
		if err != nil {
			e.drop(strings.TrimSuffix(c.line(), "\n"), err)
			e.differs(c.Lane)
		}
		return err != nil
	})
	e.Expects = slices.DeleteFunc(e.Expects, func(x Expectation) bool {
		var err error
		switch {
		case e.lane(x.Lane) == nil:
			err = fmt.Errorf("lane %s is gone", x.Lane)
		case x.Result != "" && !e.namesResult(x.Result):
			err = fmt.Errorf("no command names the result %s any more", x.Result)
		default:
			return false
		}
		e.drop("expect "+x.String(), err)
		return true
	})
}

// settleLevel has the workload ask at the default where no lane knows its level.
func (e *editor) settleLevel(option string, level *string, protocols []Protocol) {
	if *level == "" {
		return
	}
	if err := checkLevel(*level, protocols); err != nil {
		e.drop("workload "+option+*level, err)
		*level = ""
	}
}

func (e *editor) drop(statement string, why error) {
	e.dropped = append(e.dropped, Dropped{statement, why.Error()})
}

// objection says why a command cannot stay.
func (e *editor) objection(c Command, protocols []Protocol) error {
	switch {
	case c.Lane != "" && e.lane(c.Lane) == nil:
		return fmt.Errorf("lane %s is gone", c.Lane)
	case c.byHand() && e.changed[c.Lane]:
		return fmt.Errorf("the messages of lane %s have other numbers now", c.Lane)
	}
	if err := c.Check(&e.Scenario); err != nil {
		return err
	}
	if err := e.vocabulary.checkOperator(c, &e.Scenario); err != nil {
		return err
	}
	if c.Level != "" {
		return checkLevel(c.Level, protocols)
	}
	return nil
}
