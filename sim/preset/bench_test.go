package preset_test

import (
	"testing"

	"netsplit/sim/study"
)

// BenchmarkWarnings measures four lanes of 27 nodes.
func BenchmarkWarnings(b *testing.B) {
	s, err := study.Parse("regions us-east-1 us-west-2 eu-west-1 eu-central-1 ap-southeast-1 ap-northeast-1 sa-east-1 ap-south-1 ap-southeast-2\n" +
		"replicas 3 per region\nlane a raft\nlane b quorum\nlane c gossip\nlane d primary\n")
	if err != nil {
		b.Fatal(err)
	}
	run, err := study.New(s)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		run.Warnings()
	}
}
