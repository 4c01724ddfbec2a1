package raft

import (
	"cmp"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"netsplit/sim"
)

// stage is the world of one replica, node 0 of three, that a test plays by hand.
type stage struct {
	now    sim.Time
	timers map[sim.TimerID]sim.Time
	sent   []*pb.Message
	disk   sim.Disk
}

func (s *stage) Self() sim.Addr                         { return 0 }
func (s *stage) Nodes() int                             { return 3 }
func (s *stage) Now() sim.Time                          { return s.now }
func (s *stage) Elapsed() sim.Time                      { return s.now }
func (s *stage) Rand() *rand.Rand                       { return rand.New(rand.NewPCG(1, 1)) }
func (s *stage) Opening(string) int64                   { return 0 }
func (s *stage) Patience() sim.Time                     { return sim.ClientTimeout }
func (s *stage) SetTimer(t sim.TimerID, after sim.Time) { s.timers[t] = s.now + after }
func (s *stage) StopTimer(t sim.TimerID)                { delete(s.timers, t) }
func (s *stage) Reply(sim.OpID, sim.Result)             {}
func (s *stage) Holds(string, ...sim.OpID)              {}
func (s *stage) Follows(sim.OpID, sim.OpID)             {}
func (s *stage) Disk() sim.Disk                         { return s.disk }
func (s *stage) Persist(rec any)                        { s.disk.Write(rec) }
func (s *stage) Sync(done func())                       { done() }
func (s *stage) Note(sim.NoteKind, sim.Addr, int64)     {}
func (s *stage) Send(_ sim.Addr, _ sim.MessageKind, p sim.Payload) {
	s.sent = append(s.sent, p.(payload).msg)
}

// settled returns a configuration of three nodes of which the second stands for election first: the defaults, but for
// some knobs.
func settled(given map[string]string) sim.Config {
	cfg := sim.Config{Nodes: 3, Regions: map[string]sim.Addr{"leader": 1}, Numbers: map[string]int64{}, Words: map[string]string{},
		Names: []string{"a/1", "b/1", "c/1"}}
	for _, k := range knobs() {
		value := cmp.Or(given[k.Name], k.Default)
		switch k.Kind {
		case sim.KnobWord:
			cfg.Words[k.Name] = value
		case sim.KnobNumber:
			cfg.Numbers[k.Name], _ = strconv.ParseInt(value, 10, 64)
		case sim.KnobTime:
			t, _ := sim.ParseTime(value)
			cfg.Numbers[k.Name] = int64(t)
		}
	}
	return cfg
}

// newFollower returns a replica that follows node 1 in term 1 and has one entry in its log.
func newFollower() (*replica, *stage) {
	s := &stage{timers: map[sim.TimerID]sim.Time{}, disk: newDisk()}
	r := newReplica(s, settled(nil))
	r.Start()
	receive(r, &pb.Message{Type: pb.MsgApp.Enum(), From: new(uint64(2)), To: new(uint64(1)), Term: new(uint64(1)),
		Index: new(uint64(0)), LogTerm: new(uint64(0)), Entries: []*pb.Entry{{Index: new(uint64(1)), Term: new(uint64(1))}}})
	s.sent = nil
	return r, s
}

func receive(r *replica, m *pb.Message) { r.Receive(&sim.Message{Payload: payload{m}}) }

func voteFor(from, term, index uint64) *pb.Message {
	return &pb.Message{Type: pb.MsgVote.Enum(), From: new(from), To: new(uint64(1)), Term: new(term),
		Index: new(index), LogTerm: new(min(index, 1))}
}

func TestDeadlinesStartAnew(t *testing.T) {
	r, s := newFollower()
	at := func(what string, campaign, forget bool) {
		t.Helper()
		if got := s.timers[timerCampaign] == s.now+r.patience; got != campaign {
			t.Errorf("%s: the deadline starts anew: %t", what, got)
		}
		if got := s.timers[timerForget] == s.now+ElectionTimeout; got != forget {
			t.Errorf("%s: the leader was heard: %t", what, got)
		}
		s.now += 10 * sim.Millisecond
	}
	at("an append", true, true)
	receive(r, &pb.Message{Type: pb.MsgHeartbeat.Enum(), From: new(uint64(2)), To: new(uint64(1)), Term: new(uint64(1))})
	at("a heartbeat", true, true)
	receive(r, &pb.Message{Type: pb.MsgHeartbeat.Enum(), From: new(uint64(3)), To: new(uint64(1)), Term: new(uint64(0))})
	at("a message of no term", false, false)
	receive(r, voteFor(3, 2, 1))
	at("a vote refused while the leader is there", false, false)
	r.Fire(timerForget)
	at("the leader forgotten", false, false)
	receive(r, voteFor(3, 2, 0))
	at("a vote refused to a shorter log, in a new term", true, false)
	receive(r, voteFor(2, 2, 1))
	at("a vote granted in the same term", true, false)
	receive(r, voteFor(3, 2, 1))
	at("a second vote refused", false, false)
}

func TestForwardingLeavesTheMessageAsItIs(t *testing.T) {
	r, s := newFollower()
	for _, kind := range []pb.MessageType{pb.MsgProp, pb.MsgReadIndex} {
		m := &pb.Message{Type: kind.Enum(), From: new(uint64(3)), To: new(uint64(1)),
			Entries: []*pb.Entry{{Data: []byte("abcd")}}}
		before := proto.Clone(m)
		receive(r, m)
		last := s.sent[len(s.sent)-1]
		if last.GetType() != kind || last.GetTo() != 2 || last.GetFrom() != 3 {
			t.Errorf("%s is forwarded as %v", kind, last)
		}
		if !proto.Equal(m, before) {
			t.Errorf("%s is sent on, and has become %v", kind, m)
		}
	}
}

func TestBrokenInvariantNamesNodeAndTime(t *testing.T) {
	r, s := newFollower()
	s.now = 1500 * sim.Millisecond
	defer func() {
		if said, _ := recover().(string); !strings.HasPrefix(said, "raft: node 0 at 1.5s: tocommit(7) is out of range") {
			t.Errorf("it panics with %q", said)
		}
	}()
	receive(r, &pb.Message{Type: pb.MsgHeartbeat.Enum(), From: new(uint64(2)), To: new(uint64(1)), Term: new(uint64(1)),
		Commit: new(uint64(7))})
	t.Error("it does not panic")
}

func TestVoteSurvivesRestart(t *testing.T) {
	r, s := newFollower()
	r.Fire(timerForget)
	receive(r, voteFor(2, 5, 1))
	if last := s.sent[len(s.sent)-1]; last.GetType() != pb.MsgVoteResp || last.GetReject() {
		t.Fatalf("a first vote: %v", last)
	}
	s.now += sim.Second
	r = newReplica(s, settled(nil))
	if v := r.Describe(sim.Account); v.Term != 5 || r.tail.last != 1 {
		t.Errorf("a replica made from the disk: %+v, log of %d", v, r.tail.last)
	}
	r.Start()
	receive(r, voteFor(3, 5, 1))
	if last := s.sent[len(s.sent)-1]; last.GetType() != pb.MsgVoteResp || !last.GetReject() {
		t.Errorf("a second vote in the same term, after a restart: %v", last)
	}
}
