package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// The stream keeps logs that nobody uses for RoomKept, and at least for RoomKeptLeast: in between, those that were used longest ago
// go when there are too many. Every server sweeps; that a room is awake at another one stands in the stream of marks.

// sweepOn sweeps every SweepInterval, and says more often which rooms are awake here.
func (l *NATSLog) sweepOn() {
	for pause(l.ctx, SweepInterval) {
		l.tellHeld()
		if err := l.sweep(l.ctx); err != nil && l.ctx.Err() == nil {
			l.logger.Error("the log could not be swept", "error", err)
		}
	}
}

// tellHeld says which rooms are in use here, so that no other server sweeps them.
func (l *NATSLog) tellHeld() {
	l.mu.Lock()
	held := make([]string, 0, len(l.rooms))
	for room := range l.rooms { // order does not matter
		held = append(held, room)
	}
	l.mu.Unlock()
	for _, room := range held {
		l.nc.Publish(natsHeldSubject+room, nil) //nolint:errcheck // the next time will do
	}
}

// recount asks how much there is.
func (l *NATSLog) recount(ctx context.Context) error {
	s, err := l.js.Stream(ctx, natsRooms)
	if err != nil {
		return err
	}
	state := s.CachedInfo().State
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept, l.bytes = int(state.NumSubjects), state.Bytes
	return nil
}

// count adds an entry to what was counted.
func (l *NATSLog) count(r *natsRoom, bytes int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bytes += uint64(bytes); r.cursor.seq == 0 {
		l.kept++
	}
}

// room makes sure that there is room for so many bytes more.
func (l *NATSLog) room(r *natsRoom, bytes int) error {
	if r.cursor.bytes+bytes > MaxRoomLog {
		return fmt.Errorf("the room's log %w: it has its %d bytes", ErrFull, MaxRoomLog)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bytes+uint64(bytes) > MaxLogs || r.cursor.seq == 0 && l.kept >= MaxKeptRooms {
		return fmt.Errorf("the servers' log %w: it has its %d rooms or %d bytes; try again later", ErrFull, MaxKeptRooms, int64(MaxLogs))
	}
	return nil
}

// sweep counts the logs anew and deletes what is to go.
func (l *NATSLog) sweep(ctx context.Context) error {
	if err := l.recount(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	bytes, kept := l.bytes, l.kept
	l.mu.Unlock()
	crowded := func() bool { return bytes > MaxLogs*9/10 || kept > MaxKeptRooms*9/10 }
	least := RoomKept
	if crowded() {
		least = RoomKeptLeast
	}
	old, err := l.unused(ctx, time.Now().Add(-least))
	if err != nil {
		return err
	}
	for _, k := range old {
		if time.Since(k.used) < RoomKept && !crowded() {
			break
		}
		if gone, err := l.purge(ctx, k, least); err != nil {
			return err
		} else if gone {
			kept--
			bytes -= min(bytes, uint64(k.size))
		}
	}
	return l.recount(ctx)
}

// unused returns the rooms whose last entry is older than an instant, the oldest first. It reads the heads of the messages until then.
func (l *NATSLog) unused(ctx context.Context, until time.Time) ([]keptLog, error) {
	ctx, cancel := context.WithTimeout(ctx, SweepInterval)
	defer cancel()
	consumer, err := l.js.OrderedConsumer(ctx, natsRooms, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, HeadersOnly: true, InactiveThreshold: time.Minute})
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	logs := map[string]keptLog{}
	for pending := consumer.CachedInfo().NumPending; pending > 0; {
		msg, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, err
		}
		if meta.Timestamp.After(until) {
			break
		}
		pending = meta.NumPending
		room := strings.TrimPrefix(msg.Subject(), natsRoomSubject)
		k := logs[room]
		logs[room] = keptLog{name: room, size: k.size + int64(sizeOf(msg)), used: meta.Timestamp}
	}
	list := make([]keptLog, 0, len(logs))
	for _, k := range logs { // they are put into order at once
		list = append(list, k)
	}
	slices.SortFunc(list, func(a, b keptLog) int { return a.used.Compare(b.used) })
	return list, nil
}

// purge deletes a room's log, unless it is in use or has been used since: of a time as short as least. It reports whether it did.
func (l *NATSLog) purge(ctx context.Context, k keptLog, least time.Duration) (bool, error) {
	l.mu.Lock()
	inUse := l.rooms[k.name] != nil
	l.mu.Unlock()
	if inUse {
		return false, nil
	}
	last, err := l.ask(ctx, natsRooms, natsQuery{LastFor: natsRoomSubject + k.name})
	if err != nil || last == nil || last.Time.After(k.used) {
		return false, err
	}
	for subject, young := range map[string]time.Duration{natsHeldSubject: 3 * SweepInterval, natsMarkSubject: least} { // order does not matter
		if raw, err := l.ask(ctx, natsMarks, natsQuery{LastFor: subject + k.name}); err != nil || raw != nil && time.Since(raw.Time) < young {
			return false, err
		}
	}
	rooms, err := l.js.Stream(ctx, natsRooms)
	if err == nil { // not what comes now
		err = rooms.Purge(ctx, jetstream.WithPurgeSubject(natsRoomSubject+k.name), jetstream.WithPurgeSequence(last.Sequence+1))
	}
	marks, other := l.js.Stream(ctx, natsMarks)
	if other == nil {
		other = errors.Join(marks.Purge(ctx, jetstream.WithPurgeSubject(natsMarkSubject+k.name)), marks.Purge(ctx, jetstream.WithPurgeSubject(natsHeldSubject+k.name)))
	}
	return err == nil, errors.Join(err, other)
}

// sizeOf returns how many bytes a message of the stream has, of which only the head was sent.
func sizeOf(msg jetstream.Msg) (n int) {
	fmt.Sscan(msg.Headers().Get("Nats-Msg-Size"), &n) //nolint:errcheck // 0 will do
	return n + len(msg.Subject()) + 200               // of headers, more or less
}
