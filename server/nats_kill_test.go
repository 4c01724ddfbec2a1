package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// natsSiege kills servers of NATS under four writers at two servers of Netsplit, and looks whether what was acknowledged stands once.
type natsSiege struct {
	t       *testing.T
	cluster *natsCluster
	logs    [2]*NATSLog
	room    string

	mu      sync.Mutex
	acked   map[string]Entry
	latest  time.Time // of an acknowledgement
	again   int       // attempts that were not acknowledged
	acks    chan struct{}
	seen    [2][]Entry // by those who follow at each server
	writers sync.WaitGroup
}

// write appends one entry after the other, each until it is acknowledged, as rooms do.
func (s *natsSiege) write(ctx context.Context, w int) {
	l, last := s.logs[w%2], uint64(0)
	for i := 0; ctx.Err() == nil; i++ {
		id := fmt.Sprintf("w%d-%d", w, i)
		for {
			attempt, cancel := context.WithTimeout(context.WithoutCancel(ctx), AppendTimeout)
			e, err := l.Append(attempt, s.room, last, id, "at 1s heal")
			cancel()
			if err == nil {
				last = max(last, e.Seq)
				s.note(e)
				break
			}
			if errors.Is(err, ErrMoved) {
				last = s.reach(l, last)
				continue
			}
			s.mu.Lock()
			s.again++
			s.mu.Unlock()
		}
	}
}

func (s *natsSiege) note(e Entry) {
	s.mu.Lock()
	if known, twice := s.acked[e.ID]; twice {
		s.t.Errorf("%s was acknowledged as %+v and as %+v", e.ID, known, e)
	}
	s.acked[e.ID], s.latest = e, time.Now()
	s.mu.Unlock()
	select {
	case s.acks <- struct{}{}:
	default:
	}
}

// reach returns the number of the last entry, which is beyond one.
func (s *natsSiege) reach(l *NATSLog, last uint64) uint64 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for e, err := range l.Follow(ctx, s.room, last+1) {
		if _, mark := e.Mark(); mark || err != nil {
			break
		}
		last = e.Seq
	}
	return last
}

// follow notes what one who follows all the time hears.
func (s *natsSiege) follow(ctx context.Context, i int) {
	for e, err := range s.logs[i].Follow(ctx, s.room, 1) {
		if _, mark := e.Mark(); mark {
			continue
		}
		if err != nil {
			s.t.Error(err)
			return
		}
		s.mu.Lock()
		s.seen[i] = append(s.seen[i], e)
		s.mu.Unlock()
	}
}

// await waits until so many entries more are acknowledged.
func (s *natsSiege) await(n int) {
	s.t.Helper()
	for range n {
		select {
		case <-s.acks:
		case <-time.After(2 * time.Minute):
			s.t.Fatal("nothing is written any more")
		}
	}
}

// check compares what was acknowledged with what the log has, and with what was heard.
func (s *natsSiege) check() {
	s.t.Helper()
	fresh := openNATS(s.t, NATSConfig{URL: s.cluster.url(), Replicas: 3})
	all, _, damage := readAll(s.t, fresh, s.room, 1)
	if damage != nil {
		s.t.Error(damage)
	}
	lost, doubled, there := 0, 0, map[string]bool{}
	for _, e := range all {
		if there[e.ID] {
			doubled++
		}
		there[e.ID] = true
	}
	for id, e := range s.acked {
		if !there[id] || all[e.Seq-1] != e {
			lost++
		}
	}
	if lost+doubled > 0 {
		s.t.Errorf("%d lost, %d doubled", lost, doubled)
	}
	for i := range s.seen {
		eventually(s.t, "who follows has heard of all", func() bool {
			s.mu.Lock()
			defer s.mu.Unlock()
			return len(s.seen[i]) >= len(all)
		})
		if !slices.Equal(s.seen[i], all) {
			s.t.Errorf("who follows at %d has heard something else", i)
		}
	}
}

// TestNATSLeaderKilled: the server of NATS that leads the stream is killed with -9, and started again, under four writers.
func TestNATSLeaderKilled(t *testing.T) {
	kills := 1
	if os.Getenv("NETSPLIT_SOAK") != "" {
		kills = 20
	}
	s := &natsSiege{t: t, cluster: newNATSCluster(t), room: randomID(), acked: map[string]Entry{}, acks: make(chan struct{}, 1000)}
	for i := range s.logs {
		s.logs[i] = openNATS(t, NATSConfig{URL: s.cluster.url(), Replicas: 3})
	}
	mustAppend(t, s.logs[0], s.room, 0, "begin", "# begin {}")
	ctx, cancel := context.WithCancel(context.Background())
	var followers sync.WaitGroup
	for i := range s.logs {
		defer s.logs[i].Hold(s.room)()
		followers.Go(func() { s.follow(ctx, i) })
	}
	writing, stop := context.WithCancel(ctx)
	for w := range 4 {
		s.writers.Go(func() { s.write(writing, w) })
	}
	s.loseFollower()
	var away []time.Duration
	for k := range kills {
		s.await(20)
		leader := s.cluster.leader(t, s.logs[0])
		leader.kill()
		killed := time.Now()
		for len(s.acks) > 0 {
			<-s.acks
		}
		s.await(4) // at least one of them was begun after the kill
		s.mu.Lock()
		away = append(away, s.latest.Sub(killed))
		total := len(s.acked)
		s.mu.Unlock()
		leader.spawn(t)
		if k < kills-1 {
			eventually(t, "the killed server has caught up", func() bool { return s.whole() })
		}
		t.Logf("kill %d: of %s; writes are back after %s; %d acknowledged", k+1, leader.options.ServerName, away[k].Round(10*time.Millisecond), total)
	}
	if kills > 1 {
		s.loseAll()
	}
	stop()
	s.writers.Wait()
	s.check()
	cancel()
	followers.Wait()
	t.Logf("%d kills: %d entries acknowledged, %d attempts were not; 0 lost, 0 doubled; writes were back after %s at most",
		kills, len(s.acked), s.again, slices.Max(away).Round(10*time.Millisecond))
}

// loseFollower kills a server that does not lead the stream, and starts it again.
func (s *natsSiege) loseFollower() {
	s.t.Helper()
	s.await(20)
	leader := s.cluster.leader(s.t, s.logs[0])
	follower := s.cluster[0]
	if follower == leader {
		follower = s.cluster[1]
	}
	follower.kill()
	for len(s.acks) > 0 {
		<-s.acks
	}
	s.await(20)
	follower.spawn(s.t)
	eventually(s.t, "the killed server has caught up", func() bool { return s.whole() })
}

// loseAll kills all servers at once, and starts them again.
func (s *natsSiege) loseAll() {
	s.t.Helper()
	for _, n := range s.cluster {
		n.process.Process.Kill() //nolint:errcheck // kill waits
	}
	for _, n := range s.cluster {
		n.kill()
	}
	for len(s.acks) > 0 {
		<-s.acks
	}
	for _, n := range s.cluster {
		n.spawn(s.t)
	}
	s.await(20)
}

// whole reports whether all three servers have the stream.
func (s *natsSiege) whole() bool {
	info, err := s.logs[0].streamOf(s.t.Context(), natsRooms)
	if err != nil || info == nil || info.Cluster == nil || info.Cluster.Leader == "" || len(info.Cluster.Replicas) != 2 {
		return false
	}
	return !slices.ContainsFunc(info.Cluster.Replicas, func(p *jetstream.PeerInfo) bool { return !p.Current || p.Offline })
}
