package study

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"

	"netsplit/sim"
)

// The WARS model (Bailis et al., VLDB 2012): a write goes to all of N = 3 replicas. It reaches replica i after W[i] and
// its acknowledgement returns after A[i]; it commits at the w-th acknowledgement. A read starts t after the commit and goes
// to all: it reaches replica i after R[i] and the reply returns after S[i]; it ends at the r-th reply, and is stale
// if none of the first r replicas had the write when the read came. Nothing fails, and no read repairs.
const replicas = 3

// legs are the one-way delays of one write and one read, in microseconds, by replica.
type legs struct{ w, a, r, s [replicas]float64 }

// trial is what comes of legs, in microseconds; the indexes are w-1 and r-1.
type trial struct {
	commit  [replicas]float64 // from the write's start to the w-th acknowledgement
	read    [replicas]float64 // from the read's start to the r-th reply
	missing [replicas]float64 // how long after the write's start a read can begin and none of its first r replicas have it
	order   [replicas]int     // the replicas in the order of their replies
}

// evaluate plays a write and a read. Equal arrivals come in the order in which they were sent.
func (l *legs) evaluate() (t trial) {
	for i := range replicas {
		t.commit[i] = l.w[i] + l.a[i]
		t.order[i] = i
	}
	slices.Sort(t.commit[:])
	slices.SortFunc(t.order[:], func(i, j int) int {
		switch a, b := l.r[i]+l.s[i], l.r[j]+l.s[j]; {
		case a < b, a == b && (l.r[i] < l.r[j] || l.r[i] == l.r[j] && i < j):
			return -1
		}
		return 1
	})
	least := math.Inf(1)
	for k, i := range t.order {
		t.read[k] = l.r[i] + l.s[i]
		least = min(least, l.w[i]-l.r[i])
		t.missing[k] = least
	}
	return t
}

// visible returns how long after the commit a read must begin to see the write, 0 where any does.
func (t *trial) visible(c Quorum) float64 { return max(0, t.missing[c.R-1]-t.commit[c.W-1]) }

// Quorum says for how many replies a read waits, and for how many acknowledgements a write.
type Quorum struct{ R, W int }

// quorums are those of table 4.
var quorums = []Quorum{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}, {1, 3}}

// draws are trials of one profile; each slice is sorted, in microseconds.
type draws struct {
	read, commit [replicas][]float64 // by r-1 and w-1
	visible      [][]float64         // by index of quorums
}

// chunk is how many trials share one stream of luck, so that the number of cores makes no difference.
const chunk = 10_000

// sampleWARS draws n trials of a profile, on every core.
func sampleWARS(ctx context.Context, p *sim.Profile, n int) (*draws, error) {
	d := &draws{visible: make([][]float64, len(quorums))}
	all := []*[]float64{}
	for i := range replicas {
		all = append(all, &d.read[i], &d.commit[i])
	}
	for i := range quorums {
		all = append(all, &d.visible[i])
	}
	for _, values := range all {
		*values = make([]float64, n)
	}
	inParallel(ctx, (n+chunk-1)/chunk, func(i int) { d.fill(p, i*chunk, min((i+1)*chunk, n)) })
	inParallel(ctx, len(all), func(i int) { slices.Sort(*all[i]) })
	return d, ctx.Err()
}

// fill draws the trials from one number up to another.
func (d *draws) fill(p *sim.Profile, from, to int) {
	luck := rand.New(rand.NewPCG(20120827, uint64(from)))
	for k := from; k < to; k++ {
		l := drawLegs(p, luck)
		t := l.evaluate()
		for i := range replicas {
			d.read[i][k], d.commit[i][k] = t.read[i], t.commit[i]
		}
		for i, c := range quorums {
			d.visible[i][k] = t.visible(c)
		}
	}
}

// drawLegs draws one trial's delays. Where replicas are away from home, the homes of write and read are drawn too.
func drawLegs(p *sim.Profile, luck *rand.Rand) (l legs) {
	var writer, reader uint64
	away := float64(p.Away)
	if away > 0 {
		writer, _ = bits.Mul64(luck.Uint64(), replicas)
		reader, _ = bits.Mul64(luck.Uint64(), replicas)
	}
	for i := range replicas {
		l.w[i], l.a[i] = p.W.Micros(luck.Uint64()), p.A.Micros(luck.Uint64())
		l.r[i], l.s[i] = p.R.Micros(luck.Uint64()), p.S.Micros(luck.Uint64())
		if uint64(i) != writer {
			l.w[i] += away
			l.a[i] += away
		}
		if uint64(i) != reader {
			l.r[i] += away
			l.s[i] += away
		}
	}
	return l
}

// percentile999 returns the 99.9th percentile of sorted microseconds, in milliseconds.
func percentile999(sorted []float64) float64 {
	return sorted[(len(sorted)*999+999)/1000-1] / 1000
}

// consistent returns the share of sorted visibilities that a read t milliseconds after the commit meets.
func consistent(visible []float64, t float64) float64 {
	stale := len(visible) - firstOver(visible, t*1000)
	return 1 - float64(stale)/float64(len(visible))
}

func firstOver(sorted []float64, x float64) int {
	i, _ := slices.BinarySearchFunc(sorted, x, func(v, x float64) int {
		if v <= x {
			return -1
		}
		return 1
	})
	return i
}
