package server

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// NATSLog keeps the logs of all rooms in a stream of NATS JetStream, which any number of servers share: a subject for each room, a
// message for each entry. A message is taken on the condition that its subject's last one is the one that its author knew, so that
// nobody needs to own a room; and each has a sum over all before it, so that nothing that is lost or changed goes unseen.
type NATSLog struct {
	logger   *slog.Logger
	ctx      context.Context
	stop     context.CancelFunc
	running  sync.WaitGroup
	nc       *nats.Conn
	js       jetstream.JetStream
	replicas int
	packer   *zstd.Encoder
	unpacker *zstd.Decoder
	heard    atomic.Int64           // when the stream's leader has answered last, in ms
	away     atomic.Pointer[string] // why nothing can be appended now; nil while it can

	mu    sync.Mutex
	rooms map[string]*natsRoom // in use
	kept  int                  // rooms in the stream, by the latest count
	bytes uint64               // of it
}

// natsRoom is a room's log that is in use.
type natsRoom struct {
	name  string
	users int           // NATSLog.mu holds
	grown chan struct{} // closed when an entry may have been added; NATSLog.mu holds

	turn   chan struct{} // has whoever uses what follows
	read   bool
	cursor natsCursor        // after the last entry that this server knows
	ids    map[string]uint64 // sequences in the stream
}

const (
	natsRooms = "NETSPLIT_ROOMS" // the stream of entries
	natsMarks = "NETSPLIT_MARKS" // that of marks, the latest of each room

	natsRoomSubject = "netsplit.room."
	natsMarkSubject = "netsplit.mark."
	natsHeldSubject = "netsplit.held." // says that a server has the room awake
)

// Shared reports that other servers append too.
func (l *NATSLog) Shared() bool { return true }

// Ready returns why nothing can be appended at present, or nil.
func (l *NATSLog) Ready() error {
	if why := l.away.Load(); why != nil {
		return errors.New(*why)
	}
	return nil
}

// use returns a room's log for somebody who is to leave it.
func (l *NATSLog) use(room string) *natsRoom {
	l.mu.Lock()
	defer l.mu.Unlock()
	r := l.rooms[room]
	if r == nil {
		r = &natsRoom{name: room, grown: make(chan struct{}), turn: make(chan struct{}, 1)}
		l.rooms[room] = r
	}
	r.users++
	return r
}

func (l *NATSLog) leave(r *natsRoom) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.users--; r.users == 0 {
		delete(l.rooms, r.name)
	}
}

// Hold keeps what is known of a room's log in memory, and the log from being swept away, until release is called: for as long as
// the room is awake.
func (l *NATSLog) Hold(room string) (release func()) {
	r := l.use(room)
	return func() { l.leave(r) }
}

// grow wakes those who follow a room.
func (l *NATSLog) grow(room string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if r := l.rooms[room]; r != nil {
		close(r.grown)
		r.grown = make(chan struct{})
	}
}

