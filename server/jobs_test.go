package server

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/study"
)

// staged is a room that may have jobs, of which so many run at once.
func staged(t *testing.T, text string, most int) *stage {
	t.Helper()
	s := newStage(t, text)
	s.jobs = newJobs(t.Context())
	s.jobs.most, s.jobs.workers = most, 1
	return s
}

// told is what a viewer is told of a job.
type told struct {
	JobResult
	Reason              string
	Before, Done, Total int
}

// hear carries out what comes into the room's inbox until a viewer has a result, or is refused.
func (s *stage) hear(v *viewer) (last told, before []told) {
	s.t.Helper()
	for {
		for len(v.outbox) > 0 {
			var got told
			if err := json.Unmarshal(<-v.outbox, &got); err != nil {
				s.t.Fatal(err)
			}
			if got.Type == "result" || got.Type == "reject" {
				return got, before
			}
			before = append(before, got)
		}
		s.handle(*<-s.inbox)
	}
}

const shortly = "seed 7\nregions us-east-1 eu-west-1 ap-south-1\nlane quorum quorum\nlane eventual gossip\n" +
	"workload bank rate=1/s poisson\nat 1s partition eu-west-1\nat 2s heal\nend 4s\n"

// endless is a run that takes longer than anybody waits for.
const endless = "seed 7\nregions us-east-1 eu-west-1 ap-south-1\nlane strong raft\nworkload bank rate=100/s poisson\nend 3600s\n"

// TestJobs: each kind of job answers its viewer alone, with what a sweep, a turning and a find come to.
func TestJobs(t *testing.T) {
	s := staged(t, shortly, 2)
	v, other := s.join(), s.join()
	s.feed.run.AdvanceTo(5 * sim.Second)
	s.say(v, ClientMessage{Type: "luck", Seq: 4, Seeds: 12})
	luck, before := s.hear(v)
	if luck.Luck == nil || luck.Of != 4 || luck.Job != "luck" || luck.Run != 1 || luck.Cut != "" || luck.End != 5*sim.Second || len(before) == 0 || before[0].Before != 0 {
		t.Fatalf("%+v, %+v", luck, before)
	}
	if l := luck.Luck; l.Done != 12 || l.Seeds != 12 || l.Seed != 8 || len(l.Lanes) != 2 || len(l.Lanes[1].Broken) != len(study.Promises()) || l.Lanes[1].Broken[0].Count < 6 {
		t.Errorf("%+v", l)
	}
	s.say(v, ClientMessage{Type: "turning", Seq: 5, Lane: "eventual", What: "linearizable"})
	if turning, _ := s.hear(v); turning.Turning == nil || turning.Turning.Likely == nil || len(turning.Turning.Curve) < 5 || turning.Of != 5 {
		t.Errorf("%+v", turning)
	}
	s.say(v, ClientMessage{Type: "find", Seq: 6, Lane: "eventual", What: "lost-write", Seeds: 50})
	found, _ := s.hear(v)
	if f := found.Found; f == nil || !f.Found || !f.Minimal || mustParse(t, f.Text).String() != f.Text {
		t.Errorf("%+v", found)
	}
	if got := s.read(other); len(got) != 0 {
		t.Errorf("another is told %+v", got)
	}
	s.say(v, ClientMessage{Type: "matrix", Seq: 9, What: "stale>10ms,latency", Seeds: 2})
	if got, _ := s.hear(v); got.Matrix == nil || got.Matrix.Done != got.Matrix.Runs || len(got.Matrix.Rows) < 3 || mustParse(t, got.Matrix.Rows[1].Cells[0].Text).Seed != got.Matrix.Rows[1].Cells[0].Seed {
		t.Errorf("%+v", got)
	}
	s.say(v, ClientMessage{Type: "luck", Seq: 7, Seeds: 2, At: 2 * sim.Second})
	if again, _ := s.hear(v); again.End != 2*sim.Second || again.Luck.Done != 2 {
		t.Errorf("%+v", again)
	}
}

// TestJobsRefused: what is too much, or makes no sense, is refused with its reason.
func TestJobsRefused(t *testing.T) {
	s := staged(t, shortly, 1)
	v := s.join()
	for _, c := range []struct {
		msg  ClientMessage
		want string
	}{
		{ClientMessage{Type: "luck", Seeds: MaxSeeds + 1}, "luck: expected 1 to 1000 seeds, got 1001"},
		{ClientMessage{Type: "luck", Seeds: -1}, "luck: expected 1 to 1000 seeds, got -1"},
		{ClientMessage{Type: "luck", At: sim.MaxTime + 1}, "is not between 0s and 3600s"},
		{ClientMessage{Type: "turning", Lane: "eventaul", What: "lost-write"}, `turning: unknown lane "eventaul"; expected one of quorum, eventual; did you mean eventual?`},
		{ClientMessage{Type: "find", Lane: "eventual", What: "lost-writes"}, `find: unknown promise "lost-writes"; expected one of`},
		{ClientMessage{Type: "find", What: "lost-write"}, "find: lost-write in which lane?"},
		{ClientMessage{Type: "cancel"}, "cancel: nothing is under way for you"},
	} {
		s.say(v, c.msg)
		if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, c.want) {
			t.Errorf("%+v: %+v, want %q", c.msg, got, c.want)
		}
	}
	s.jobs = nil
	s.say(v, ClientMessage{Type: "luck"})
	if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, "this server counts nothing") {
		t.Errorf("%+v", got)
	}
}

