package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"netsplit/server"
)

// serveFlags are the flags of serve. Each may also come from the environment, as NETSPLIT_ and its name in capitals; the
// command line has the last word.
type serveFlags struct {
	set *flag.FlagSet

	addr, host, origin, embeds, proxies, metrics  string
	data, logFormat, logLevel                     string
	log, logCreds                                 string
	logReplicas                                   int
	rooms, roomsPer, viewers, sockets, socketsPer int
	wait, spread                                  time.Duration
}

func newServeFlags() *serveFlags {
	f := &serveFlags{set: flag.NewFlagSet("serve", flag.ContinueOnError)}
	f.set.StringVar(&f.addr, "addr", defaultAddr, "address to listen on")
	f.set.StringVar(&f.host, "host", "", "further names and addresses to answer to, parted by commas, beside localhost and the host of --addr")
	f.set.StringVar(&f.origin, "origin", "", "origins whose pages may open sockets, parted by commas, such as https://demo.example; without one for a host, http and https there")
	f.set.StringVar(&f.embeds, "embed-origins", "", "origins whose pages may show embeds, parted by commas; null for sandboxed frames, * for all, none; by default this server's own and those of this machine")
	f.set.StringVar(&f.proxies, "trusted-proxy", "", "addresses and networks of proxies whose X-Forwarded-For is believed, parted by commas")
	f.set.StringVar(&f.metrics, "metrics-addr", "", "address to serve /metrics on, such as 127.0.0.1:9090; none without")
	f.set.StringVar(&f.data, "data", "", "directory to keep rooms in, by default netsplit in $XDG_DATA_HOME or ~/.local/share; none: memory only")
	f.set.StringVar(&f.log, "log", "", "nats://HOST:PORT or tls://HOST:PORT, several parted by commas: rooms are kept on NATS JetStream, which any number of servers share, instead of --data")
	f.set.StringVar(&f.logCreds, "log-creds", "", "file of credentials for NATS")
	f.set.IntVar(&f.logReplicas, "log-replicas", 1, "servers of NATS that each keep all rooms, 1 to 5; 3 for a cluster of three")
	f.set.StringVar(&f.logFormat, "log-format", "text", "text or json")
	f.set.StringVar(&f.logLevel, "log-level", "info", "debug, info, warn or error")
	f.set.IntVar(&f.rooms, "rooms", server.MaxRooms, "rooms in all")
	f.set.IntVar(&f.roomsPer, "rooms-per-address", server.MaxRoomsPerAddress, "rooms that one IPv4 address, or /64 of IPv6, may have opened")
	f.set.IntVar(&f.viewers, "viewers", server.MaxViewers, "viewers of a room")
	f.set.IntVar(&f.sockets, "sockets", server.MaxSockets, "viewers in all")
	f.set.IntVar(&f.socketsPer, "sockets-per-address", server.MaxSocketsPerAddress, "viewers of one IPv4 address, or /64 of IPv6")
	f.set.DurationVar(&f.wait, "drain-wait", 0, "after SIGTERM, how long to be unready before viewers are sent away, for load balancers to notice")
	f.set.DurationVar(&f.spread, "drain-spread", 3*time.Second, "after that, over how long to spread the sending away; both together 20s at most")
	return f
}

// variable returns the name of a flag in the environment.
func variable(name string) string {
	return "NETSPLIT_" + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
}

// fromEnvironment sets the flags that the environment gives.
func (f *serveFlags) fromEnvironment() (err error) {
	f.set.VisitAll(func(one *flag.Flag) {
		value, given := os.LookupEnv(variable(one.Name))
		if !given || value == "" || err != nil {
			return
		}
		if bad := one.Value.Set(value); bad != nil {
			err = fmt.Errorf("%s %q: %w", variable(one.Name), value, bad)
		}
	})
	return err
}

