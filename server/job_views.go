package server

import "netsplit/sim/study"

func luckView(s *study.Sweep) *LuckView {
	v := &LuckView{Seed: s.Seed, Seeds: s.Seeds, Done: s.Done, ByHand: s.ByHand, Lanes: []LaneLuckView{}}
	for _, l := range s.Configurations[0].Lanes {
		lane := LaneLuckView{Name: l.Name, Broken: []BrokenView{}, Answered: SpreadView(l.Answered), Stale: SpreadView(l.Stale),
			LostWrites: SpreadView(l.LostWrites), LostUpdates: SpreadView(l.Updates), Damage: SpreadView(l.Damage), P50: SpreadView(l.P50), P99: SpreadView(l.P99)}
		for _, b := range l.Broken {
			lane.Broken = append(lane.Broken, BrokenView{string(b.Promise), ShareView(b.Share), b.Unknown, b.Seed})
		}
		v.Lanes = append(v.Lanes, lane)
	}
	return v
}

func turningView(t *study.Turning) *TurningView {
	v := &TurningView{Lane: t.Lane, Promise: string(t.Promise), Broken: t.Broken, At: t.At, Curve: []MomentView{},
		Likely: (*TurnView)(t.Likely), Sure: (*TurnView)(t.Sure)}
	for _, m := range t.Curve {
		v.Curve = append(v.Curve, MomentView{m.At, ShareView(m.Share)})
	}
	return v
}

func foundView(f *study.Found) *FoundView {
	return &FoundView{Lane: f.Lane, Promise: string(f.Promise), Tried: f.Tried, Found: f.Found, Seed: f.Seed, At: f.At, Text: f.Text,
		Before: f.Before, After: f.After, Minimal: f.Minimal}
}

func matrixView(m *study.Matrix) *MatrixView {
	v := &MatrixView{Seed: m.Seed, Seeds: m.Seeds, Runs: m.Runs, Done: m.Done}
	for _, h := range m.Hurts {
		v.Hurts = append(v.Hurts, HurtView{h.Name, h.Over, h.Happens()})
	}
	for _, r := range m.Rows {
		row := RowView{Name: r.Name, Title: r.Title, About: r.About, Protocol: r.Protocol, Knobs: r.Knobs, Impossible: r.Impossible, Dropped: r.Dropped,
			Runs: r.Runs, Cells: []CellView{}}
		for _, c := range r.Cells {
			row.Cells = append(row.Cells, CellView{SpreadView(c.Spread), ShareView(c.In), c.Seed, c.Worst, c.Text})
		}
		v.Rows = append(v.Rows, row)
	}
	return v
}
