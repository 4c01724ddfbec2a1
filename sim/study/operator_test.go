package study

import (
	"strings"
	"testing"
)

// TestOperatorCommands: a command that no lane concerned knows is refused with a reason, from a text and from a user.
func TestOperatorCommands(t *testing.T) {
	const world = "regions us-east-1 eu-west-1\nlane p primary\nlane e gossip\n"
	refused(t, world, map[string]string{
		"at 1s promote eu-west-1/1\n":            "",
		"at 1s lane p promote eu-west-1/1\n":     "",
		"at 1s lane e promote eu-west-1/1\n":     "promote: lane e does not know this command; " + promoting() + " does",
		"at 1s promote eu-west-1\n":              `promote: unknown node "eu-west-1"`,
		"at 1s promote\n":                        "expected a node such as eu-west-1/1",
		"at 1s rejoin eu-west-1/1 us-east-1/1\n": "expected the end of the line",
	})
	refused(t, "regions us-east-1\nlane e gossip\n", map[string]string{
		"at 1s cancel us-east-1/1\n": "no lane knows this command",
	})
	r, err := New(mustParse(t, world))
	if err != nil {
		t.Fatal(err)
	}
	cmd := mustParse(t, world+"at 1s promote us-east-1/1\n").Commands[0]
	cmd.Lane = "e"
	if _, err := r.Do(cmd); err == nil {
		t.Error("a lane takes a command that it does not know")
	}
}

// refused parses lines in a world, each of which is to be refused with a text, or accepted where that is "".
func refused(t *testing.T, world string, lines map[string]string) {
	t.Helper()
	for line, want := range lines { // order does not matter: each is parsed by itself
		_, err := Parse(world + line)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", line, err, want)
		}
	}
}

// TestKnobKinds: times and lists of regions have a canonical form, and are refused with a reason.
func TestKnobKinds(t *testing.T) {
	const world = "regions us-east-1 eu-west-1 ap-south-1\nlane p primary "
	for text, want := range map[string]string{
		"semi-timeout=1500ms":                           "semi-timeout=1.5s",
		"sender-timeout=never":                          "sender-timeout=never",
		"standbys=ap-south-1,eu-west-1":                 "standbys=ap-south-1,eu-west-1",
		"semi-timeout=0s":                               "expected a time from 0.001s to 600s",
		"sender-timeout=soon":                           "expected never or a time",
		"standbys=eu-west-1,eu-west-1":                  `region "eu-west-1" is named twice`,
		"standbys=eu-west-2":                            `unknown region "eu-west-2"`,
		"sync=first k=3":                                "k=3 is more than the 2 standbys",
		"failover=lease":                                "needs lease-region=",
		"sync-mode=on":                                  "needs failover=lease",
		"wait-point=after-commit":                       "has no meaning with sync=async",
		"sync=semi commit=remote-apply":                 "has no meaning with sync=semi",
		"failover=lease lease-region=eu-west-1 ttl=29s": "would hold its lease for longer than it lasts",
		"failover=lease lease-region=eu-west-1 sync-mode=on sync=any":                "chooses the standbys itself",
		"failover=lease lease-region=us-east-1 keeper=apart":                         "cannot be the primary too",
		"failover=lease lease-region=eu-west-1 watchdog=on ttl=13s loop=9s retry=2s": "would reset a healthy primary",
	} {
		s, err := Parse(world + text + "\n")
		if err != nil && !strings.Contains(err.Error(), want) || err == nil && !strings.Contains(s.String(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}