// TestJobsQueue: one job a viewer, a few at once, the others in a queue that is told and ends, and of which no address has more than its
// share; a cancelled job answers with what it has, and one that had not begun with nothing.
func TestJobsQueue(t *testing.T) {
	s := staged(t, endless, 1)
	var viewers []*viewer
	for i := range MaxJobsWaiting + 2 {
		v := s.join()
		viewers = append(viewers, v)
		if i == MaxJobsPerAddress+1 { // one is under way
			s.say(v, ClientMessage{Type: "luck", Seq: 3})
			if got := s.read(v); len(got) != 1 || !strings.Contains(got[0].Reason, "10 jobs of your address wait") {
				t.Errorf("one address has all: %+v", got)
			}
		}
		s.address = netip.PrefixFrom(netip.IPv4Unspecified(), (i-1)/MaxJobsPerAddress)
		s.say(v, ClientMessage{Type: "luck", Seq: 3})
		var first told
		if err := json.Unmarshal(<-v.outbox, &first); err != nil {
			t.Fatal(err)
		}
		if i <= MaxJobsWaiting && (first.Type != "progress" || first.Before != i) || i > MaxJobsWaiting && !strings.Contains(first.Reason, "20 jobs wait at this server") {
			t.Errorf("viewer %d: %+v", i, first)
		}
	}
	s.say(viewers[0], ClientMessage{Type: "luck", Seq: 4})
	if got := s.read(viewers[0]); len(got) != 1 || !strings.Contains(got[0].Reason, "your luck is still under way; cancel it first") {
		t.Errorf("%+v", got)
	}
	s.say(viewers[2], ClientMessage{Type: "cancel"})
	if got, _ := s.hear(viewers[2]); got.Cut != "it was cancelled" || got.Luck != nil {
		t.Errorf("while it waits: %+v", got)
	}
	s.handle(request{viewer: viewers[3], kind: requestLeave})
	s.say(viewers[0], ClientMessage{Type: "cancel"})
	if got, _ := s.hear(viewers[0]); got.Cut != "it was cancelled" || got.Luck == nil || got.Luck.Done >= got.Luck.Seeds || got.Luck.Lanes[0].Broken[0].Of != got.Luck.Done {
		t.Errorf("under way: %+v", got)
	}
	if viewers[0].job != nil || viewers[2].job != nil {
		t.Error("they have jobs still")
	}
	for s.jobsWaiting() > MaxJobsWaiting-3 { // the next begins once the one before has answered
		s.handle(*<-s.inbox)
	}
	for _, v := range viewers {
		s.handle(request{viewer: v, kind: requestLeave})
	}
	done := make(chan struct{})
	go func() {
		s.jobs.running.Wait()
		close(done)
	}()
	for {
		select {
		case req := <-s.inbox:
			s.handle(*req)
		case <-done:
			if n := s.jobsWaiting(); n != 0 {
				t.Errorf("%d wait for ever", n)
			}
			return
		}
	}
}

func (s *stage) jobsWaiting() int {
	s.jobs.mu.Lock()
	defer s.jobs.mu.Unlock()
	return len(s.jobs.waiting)
}

// TestJobOwed: a viewer who is behind when the result comes gets it all the same, after a fresh state.
func TestJobOwed(t *testing.T) {
	s := staged(t, shortly, 1)
	v := s.join()
	s.say(v, ClientMessage{Type: "luck", Seq: 3, Seeds: 3})
	for i := 0; !v.behind; i++ {
		v.reject(0, fmt.Sprint("noise ", i))
	}
	for v.job != nil {
		s.handle(*<-s.inbox)
	}
	s.read(v)
	s.turnOnce()
	got := s.read(v)
	if len(got) < 2 || got[0].Type != "state" || got[1].Type != "result" {
		t.Errorf("%+v", got)
	}
}

// TestJobsOverASocket: a real server has jobs, and ends with one under way.
func TestJobsOverASocket(t *testing.T) {
	_, url := start(t)
	b := dial(t, url)
	b.enter(ClientMessage{})
	seq := b.say(ClientMessage{Type: "luck", Seeds: 3})
	b.until("a result", func(in incoming) bool { return in.Type == "result" && in.Of == seq })
	b.say(ClientMessage{Type: "luck", Seeds: 1000, At: sim.Hour})
	b.until("a progress", func(in incoming) bool { return in.Type == "progress" })
}

// TestJobsStayWhereTheyWereAskedFor: who comes back to another server has no job there, is told so, and may begin anew; what was under way has ended.
func TestJobsStayWhereTheyWereAskedFor(t *testing.T) {
	x := newTrio(t)
	a := x.open(busy)
	a.say(ClientMessage{Type: "luck", Seeds: MaxSeeds})
	a.await("progress", func(in incoming) bool { return in.Type == "progress" })
	a.conn.CloseNow()
	b := x.at(1)
	seq := b.say(ClientMessage{Type: "cancel"})
	in := b.await("reject", func(in incoming) bool { return in.Of == seq })
	if in.Type != "reject" || !strings.Contains(in.Reason, "ended with that connection") {
		t.Errorf("told %q", in.Reason)
	}
	eventually(t, "the first server counts no more", func() bool {
		js := x.servers[0].rooms.jobs
		js.mu.Lock()
		defer js.mu.Unlock()
		return js.active == 0 && len(js.waiting) == 0
	})
	seq = b.say(ClientMessage{Type: "luck", Seeds: 2})
	if in := b.await("the result", func(in incoming) bool { return in.Type == "result" || in.Type == "reject" }); in.Type != "result" || in.Of != seq {
		t.Errorf("%+v", in)
	}
}
