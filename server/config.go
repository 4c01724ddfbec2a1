package server

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"time"
)

// Config is what a server is told when it starts. What is left at 0 has its default from limits.go.
type Config struct {
	Hosts   Hosts
	Origins Origins        // beside the server's own
	Embeds  Framers        // whose pages may show embeds
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	Logger  *slog.Logger

	Log   Log    // that rooms are kept in; in memory if nil
	Shelf string // a directory for texts that were shared; in memory if "", and in the log if others share that

	Rooms             int // in all
	RoomsPerAddress   int // an address is one of IPv4, or a /64 of IPv6
	Viewers           int // of a room
	Sockets           int // in all
	SocketsPerAddress int

	Wait   time.Duration // between the end of readiness and that of the first socket, for load balancers to notice
	Spread time.Duration // from the end of the first socket to that of the last, so that they do not all come back at once
}

// complete returns the configuration with its defaults, and refuses what makes no sense.
func (c Config) complete() (Config, error) {
	c.Rooms = cmp.Or(c.Rooms, MaxRooms)
	c.RoomsPerAddress = cmp.Or(c.RoomsPerAddress, MaxRoomsPerAddress)
	c.Viewers = cmp.Or(c.Viewers, MaxViewers)
	c.Sockets = cmp.Or(c.Sockets, MaxSockets)
	c.SocketsPerAddress = cmp.Or(c.SocketsPerAddress, MaxSocketsPerAddress)
	if c.Log == nil {
		c.Log = newMemoryLog()
	}
	switch {
	case c.Logger == nil:
		return c, errors.New("a server needs a logger")
	case min(c.Rooms, c.RoomsPerAddress, c.Viewers, c.Sockets, c.SocketsPerAddress) < 0:
		return c, errors.New("a limit is below 0")
	case c.Wait < 0 || c.Spread < 0 || c.Wait+c.Spread > MaxDrain:
		return c, fmt.Errorf("drain: expected times of 0s to %s together, got %s and %s", MaxDrain, c.Wait, c.Spread)
	}
	return c, nil
}
