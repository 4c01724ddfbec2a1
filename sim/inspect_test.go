package sim

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestStreamFacts holds what an end is said to know, at every moment, to what it knows once it has taken in the
// acknowledgements that have come.
func TestStreamFacts(t *testing.T) {
	overdue, settled, dialing := 0, 0, 0
	for seed := range uint64(20) {
		luck := rand.New(rand.NewPCG(seed, 31))
		text := fmt.Sprintf("seed %d\nat 1s drop 20%% everywhere\nat 4s partition eu-west-1\nat 6s heal\nat 7s hold us-east-1 > eu-west-1\nat 8s release us-east-1 > eu-west-1\n"+
			"at 9s crash eu-west-1/1\nat 10s restart eu-west-1/1\n", seed)
		p := newPipe(t, 3*Second, text)
		for at := Time(0); at < 15*Second; at += Time(luck.Int64N(int64(30 * Millisecond))) {
			p.lab.AdvanceTo(at)
			if p.c.now < 14*Second && luck.IntN(3) == 0 {
				from := Addr(luck.IntN(2))
				if !p.c.Down(from) {
					p.say(from, 1-from)
				}
			}
			for _, e := range p.c.ends {
				before := len(e.backlog())
				f := e.facts()
				e.settle(p.c.now)
				if f.Unacked != len(e.backlog()) || f.Retrying != e.retry.on || f.Heard != e.heard {
					t.Fatalf("seed %d at %s: said %+v; %d not acknowledged, retrying %t, heard %s", seed, at, f, len(e.backlog()), e.retry.on, e.heard)
				}
				if len(e.backlog()) > 0 && e.conn != 0 && (f.Next == nil || *f.Next != e.expiry() || *f.GivesUp != e.resignation()) {
					t.Fatalf("seed %d at %s: sends again at %s, gives up at %s; said %+v", seed, at, e.expiry(), e.resignation(), f)
				}
				if len(e.backlog()) < before {
					settled++
				}
				if f.Retrying {
					overdue++
				}
				if e.conn == 0 && f.Next != nil {
					dialing++
				}
			}
		}
	}
	if overdue < 100 || settled < 100 || dialing < 10 {
		t.Errorf("%d overdue, %d settled, %d dialing: too calm to test anything", overdue, settled, dialing)
	}
}

// TestMessageStates follows one message to each place where it can be.
func TestMessageStates(t *testing.T) {
	p := newPipe(t, 0, "at 1s hold us-east-1 > eu-west-1\nat 2s release us-east-1 > eu-west-1\nat 3s slow eu-west-1/1 1s\nat 5s cut us-east-1 eu-west-1\n")
	r := NewRecorder(p.c)
	is := func(id uint64, want MessageState, at Time) {
		t.Helper()
		if f, err := r.InspectMessage(id, true); err != nil || f.State != want || f.At != at || f.Raw != fmt.Sprintf("payload: %d\n", p.sent-1) {
			t.Errorf("at %s: %+v, %v; want it %s at %d", p.c.now, f, err, want, at)
		}
	}
	say := func(at Time) uint64 {
		p.lab.AdvanceTo(at)
		p.say(0, 1)
		return p.c.messages
	}
	id := say(100 * Millisecond)
	is(id, MessageFlying, -1)
	p.lab.AdvanceTo(200 * Millisecond)
	is(id, MessageArrived, 120*Millisecond)
	id = say(1100 * Millisecond)
	p.lab.AdvanceTo(1110 * Millisecond)
	is(id, MessageFlying, -1)
	p.lab.AdvanceTo(1200 * Millisecond)
	is(id, MessageHeld, -1)
	p.lab.AdvanceTo(2100 * Millisecond)
	is(id, MessageArrived, 2*Second+0)
	id = say(3100 * Millisecond)
	p.lab.AdvanceTo(3200 * Millisecond)
	is(id, MessageReceived, -1)
	id = say(5100 * Millisecond)
	is(id, MessageWaiting, 5100*Millisecond)
	for range MaxFinished + 5 {
		p.say(1, 0)
	}
	if _, err := r.InspectMessage(1, false); err == nil || !strings.Contains(err.Error(), "nothing is kept") {
		t.Errorf("of message 1: %v", err)
	}
	if n := len(r.finished.list); n != MaxFinished {
		t.Errorf("%d finished messages are kept", n)
	}
}

// TestRawIsBounded: what leads to itself, and what has no end, is printed as far as it goes.
func TestRawIsBounded(t *testing.T) {
	type ring struct {
		Next *ring
		Name string
		M    map[int]any
	}
	r := &ring{Name: "a", M: map[int]any{10: 1, 9: "b"}}
	r.Next = r
	if got, want := raw(nil, thing{"r", r}), "r: ring\n  Next: see above\n  Name: \"a\"\n  M: 2\n    9: \"b\"\n    10: 1\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	var chain any
	for range 100 {
		chain = []any{chain, 1}
	}
	if got := raw(nil, thing{"chain", chain}); !strings.Contains(got, "...") || strings.Count(got, "\n") > 3*MaxRawDepth {
		t.Errorf("%s", got)
	}
	if got := raw(nil, thing{"long", strings.Repeat("x", 2*MaxRaw)}); len(got) != MaxRaw {
		t.Errorf("%d bytes", len(got))
	}
}

// TestNodeViewEqual: two views that differ in one field alone are not equal, but for what is shown apart.
func TestNodeViewEqual(t *testing.T) {
	apart := []string{"Timers", "Log", "Tallies"}
	typ := reflect.TypeFor[NodeView]()
	for _, f := range reflect.VisibleFields(typ) {
		if f.Anonymous {
			continue
		}
		var one NodeView
		v := reflect.ValueOf(&one).Elem().FieldByIndex(f.Index)
		switch v.Kind() {
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
		case reflect.String:
			v.SetString("x")
		case reflect.Bool:
			v.SetBool(true)
		case reflect.Struct:
			v.Set(reflect.ValueOf(opened(LastWriterWins, 3)))
		default:
			v.Set(reflect.ValueOf(7).Convert(v.Type()))
		}
		if got := one.Equal(NodeView{}); got != slices.Contains(apart, f.Name) {
			t.Errorf("views that differ in %s: equal %t", f.Name, got)
		}
		if !one.Equal(one) {
			t.Errorf("a view with %s is not equal to itself", f.Name)
		}
	}
}
