package check

import "sort"

// bounds are between which values a read of a counter must lie, whatever the order: all increments that were
// acknowledged before it began are in what it found, and of those called before it ended any may be.
type bounds struct {
	opening      int64
	plus, minus  int64 // of all increments called that have not failed
	acknowledged []running
}

// running is what the increments come to that were acknowledged up to a tick.
type running struct{ tick, plus, minus int64 }

func (b *bounds) called(by int64) { b.plus, b.minus = b.plus+max(by, 0), b.minus+min(by, 0) }

func (b *bounds) failed(by int64) { b.plus, b.minus = b.plus-max(by, 0), b.minus-min(by, 0) }

func (b *bounds) acked(tick, by int64) {
	r := b.before(tick)
	b.acknowledged = append(b.acknowledged, running{tick, r.plus + max(by, 0), r.minus + min(by, 0)})
}

// before returns what had been acknowledged before a tick.
func (b *bounds) before(tick int64) running {
	n := sort.Search(len(b.acknowledged), func(i int) bool { return b.acknowledged[i].tick >= tick })
	if n == 0 {
		return running{}
	}
	return b.acknowledged[n-1]
}

// allow reports whether a read that has just ended and was called at a tick may have found a value.
func (b *bounds) allow(call, value int64) bool {
	r := b.before(call)
	return b.opening+r.plus+b.minus <= value && value <= b.opening+r.minus+b.plus
}
