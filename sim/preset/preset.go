// Package preset is the one list of what a lane may run: the modes, each a protocol with its knobs and defaults, and the
// databases, each a mode under the product's own names. It holds no protocol code. It warns of lanes that contradict
// their world.
//
// A preset is a sim.Protocol whose knobs, levels and errors are the product's, with its defaults; Translate makes the
// mode's configuration of them. What the product documents about itself are rows, each with a story in stories/: a
// scenario of that name whose expect lines say what the client sees. What a preset leaves out it declares.
package preset

import (
	"errors"
	"regexp"
	"slices"

	"netsplit/sim"
	"netsplit/sim/gossip"
	"netsplit/sim/group"
	"netsplit/sim/primary"
	"netsplit/sim/quorum"
	"netsplit/sim/raft"
)

// Protocols lists every protocol that a lane may run: the modes, then the presets.
func Protocols() []sim.Protocol {
	all := modes()
	for i := range presets {
		all = append(all, presets[i].protocol())
	}
	return all
}

func modes() []sim.Protocol {
	return []sim.Protocol{raft.Protocol(), quorum.Protocol(), gossip.Protocol(), primary.Protocol()}
}

// Preset is a database as its users meet it: a mode, set as the product is, under the product's names.
type Preset struct {
	Name          string // in the scenario language
	Product       string // as its makers write it
	Version       string // that is modelled, and with what beside it
	Configuration string // what is modelled of it, in a few words
	Source        string // the address of its documentation
	Of            string // the mode that runs, or what is built for presets alone
	Knobs         []Knob
	Levels        []Level
	Simplified    []Simplification
	// Fixed are values of the mode's knobs, of numbers, words and times, that the product does not leave to its users and
	// that are not the mode's defaults.
	Fixed map[string]string
	// Translate finishes what Knob.To cannot say: it reads a configuration of Knobs and sets one of the mode's. May be nil.
	Translate func(own, of sim.Config)
	// Check refuses what the product refuses, before the mode's own check; may be nil.
	Check func(own sim.Config) error
	// Anew reports whether each attempt at a write is an operation of its own; see sim.Protocol.Anew. May be nil.
	Anew func(own sim.Config) bool
	// Warn looks at a lane, set as the mode is, for what contradicts its world beside what the mode warns of; may be nil.
	Warn func(l *lane)
	// Says returns what the product's client reads: an error in the product's words. May be nil.
	Says func(op sim.Op, r sim.Result) string
	// SaysWith is in place of Says, where that depends on how the mode is set; may be nil.
	SaysWith func(of sim.Config, op sim.Op, r sim.Result) string
	// ConditionsFail is as in sim.Protocol.
	ConditionsFail bool
	// Streams has nodes talk over streams, where the mode's talk by datagrams.
	Streams bool
	// Verbs are those of the mode's that the product's operator has; nil for all.
	Verbs []sim.Verb
}

// Knob is one setting of a product.
type Knob struct {
	sim.Knob
	To      string            // the mode's knob of the same kind that takes its value; "" where Translate does it
	Words   map[string]string // of To: what this knob's words are there, those that differ
	Source  string            // the address where the product's default is documented; "" for what is assumed
	Assumed bool              // nobody publishes it: a figure of the playground's
}

// Level is a word with which a client asks for an operation, and what it comes to in the product. Every preset has the
// three words that products share: strong, eventual and quorum.
type Level struct {
	Name   string // in the scenario language
	Read   string // as the product writes it when reading; "" where the product has no such read, and its default is asked
	Write  string // likewise
	ReadAs string // the mode's level; "" for the default that the lane's knobs set
	// WriteAs is the mode's level of a write, an increment and so on.
	WriteAs string
	About   string // one sentence: what it promises, and what it does not
}

// Simplification is what a preset leaves out or assumes, and why.
type Simplification struct {
	Text string
	Rows []string // that cannot be shown for it; mostly none
}

// presets lists the databases.
var presets = []Preset{postgresql, mysql, mysqlGroup, spanner, cassandra, dynamodb, mrec, mrsc, riak}

// All returns the presets, in the order in which they are offered.
func All() []Preset { return slices.Clone(presets) }

// Named returns the preset of a name.
func Named(name string) (Preset, bool) {
	i := slices.IndexFunc(presets, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{}, false
	}
	return presets[i], true
}

// mode returns the mode that a protocol is, or that its preset runs.
func mode(protocol string) string {
	if p, ok := Named(protocol); ok {
		return p.Of
	}
	return protocol
}

// anew is where a configuration of a mode says what Preset.Anew has said: no knob has the name.
const anew = " anew"

