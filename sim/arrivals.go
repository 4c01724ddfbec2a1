package sim

import (
	"math/bits"
	"strconv"
	"strings"
)

// When clients set out, to what and to whom: pure functions of the seed, the client's index and the number of the
// Errand, so that no lane shifts another's.

// WorkloadStart is when the first client sets out; a first leader has been elected by then.
const WorkloadStart = 500 * Millisecond

// Rate is a number of events a second, in thousandths.
type Rate int

// String prints the rate as the scenario language writes it: 1/s, 0.5/s.
func (r Rate) String() string { return thousandths(int(r)) + "/s" }

// Interval returns the mean time between events.
func (r Rate) Interval() Time { return Second * 1000 / Time(r) }

// Skew says how unevenly Errands are spread over keys, in thousandths: the weight of the i-th key is proportional to
// 1/i^S (Zipf's law), so that 0 is evenly.
type Skew int

// String prints the skew as the scenario language writes it: 1, 0.99.
func (s Skew) String() string { return thousandths(int(s)) }

// thousandths prints n/1000 exactly and shortest.
func thousandths(n int) string {
	s := strconv.Itoa(n / 1000)
	if frac := n % 1000; frac != 0 {
		s += "." + strings.TrimRight(strconv.Itoa(1000 + frac)[1:], "0")
	}
	return s
}

// keyWeights returns the running sums of the weights of n keys, in units of 2^-32 of the first key's. They are whole
// numbers, and the same on every machine.
func keyWeights(n int, s Skew) []uint64 {
	sums := make([]uint64, n)
	sum := uint64(0)
	for i := range sums {
		weight := exp(-mul(float64(s)/1000, ln(float64(i+1))))
		sum += max(1, uint64(mul(weight, 1<<32)))
		sums[i] = sum
	}
	return sums
}

// pickKey maps 64 uniform bits to the index of a key.
func pickKey(sums []uint64, u uint64) int {
	at, _ := bits.Mul64(u, sums[len(sums)-1])
	for i, sum := range sums {
		if at < sum {
			return i
		}
	}
	return len(sums) - 1
}

// The draws of one Errand are folded from its luck, each by a number of its own.
const (
	luckAmount  = 1
	luckKey     = 2
	luckGap     = 3
	luckSession = 4
)

// visitLuck returns the luck of client i's k-th Errand.
func visitLuck(seed uint64, i, k int) uint64 {
	return mix(mix(mix(seed, streamWorkload), uint64(i)), uint64(k))
}

// visitorLuck returns the luck of what a visitor asks of client i at an instant.
func visitorLuck(seed uint64, i int, at Time) uint64 {
	return mix(mix(mix(seed, streamVisitor), uint64(i)), uint64(at))
}

// arrival returns when client i of n sets out on its k-th Errand, from 0, in an open loop; before is when it set out
// on the one before.
func (w Workload) arrival(seed uint64, i, n, k int, before Time) Time {
	interval := w.Rate.Interval()
	if w.Poisson {
		if k == 0 {
			before = WorkloadStart
		}
		return before + exponentialGap(interval, mix(visitLuck(seed, i, k), luckGap))
	}
	return WorkloadStart + Time(k)*interval + interval*Time(i)/Time(n)
}

// exponentialGap maps uniform bits to an exponentially distributed span, of at least a microsecond.
func exponentialGap(mean Time, u uint64) Time {
	return max(1, Time(mul(-ln(unit(u)), float64(mean))))
}

// firstVisit returns when client i of n sets out first in a closed loop: staggered over one Think.
func (w Workload) firstVisit(i, n int) Time { return WorkloadStart + w.Think*Time(i)/Time(n) }

// errand draws what client i of n does on its k-th visit.
func (w Workload) errand(luck uint64, i, n, k int) (ErrandKind, int64) {
	if w.Reads.hit(luck) {
		return ErrandLook, 0
	}
	amount, _ := bits.Mul64(mix(luck, luckAmount), 12)
	switch w.Kind {
	case Inventory:
		return ErrandBuy, 1
	case Cart:
		return ErrandAdd, int64(k*n + i + 1)
	case Likes:
		return ErrandLike, 1
	case Feed:
		return ErrandPost, int64(k*n + i + 1)
	case Register:
		value, _ := bits.Mul64(mix(luck, luckAmount), 999)
		if (w.Reads + (Always-w.Reads)/2).hit(luck) {
			return ErrandSet, int64(value) + 1
		}
		return ErrandSwap, int64(value) + 1
	}
	if (w.Reads + (Always-w.Reads)*3/7).hit(luck) {
		return ErrandDeposit, 10 * (int64(amount) + 1)
	}
	return ErrandWithdraw, 10 * (int64(amount) + 1)
}

// comeAgain queues client i's k-th visit, unless the workload has ended by then.
func (c *Cluster) comeAgain(i, k int) {
	w := c.workload
	at := c.now + w.Think
	switch {
	case !w.Closed():
		at = w.arrival(c.seed, i, len(c.clients), k, c.now)
	case k == 0:
		at = w.firstVisit(i, len(c.clients))
	}
	if w.Until == 0 || at <= w.Until {
		c.queue.push(event{at: at, kind: eventErrand, who: Addr(i), ref: uint64(k)})
	}
}

// setOut begins client i's k-th visit.
func (c *Cluster) setOut(i, k int) {
	luck := visitLuck(c.seed, i, k)
	kind, amount := c.workload.errand(luck, i, len(c.clients), k)
	key := c.workload.Key(pickKey(c.weights, mix(luck, luckKey)))
	c.startErrand(&Errand{Client: Addr(len(c.nodes) + i), Kind: kind, Key: key, Amount: amount, Luck: luck, Visit: int32(k + 1)})
	if !c.workload.Closed() {
		c.comeAgain(i, k+1)
	}
}
