package check

import "github.com/anishathalye/porcupine"

// judge brings the verdict up to date. Stretches are judged for good at fixed points, whenever it is asked, so that
// the verdict depends on the history alone; what has completed since the last of them is judged for now.
func (g *register) judge() {
	if !g.dirty || g.violation != 0 || g.unknown {
		return
	}
	g.dirty, g.unsure = false, false
	for _, s := range g.closed {
		if !g.judgeTo(&s, len(s.ends)) {
			return
		}
		g.close(s)
	}
	g.closed = g.closed[:0]
	fixed := len(g.open.ends) / CheckEvery * CheckEvery
	if !g.judgeTo(&g.open, fixed) || len(g.open.ends) == fixed {
		return
	}
	if len(g.open.ends) > MaxStretch {
		g.unsure = true
		return
	}
	switch g.possible(g.open, len(g.open.ends), nil) {
	case porcupine.Illegal:
		g.locate(&g.open, len(g.open.ends))
	case porcupine.Unknown:
		g.unsure = true
	}
}

// judgeTo judges a stretch at every fixed point up to its first n completions, and there, and reports whether all
// is well. Otherwise the violation is found, or the verdict is unknown for good.
func (g *register) judgeTo(s *stretch, n int) bool {
	for s.good < n {
		next := min(s.good/CheckEvery*CheckEvery+CheckEvery, n)
		if next > MaxStretch {
			g.unknown = true
			return false
		}
		switch g.possible(*s, next, nil) {
		case porcupine.Ok:
			g.pass(s, next)
		case porcupine.Illegal:
			g.locate(s, next)
			return false
		default:
			g.halve(s, next)
			return false
		}
	}
	return true
}

// pass notes that the first n completions of a stretch can be explained.
func (g *register) pass(s *stretch, n int) {
	s.good = n
	g.covers = s.ends[n-1].rec.Completion
}

// locate finds the completion that ruled the last linearization out, given that there is none for the first bad
// ones. A history is linearizable only if every prefix is, so it can be found by halves.
func (g *register) locate(s *stretch, bad int) {
	good := s.good
	for bad-good > 1 {
		middle := (good + bad) / 2
		switch g.possible(*s, middle, nil) {
		case porcupine.Ok:
			good = middle
		case porcupine.Illegal:
			bad = middle
		default:
			g.halve(s, bad)
			return
		}
	}
	last := s.ends[bad-1].rec
	g.violation, g.violatedAt = last.Completion, last.End
}

// halve judges a stretch of which the first n completions took too long to search, by ever smaller parts. What cannot
// be judged leaves the verdict unknown for good.
func (g *register) halve(s *stretch, n int) {
	for s.good < n {
		middle := (s.good + n) / 2
		if middle == s.good {
			break
		}
		switch g.possible(*s, middle, nil) {
		case porcupine.Ok:
			g.pass(s, middle)
		case porcupine.Illegal:
			g.locate(s, middle)
			return
		default:
			n = middle
		}
	}
	g.unknown = true
}
