package sim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Verb names what a Command does.
type Verb string

// The verbs.
const (
	VerbPartition Verb = "partition"
	VerbHeal      Verb = "heal"
	VerbWrite     Verb = "write"
	VerbRead      Verb = "read"
)

// Verbs lists every verb.
var Verbs = []Verb{VerbPartition, VerbHeal, VerbWrite, VerbRead}

// Command is one thing that a user does to a Lab, at a virtual time. It hits every lane at that instant, before
// any event of the instant. Statements of the scenario language and commands on the wire are the same.
type Command struct {
	At     Time       `json:"at"`
	Verb   Verb       `json:"verb"`
	Groups [][]string `json:"groups,omitempty"` // partition: regions; those not named form one more group
	Region string     `json:"region,omitempty"` // write, read: whose client
	Key    string     `json:"key,omitempty"`    // write, read
	Value  int64      `json:"value,omitempty"`  // write
	As     string     `json:"as,omitempty"`     // write, read: a name for the result, to be expected
}

// Fault reports whether the command changes the world rather than acting as a client.
func (c Command) Fault() bool { return c.Verb == VerbPartition || c.Verb == VerbHeal }

// Check refuses a command that the scenario's world cannot carry out, naming what is wrong.
func (c Command) Check(s *Scenario) error {
	if err := c.checkWorld(s); err != nil {
		return fmt.Errorf("%s: %w", c.Verb, err)
	}
	return nil
}

func (c Command) checkWorld(s *Scenario) error {
	if c.At < 0 || c.At > MaxTime {
		return fmt.Errorf("time %s is not between 0s and %s", c.At, MaxTime)
	}
	if field := c.foreign(); field != "" && slices.Contains(Verbs, c.Verb) {
		return fmt.Errorf("%s does not belong to this command", field)
	}
	switch c.Verb {
	case VerbPartition:
		return c.checkGroups(s)
	case VerbHeal:
		return nil
	case VerbWrite, VerbRead:
		if s.region(c.Region) < 0 {
			return unknownRegion(c.Region, s)
		}
		if err := checkName("key", c.Key); err != nil {
			return err
		}
		if c.Value > MaxValue || c.Value < -MaxValue {
			return fmt.Errorf("value %d is over %d", c.Value, MaxValue)
		}
		if c.As != "" {
			return checkName("result name", c.As)
		}
		return nil
	default:
		return fmt.Errorf("unknown command %q; expected one of %s", c.Verb, joinVerbs())
	}
}

// foreign names a field that is set and says nothing to this verb, or "".
func (c Command) foreign() string {
	client := c.Verb == VerbWrite || c.Verb == VerbRead
	switch {
	case c.Groups != nil && c.Verb != VerbPartition:
		return "groups"
	case c.Region != "" && !client:
		return "region"
	case c.Key != "" && !client:
		return "key"
	case c.As != "" && !client:
		return "as"
	case c.Value != 0 && c.Verb != VerbWrite:
		return "value"
	}
	return ""
}

func (c Command) checkGroups(s *Scenario) error {
	named := map[string]bool{}
	if len(c.Groups) == 0 {
		return fmt.Errorf("expected regions, in groups parted by |")
	}
	for _, g := range c.Groups {
		if len(g) == 0 {
			return fmt.Errorf("a group has no region")
		}
		for _, r := range g {
			if s.region(r) < 0 {
				return unknownRegion(r, s)
			}
			if named[r] {
				return fmt.Errorf("region %q is named twice", r)
			}
			named[r] = true
		}
	}
	if len(c.Groups) == 1 && len(named) == len(s.Regions) {
		return fmt.Errorf("one group of all regions parts nothing; heal undoes a partition")
	}
	return nil
}

func unknownRegion(name string, s *Scenario) error {
	return fmt.Errorf("unknown region %q; expected one of %s", name, strings.Join(s.Regions, ", "))
}

func joinVerbs() string {
	names := make([]string, len(Verbs))
	for i, v := range Verbs {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// groupsOf returns the group of each region: 0 for those not named.
func (c Command) groupsOf(s *Scenario) []int {
	group := make([]int, len(s.Regions))
	for i, g := range c.Groups {
		for _, r := range g {
			group[s.region(r)] = i + 1
		}
	}
	return group
}

// statement prints the command as the scenario language writes it, without its time.
func (c Command) statement() string {
	switch c.Verb {
	case VerbPartition:
		groups := make([]string, len(c.Groups))
		for i, g := range c.Groups {
			groups[i] = strings.Join(g, " ")
		}
		return "partition " + strings.Join(groups, " | ")
	case VerbWrite, VerbRead:
		words := []string{string(c.Verb), c.Region, c.Key}
		if c.Verb == VerbWrite {
			words = append(words, strconv.FormatInt(c.Value, 10))
		}
		if c.As != "" {
			words = append(words, "as", c.As)
		}
		return strings.Join(words, " ")
	default:
		return string(c.Verb)
	}
}

// checkName accepts lower-case words of letters, digits and hyphens that begin with a letter.
func checkName(what, name string) error {
	ok := name != "" && len(name) <= MaxNameSize && name[0] >= 'a' && name[0] <= 'z'
	ok = ok && !slices.ContainsFunc([]byte(name), func(b byte) bool {
		return (b < 'a' || b > 'z') && (b < '0' || b > '9') && b != '-'
	})
	if !ok {
		return fmt.Errorf("%s %q: expected at most %d lower-case letters, digits and hyphens, a letter first", what, name, MaxNameSize)
	}
	return nil
}
