package study

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"netsplit/sim"
	"netsplit/sim/check"
)

// Limits of a prediction.
const (
	visibleTrials = 2000 // of one write and one read, for each pair of clients, key's holders and levels
	visiblePairs  = 500  // such pairs; reads of further ones are not covered
)

// PBS holds the share of stale reads in a quorum lane to what the WARS model predicts for the same delays (Bailis et
// al., VLDB 2012): the probability that a read, begun so long after the client was told of the latest write, asks r
// replicas of which none has it. The model draws from the links' own delays, for the write's and the read's own clients
// and the key's own holders; it knows of no fault, no repair, no order of messages on a stream, and of no write under
// way. A read that finds a write newer than the model's is not stale here, so that with writes that overlap fewer
// reads are.
type PBS struct {
	N         int       `json:"n"`
	R         int       `json:"r"` // of reads at the default level
	W         int       `json:"w"`
	Covers    string    `json:"covers"`    // which reads are held to the model
	Reads     int       `json:"reads"`     // those
	Left      int       `json:"left"`      // the other answered reads
	Stale     int       `json:"stale"`     // of Reads
	Measured  float64   `json:"measured"`  // percent of Reads
	Predicted float64   `json:"predicted"` // percent, by the model
	Since     []PBSPart `json:"since"`
	Text      string    `json:"text"`
}

// PBSPart is the reads that began so long after the acknowledgement, in milliseconds.
type PBSPart struct {
	From      float64 `json:"from_ms"`
	To        float64 `json:"to_ms"` // 0 for no end
	Reads     int     `json:"reads"`
	Stale     int     `json:"stale"`
	Measured  float64 `json:"measured"`
	Predicted float64 `json:"predicted"`
	expected  float64 // stale reads
}

// visibleCovers says what a prediction covers.
const visibleCovers = "answered reads of a key of which a plain write had been acknowledged, while no fault was in force " +
	"from the call of the write to the answer of the read, at levels that count replicas, everywhere or near the coordinator; " +
	"of the first 500 pairs of clients and coordinators"

// visibleFew is said in its place of a lane whose reads ask no more replicas than they need.
const visibleFew = "no read: with read-fan-out=r, which replicas are asked depends on more than delays"

// predictStale returns what PBS says of a lane's reads; nil of lanes of other protocols.
func predictStale(lane sim.Lane, c *sim.Cluster, r *check.Referee) *PBS {
	knob := knobsOf(lane, c.Protocol())
	if c.Protocol().Name != "quorum" {
		return nil
	}
	v := &visible{cluster: c, knob: knob, known: map[visiblePair][]sim.Time{}}
	p := &PBS{N: v.number("n"), R: v.level("read-level", "", "r", 1).count, W: v.level("write-level", "", "w", 1).count, Covers: visibleCovers, Since: []PBSPart{}}
	if knob["read-fan-out"] != "all" {
		p.Covers, p.Left = visibleFew, len(r.Readings())
		return p
	}
	var parts []PBSPart
	for _, s := range check.SinceParts() {
		parts = append(parts, PBSPart{From: s.From.Milliseconds(), To: s.To.Milliseconds()})
	}
	for _, reading := range r.Readings() {
		chance, since, ok := v.chance(reading)
		if !ok {
			p.Left++
			continue
		}
		part := &parts[check.SinceOf(since)]
		part.Reads++
		part.expected += chance
		if _, stale := r.Stale(reading.Read); stale {
			part.Stale++
		}
	}
	p.sum(parts)
	return p
}

// sum adds up the parts, and says the first of them in words.
func (p *PBS) sum(parts []PBSPart) {
	expected := 0.0
	for _, part := range parts {
		if part.Reads == 0 {
			continue
		}
		part.Measured, part.Predicted = check.Percent(part.Stale, part.Reads), thousandth(100*part.expected/float64(part.Reads))
		p.Since = append(p.Since, part)
		p.Reads, p.Stale, expected = p.Reads+part.Reads, p.Stale+part.Stale, expected+part.expected
	}
	if p.Reads == 0 {
		return
	}
	p.Measured, p.Predicted = check.Percent(p.Stale, p.Reads), thousandth(100*expected/float64(p.Reads))
	first := p.Since[0]
	when := fmt.Sprintf("%.0f ms or more", first.From)
	if first.To > 0 {
		when = fmt.Sprintf("%.0f to %.0f ms", first.From, first.To)
	}
	p.Text = fmt.Sprintf("Of the reads that began %s after the latest acknowledgement (%d) %.1f %% were stale, and PBS predicts %.1f %%; of all (%d) %.1f %%, and PBS predicts %.1f %%.",
		when, first.Reads, first.Measured, first.Predicted, p.Reads, p.Measured, p.Predicted)
}

// knobsOf returns a lane's settings, the defaults among them, as the scenario language writes them.
func knobsOf(lane sim.Lane, p sim.Protocol) map[string]string {
	knobs := map[string]string{}
	for _, k := range p.Knobs {
		knobs[k.Name] = k.Default
	}
	for _, s := range lane.Knobs {
		knobs[s.Name] = s.Value
	}
	return knobs
}

// visible draws how long after an acknowledgement a write becomes visible.
type visible struct {
	cluster *sim.Cluster
	knob    map[string]string
	known   map[visiblePair][]sim.Time // sorted
}

