package sim

import (
	"fmt"
	"slices"
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
	VerbDelete    Verb = "delete"
	VerbIncrement Verb = "increment" // a counter
	VerbAdd       Verb = "add"       // an item to a set
	VerbRemove    Verb = "remove"    // an item from a set

	VerbDeposit  Verb = "deposit"  // what a workload's clients do: money into an account
	VerbWithdraw Verb = "withdraw" // money out of an account, if there is enough
	VerbBuy      Verb = "buy"      // pieces, if there are enough
	VerbLike     Verb = "like"     // one more
	VerbPut      Verb = "put"      // an item into a cart
	VerbPost     Verb = "post"     // to a feed
	VerbSwap     Verb = "swap"     // a value in the place of the one found
	VerbCreate   Verb = "create"   // a value where there is none

	VerbCut       Verb = "cut"       // links lose everything, and what is crossing them
	VerbMend      Verb = "mend"      // undoes cut
	VerbHold      Verb = "hold"      // what would arrive waits
	VerbRelease   Verb = "release"   // undoes hold: what has waited arrives
	VerbDrop      Verb = "drop"      // links lose messages by chance; 0% undoes it
	VerbDuplicate Verb = "duplicate" // links deliver messages twice by chance; 0% undoes it
	VerbReorder   Verb = "reorder"   // links keep messages back by chance, so that others overtake them; 0% undoes it
	VerbDelay     Verb = "delay"     // links take longer; 0s undoes it

	VerbCrash   Verb = "crash"   // a node's memory is gone; its disk stays
	VerbExit    Verb = "exit"    // a node's process ends: a crash of which its machine tells the peers
	VerbWipe    Verb = "wipe"    // a crash, and its disk is emptied
	VerbRestart Verb = "restart" // undoes crash, exit and wipe: it starts anew from what its disk holds

	VerbPause  Verb = "pause"  // a node stands still, as in a garbage collection; the world goes on
	VerbResume Verb = "resume" // undoes pause: what has come meanwhile is dealt with, and timers fire late
	VerbSlow   Verb = "slow"   // a node takes so long for each message, one after the other; 0s undoes it
	VerbSkew   Verb = "skew"   // a node's clock is ahead, or behind; 0s undoes it
	VerbDrift  Verb = "drift"  // a node's clock is fast, or slow; 0ppm undoes it, but not what it has gained
	VerbFsync  Verb = "fsync"  // each fsync of a node takes so long, or never ends; 0s undoes both

	VerbReseed Verb = "reseed" // from here on, another luck

	VerbDeliver  Verb = "deliver"  // one message of one lane arrives now
	VerbLose     Verb = "lose"     // it is lost
	VerbPostpone Verb = "postpone" // it arrives so much later

	VerbPromote  Verb = "promote"  // an operator makes a node the primary, and fences nobody
	VerbRejoin   Verb = "rejoin"   // an operator has a node follow the primary, giving up what only it holds
	VerbCancel   Verb = "cancel"   // an operator ends a node's waits for its standbys
	VerbTransfer Verb = "transfer" // an operator has the leader hand over to a node
	VerbMembers  Verb = "members"  // an operator changes who votes and holds the log
)

// Verbs lists every verb.
var Verbs = []Verb{VerbPartition, VerbHeal, VerbWrite, VerbRead, VerbDelete, VerbIncrement, VerbAdd, VerbRemove,
	VerbDeposit, VerbWithdraw, VerbBuy, VerbLike, VerbPut, VerbPost, VerbSwap, VerbCreate,
	VerbCut, VerbMend, VerbHold, VerbRelease, VerbDrop, VerbDuplicate, VerbReorder, VerbDelay, VerbReseed,
	VerbDeliver, VerbLose, VerbPostpone,
	VerbPromote, VerbRejoin, VerbCancel, VerbTransfer, VerbMembers,
	VerbCrash, VerbExit, VerbWipe, VerbRestart, VerbPause, VerbResume, VerbSlow, VerbSkew, VerbDrift, VerbFsync}

// nodeVerbs are those about a machine.
var nodeVerbs = Verbs[slices.Index(Verbs, VerbCrash):]

