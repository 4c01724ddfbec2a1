package study

import (
	"netsplit/sim"
	"netsplit/sim/check"
)

// MaxListed is how many lost writes, writes at risk and lost updates a report lists of each; the scores count all.
const MaxListed = 200

// LaneFigures are the figures of a lane that are more than a number. Times are in milliseconds.
type LaneFigures struct {
	Staleness    StalenessReport    `json:"staleness"`
	PBS          *PBS               `json:"pbs"` // null where it predicts nothing
	GilbertLynch GilbertLynchReport `json:"gilbert_lynch"`
	Regions      []check.Service    `json:"regions"`
	Losses       []LossReport       `json:"losses"`
	Risks        []LossReport       `json:"risks"`
	Updates      []UpdateReport     `json:"updates"`
	PACELC       PACELCReport       `json:"pacelc"`
}

// StalenessReport is check.Staleness, with times in milliseconds.
type StalenessReport struct {
	Reads   int          `json:"reads"`
	Stale   int          `json:"stale"`
	Percent float64      `json:"percent"`
	Age     Ages         `json:"age_ms"`
	Behind  []int        `json:"versions_behind"` // reads by versions behind, from 0; the last counts all beyond
	Since   []SinceShare `json:"since_ack"`
}

// Ages are nearest-rank percentiles of the age of all answered reads; a fresh one has age 0.
type Ages struct {
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// SinceShare is check.Since.
type SinceShare struct {
	From  float64 `json:"from_ms"`
	To    float64 `json:"to_ms"` // 0 for no end
	Reads int     `json:"reads"`
	Stale int     `json:"stale"`
}

// GilbertLynchReport is check.GilbertLynch.
type GilbertLynchReport struct {
	Answer   check.Answer   `json:"answer"`
	CutOff   float64        `json:"cut_off_ms"`
	Received int            `json:"received"`
	Answered int            `json:"answered"`
	Refused  int            `json:"refused"`
	Silent   int            `json:"silent"`
	Waiting  int            `json:"waiting"`
	Excused  int            `json:"excused"`
	First    *FailingReport `json:"first"` // null where there is none
}

// FailingReport is check.Failing.
type FailingReport struct {
	Node string   `json:"node"`
	Op   sim.OpID `json:"op"`
	At   float64  `json:"at_ms"`
	How  string   `json:"how"` // refused or silent
}

// LossReport is an acknowledged write that is lost, or at risk.
type LossReport struct {
	WriteReport
	Lost   float64      `json:"lost_ms,omitempty"` // when it was lost
	Over   *WriteReport `json:"over"`              // what took its place, null for nothing
	Parted bool         `json:"parted"`            // the writers' regions could not talk when the later of the two was acknowledged
}

// WriteReport is a write, and by whom.
type WriteReport struct {
	Op           sim.OpID `json:"op"`
	Client       string   `json:"client"`
	Key          string   `json:"key"`
	Value        int64    `json:"value"`
	Acknowledged float64  `json:"acknowledged_ms"` // 0 where it was not
}

// UpdateReport is two read-modify-writes of one version.
type UpdateReport struct {
	Version sim.OpID    `json:"version"` // that both replaced; 0 for the opening value
	First   WriteReport `json:"first"`
	Second  WriteReport `json:"second"`
}

func figuresOf(lane sim.Lane, c *sim.Cluster, r *check.Referee) LaneFigures {
	return LaneFigures{Staleness: stalenessOf(r.Staleness()), PBS: predictStale(lane, c, r), GilbertLynch: gilbertLynchOf(c, r.GilbertLynch()),
		Regions: r.Services(), Losses: lossesOf(c, r.Losses()), Risks: lossesOf(c, r.AtRisk()), Updates: updatesOf(c, r.LostUpdates()),
		PACELC: pacelcOf(c, r.PACELC())}
}

func stalenessOf(s check.Staleness) StalenessReport {
	rep := StalenessReport{Reads: s.Reads, Stale: s.Stale, Behind: s.Behind, Since: []SinceShare{},
		Age: Ages{s.P50.Milliseconds(), s.P95.Milliseconds(), s.P99.Milliseconds(), s.Max.Milliseconds()}}
	if s.Reads > 0 {
		rep.Percent = check.Percent(s.Stale, s.Reads)
	}
	for _, p := range s.Since {
		rep.Since = append(rep.Since, SinceShare{p.From.Milliseconds(), p.To.Milliseconds(), p.Reads, p.Stale})
	}
	return rep
}

func gilbertLynchOf(c *sim.Cluster, g check.GilbertLynch) GilbertLynchReport {
	rep := GilbertLynchReport{Answer: g.Answer, CutOff: g.CutOff.Milliseconds(), Received: g.Received, Answered: g.Answered,
		Refused: g.Refused, Silent: g.Silent, Waiting: g.Waiting, Excused: g.Excused}
	if f := g.First; f != nil {
		rep.First = &FailingReport{Node: c.NameOf(f.Node), Op: f.Op, At: f.At.Milliseconds(), How: "silent"}
		if f.Refused {
			rep.First.How = "refused"
		}
	}
	return rep
}

func writeOf(c *sim.Cluster, w sim.OpID) WriteReport {
	rec := c.History()[w-1]
	rep := WriteReport{Op: w, Client: c.NameOf(rec.Client), Key: rec.Key, Value: c.Shown(rec.Key, rec.Value, w)}
	if rec.Result.Outcome == sim.OK {
		rep.Acknowledged = rec.End.Milliseconds()
	}
	return rep
}

func lossesOf(c *sim.Cluster, losses []check.Loss) []LossReport {
	list := []LossReport{}
	for _, l := range losses[:min(len(losses), MaxListed)] {
		rep := LossReport{WriteReport: writeOf(c, l.Write), Lost: l.At.Milliseconds(), Parted: l.Parted}
		if l.Over != 0 {
			over := writeOf(c, l.Over)
			rep.Over = &over
		}
		list = append(list, rep)
	}
	return list
}

func updatesOf(c *sim.Cluster, updates []check.UpdateLoss) []UpdateReport {
	list := []UpdateReport{}
	for _, u := range updates[:min(len(updates), MaxListed)] {
		list = append(list, UpdateReport{u.Version, writeOf(c, u.First), writeOf(c, u.Second)})
	}
	return list
}
