package study

import (
	"netsplit/sim"
	"netsplit/sim/check"
)

// PACELCReport is check.PACELC: what the run gave up during partitions, and what latency it paid otherwise.
type PACELCReport struct {
	Partitions []PartitionReport `json:"partitions"`
	Parted     GivenReport       `json:"parted"` // operations under way during some partition
	Calm       CalmReport        `json:"calm"`   // the others
	Text       [2]string         `json:"text"`
}

// PartitionReport is one partition, with times in milliseconds.
type PartitionReport struct {
	From  float64      `json:"from_ms"`
	To    float64      `json:"to_ms"`
	Lasts bool         `json:"lasts"` // to the end of the run
	Sides []SideReport `json:"sides"`
}

// SideReport is what the clients of some regions saw that could still reach each other.
type SideReport struct {
	Regions    []string `json:"regions"`
	OK         int      `json:"ok"`
	Fail       int      `json:"fail"`
	Info       int      `json:"info"`
	StaleReads int      `json:"stale_reads"`
}

// GivenReport is what operations were denied.
type GivenReport struct {
	OK          int `json:"ok"`
	Fail        int `json:"fail"`
	Info        int `json:"info"`
	StaleReads  int `json:"stale_reads"`
	LostWrites  int `json:"lost_writes"`
	LostUpdates int `json:"lost_updates"`
}

// CalmReport is what was paid outside partitions.
type CalmReport struct {
	GivenReport
	Read  PaidReport `json:"read"`
	Write PaidReport `json:"write"`
	Local float64    `json:"local_ms"` // the median round trip within a region, of that with the least
}

// PaidReport is the latency of reads or of writes, in milliseconds.
type PaidReport struct {
	check.Latency
	Fibre *float64 `json:"fibre_ms"`
}

func givenOf(g check.Given) GivenReport {
	return GivenReport{g.OK, g.Fail, g.Info, g.StaleReads, g.LostWrites, g.LostUpdates}
}

func pacelcOf(c *sim.Cluster, p check.PACELC) PACELCReport {
	rep := PACELCReport{Partitions: []PartitionReport{}, Parted: givenOf(p.Parted), Text: p.Text,
		Calm: CalmReport{GivenReport: givenOf(p.Calm), Read: PaidReport{p.Read.Latency, p.Read.Fibre},
			Write: PaidReport{p.Write.Latency, p.Write.Fibre}, Local: p.Local.Milliseconds()}}
	for _, part := range p.Partitions {
		list := PartitionReport{From: part.From.Milliseconds(), To: part.To.Milliseconds(), Lasts: part.Lasts}
		for _, s := range part.Sides {
			side := SideReport{OK: s.OK, Fail: s.Fail, Info: s.Info, StaleReads: s.StaleReads}
			for _, region := range s.Regions {
				side.Regions = append(side.Regions, c.RegionName(region))
			}
			list.Sides = append(list.Sides, side)
		}
		rep.Partitions = append(rep.Partitions, list)
	}
	return rep
}
