package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestBenchLoad measures the server with many viewers and rooms (make bench-load). Others that work on the same cores
// show in the figures.
func TestBenchLoad(t *testing.T) {
	if os.Getenv("NETSPLIT_BENCH") == "" {
		t.Skip("make bench-load")
	}
	t.Run("viewers", benchViewers)
	t.Run("mute", benchMute)
	t.Run("rooms", benchRooms)
	t.Run("flood", benchFlood)
}

const (
	benchPace = 100 * time.Millisecond // ten frames a second
	benchSpan = 15 * time.Second       // of one measurement
)

// benchViewers holds a frame to a viewer, and a viewer's memory, to a bare loop of writes.
func benchViewers(t *testing.T) {
	const viewers = 500
	p := load(t, benchPace.String(), 0)
	first := p.watch(ClientMessage{})
	room := ClientMessage{Room: first.hello.Room, Key: first.hello.Key}
	time.Sleep(3 * time.Second)
	alone, _ := p.cost()
	size := first.drain()
	before := p.memory()
	for range viewers {
		p.watch(room)
	}
	time.Sleep(2 * time.Second)
	after := p.memory()
	all, frames := p.cost()
	p.end()

	bare := load(t, "bare", size+4)
	for range viewers {
		conn, err := net.Dial("tcp", bare.addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close() })
		go io.Copy(io.Discard, conn) //nolint:errcheck // it ends with the process
	}
	time.Sleep(time.Second)
	floor, _ := bare.cost()
	mine := (all - alone) / time.Duration(max(1, frames))
	least := floor / time.Duration(viewers*benchSpan/benchPace)
	fmt.Printf("a viewer-frame of %d bytes: %s of processor time, a bare loop %s: %.2f times (at most 2)\n", size, mine, least, float64(mine)/float64(least))
	fmt.Printf("memory of a viewer: %.1f kB (at most 50)\n", float64(after-before)/viewers/1000)
}

// benchMute sees whether viewers who never read make others wait.
func benchMute(t *testing.T) {
	p := load(t, benchPace.String(), 0)
	var others []*watcher
	var rooms []ClientMessage
	for range 2 {
		w := p.watch(ClientMessage{})
		rooms = append(rooms, ClientMessage{Room: w.hello.Room, Key: w.hello.Key})
		others = append(others, w)
		for range 4 {
			others = append(others, p.watch(rooms[len(rooms)-1]))
		}
	}
	time.Sleep(3 * time.Second)
	before, memory := lateness(others, benchPace, benchSpan), p.memory()
	for i := range 1000 {
		p.mute(rooms[i%2])
	}
	time.Sleep(2 * time.Second)
	viewers := p.figure("netsplit_viewers")
	after := lateness(others, benchPace, benchSpan)
	grown := p.memory() - memory
	fmt.Printf("beside %.0f viewers who never read: p99 lateness %s, before %s (at most twice); memory grown by %d MB (at most 200); %.0f frames dropped\n",
		viewers-10, percentile(after, 99), percentile(before, 99), grown>>20, p.figure("netsplit_frames_dropped_total"))
}

// benchRooms sees whether 1,000 private rooms keep their turns.
func benchRooms(t *testing.T) {
	p := load(t, "serve", 0)
	var ready sync.WaitGroup
	for range 20 {
		ready.Go(func() {
			for range 50 {
				p.glance(ClientMessage{})
			}
		})
	}
	ready.Wait()
	time.Sleep(3 * time.Second)
	p.reportRooms(1000)
}

// reportRooms measures the turns of so many rooms.
func (p *loaded) reportRooms(rooms int) {
	p.t.Helper()
	before := p.figures()
	cpu, _ := p.cost()
	after := p.figures()
	grown := func(name string) float64 { return after["netsplit_"+name] - before["netsplit_"+name] }
	bucket := func(le string) float64 { return grown(`tick_lag_seconds_bucket{le="` + le + `"}`) }
	n := bucket("+Inf")
	fmt.Printf("%d private rooms: %.1f turns a second each, %.0f of them slowed, %.2f cores, %.0f us of processor time a turn (%.0f us in it); turns late by less than", rooms,
		n/float64(rooms)/benchSpan.Seconds(), grown("turns_slowed_total"), cpu.Seconds()/benchSpan.Seconds(), float64(cpu.Microseconds())/n, grown("turn_seconds_sum")/n*1e6)
	for _, le := range []string{"0.025", "0.05", "0.1", "0.25"} {
		fmt.Printf(" %s s: %.2f %%;", le, 100*bucket(le)/n)
	}
	fmt.Println(" (99 % under 0.1 s)")
}

// benchFlood sees whether rooms keep their pace while strangers from everywhere open more.
func benchFlood(t *testing.T) {
	p := load(t, benchPace.String(), 0)
	var others []*watcher
	for range 10 {
		others = append(others, p.watch(ClientMessage{}))
	}
	time.Sleep(2 * time.Second)
	before := lateness(others, benchPace, benchSpan)
	var tried, opened atomic.Int64
	stop := make(chan struct{})
	var flood sync.WaitGroup
	for i := range 32 {
		flood.Go(func() { p.flood(i, stop, &tried, &opened) })
	}
	after := lateness(others, benchPace, benchSpan)
	close(stop)
	flood.Wait()
	fmt.Printf("flood of %d rooms from as many addresses, %d opened: p90 and p99 lateness of 10 rooms there were %s and %s, before %s and %s\n",
		tried.Load(), opened.Load(), percentile(after, 90), percentile(after, 99), percentile(before, 90), percentile(before, 99))
}

// flood opens one room after another, from another address each, and leaves them open.
func (p *loaded) flood(worker int, stop chan struct{}, tried, opened *atomic.Int64) {
	for i := 0; ; i++ {
		select {
		case <-stop:
			return
		default:
		}
		tried.Add(1)
		conn, err := p.from(fmt.Sprintf("127.%d.%d.%d", worker+1, i/250%250, i%250+1))
		if err != nil {
			continue
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if send(ctx, conn, encode(ClientMessage{Type: "hello", Seq: 1})) == nil {
			if _, data, err := conn.Read(ctx); err == nil && decodeIncoming(p.t, data).Type == "state" {
				opened.Add(1)
			}
		}
		cancel()
		p.t.Cleanup(func() { conn.CloseNow() })
	}
}