// OperatorVerbs lists the verbs of which each protocol has its own; see Protocol.Verbs. They name a node, or as members
// does several.
var OperatorVerbs = []Verb{VerbPromote, VerbRejoin, VerbCancel, VerbTransfer, VerbMembers}

// Command is one thing that a user does to a Lab, at a virtual time. It hits every lane at that instant, or the one
// that it names, before any event of the instant. Statements of the scenario language and commands on the wire are the same.
type Command struct {
	At      Time       `json:"at"`
	Lane    string     `json:"lane,omitempty"` // "" for every lane
	Verb    Verb       `json:"verb"`
	Groups  [][]string `json:"groups,omitempty"` // partition: regions; those not named form one more group
	Region  string     `json:"region,omitempty"` // of a client's commands: a client such as eu-west-1@2, or the region whose first one it is
	Key     string     `json:"key,omitempty"`    // of a client's commands
	Value   int64      `json:"value,omitempty"`  // of those client's commands that say a number
	Level   string     `json:"level,omitempty"`  // of a client's commands: at which consistency level; "" for the protocol's default
	As      string     `json:"as,omitempty"`     // of a client's commands: a name for the result, to be expected
	Links              // commands about links; inlined
	Chance  Chance     `json:"chance,omitempty"`  // drop, duplicate, reorder
	Members []string   `json:"members,omitempty"` // members: nodes
	Node    string     `json:"node,omitempty"`    // crash, exit, wipe, restart, pause, resume, slow, skew, drift, fsync; of an operator
	Seed    uint64     `json:"seed,omitempty"`    // reseed
	Message uint64     `json:"message,omitempty"` // deliver, lose, postpone: its ID in the lane
	By      Time       `json:"by,omitempty"`      // delay: for how long more; reorder: at the most; slow, skew, fsync; postpone
	Rate    PPM        `json:"rate,omitempty"`    // drift: parts per million that the clock is fast
	Stuck   bool       `json:"stuck,omitempty"`   // fsync: it never ends
}

// Fault reports whether the command changes the world rather than acting as a client.
func (c Command) Fault() bool { return c.visit().op == 0 }

// onLinks reports whether the command is about links.
func (c Command) onLinks() bool {
	return c.Fault() && c.Verb != VerbPartition && c.Verb != VerbHeal && c.Verb != VerbReseed && !c.onNode() && !c.byOperator() && !c.byHand()
}

// onNode reports whether the command is about a machine.
func (c Command) onNode() bool {
	return slices.Contains(nodeVerbs, c.Verb)
}

// byOperator reports whether the command is one that only some protocols know.
func (c Command) byOperator() bool { return slices.Contains(OperatorVerbs, c.Verb) }

// About says what commands of a verb are about: the world, links, a node, nodes, a message or a key.
func (v Verb) About() string {
	c := Command{Verb: v}
	switch {
	case c.byHand():
		return "message"
	case !c.Fault():
		return "key"
	case v == VerbMembers:
		return "nodes"
	case c.onNode() || c.byOperator():
		return "node"
	case c.onLinks():
		return "links"
	}
	return "world"
}

// SaysNumber reports whether a client's command of this verb says a number.
func (v Verb) SaysNumber() bool { return Command{Verb: v}.visit().value }

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
	if c.Lane != "" && s.lane(c.Lane) == nil {
		return unknownLane(c.Lane, s)
	}
	if field := c.foreign(); field != "" && slices.Contains(Verbs, c.Verb) {
		return fmt.Errorf("%s does not belong to this command", field)
	}
	if c.byOperator() {
		return c.checkOperated(s)
	}
	if c.byHand() {
		return c.checkHand()
	}
	if !c.Fault() {
		return c.checkVisit(s)
	}
	switch c.Verb {
	case VerbPartition:
		return c.checkGroups(s)
	case VerbHeal:
		return nil
	case VerbReseed:
		if c.Seed > MaxSeed {
			return fmt.Errorf("seed %d is over %d", c.Seed, uint64(MaxSeed))
		}
		return nil
	case VerbCut, VerbMend, VerbHold, VerbRelease, VerbDrop, VerbDuplicate, VerbReorder, VerbDelay:
		return c.checkLinks(s)
	case VerbCrash, VerbExit, VerbWipe, VerbRestart, VerbPause, VerbResume, VerbSlow, VerbSkew, VerbDrift, VerbFsync:
		return c.checkNode(s)
	default:
		return fmt.Errorf("unknown command %q; expected one of %s", c.Verb, joinVerbs())
	}
}

