package study

import (
	"strings"
	"testing"

	"netsplit/sim"
)

// TestCreate: of two who write where nothing is, one does, and the other is told what stands there; where a protocol
// cannot compare and set, it is refused.
func TestCreate(t *testing.T) {
	for lane, can := range map[string]bool{"raft": true, "primary": true, "quorum cas=paxos": true, "gossip cas=local": true, "gossip": false, "quorum": false} {
		run := mustRun(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a "+lane+"\nat 2s create us-east-1 k 5 as first\nat 4s create us-east-1 k 7 as second\n"+
			"at 6s read us-east-1 k as r\nend 9s\n")
		c := run.Lanes()[0]
		first, second, r := c.Named("first"), c.Named("second"), c.Named("r")
		switch {
		case !can && (first.Outcome != sim.Fail || first.Reason != sim.ReasonUnsupported || r.Balance != 0):
			t.Errorf("%s: %s %s, and then %d", lane, first.Outcome, first.Reason, r.Balance)
		case can && (first.Outcome != sim.OK || first.Reason != sim.NoReason || first.Balance != 5 || first.Wrote == 0):
			t.Errorf("%s: the first: %+v", lane, first)
		case can && (second.Outcome != sim.OK || second.Reason != sim.ReasonExists || second.Balance != 5 || second.Wrote != 0):
			t.Errorf("%s: the second: %+v", lane, second)
		}
	}
}

// TestConditionsThatFail: where a condition that does not hold is an error, it is one to the client, with the same found by
// the judge; and who may have met its own write does not know.
func TestConditionsThatFail(t *testing.T) {
	for lane, says := range map[string]string{"dynamodb": "ConditionalCheckFailedException", "dynamodb-mrec": "ConditionalCheckFailedException",
		"dynamodb-mrsc": "ConditionalCheckFailedException", "dynamodb ClientRequestToken=on": "TransactionCanceledException"} {
		run := mustRun(t, "regions us-east-1 eu-west-1 ap-south-1\nlane a "+lane+"\nworkload register rate=0.001/s staggered timeout=1s retry=same until=0.001s\n"+
			"at 2s create us-east-1 k 5 as first\nat 4s create us-east-1 k 7 as second\n"+
			"at 5s cut us-east-1/1 > us-east-1@1\nat 5.1s create us-east-1 own 7 as own\nat 6.05s mend us-east-1/1 > us-east-1@1\nend 12s\n")
		c := run.Lanes()[0]
		first, second, own := c.Named("first"), c.Named("second"), c.Named("own")
		if first.Outcome != sim.OK || second.Outcome != sim.Fail || second.Reason != sim.ReasonExists || second.Wrote != 0 || !strings.Contains(second.Says, says) {
			t.Errorf("%s: %+v and %+v", lane, first, second)
		}
		if rec := c.History()[second.Ops[0]-1]; rec.Result.Outcome != sim.OK || rec.Result.Value != 5 {
			t.Errorf("%s: the judge is told %+v", lane, rec.Result)
		}
		if token := strings.Contains(lane, "Token"); token != (own.Outcome == sim.OK) || !token && (own.Outcome != sim.Info || !strings.Contains(own.Says, says)) {
			t.Errorf("%s: its own write: %+v", lane, own)
		}
	}
}

// TestAttemptsOfTheirOwn: where a product does not recognise a repetition, a write that was retried may be applied twice, in
// two operations, and an errand that ends with a refusal after an attempt without an answer is one without an answer.
func TestAttemptsOfTheirOwn(t *testing.T) {
	const text = "regions us-east-1 us-east-2 us-west-2\nlink us-east-1 us-east-2 constant 6ms\nlink us-east-1 us-west-2 constant 32ms\nlink us-east-2 us-west-2 constant 26ms\n" +
		"lane a dynamodb-mrsc\nworkload register rate=0.001/s staggered timeout=0.3s retry=same retries=1 until=0.001s\n" +
		"at 5s cut us-east-2/1 > us-east-2@1\nat 5.01s write us-east-2 k 1 as w\nat 5.35s mend us-east-2/1 > us-east-2@1\nend 12s\n"
	run := mustRun(t, text)
	c := run.Lanes()[0]
	w := c.Named("w")
	if len(w.Ops) != 2 {
		t.Fatalf("%d operations: %+v", len(w.Ops), w)
	}
	for _, id := range w.Ops[:1] {
		if rec := c.History()[id-1]; rec.Result.Outcome != sim.Info {
			t.Errorf("attempt %d ended as %s", id, rec.Result.Outcome)
		}
	}
	if r := run.Report().Lanes[0]; r.Linearizable == "no" || r.Pending != 0 {
		t.Errorf("linearizable %s, %d pending", r.Linearizable, r.Pending)
	}
}
