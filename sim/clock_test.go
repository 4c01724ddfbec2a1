package sim

import "testing"

func TestDrift(t *testing.T) {
	k := clock{drift: 1000}
	if got := k.gained(10 * Second); got != 10*Millisecond {
		t.Errorf("1000 ppm over 10 s gain %s", got)
	}
	k.drift = -1000
	if got := k.gained(10 * Second); got != -10*Millisecond {
		t.Errorf("-1000 ppm over 10 s gain %s", got)
	}
	k = clock{drift: 100_000}
	if got := k.until(11*Second, 11*Second/10); got != 12*Second {
		t.Errorf("1.1 s by a clock that is a tenth fast end at %s", got)
	}
}

// TestUntilIsFirst: a timer is due at the first instant at which the clock has gone on by its span.
func TestUntilIsFirst(t *testing.T) {
	for _, drift := range []Time{-MaxDrift, -333, -1, 1, 7, 99_999, MaxDrift} {
		k := clock{drift: drift, since: 17, ahead: 5}
		for at := Time(17); at < 4000; at += 13 {
			for _, span := range []Time{1, 2, 10, 999, 1_000_003} {
				due := k.until(at, span)
				local := func(t Time) Time { return t + k.gained(t) }
				if local(due)-local(at) < span || due > at+1 && local(due-1)-local(at) >= span {
					t.Fatalf("drift %d at %d: a span of %d ends at %d", drift, at, span, due)
				}
			}
		}
	}
}

// sitter is a replica that notes when its timer fires.
type sitter struct {
	echo
	fired *[]Time
}

func (s sitter) Start()       { s.echo.env.SetTimer(0, Second) }
func (s sitter) Fire(TimerID) { *s.fired = append(*s.fired, s.echo.env.Now()); s.Start() }

// TestDriftMovesTimers: timers go by their node's clock, which is continuous when its drift changes, and a crash stops
// them.
func TestDriftMovesTimers(t *testing.T) {
	var fired []Time
	v := Vocabulary{Protocols: []Protocol{{Name: "sitter", New: func(env Env, _ Config) Replica { return sitter{echo{env}, &fired} }}}}
	s, err := Parse("regions us-east-1\nlane e sitter\nat 0.5s drift us-east-1/1 100000ppm\nat 1.5s drift us-east-1/1 -100000ppm\n"+
		"at 2s drift us-east-1/1 0ppm\nat 4s crash us-east-1/1\nat 6s restart us-east-1/1\n", v)
	if err != nil {
		t.Fatal(err)
	}
	lab, err := NewLab(s, v)
	if err != nil {
		t.Fatal(err)
	}
	n, last := lab.lanes[0].nodes[0], Time(-1)
	for at := Time(0); at <= 8*Second; at += 250_001 {
		lab.AdvanceTo(at)
		if now := n.Now(); now <= last {
			t.Errorf("at %s the clock went from %s to %s", at, last, now)
		} else {
			last = now
		}
	}
	if n.Now() != lab.Now()+50*Millisecond {
		t.Errorf("at %s the clock says %s", lab.Now(), n.Now())
	}
	want := []Time{Second, 2 * Second, 3 * Second, 4 * Second, 6*Second + 1050*Millisecond}
	if len(fired) != len(want) {
		t.Fatalf("fired at %v, want %v", fired, want)
	}
	for i := range want {
		if d := fired[i] - want[i]; d < 0 || d > 2 {
			t.Errorf("fired at %v, want %v", fired, want)
		}
	}
}
