package sim

import (
	"fmt"
	"slices"
	"strings"
)

// Links names links by their ends, each a region, which stands for all in it, a node such as eu-west-1/1 or a client
// such as eu-west-1@1. Without ends it names every link.
type Links struct {
	From   string `json:"from,omitempty"`
	To     string `json:"to,omitempty"`
	OneWay bool   `json:"one_way,omitempty"` // only those from From to To
}

// everywhere stands for all links in the scenario language.
const everywhere = "everywhere"

// LinkDelay is the delay of links from the start of a run, in place of the measured one: of messages of one kind, or
// of all if Kind is 0.
type LinkDelay struct {
	Links
	Kind  MessageKind
	Delay Delay
}

// String prints the line as the scenario language writes it.
func (l LinkDelay) String() string {
	if l.Kind != 0 {
		return fmt.Sprintf("%s for %s %s", l.Links, l.Kind, l.Delay)
	}
	return fmt.Sprintf("%s %s", l.Links, l.Delay)
}

// String prints the links as the scenario language writes them.
func (l Links) String() string {
	switch {
	case l.From == "":
		return everywhere
	case l.OneWay:
		return l.From + " > " + l.To
	default:
		return l.From + " " + l.To
	}
}

func (l Links) check(s *Scenario) error {
	t := s.Topology()
	switch {
	case (l.From == "") != (l.To == ""):
		return fmt.Errorf("expected two ends of links, or everywhere")
	case l.From == "" && l.OneWay:
		return fmt.Errorf("everywhere has no direction")
	case l.From == "":
		return nil
	case t.named(l.From) == nil:
		return unknownEndpoint(l.From, s)
	case t.named(l.To) == nil:
		return unknownEndpoint(l.To, s)
	case l.From == l.To && s.region(l.From) < 0:
		return fmt.Errorf("%q is both ends", l.From)
	}
	return nil
}

func unknownEndpoint(name string, s *Scenario) error {
	return fmt.Errorf("unknown region, node or client %q; expected one such as %[2]s, %[2]s/1 or %[2]s@1%[3]s", name, s.Regions[0], didYouMean(name, s.Regions))
}

// each calls yield for every link of a cluster that is named.
func (l Links) each(c *Cluster, yield func(*link)) {
	if l.From == "" {
		for i := range c.links {
			yield(&c.links[i])
		}
		return
	}
	for _, from := range c.named(l.From) {
		for _, to := range c.named(l.To) {
			yield(c.link(from, to))
			if !l.OneWay {
				yield(c.link(to, from))
			}
		}
	}
}

// links reads "everywhere", "END END" or "END > END" from word i on, and returns the index of the word after it.
func (p *parser) links(ws words, i int) (Links, int, error) {
	l := Links{From: ws.at(i).text}
	switch l.From {
	case "":
		return l, i, p.expected(ws.at(i), "everywhere, or two ends of links: regions, nodes or clients")
	case everywhere:
		return Links{}, i + 1, nil
	}
	if i++; ws.at(i).text == ">" {
		l.OneWay = true
		i++
	}
	if l.To = ws.at(i).text; l.To == "" {
		return l, i, p.expected(ws.at(i), "the other end of the links")
	}
	return l, i + 1, nil
}

// kind reads a kind of message.
func (p *parser) kind(w word) (MessageKind, error) {
	i := slices.Index(sentKinds, w.text)
	if i <= 0 {
		return 0, p.expected(w, "a kind of message: "+strings.Join(sentKinds[1:], ", "))
	}
	return MessageKind(i), nil
}

// link reads "link LINKS [for KIND] DELAY".
func (p *parser) link(ws words) error {
	if len(p.Links) == MaxLinkDelays {
		return p.fail(1, "over %d link lines", MaxLinkDelays)
	}
	l, i, err := p.links(ws, 1)
	if err != nil {
		return err
	}
	kind := MessageKind(0)
	if ws.at(i).text == "for" {
		if kind, err = p.kind(ws.at(i + 1)); err != nil {
			return err
		}
		i += 2
	}
	var texts []string
	for _, w := range ws.list[min(i, len(ws.list)):] {
		texts = append(texts, w.text)
	}
	d, err := ParseDelay(strings.Join(texts, " "))
	if err != nil {
		return p.fail(ws.at(i).col, "%s", err)
	}
	p.Links = append(p.Links, LinkDelay{l, kind, d})
	p.afterwardsIn(ws, ws.at(1).col, func() error { return l.check(&p.Scenario) })
	return nil
}