// visiblePair is all that a write and a read have to do with the delays of their messages.
type visiblePair struct {
	writer, reader sim.Addr
	by, at         sim.Addr // their coordinators
	holders        uint32   // bits by node
	w, r           quorumOf
}

// quorumOf is how many replicas an operation waits for.
type quorumOf struct {
	count int
	near  bool // in the coordinator's region, and no others
}

// chance returns the probability by the model that a read is stale, and how long after the latest acknowledgement it
// began; false for what the model does not cover.
func (v *visible) chance(reading check.Reading) (float64, sim.Time, bool) {
	if reading.Latest == 0 || !reading.Calm {
		return 0, 0, false
	}
	write, read := v.cluster.History()[reading.Latest-1], v.cluster.History()[reading.Read-1]
	if write.Kind != sim.Write && write.Kind != sim.Delete {
		return 0, 0, false
	}
	pair := visiblePair{writer: write.Client, reader: read.Client, by: write.Asked, at: read.Asked}
	near := map[sim.Addr]int{} // holders in a coordinator's region
	for node := range sim.Addr(v.cluster.Nodes()) {
		if v.cluster.Replicates(node, read.Key) {
			pair.holders |= 1 << node
			for _, by := range []sim.Addr{pair.by, pair.at} {
				if v.cluster.RegionOf(node) == v.cluster.RegionOf(by) {
					near[by]++
				}
			}
		}
	}
	if pair.by == pair.at {
		near[pair.by] /= 2
	}
	pair.w, pair.r = v.level("write-level", write.Level, "w", near[pair.by]), v.level("read-level", read.Level, "r", near[pair.at])
	if pair.w.count == 0 || pair.r.count == 0 {
		return 0, 0, false
	}
	times := v.known[pair]
	if times == nil {
		if len(v.known) == visiblePairs {
			return 0, 0, false
		}
		times = v.draw(pair)
		v.known[pair] = times
	}
	since := read.Start - write.End
	return 1 - float64(notOver(times, since))/float64(len(times)), since, true
}

// notOver counts the sorted times up to t.
func notOver(times []sim.Time, t sim.Time) int {
	i, _ := slices.BinarySearch(times, t+1)
	return i
}

func (v *visible) number(knob string) int {
	n := 0
	fmt.Sscan(v.knob[knob], &n)
	return n
}

// level returns how many replicas an operation waits for, where so many are near; 0 where its level asks for anything else.
func (v *visible) level(knob, level, number string, near int) quorumOf {
	if level == "" {
		level = v.knob[knob]
	}
	n := v.number("n")
	switch level {
	case "count":
		return quorumOf{count: v.number(number)}
	case "one":
		return quorumOf{count: 1}
	case "two":
		return quorumOf{count: 2}
	case "quorum":
		return quorumOf{count: n/2 + 1}
	case "all":
		return quorumOf{count: n}
	case "local-one":
		return quorumOf{min(near, 1), true}
	case "local-quorum":
		return quorumOf{min(near, near/2+1), true}
	}
	return quorumOf{}
}

// counts reports whether a replica's answer counts for the quorum that a coordinator waits for.
func (v *visible) counts(q quorumOf, coordinator, node sim.Addr) bool {
	return !q.near || v.cluster.RegionOf(coordinator) == v.cluster.RegionOf(node)
}

// draw plays a write and a read many times, and returns how long after the writer's client was told the reader's must
// ask for the write to be found, sorted.
func (v *visible) draw(p visiblePair) []sim.Time {
	luck := rand.New(rand.NewPCG(20120827, uint64(p.writer)<<40|uint64(p.reader)<<32|uint64(p.holders)))
	times := make([]sim.Time, visibleTrials)
	for i := range times {
		times[i] = v.trial(p, luck)
	}
	slices.Sort(times)
	return times
}

// trial plays one write and one read. Times are since the writer's coordinator began, or the reader's.
func (v *visible) trial(p visiblePair, luck *rand.Rand) sim.Time {
	c := v.cluster
	by, at := p.by, p.at
	var acks []sim.Time
	type reply struct{ back, needed sim.Time }
	var replies []reply
	for node := range sim.Addr(c.Nodes()) {
		if p.holders&(1<<node) == 0 {
			continue
		}
		w := c.Delay(by, node, sim.KindReplicate, luck.Uint64())
		if ack := w + c.Delay(node, by, sim.KindAck, luck.Uint64()); v.counts(p.w, by, node) {
			acks = append(acks, ack)
		}
		r := c.Delay(at, node, sim.KindRequest, luck.Uint64())
		if back := r + c.Delay(node, at, sim.KindReply, luck.Uint64()); v.counts(p.r, at, node) {
			replies = append(replies, reply{back, w - r})
		}
	}
	slices.Sort(acks)
	slices.SortStableFunc(replies, func(a, b reply) int { return int(a.back - b.back) })
	told := acks[p.w.count-1] + c.Delay(by, p.writer, sim.KindReply, luck.Uint64())
	least := replies[0].needed
	for _, r := range replies[1:p.r.count] {
		least = min(least, r.needed)
	}
	return least - c.Delay(p.reader, at, sim.KindRequest, luck.Uint64()) - told
}

// thousandth rounds to three decimals.
func thousandth(x float64) float64 { return math.Round(1000*x) / 1000 }
