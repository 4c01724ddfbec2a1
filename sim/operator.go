package sim

import (
	"fmt"
	"slices"
	"strings"
)

// operatorCommand reads "VERB NODE", or "members NODE ...".
func (p *parser) operatorCommand(cmd *Command, ws words) error {
	if cmd.Verb == VerbMembers {
		for _, w := range ws.list[3:] {
			cmd.Members = append(cmd.Members, w.text)
		}
		return nil
	}
	if cmd.Node = ws.at(3).text; cmd.Node == "" {
		return p.expected(ws.at(3), "a node such as eu-west-1/1")
	}
	return p.noMore(ws, 4)
}

// checkOperated refuses an operator's command that does not name nodes, or names one twice.
func (c Command) checkOperated(s *Scenario) error {
	if c.Verb != VerbMembers {
		return c.checkNode(s)
	}
	if len(c.Members) == 0 {
		return fmt.Errorf("expected nodes such as %s/1", s.Regions[0])
	}
	for i, name := range c.Members {
		if err := (Command{Node: name}).checkNode(s); err != nil {
			return err
		}
		if slices.Contains(c.Members[:i], name) {
			return fmt.Errorf("node %q is named twice", name)
		}
	}
	return nil
}

// checkOperator refuses an operator's command that no lane concerned knows.
func (v Vocabulary) checkOperator(c Command, s *Scenario) error {
	if !c.byOperator() {
		return nil
	}
	for _, l := range s.Lanes {
		p, _ := v.protocol(l.Protocol)
		if (c.Lane == "" || c.Lane == l.Name) && slices.Contains(p.Verbs, c.Verb) {
			return nil
		}
	}
	var know []string
	for _, p := range v.Protocols {
		if slices.Contains(p.Verbs, c.Verb) {
			know = append(know, p.Name)
		}
	}
	if c.Lane != "" {
		return fmt.Errorf("%s: lane %s does not know this command; %s does", c.Verb, c.Lane, strings.Join(know, ", "))
	}
	return fmt.Errorf("%s: no lane knows this command; %s does", c.Verb, strings.Join(know, ", "))
}

// operate hands an operator's command to the node that it names, or to all, if the lane knows it. A node that stands
// still or is down does not hear it.
func (c *Cluster) operate(cmd Command) {
	if !slices.Contains(c.protocol.Verbs, cmd.Verb) {
		return
	}
	nodes := c.nodes
	if cmd.Verb != VerbMembers {
		nodes = []*node{c.nodes[c.node(cmd.Node)]}
	}
	about := Addr(-1)
	if len(nodes) == 1 {
		about = nodes[0].addr
	}
	c.note(Note{Kind: NoteOperator, Node: about, Peer: -1})
	for _, n := range nodes {
		if o, ok := n.replica.(Operator); ok && !n.paused && !n.down {
			o.Operate(cmd)
		}
	}
}
