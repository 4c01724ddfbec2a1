package study

import (
	"testing"

	"netsplit/sim/check"
)

// promises are worlds in which one promise each is broken, and how its cause begins. With a cache a client finds one key
// older than what it has read of another.
var promises = []struct {
	kind       check.Kind
	text, want string
}{
	{check.MonotonicReads, three + `lane q quorum r=1 w=1 read-repair=none
at 1s cut us-east-1/1 eu-west-1/1
at 2s write us-east-1 x 7
at 3s read eu-west-1 x level quorum
at 4s read eu-west-1 x level one
end 6s
`, "eu-west-1 read 0 at 4.002 s although it had read 7 at 3.129 s."},
	{check.ReadYourWrites, three + `lane e gossip interval=30s
at 1s skew us-east-1/1 10s
at 2s write us-east-1 x 7
at 3s read eu-west-1 x
at 4s write eu-west-1 x 8
at 5s read eu-west-1 x
end 6s
`, "eu-west-1 read 7 at 5.002 s although it had itself written 8, acknowledged at 4.002 s when no replica held it, for a later stamp had outdone it."},
	{check.MonotonicWrites, three + `lane e gossip cache=eu-west-1 ttl=5s
at 1s read eu-west-1 x
at 2s write us-east-1 x 7
at 3s write us-east-1 y 8
at 4s read eu-west-1 y
at 5s read eu-west-1 x
end 6s
`, "eu-west-1 read 0 at 5.002 s without us-east-1's write of 7 of 2.005 s, although at 4.072 s it had read the write of 8 to y that came after it."},
	{check.WritesFollowReads, three + `lane e gossip cache=eu-west-1 ttl=5s
at 1s read eu-west-1 x
at 2s write us-east-1 x 7
at 2.5s read ap-south-1 x
at 3s write ap-south-1 y 8
at 4s read eu-west-1 y
at 5s read eu-west-1 x
end 6s
`, "eu-west-1 read 0 at 5.002 s without us-east-1's write of 7, although at 4.072 s it had read ap-south-1's write of 8 to y, who had read that at 2.503 s."},
	{check.Causal, `regions us-east-1 eu-west-1 ap-south-1 sa-east-1
lane e gossip cache=eu-west-1 ttl=9s
at 1s read eu-west-1 x
at 2s write us-east-1 x 7
at 2.5s read ap-south-1 x
at 3s write ap-south-1 y 8
at 3.5s read sa-east-1 y
at 4s write sa-east-1 z 9
at 5s read eu-west-1 z
at 6s read eu-west-1 x
end 7s
`, "eu-west-1 read 0 at 6.002 s without us-east-1's write of 7, acknowledged at 2.005 s when 1 of 3 replicas held it, although what it had read by then was written by somebody who could know of it."},
	{check.Sequential, three + `lane e gossip
at 1s partition us-east-1
at 2s write us-east-1 x 1
at 2s write eu-west-1 y 1
at 3s read us-east-1 y
at 3.1s read eu-west-1 x
end 10s
`, "No one order of the operations explains both what us-east-1 and what eu-west-1 read: 0 from y at 3.005 s, and 0 at 3.102 s."},
}

// TestCausePromises: each broken promise is told in words of its own.
func TestCausePromises(t *testing.T) {
	for _, p := range promises {
		w := play(t, p.text, 0)
		c, _ := w.cause(p.kind, 0)
		if c.Text[0] != p.want {
			t.Errorf("%s:\n%s, want\n%s", p.kind, c.Text[0], p.want)
		}
	}
}
