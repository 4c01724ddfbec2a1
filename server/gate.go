package server

import (
	"context"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"
)

// gate counts what is open, by whom, and says what is too much. Nobody's flood closes it to others: all that one address
// can use up is its own share, and what makes work is begun at a pace that leaves time to the rooms there are.
type gate struct {
	most    Config
	opening *rate.Limiter // of new rooms
	making  chan struct{} // one for each that is being made
	lag     atomic.Int64  // by how many nanoseconds rooms take their turns too late, about: the mean of the latest

	mu      sync.Mutex
	rooms   tally
	sockets tally

	young, old map[netip.Prefix]*rate.Limiter // of requests; the old ones go when there are MaxAddresses young ones
}

// tally counts by address, and in all.
type tally struct {
	all int
	by  map[netip.Prefix]int
}

func newTally() tally { return tally{by: map[netip.Prefix]int{}} }

func (t *tally) add(a netip.Prefix) {
	t.all++
	t.by[a]++
}

func (t *tally) remove(a netip.Prefix) {
	t.all--
	if t.by[a]--; t.by[a] == 0 {
		delete(t.by, a)
	}
}

func newGate(c Config) *gate {
	return &gate{most: c, opening: rate.NewLimiter(MaxOpenings, MaxOpeningsBurst), making: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
		rooms: newTally(), sockets: newTally(), young: map[netip.Prefix]*rate.Limiter{}}
}

// request takes a request of an address, or says why not.
func (g *gate) request(a netip.Prefix) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.young[a]
	if l == nil {
		if len(g.young) >= MaxAddresses {
			g.old, g.young = g.young, map[netip.Prefix]*rate.Limiter{}
		}
		if l = g.old[a]; l == nil {
			l = rate.NewLimiter(MaxRequests, MaxRequestsBurst)
		}
		g.young[a] = l
	}
	if !l.Allow() {
		return tooMany("request_rate", time.Second, "over %d requests a second from your address; slow down", MaxRequests)
	}
	return nil
}

// socket takes a socket of an address, which must leave, or says why not.
func (g *gate) socket(a netip.Prefix) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.sockets.by[a] >= g.most.SocketsPerAddress:
		return tooMany("sockets_per_address", 10*time.Second, "your address has its %d connections; close one", g.most.SocketsPerAddress)
	case g.sockets.all >= g.most.Sockets:
		return full("sockets", 10*time.Second, "this server has its %d connections; try again later", g.most.Sockets)
	}
	g.sockets.add(a)
	return nil
}

func (g *gate) leave(a netip.Prefix) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.sockets.remove(a)
}

// room takes a room of an address, which must end, or says why not.
func (g *gate) room(a netip.Prefix) error {
	if g == nil {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := g.roomLeft(a); err != nil {
		return err
	}
	g.rooms.add(a)
	return nil
}

func (g *gate) roomLeft(a netip.Prefix) error {
	switch {
	case g.rooms.by[a] >= g.most.RoomsPerAddress:
		return tooMany("rooms_per_address", time.Minute, "your address has its %d rooms; try again when one has ended", g.most.RoomsPerAddress)
	case g.rooms.all >= g.most.Rooms:
		return full("rooms", time.Minute, "this server has its %d rooms; try again later", g.most.Rooms)
	}
	return nil
}

// viewers returns how many a room may have.
func (rs *rooms) viewers() int {
	if rs == nil || rs.gate == nil {
		return MaxViewers
	}
	return rs.gate.most.Viewers
}

func (g *gate) end(a netip.Prefix) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rooms.remove(a)
}

// turn waits until a room may be made for an address, and returns what to call when that is done; or says why not, at once
// where it would take too long.
func (g *gate) turn(ctx context.Context, a netip.Prefix) (done func(), err error) {
	if g == nil {
		return func() {}, nil
	}
	g.mu.Lock()
	err = g.roomLeft(a)
	g.mu.Unlock()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, OpenWait)
	defer cancel()
	busy := full("room_rate", OpenWait, "too many rooms are being opened; try again in %d s", int(OpenWait.Seconds()))
	if g.opening.Wait(ctx) != nil { // at once, if it would take longer than there is time
		return nil, busy
	}
	select {
	case g.making <- struct{}{}:
	case <-ctx.Done():
		return nil, busy
	}
	if g.late() {
		select {
		case <-time.After(OpenPause):
		case <-ctx.Done():
			<-g.making
			return nil, busy
		}
	}
	return func() { <-g.making }, nil
}

// felt notes by how much a turn of a room came too late. Of two at once one may be forgotten, which a mean can bear.
func (g *gate) felt(late time.Duration) {
	if g != nil {
		mean := g.lag.Load()
		g.lag.Store(mean + (int64(min(max(0, late), time.Second))-mean)/256)
	}
}

// late reports whether the rooms that there are come too late for their turns, so that others are to be made more slowly. It
// forgets a part of what it has felt each time it is asked: there may be no rooms any more.
func (g *gate) late() bool {
	mean := g.lag.Load()
	g.lag.Store(mean - mean/8)
	return mean > int64(MaxOpenLag)
}

// counts returns how many rooms and sockets there are.
func (g *gate) counts() (rooms, sockets int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rooms.all, g.sockets.all
}
