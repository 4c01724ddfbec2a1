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
	"from the call of the write to the answer of the read, at levels that count replicas wherever they are"

// predictStale returns what PBS says of a lane's reads; nil of lanes that are no plain quorums: of other protocols, where reads
// ask no more replicas than they need, and where there is no read that it covers.
func predictStale(lane sim.Lane, c *sim.Cluster, r *check.Referee) *PBS {
	knob := knobsOf(lane, c.Protocol())
	if c.Protocol().Name != "quorum" || knob["read-fan-out"] != "all" {
		return nil
	}
	v := &visible{cluster: c, knob: knob, known: map[visiblePair][]sim.Time{}}
	p := &PBS{N: v.number("n"), R: v.level("read-level", "", "r"), W: v.level("write-level", "", "w"), Covers: visibleCovers}
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
	if p.Reads == 0 {
		return nil
	}
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
	holders        uint32 // bits by node
	w, r           int
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
	pair := visiblePair{writer: write.Client, reader: read.Client, w: v.level("write-level", write.Level, "w"), r: v.level("read-level", read.Level, "r")}
	for node := range sim.Addr(v.cluster.Nodes()) {
		if v.cluster.Replicates(node, read.Key) {
			pair.holders |= 1 << node
		}
	}
	plain := write.Asked == v.cluster.Home(write.Client) && read.Asked == v.cluster.Home(read.Client)
	if pair.w == 0 || pair.r == 0 || !plain {
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

// level returns how many replicas an operation waits for, wherever they are; 0 where its level asks for anything else.
func (v *visible) level(knob, level, number string) int {
	if level == "" {
		level = v.knob[knob]
	}
	n := v.number("n")
	switch level {
	case "count":
		return v.number(number)
	case "one":
		return 1
	case "two":
		return 2
	case "quorum":
		return n/2 + 1
	case "all":
		return n
	}
	return 0
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
	by, at := c.Home(p.writer), c.Home(p.reader)
	var acks []sim.Time
	type reply struct{ back, needed sim.Time }
	var replies []reply
	for node := range sim.Addr(c.Nodes()) {
		if p.holders&(1<<node) == 0 {
			continue
		}
		w := c.Delay(by, node, sim.KindReplicate, luck.Uint64())
		acks = append(acks, w+c.Delay(node, by, sim.KindAck, luck.Uint64()))
		r := c.Delay(at, node, sim.KindRequest, luck.Uint64())
		replies = append(replies, reply{r + c.Delay(node, at, sim.KindReply, luck.Uint64()), w - r})
	}
	slices.Sort(acks)
	slices.SortStableFunc(replies, func(a, b reply) int { return int(a.back - b.back) })
	told := acks[p.w-1] + c.Delay(by, p.writer, sim.KindReply, luck.Uint64())
	least := replies[0].needed
	for _, r := range replies[1:p.r] {
		least = min(least, r.needed)
	}
	return least - c.Delay(p.reader, at, sim.KindRequest, luck.Uint64()) - told
}

// thousandth rounds to three decimals.
func thousandth(x float64) float64 { return math.Round(1000*x) / 1000 }
