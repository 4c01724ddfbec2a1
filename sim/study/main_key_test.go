package study

import "testing"

// TestMainKey: viewers see the key that a script's named results are about, unless the workload's own is among them.
func TestMainKey(t *testing.T) {
	const head = "regions us-east-1 eu-west-1 ap-south-1\nlane q quorum\n"
	for _, c := range []struct{ rest, want string }{
		{"", "account"},
		{"at 1s write us-east-1 k 1\n", "account"}, // as a visitor's command is written
		{"at 2s write us-east-1 late 1 as b\nat 1s write us-east-1 early 1 as a\n", "early"},
		{"at 1s write us-east-1 k 1 as a\nat 2s read us-east-1 account as b\n", "account"},
		{"workload register\nat 1s write us-east-1 y 1 as a\n", "y"},
		{"workload register\nat 1s write us-east-1 y 1 as a\nat 2s write us-east-1 x 1 as b\n", "x"},
		{"workload bank\nat 1s write us-east-1 y 1 as a\n", "account"},
	} {
		s, err := Parse(head + c.rest)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Workload.MainKey(); got != c.want {
			t.Errorf("viewers of %q see %s; want %s", c.rest, got, c.want)
		}
	}
}
