package main

import (
	"context"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"netsplit/server"
	"netsplit/sim"
)

// agree looks whether all servers have come to the same, once the room stands still: text, moment and state.
func (s *siege) agree() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	var peers []*peer
	for i := range s.servers {
		p, _, err := s.enter(ctx, i, server.ClientMessage{Room: s.room, Key: s.key})
		if err != nil {
			s.t.Fatal(err)
		}
		defer p.conn.CloseNow()
		peers = append(peers, p)
	}
	if err := peers[0].say(ctx, server.ClientMessage{Type: "pause"}); err != nil {
		s.t.Fatal(err)
	}
	var first inbound
	for i, p := range peers {
		if _, err := p.awaitPause(ctx); err != nil {
			s.t.Fatal(err)
		}
		if err := p.say(ctx, server.ClientMessage{Type: "text"}); err != nil {
			s.t.Fatal(err)
		}
		saved, err := p.await(ctx, "script", func(inbound) bool { return true })
		if err != nil {
			s.t.Fatal(err)
		}
		if i == 0 {
			first = saved
		} else if saved.Text != first.Text || saved.Trace != first.Trace || saved.At != first.At {
			s.t.Errorf("server %d is at %s with state %s, the first at %s with %s; their texts are the same: %v", i, saved.At, saved.Trace, first.At, first.Trace, saved.Text == first.Text)
		}
	}
}

// awaitPause waits until the room stands still, and is where it is to be.
func (p *peer) awaitPause(ctx context.Context) (inbound, error) {
	for {
		in, err := p.hear(ctx)
		if err != nil || (in.Type == "state" || in.Type == "delta") && !in.Clock.Playing && in.Clock.Coming == sim.Time(0) {
			return in, err
		}
	}
}

// TestKilledServersOnNATS: either of two servers that share NATS is killed with -9 under four writers, who go on at the other one.
// Nothing that was acknowledged is lost, or there twice, and both come to the same state. NETSPLIT_SOAK has it done 100 times, or KILLS.
func TestKilledServersOnNATS(t *testing.T) {
	kills := 2
	if os.Getenv("NETSPLIT_SOAK") != "" {
		kills = 100
		if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
			kills = n
		}
	}
	n, err := natsserver.NewServer(&natsserver.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), SyncAlways: true, NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	n.Start()
	defer n.WaitForShutdown()
	defer n.Shutdown()
	if !n.ReadyForConnections(time.Minute) {
		t.Fatal("NATS does not start")
	}
	s := newSiege(t, 2, "--log", n.ClientURL(), "--log-level", "error")
	for i := range s.servers {
		s.rise(i)
		defer func() { s.fall(i) }()
	}
	s.run(kills, 20, s.agree)
	slices.Sort(s.away)
	if len(s.away) == 0 {
		t.Fatal("no writer has lost its connection")
	}
	t.Logf("%d kills: %d commands acknowledged, %d under way when a server fell, %d sent again; 0 lost, 0 doubled; states equal; writers were away %d times, for %s at the median and %s at most",
		kills, s.total, s.doubt, s.resent, len(s.away), s.away[len(s.away)/2].Round(time.Millisecond), s.away[len(s.away)-1].Round(time.Millisecond))
}