// protocol returns the preset as what a lane may run.
func (p Preset) protocol() sim.Protocol {
	all := append(modes(), group.Protocol())
	of := all[slices.IndexFunc(all, func(m sim.Protocol) bool { return m.Name == p.Of })]
	own := of
	own.Name, own.Of, own.Says, own.ConditionsFail = p.Name, p.Of, p.SaysWith, p.ConditionsFail
	if p.Says != nil {
		own.Says = func(_ sim.Config, op sim.Op, r sim.Result) string { return p.Says(op, r) }
	}
	own.Knobs, own.Levels = nil, nil
	for _, k := range p.Knobs {
		own.Knobs = append(own.Knobs, k.Knob)
	}
	for _, l := range p.Levels {
		own.Levels = append(own.Levels, l.Name)
	}
	if p.Streams {
		own.Transport = sim.Stream
	}
	if p.Verbs != nil {
		own.Verbs = p.Verbs
	}
	own.LevelOf = p.levelOf
	own.Anew = nil
	if p.Anew != nil {
		own.Anew = func(cfg sim.Config) bool { return cfg.Words[anew] == "on" }
	}
	own.Check = func(cfg sim.Config) error { return p.check(cfg, of) }
	own.Translate = func(cfg sim.Config) sim.Config { return p.translate(cfg, of) }
	return own
}

// check refuses what the product or its mode refuses, in the product's words.
func (p Preset) check(own sim.Config, of sim.Protocol) error {
	if p.Check != nil {
		if err := p.Check(own); err != nil {
			return err
		}
	}
	if of.Check == nil {
		return nil
	}
	if err := of.Check(p.translate(own, of)); err != nil {
		return errors.New(p.inOwnWords(err.Error()))
	}
	return nil
}

// inOwnWords writes a sentence about the mode's knobs with the product's names for them.
func (p Preset) inOwnWords(text string) string {
	return knobWords.ReplaceAllStringFunc(text, func(found string) string {
		word := knobWord.FindString(found)
		name := p.from(word)
		if name == "" {
			return found
		}
		return name + p.value(name, found[len(word):])
	})
}

// value writes what follows a knob's name, such as =first, with the product's word for the value.
func (p Preset) value(knob, text string) string {
	i := slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == knob })
	if i < 0 || text == "" || text[0] != '=' {
		return text
	}
	k := p.Knobs[i]
	if _, differs := k.Words[text[1:]]; slices.Contains(k.Knob.Words, text[1:]) && !differs {
		return text
	}
	for _, own := range k.Knob.Words {
		if to, differs := k.Words[own]; differs && to == text[1:] {
			return "=" + own
		}
	}
	return text
}

// knobWords are the names of knobs in a sentence, with what shows that they are.
var (
	knobWords = regexp.MustCompile(`[a-z0-9_-]+(=[a-z-]*|, the region| has no effect| chooses the)`)
	knobWord  = regexp.MustCompile(`^[a-z0-9_-]+`)
)

func (p Preset) levelOf(k sim.OpKind, level string) string {
	for _, l := range p.Levels {
		switch {
		case l.Name != level:
		case k == sim.Read:
			return l.ReadAs
		default:
			return l.WriteAs
		}
	}
	return level
}

// translate returns what a configuration of the preset is for its mode.
func (p Preset) translate(own sim.Config, of sim.Protocol) sim.Config {
	of.Knobs = slices.Clone(of.Knobs)
	for i := range of.Knobs {
		if value, ok := p.Fixed[of.Knobs[i].Name]; ok {
			of.Knobs[i].Default = value
		}
	}
	cfg := of.Defaults(own)
	for _, k := range p.Knobs {
		if k.To == "" {
			continue
		}
		switch k.Kind {
		case sim.KnobNumber:
			cfg.Numbers[k.To] = own.Numbers[k.Name]
		case sim.KnobTime:
			cfg.Numbers[k.To] = own.Numbers[k.Name]
			k.word(own, cfg)
		case sim.KnobRegion:
			cfg.Regions[k.To] = own.Regions[k.Name]
		case sim.KnobRegions:
			cfg.Lists[k.To] = own.Lists[k.Name]
		case sim.KnobWord:
			k.word(own, cfg)
		}
	}
	if p.Translate != nil {
		p.Translate(own, cfg)
	}
	if p.Anew != nil && p.Anew(own) {
		cfg.Words[anew] = "on"
	}
	return cfg
}

// word gives the mode's knob the word that this one has, if it has one.
func (k Knob) word(own, of sim.Config) {
	delete(of.Words, k.To)
	if word, ok := own.Words[k.Name]; ok {
		if other, differs := k.Words[word]; differs {
			word = other
		}
		of.Words[k.To] = word
	}
}

// to returns the mode's knob that a knob of the preset sets; its own name where Translate sets it.
func (p Preset) to(knob string) string {
	i := slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.Name == knob && k.To != "" })
	if i < 0 {
		return knob
	}
	return p.Knobs[i].To
}

// from returns the preset's knob that sets one of the mode's; "" where it has none.
func (p Preset) from(knob string) string {
	i := slices.IndexFunc(p.Knobs, func(k Knob) bool { return k.To == knob || k.To == "" && k.Name == knob })
	switch {
	case p.Name == "":
		return knob
	case i < 0:
		return ""
	}
	return p.Knobs[i].Name
}
