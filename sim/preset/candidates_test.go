package preset_test

import (
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// TestCandidates: every preset is among them, and three, five and nine regions can have each, but for what the product
// itself refuses.
func TestCandidates(t *testing.T) {
	all := []string{"us-east-1", "eu-west-1", "ap-south-1", "us-west-2", "eu-central-1", "ap-northeast-1", "ap-southeast-1", "ap-southeast-2", "sa-east-1"}
	for _, n := range []int{3, 5, 9} {
		list := preset.Candidates(all[:n])
		for _, p := range preset.All() {
			if !slices.ContainsFunc(list, func(c preset.Candidate) bool { return c.Lane.Protocol == p.Name }) {
				t.Errorf("%s is no candidate", p.Name)
			}
		}
		names := map[string]bool{}
		for _, c := range list {
			s, err := study.Parse("regions " + strings.Join(all[:n], " ") + "\nlane a gossip\nworkload bank rate=1/s staggered\n")
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = s.Edited([]sim.Edit{{Do: sim.EditAdd, Lane: c.Lane.Name, Protocol: c.Lane.Protocol, Knobs: c.Lane.Knobs}}, study.Vocabulary())
			threeAlone := c.Lane.Protocol == "dynamodb-mrsc" && n != 3
			if err != nil != threeAlone || names[c.Lane.Name] || c.About == "" {
				t.Errorf("%s in %d regions: %v", c.Lane.Name, n, err)
			}
			names[c.Lane.Name] = true
		}
	}
}
