package sim

// The weather of a run is its luck on the network. A draw is a pure function of what it is for, so that no
// lane, fault or chatty protocol shifts another's luck.

// mix folds v into h; the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) spreads every bit.
func mix(h, v uint64) uint64 {
	z := h + 0x9e3779b97f4a7c15 + v*0xd1342543de82ef95
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Streams of luck, kept apart by their first fold.
const (
	streamDelay    = 1
	streamNode     = 2
	streamWorkload = 3
	streamVisitor  = 8
	// These are folded into the draw of one message.
	streamLoss      = 4
	streamDuplicate = 5
	streamCopy      = 6
	streamReorder   = 7
)

// draw returns 64 uniform bits for the tie-th message of kind k that departs on a directed link at an instant.
func draw(seed uint64, from, to Addr, k MessageKind, depart Time, tie int) uint64 {
	h := mix(seed, streamDelay)
	h = mix(h, uint64(from)<<32|uint64(to))
	h = mix(h, uint64(k)<<32|uint64(tie))
	return mix(h, uint64(depart))
}
