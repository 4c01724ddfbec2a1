package server

import (
	"cmp"
	"slices"

	"netsplit/sim"
)

// sayings remembers what a lane's clients have read in their product's words. A lane of a mode has none.
type sayings struct {
	says []string           // each once, at most MaxSays; an OpStrip has an index into them, from 1
	last map[hearing]string // what each client has read last
}

// hearing is what a client does: what it reads when it reads says nothing of its writes.
type hearing struct {
	client sim.Addr
	reads  bool
}

// saidOf returns what a client read that is not simply the answer: a refusal, a warning, or why it does not know.
func saidOf(rec *sim.Record) string {
	if rec.Result.Outcome == sim.OK && rec.Result.Reason == sim.NoReason {
		return ""
	}
	return rec.Result.Says
}

// text returns the number of a text, 0 for none or for one too many.
func (s *sayings) text(says string) int64 {
	if says == "" {
		return 0
	}
	at := slices.Index(s.says, says)
	if at < 0 && len(s.says) < MaxSays {
		at, s.says = len(s.says), append(s.says, says)
	}
	return int64(at + 1)
}

// news returns a note of each operation that has ended whose client read something else than with the one of its kind
// before. A plain answer is something else, and no news.
func (s *sayings) news(ended []*sim.Record) (notes []sim.Note) {
	ended = slices.Clone(ended)
	slices.SortFunc(ended, func(a, b *sim.Record) int { return cmp.Compare(a.Completion, b.Completion) })
	for _, rec := range ended {
		by := hearing{rec.Client, rec.Kind == sim.Read}
		says := saidOf(rec)
		if says == s.last[by] {
			continue
		}
		if s.last == nil {
			s.last = map[hearing]string{}
		}
		s.last[by] = says
		if says != "" {
			notes = append(notes, sim.Note{At: rec.End, Kind: sim.NoteTold, Node: -1, Peer: -1, N: int64(rec.ID)})
		}
	}
	return notes
}

// told says what a client has read.
func (l *laneFeed) told(id sim.OpID) *Told {
	rec := l.cluster.History()[id-1]
	return &Told{Client: int(rec.Client) - l.cluster.Nodes(), Kind: rec.Kind, Outcome: rec.Result.Outcome, Says: rec.Result.Says}
}
