package server

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// NATSConfig says where a NATSLog is.
type NATSConfig struct {
	URL      string // nats://HOST:PORT or tls://HOST:PORT, with a user and password before the host if need be; several parted by commas
	Creds    string // a file of credentials; none if ""
	Replicas int    // of the streams, 1 to 5
}

var credentials = regexp.MustCompile(`//[^/,]*@`)

// WithoutSecrets returns a text with no user and password in the addresses that it has.
func WithoutSecrets(text string) string { return credentials.ReplaceAllString(text, "//") }

// Check returns what is wrong with a configuration, without secrets.
func (c NATSConfig) Check() error {
	for one := range strings.SplitSeq(c.URL, ",") {
		u, err := url.Parse(one)
		if err != nil || (u.Scheme != "nats" && u.Scheme != "tls") || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("log %q: expected nats://HOST:PORT or tls://HOST:PORT, or several parted by commas", WithoutSecrets(one))
		}
		if port, err := strconv.Atoi(cmp.Or(u.Port(), "4222")); err != nil || port < 1 || port > 65535 {
			return fmt.Errorf("log %q: expected a port of 1 to 65535", WithoutSecrets(one))
		}
	}
	if c.Replicas < 1 || c.Replicas > 5 {
		return fmt.Errorf("log-replicas %d: expected 1 to 5", c.Replicas)
	}
	if c.Creds != "" {
		if _, err := os.Stat(c.Creds); err != nil {
			return fmt.Errorf("log-creds: %w", err)
		}
	}
	return nil
}

// OpenNATSLog connects to NATS, makes the streams if need be, and keeps connected until ctx ends. It waits up to NATSOpenTimeout
// for NATS to be there; that NATS does not let it in is an error at once.
func OpenNATSLog(ctx context.Context, c NATSConfig, logger *slog.Logger) (*NATSLog, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	l := &NATSLog{logger: logger, replicas: c.Replicas, rooms: map[string]*natsRoom{}}
	var err error
	if l.packer, err = zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1)); err != nil {
		return nil, err
	}
	if l.unpacker, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxEntry)); err != nil {
		return nil, err
	}
	l.ctx, l.stop = context.WithCancel(ctx)
	if err := l.reach(c); err != nil {
		l.stop()
		if l.nc != nil {
			l.nc.Close()
		}
		return nil, fmt.Errorf("log %s: %w", WithoutSecrets(c.URL), err)
	}
	l.advise(c)
	l.running.Go(l.tail)
	l.running.Go(l.probe)
	l.running.Go(l.sweepOn)
	return l, nil
}

// Close ends what OpenNATSLog has begun, after what was said has gone out.
func (l *NATSLog) Close() error {
	l.stop()
	l.running.Wait()
	err := l.nc.FlushTimeout(natsLong)
	l.nc.Close()
	l.packer.Close() //nolint:errcheck // it writes to nobody
	l.unpacker.Close()
	return err
}

// reach connects and makes the streams, as often as it takes, until NATSOpenTimeout has passed.
func (l *NATSLog) reach(c NATSConfig) (err error) {
	ctx, cancel := context.WithTimeout(l.ctx, NATSOpenTimeout)
	defer cancel()
	for wait := natsRetry; ; wait = min(2*wait, 2*time.Second) {
		if err = nil; l.nc == nil {
			l.nc, err = nats.Connect(c.URL, l.options(c)...)
		}
		if err == nil {
			attempt, cancel := context.WithTimeout(ctx, natsLong)
			err = l.prepare(attempt)
			cancel()
		}
		if err == nil || isFinal(err) {
			return err
		}
		l.logger.Warn("the log is not there yet", "error", err)
		if !pause(ctx, wait) {
			return fmt.Errorf("it was not there in time (%s): %w", NATSOpenTimeout, err)
		}
	}
}

// errNATSConfig says that trying again does not help.
var errNATSConfig = errors.New("NATS is not set up for this")

// isFinal reports whether an error comes again however often it is tried.
func isFinal(err error) bool {
	var api *jetstream.APIError
	if errors.As(err, &api) && api.ErrorCode == natsNotClustered {
		return true
	}
	return slices.ContainsFunc([]error{nats.ErrAuthorization, nats.ErrAuthExpired, nats.ErrSecureConnWanted, nats.ErrSecureConnRequired, errNATSConfig},
		func(final error) bool { return errors.Is(err, final) })
}

