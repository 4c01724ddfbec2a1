package study

import (
	"testing"

	"netsplit/sim"
)

// TestRaftCommands: transfer and members are refused with a reason where they make no sense, from a text and from a user.
func TestRaftCommands(t *testing.T) {
	const world = "regions us-east-1 eu-west-1\nlane s raft\nlane e gossip\n"
	refused(t, world, map[string]string{
		"at 1s transfer eu-west-1/1\n":             "",
		"at 1s lane s members eu-west-1/1\n":       "",
		"at 1s lane e transfer eu-west-1/1\n":      "transfer: lane e does not know this command; raft, ",
		"at 1s transfer eu-west-1\n":               `transfer: unknown node "eu-west-1"`,
		"at 1s transfer\n":                         "expected a node such as eu-west-1/1",
		"at 1s members\n":                          "members: expected nodes such as us-east-1/1",
		"at 1s members eu-west-1/1 eu-west-1/2\n":  `members: unknown node "eu-west-1/2"`,
		"at 1s members eu-west-1/1 eu-west-1/1\n":  `members: node "eu-west-1/1" is named twice`,
		"at 1s exit eu-west-1/1\n":                 "",
		"at 1s exit eu-west-1\n":                   `exit: unknown node "eu-west-1"`,
		"at 1s exit eu-west-1/1 us-east-1/1\n":     "expected the end of the line",
		"at 1s read eu-west-1 balance level local": "",
	})
	r, err := New(mustParse(t, world))
	if err != nil {
		t.Fatal(err)
	}
	for _, cmd := range []sim.Command{{Verb: sim.VerbMembers}, {Verb: sim.VerbMembers, Node: "eu-west-1/1", Members: []string{"eu-west-1/1"}},
		{Verb: sim.VerbTransfer, Lane: "e", Node: "eu-west-1/1"}, {Verb: sim.VerbCrash, Node: "eu-west-1/1", Members: []string{"eu-west-1/1"}}} {
		if _, err := r.Do(cmd); err == nil {
			t.Errorf("%+v is not refused", cmd)
		}
	}
}

// TestHintsAreFollowed: where followers hand nothing on, a client that tries elsewhere asks the node that it was told to.
func TestHintsAreFollowed(t *testing.T) {
	rep, err := Execute(mustParse(t, "regions us-east-1 eu-west-1 ap-south-1\nlane s raft leader=ap-south-1 forward=off\n"+
		"workload register rate=0.001/s staggered timeout=1s retry=elsewhere retries=1 until=0.1s\nat 2s write eu-west-1 x 7 as w\nend 6s\n"+
		"expect s w ok 7\n"))
	if err != nil {
		t.Fatal(err)
	}
	if !rep.Holds() || len(rep.Expects) != 1 {
		t.Errorf("%+v", rep.Expects)
	}
}
