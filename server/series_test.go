package server

import (
	"encoding/json"
	"testing"

	"netsplit/sim"
)

// series asks for points and returns what a viewer is answered.
func (s *stage) series(v *viewer, msg ClientMessage) Series {
	s.t.Helper()
	msg.Type = "series"
	s.say(v, msg)
	var got Series
	if err := json.Unmarshal(<-v.outbox, &got); err != nil || got.Type != "series" || got.Of != msg.Seq {
		s.t.Fatalf("%+v: %v", got, err)
	}
	return got
}

// TestSeries: a viewer gets all points, then the new ones, and all when they have become coarser; whoever looks at the
// past gets those of the live edge too, and nobody else gets any.
func TestSeries(t *testing.T) {
	s := newStage(t, busy)
	v, other := s.join(), s.join()
	s.feed.run.AdvanceTo(4 * sim.Second)
	all := s.series(v, ClientMessage{Seq: 3})
	if all.Every != 250*sim.Millisecond || all.From != 0 || len(all.Lanes) != 3 || len(all.Lanes[0].OK) != 17 || all.Run != 1 {
		t.Errorf("at first %+v", all)
	}
	sum := 0
	for _, n := range all.Lanes[2].OK {
		sum += n
	}
	if want := s.feed.lanes[2].referee.Scores().OK; sum != want || want == 0 {
		t.Errorf("%d answered by the points, %d by the scores", sum, want)
	}
	s.feed.run.AdvanceTo(5 * sim.Second)
	if more := s.series(v, ClientMessage{At: 4 * sim.Second, Every: all.Every}); more.From != 16 || len(more.Lanes[1].P99) != 5 {
		t.Errorf("then %+v", more)
	}
	s.say(v, ClientMessage{Type: "seek", At: sim.Second})
	if past := s.series(v, ClientMessage{At: 3 * sim.Second, Every: all.Every}); past.From != 12 || len(past.Lanes[0].Age) != 9 {
		t.Errorf("from the past %+v", past)
	}
	s.feed.run.AdvanceTo(200 * sim.Second)
	if coarse := s.series(v, ClientMessage{At: 5 * sim.Second, Every: all.Every}); coarse.From != 0 || coarse.Every != 500*sim.Millisecond || len(coarse.Lanes[0].OK) != 401 {
		t.Errorf("coarser: from %d, %d points of %s", coarse.From, len(coarse.Lanes[0].OK), coarse.Every)
	}
	if got := s.read(other); len(got) != 0 {
		t.Errorf("another is told %+v", got)
	}
	s.say(v, ClientMessage{Type: "series", At: -1})
	if got := s.read(v); len(got) != 1 || got[0].Type != "reject" {
		t.Errorf("before the start: %+v", got)
	}
}