// enter waits for the turn to use a room's log, and returns what ends it.
func (r *natsRoom) enter(ctx context.Context) (func(), error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case r.turn <- struct{}{}:
		return func() { <-r.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Append implements Log. While NATS does not answer it tries on until ctx ends.
func (l *NATSLog) Append(ctx context.Context, room string, after uint64, id, line string) (Entry, error) {
	if err := checkEntry(room, id, line); err != nil {
		return Entry{}, err
	}
	r := l.use(room)
	defer l.leave(r)
	leave, err := r.enter(ctx)
	if err != nil {
		return Entry{}, err
	}
	defer leave()
	var why error
	for wait := natsRetry; ; wait = min(2*wait, natsRetryMost) {
		e, again, err := l.tryAppend(ctx, r, after, id, line)
		if !again {
			return e, err
		}
		if why = err; !errors.Is(err, errNATSBusy) {
			l.isAway(err)
		}
		if !pause(ctx, wait) {
			return Entry{}, &unsureError{errors.Join(ctx.Err(), why)}
		}
	}
}

// unsureError says that nobody knows whether an entry was written. Viewers read it; the cause is for others.
type unsureError struct{ cause error }

func (e *unsureError) Error() string {
	return "the log does not answer at present; whether this is written will be seen when it does"
}

func (e *unsureError) Unwrap() error { return e.cause }

// errNATSBusy says that another message is under way on a subject.
var errNATSBusy = errors.New("another entry is under way")

// tryAppend tries once, and says whether to try again.
func (l *NATSLog) tryAppend(ctx context.Context, r *natsRoom, after uint64, id, line string) (e Entry, again bool, err error) {
	if !r.read || after != r.cursor.seq {
		if err := l.catchUp(ctx, r); err != nil {
			return e, true, err
		}
	}
	if at, known := r.ids[id]; known {
		e, err = l.entryAt(ctx, r, at)
		return e, err != nil, err
	}
	if after != r.cursor.seq {
		return e, false, ErrMoved
	}
	if err := l.room(r, len(line)); err != nil {
		return e, false, err
	}
	msg, sum := l.message(r, id, line)
	attempt, cancel := context.WithTimeout(ctx, natsAttempt)
	defer cancel()
	ack, err := l.js.PublishMsg(attempt, msg, jetstream.WithExpectLastSequencePerSubject(r.cursor.stream), jetstream.WithRetryAttempts(0))
	switch {
	case isMovedOn(err):
		if known := r.cursor; l.catchUp(ctx, r) == nil && known == r.cursor {
			return e, true, errNATSBusy
		}
		return e, true, err
	case isFull(err):
		return e, false, fmt.Errorf("the log %w: NATS says %q", ErrFull, err.Error())
	case err != nil:
		r.read = false // it may stand or not
		return e, true, err
	}
	l.count(r, len(msg.Data))
	return l.added(ctx, r, ack.Sequence, sum, id, line)
}

// added takes in an entry that NATS has taken, whose time it knows.
func (l *NATSLog) added(ctx context.Context, r *natsRoom, at uint64, sum chain, id, line string) (e Entry, again bool, err error) {
	raw, err := l.ask(ctx, natsRooms, natsQuery{Seq: at})
	if err != nil || raw == nil {
		r.read = false // it stands, and is found by its ID
		return e, true, errors.Join(err, errNATSBusy)
	}
	c := r.cursor
	e, err = l.take(r.name, &c, raw)
	if err != nil || e.ID != id || e.Line != line || c.chain != sum {
		r.read = false
		return e, true, fmt.Errorf("the stream has something else: %w", err)
	}
	r.cursor, r.ids[id] = c, at
	l.grow(r.name)
	return e, false, nil
}

// entryAt returns an entry that is there. As its time may depend on those before, all are read.
func (l *NATSLog) entryAt(ctx context.Context, r *natsRoom, at uint64) (found Entry, err error) {
	c := natsCursor{chain: chainOf(r.name)}
	err = l.advance(ctx, r.name, &c, at, func(e Entry) bool {
		found = e
		return c.stream < at
	})
	if err == nil && c.stream != at {
		r.read = false
		err = errors.New("it is gone")
	}
	return found, err
}

// catchUp has a room know all entries that there are.
func (l *NATSLog) catchUp(ctx context.Context, r *natsRoom) error {
	newest, err := l.newest(ctx, r.name)
	if err != nil {
		return err
	}
	if !r.read || newest < r.cursor.stream {
		r.cursor, r.ids = natsCursor{chain: chainOf(r.name)}, map[string]uint64{}
	}
	known := r.cursor.damage
	err = l.advance(ctx, r.name, &r.cursor, newest, func(e Entry) bool {
		r.ids[e.ID] = r.cursor.stream
		return true
	})
	if r.read = err == nil; r.read && r.cursor.damage != nil && known == nil {
		d := r.cursor.damage
		l.logger.Error("a room's log is damaged", "room", r.name[:8], "place", d.Place, "reason", d.Reason, "whole", d.Seq)
	}
	return err
}

// Mark implements Log.
func (l *NATSLog) Mark(room string, m Mark) {
	if !roomName.MatchString(room) {
		return
	}
	text := fmt.Sprintf("%d %d %d", m.Seq, int64(m.At), m.Time.UnixMicro())
	l.nc.Publish(natsMarkSubject+room, []byte(text)) //nolint:errcheck // it may get lost
}

// markOf returns a room's latest mark.
func (l *NATSLog) markOf(ctx context.Context, room string) (m Mark, err error) {
	raw, err := l.ask(ctx, natsMarks, natsQuery{LastFor: natsMarkSubject + room})
	if err != nil || raw == nil {
		return Mark{}, err
	}
	words := strings.Fields(string(raw.Data))
	if len(words) != 3 {
		return Mark{}, nil
	}
	seq, err1 := strconv.ParseUint(words[0], 10, 64)
	at, err2 := strconv.ParseInt(words[1], 10, 64)
	unix, err3 := strconv.ParseInt(words[2], 10, 64)
	if errors.Join(err1, err2, err3) != nil || at < 0 {
		return Mark{}, nil // what cannot be read is lost
	}
	return Mark{Seq: seq, At: natsTime(at), Time: time.UnixMicro(unix).UTC()}, nil
}

// Follow implements Log. While NATS does not answer it waits.
func (l *NATSLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if !roomName.MatchString(room) {
			yield(Entry{}, checkEntry(room, "x", "x"))
			return
		}
		r := l.use(room)
		defer l.leave(r)
		f := natsFollower{l: l, r: r, from: max(from, 1), yield: yield, cursor: l.start(ctx, r, max(from, 1))}
		for wait := natsRetry; ctx.Err() == nil; {
			l.mu.Lock()
			grown := r.grown
			l.mu.Unlock()
			if over, err := f.pass(ctx); over {
				return
			} else if err != nil {
				if ctx.Err() == nil {
					l.isAway(err)
				}
				pause(ctx, wait)
				wait = min(2*wait, time.Second)
				continue
			}
			wait = natsRetry
			select {
			case <-grown:
			case <-ctx.Done():
			}
		}
	}
}

// start returns where to begin to read so as to know the entries from a number on.
func (l *NATSLog) start(ctx context.Context, r *natsRoom, from uint64) natsCursor {
	if leave, err := r.enter(ctx); err == nil {
		defer leave()
		if r.read && r.cursor.seq == from-1 && r.cursor.damage == nil {
			return r.cursor
		}
	}
	return natsCursor{chain: chainOf(r.name)}
}