// foreign names a field that is set and says nothing to this verb, or "".
func (c Command) foreign() string {
	client := !c.Fault()
	switch {
	case c.Groups != nil && c.Verb != VerbPartition:
		return "groups"
	case c.Region != "" && !client:
		return "region"
	case c.Key != "" && !client:
		return "key"
	case c.As != "" && !client:
		return "as"
	case c.Level != "" && !client:
		return "level"
	case c.Value != 0 && !c.visit().value:
		return "value"
	case (c.From != "" || c.To != "") && !c.onLinks():
		return "from or to"
	case c.OneWay && !c.onLinks():
		return "one_way"
	case c.Chance != 0 && c.Verb != VerbDrop && c.Verb != VerbDuplicate && c.Verb != VerbReorder:
		return "chance"
	case c.By != 0 && !slices.Contains([]Verb{VerbDelay, VerbReorder, VerbSlow, VerbSkew, VerbFsync, VerbPostpone}, c.Verb):
		return "by"
	case c.Message != 0 && !c.byHand():
		return "message"
	case c.Seed != 0 && c.Verb != VerbReseed:
		return "seed"
	case c.Rate != 0 && c.Verb != VerbDrift:
		return "rate"
	case c.Stuck && c.Verb != VerbFsync:
		return "stuck"
	case c.Node != "" && !c.onNode() && (!c.byOperator() || c.Verb == VerbMembers):
		return "node"
	case c.Members != nil && c.Verb != VerbMembers:
		return "members"
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
	return fmt.Errorf("unknown region %q; expected one of %s%s", name, strings.Join(s.Regions, ", "), didYouMean(name, s.Regions))
}

func unknownClient(name string, s *Scenario) error {
	return fmt.Errorf("unknown region or client %q; expected one such as %[2]s or %[2]s@1%[3]s", name, s.Regions[0], didYouMean(name, s.Regions))
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

func (c Command) checkLinks(s *Scenario) error {
	if c.Chance < 0 || c.Chance > Always {
		return fmt.Errorf("chance %s is not between 0%% and 100%%", c.Chance)
	}
	if c.By < 0 || c.By > MaxDelay {
		return fmt.Errorf("%s is not between 0s and %s", c.By, MaxDelay)
	}
	if c.Verb == VerbReorder && (c.Chance == 0) != (c.By == 0) {
		return fmt.Errorf("expected a chance and a time, or 0%% and 0s")
	}
	return c.Links.check(s)
}

// statement prints the command as the scenario language writes it, without its time.
func (c Command) statement() string {
	if c.Lane != "" {
		return "lane " + c.Lane + " " + c.act()
	}
	return c.act()
}

// act prints what the command does.
func (c Command) act() string {
	if c.Verb == VerbMembers {
		return string(c.Verb) + " " + strings.Join(c.Members, " ")
	}
	if c.byOperator() {
		return string(c.Verb) + " " + c.Node
	}
	if c.byHand() {
		return c.handStatement()
	}
	if !c.Fault() {
		return c.visitStatement()
	}
	switch c.Verb {
	case VerbPartition:
		groups := make([]string, len(c.Groups))
		for i, g := range c.Groups {
			groups[i] = strings.Join(g, " ")
		}
		return "partition " + strings.Join(groups, " | ")
	case VerbHeal:
		return string(c.Verb)
	case VerbReseed:
		return fmt.Sprintf("%s %d", c.Verb, c.Seed)
	case VerbCrash, VerbExit, VerbWipe, VerbRestart, VerbPause, VerbResume, VerbSlow, VerbSkew, VerbDrift, VerbFsync:
		return c.nodeStatement()
	default:
		return c.linkStatement()
	}
}

// linkStatement prints a command about links.
func (c Command) linkStatement() string {
	words := []string{string(c.Verb)}
	if c.Verb == VerbDrop || c.Verb == VerbDuplicate || c.Verb == VerbReorder {
		words = append(words, c.Chance.String())
	}
	if c.Verb == VerbDelay || c.Verb == VerbReorder {
		words = append(words, c.By.String())
	}
	return strings.Join(append(words, c.Links.String()), " ")
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