func (l *NATSLog) options(c NATSConfig) []nats.Option {
	o := []nats.Option{
		nats.Name("netsplit"), nats.Timeout(natsLong), nats.MaxReconnects(-1), nats.ReconnectWait(natsRetry), nats.ReconnectJitter(natsReconnect, natsReconnect),
		nats.ReconnectBufSize(-1), // what is said while nobody hears shall not be said later
		nats.IgnoreAuthErrorAbort(), nats.PingInterval(natsPing), nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil && l.ctx.Err() == nil {
				l.logger.Warn("the connection to NATS is lost", "error", err)
			}
		}),
		nats.ReconnectHandler(func(nc *nats.Conn) {
			l.logger.Info("there is a connection to NATS again", "server", nc.ConnectedServerName())
			l.growAll()
		}),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { l.logger.Debug("NATS", "error", err) }),
	}
	if c.Creds != "" {
		o = append(o, nats.UserCredentials(c.Creds))
	}
	return o
}

var serverVersion = regexp.MustCompile(`^(\d+)\.(\d+)\.`)

// prepare makes the streams, or makes them what they are to be.
func (l *NATSLog) prepare(ctx context.Context) (err error) {
	if l.js == nil {
		v := serverVersion.FindStringSubmatch(l.nc.ConnectedServerVersion())
		if v == nil || len(v[1]) == 1 && v[1] < "2" || v[1] == "2" && (len(v[2]) == 1 || v[2] < "12") {
			return fmt.Errorf("%w: it has version %q, and must have 2.12 at least", errNATSConfig, l.nc.ConnectedServerVersion())
		}
		if l.nc.MaxPayload() < MaxEntry {
			return fmt.Errorf("%w: its max_payload is %d, and must be %d at least", errNATSConfig, l.nc.MaxPayload(), MaxEntry)
		}
		if l.js, err = jetstream.New(l.nc, jetstream.WithDefaultTimeout(natsLong)); err != nil {
			return err
		}
	}
	rooms := jetstream.StreamConfig{Name: natsRooms, Description: "logs of Netsplit's rooms", Subjects: []string{natsRoomSubject + "*"}, Storage: jetstream.FileStorage,
		Replicas: l.replicas, Discard: jetstream.DiscardNew, AllowDirect: true, DenyDelete: true}
	if err := l.stream(ctx, rooms); err != nil {
		return err
	}
	// Marks are many, and may get lost: they shall not wait for a disk each.
	marks := jetstream.StreamConfig{Name: natsMarks, Description: "how far Netsplit's rooms have come", Subjects: []string{natsMarkSubject + "*", natsHeldSubject + "*"},
		Storage: jetstream.MemoryStorage, Replicas: l.replicas, MaxMsgsPerSubject: 1, MaxAge: RoomKept}
	if l.replicas == 1 {
		marks.Storage, marks.PersistMode = jetstream.FileStorage, jetstream.AsyncPersistMode
	}
	info, err := l.streamOf(ctx, natsMarks)
	if err == nil && info != nil && (info.Config.Storage != marks.Storage || info.Config.PersistMode != marks.PersistMode) {
		if err := l.js.DeleteStream(ctx, natsMarks); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return err
		}
	}
	if err == nil {
		err = l.stream(ctx, marks)
	}
	if err == nil {
		err = l.recount(ctx)
	}
	return err
}

// streamOf returns what there is of a stream, nil if nothing.
func (l *NATSLog) streamOf(ctx context.Context, name string) (*jetstream.StreamInfo, error) {
	s, err := l.js.Stream(ctx, name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.CachedInfo(), nil
}

// stream makes a stream. Of one that is there it changes what differs.
func (l *NATSLog) stream(ctx context.Context, want jetstream.StreamConfig) error {
	info, err := l.streamOf(ctx, want.Name)
	switch {
	case err != nil:
		return err
	case info == nil:
		_, err = l.js.CreateStream(ctx, want)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another server was faster
			err = nil
		}
		return err
	case info.Config.Replicas != want.Replicas:
		l.logger.Warn("the stream's replicas change", "stream", want.Name, "from", info.Config.Replicas, "to", want.Replicas)
		changed := info.Config
		changed.Replicas = want.Replicas
		_, err = l.js.UpdateStream(ctx, changed)
		return err
	case info.Config.Storage != want.Storage || !info.Config.AllowDirect && want.AllowDirect:
		return fmt.Errorf("%w: its stream %s is another's", errNATSConfig, want.Name)
	}
	return nil
}

// advise says what an operator should know of how safe the log is.
func (l *NATSLog) advise(c NATSConfig) {
	cluster := l.nc.ConnectedClusterName()
	servers := max(strings.Count(c.URL, ",")+1, len(l.nc.DiscoveredServers()))
	l.logger.Info("the log is on NATS", "cluster", cluster, "version", l.nc.ConnectedServerVersion(), "replicas", c.Replicas, "rooms", l.kept)
	if cluster != "" && servers > c.Replicas && c.Replicas < 3 {
		l.logger.Warn("NATS has more servers than the log has replicas: rooms are away with the server that has their log; say --log-replicas 3",
			"servers", servers, "replicas", c.Replicas)
	}
	l.logger.Info("what NATS acknowledges is durable only if its servers are told jetstream { sync_interval: always }, which a client cannot see")
}