// config checks the flags and returns what the server is told.
func (f *serveFlags) config(stderr io.Writer) (server.Config, error) {
	c := server.Config{Rooms: f.rooms, RoomsPerAddress: f.roomsPer, Viewers: f.viewers, Sockets: f.sockets, SocketsPerAddress: f.socketsPer, Wait: f.wait, Spread: f.spread}
	for name, limit := range map[string]int{"rooms": f.rooms, "rooms-per-address": f.roomsPer, "viewers": f.viewers, "sockets": f.sockets, "sockets-per-address": f.socketsPer} {
		if limit < 1 {
			return c, fmt.Errorf("%s %d: expected at least 1", name, limit)
		}
	}
	var err error
	if c.Hosts, err = hostsOf(f.addr, f.host); err != nil {
		return c, err
	}
	if c.Embeds, err = server.ParseFramers(f.embeds); err != nil {
		return c, err
	}
	if c.Origins, err = server.ParseOrigins(f.origin); err != nil {
		return c, err
	}
	if c.Proxies, err = server.ParseProxies(f.proxies); err != nil {
		return c, err
	}
	if err := f.checkLog(); err != nil {
		return c, err
	}
	if f.data = cmp.Or(f.data, defaultData()); f.data == "" {
		return c, errors.New("data: there is no home directory to keep rooms in: say --data DIR, or --data none for memory only")
	}
	c.Logger, err = f.logger(stderr)
	return c, err
}

// checkLog checks where rooms are kept on NATS, if they are. Then they are not in a directory.
func (f *serveFlags) checkLog() error {
	if f.logReplicas < 1 || f.logReplicas > 5 {
		return fmt.Errorf("log-replicas %d: expected 1 to 5", f.logReplicas)
	}
	if f.log == "" {
		if f.logCreds != "" {
			return errors.New("log-creds: it is for NATS; say --log nats://HOST:PORT too")
		}
		return nil
	}
	if f.data != "" && f.data != "none" {
		return fmt.Errorf("data %q: rooms are kept on NATS with --log, or in a directory with --data: say one of the two", f.data)
	}
	f.data = "none"
	return f.nats().Check()
}

// nats says where the rooms are kept on NATS.
func (f *serveFlags) nats() server.NATSConfig {
	return server.NATSConfig{URL: f.log, Creds: f.logCreds, Replicas: f.logReplicas}
}

func (f *serveFlags) logger(w io.Writer) (*slog.Logger, error) {
	var options slog.HandlerOptions
	var level slog.Level
	if err := level.UnmarshalText([]byte(f.logLevel)); err != nil {
		return nil, fmt.Errorf("log-level %q: expected debug, info, warn or error", f.logLevel)
	}
	options.Level = level
	switch f.logFormat {
	case "text":
		return slog.New(slog.NewTextHandler(w, &options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &options)), nil
	}
	return nil, fmt.Errorf("log-format %q: expected text or json", f.logFormat)
}

// effective lists every flag with the value that holds, for the log. Of addresses with a user and password, it leaves those out.
func (f *serveFlags) effective() []any {
	var list []any
	f.set.VisitAll(func(one *flag.Flag) {
		list = append(list, slog.String(one.Name, server.WithoutSecrets(one.Value.String())))
	})
	return list
}

// table lists the flags as README.md does.
func (f *serveFlags) table() string {
	var b strings.Builder
	b.WriteString("| flag | environment | default | |\n|---|---|---|---|\n")
	f.set.VisitAll(func(one *flag.Flag) {
		value := one.DefValue
		if value != "" {
			value = "`" + value + "`"
		}
		fmt.Fprintf(&b, "| `--%s` | `%s` | %s | %s |\n", one.Name, variable(one.Name), value, one.Usage)
	})
	return b.String()
}

// hostsOf checks the flags of serve and returns the hosts to answer to. Without a port the system would choose one,
// which must be asked for as 0.
func hostsOf(addr, others string) (server.Hosts, error) {
	if _, port, err := net.SplitHostPort(addr); addr == "" || err == nil && port == "" {
		return server.Hosts{}, fmt.Errorf("addr %q: expected HOST:PORT", addr)
	}
	var names []string
	if others != "" {
		names = strings.Split(others, ",")
	}
	return server.NewHosts(addr, names)
}
