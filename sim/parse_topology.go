package sim

import (
	"fmt"
	"slices"
	"strconv"
)

func (p *parser) regions(ws words) error {
	for _, w := range ws.list[1:] {
		if err := checkName("region", w.text); err != nil {
			return p.fail(w.col, "%s", err)
		}
		if w.text == everywhere {
			return p.fail(w.col, "a region cannot be named %q: that means all links", w.text)
		}
		if len(p.Regions) == MaxRegions {
			return p.fail(w.col, "over %d regions", MaxRegions)
		}
		if slices.Contains(p.Regions, w.text) {
			return p.fail(w.col, "region %q is named twice", w.text)
		}
		p.Regions = append(p.Regions, w.text)
	}
	if len(p.Regions) == 0 {
		return p.expected(ws.at(1), "regions")
	}
	p.afterwardsIn(ws, ws.at(1).col, p.checkTopology)
	return nil
}

// replicas reads "replicas N per region" or "replicas N in REGION".
func (p *parser) replicas(ws words) error {
	n, err := p.count(ws.at(1), MaxReplicas)
	if err != nil {
		return err
	}
	switch where := ws.at(3); ws.at(2).text {
	case "per":
		if p.Replicas != 0 {
			return p.fail(1, "a second line of replicas per region")
		}
		p.Replicas = n
		return p.perRegion(ws)
	case "in":
		if where.text == "" {
			return p.expected(where, "a region")
		}
		if slices.ContainsFunc(p.ReplicasIn, func(r RegionReplicas) bool { return r.Region == where.text }) {
			return p.fail(where.col, "a second line of replicas in %s", where.text)
		}
		p.ReplicasIn = append(p.ReplicasIn, RegionReplicas{where.text, n})
		p.afterwards(where.col, func() error {
			if p.region(where.text) < 0 {
				return unknownRegion(where.text, &p.Scenario)
			}
			return nil
		})
		return p.noMore(ws, 4)
	}
	return p.expected(ws.at(2), `"per region" or "in REGION"`)
}

// clients reads "clients N per region".
func (p *parser) clients(ws words) error {
	n, err := p.count(ws.at(1), MaxClients)
	if err != nil {
		return err
	}
	p.Clients = n
	return p.perRegion(ws)
}

// perRegion reads "per region" and the end of the line.
func (p *parser) perRegion(ws words) error {
	for i, want := range []string{"per", "region"} {
		if w := ws.at(i + 2); w.text != want {
			return p.expected(w, want)
		}
	}
	return p.noMore(ws, 4)
}

// count reads a whole number from 1 to most.
func (p *parser) count(w word, most int) (int, error) {
	n, err := strconv.Atoi(w.text)
	if err != nil || n < 1 || n > most {
		return 0, p.expected(w, fmt.Sprintf("a whole number from 1 to %d", most))
	}
	return n, nil
}

// settleReplicas brings the lines of replicas into canonical form: in the order of the regions, without those that say
// what is said of every region.
func (p *parser) settleReplicas() {
	given := p.ReplicasIn
	p.ReplicasIn = nil
	for _, name := range p.Regions {
		for _, r := range given {
			if r.Region == name && r.Count != max(p.Replicas, 1) {
				p.ReplicasIn = append(p.ReplicasIn, r)
			}
		}
	}
}
