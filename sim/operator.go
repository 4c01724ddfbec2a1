package sim

import (
	"fmt"
	"slices"
	"strings"
)

// operatorCommand reads "VERB NODE".
func (p *parser) operatorCommand(cmd *Command, ws words) error {
	if cmd.Node = ws.at(3).text; cmd.Node == "" {
		return p.expected(ws.at(3), "a node such as eu-west-1/1")
	}
	return p.noMore(ws, 4)
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

// operate hands an operator's command to the node that it names, if the lane knows it. A node that stands still does
// not hear it.
func (c *Cluster) operate(cmd Command) {
	n := c.nodes[c.node(cmd.Node)]
	if o, ok := n.replica.(Operator); ok && slices.Contains(c.protocol.Verbs, cmd.Verb) && !n.paused && !n.down {
		c.note(Note{Kind: NoteOperator, Node: n.addr, Peer: -1})
		o.Operate(cmd)
	}
}
