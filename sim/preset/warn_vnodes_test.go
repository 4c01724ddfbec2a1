package preset_test

import (
	"strings"
	"testing"

	"netsplit/sim/study"
)

// TestVnodeWarnings: what of Riak's knobs contradicts a world, or has no effect, is said with Riak's names.
func TestVnodeWarnings(t *testing.T) {
	const head = "regions us-east-1 eu-west-1 ap-south-1 us-west-2 sa-east-1\n"
	for text, want := range map[string]string{
		"lane q quorum dw=2\n":                                 "dw: dw has no effect: any node coordinates a write",
		"lane q riak basic_quorum=true\n":                      "basic_quorum: basic_quorum has no effect: a replica that has nothing counts like any other",
		"lane q riak last_write_wins=true\n":                   ": what arrives last stays",
		"lane q riak datatype=set small_vclock=3\n":            "small_vclock: small_vclock has no effect: the keys are no objects",
		"lane q riak\nat 1s skew us-east-1/1 5s\n":             ": of concurrent writes the last modified stays, and the clock of us-east-1/1 is wrong",
		"lane q riak w=one dw=one node_confirms=all\n":         "is more than W=1 and DW=1",
		"lane q quorum coordinator=replica handoff-every=5s\n": "handoff-every: handoff-every has no effect",
	} {
		s, err := study.Parse(head + text)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, w := range study.Warnings(s) {
			all = append(all, w.Knob+": "+w.Text)
		}
		if said := strings.Join(all, "\n"); !strings.Contains(said, want) {
			t.Errorf("%sdoes not warn %q but:\n%s", text, want, said)
		}
	}
}
