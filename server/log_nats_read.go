package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"netsplit/sim"
)

// An entry's message has its text as payload, packed if that is shorter, and the rest in headers.
const (
	natsID     = "Netsplit-Id"
	natsSeq    = "Netsplit-Seq"
	natsSum    = "Netsplit-Sum" // over this entry and all before it
	natsCoding = "Netsplit-Coding"
	natsPacked = "zstd"
)

// natsCursor is a place in a room's log.
type natsCursor struct {
	stream uint64 // sequence in the stream of the last message that was read
	seq    uint64 // of the last whole entry
	time   time.Time
	chain  chain
	bytes  int          // of all entries
	damage *DamageError // of messages after the last whole entry
}

func natsTime(at int64) sim.Time { return sim.Time(at) }

// sumWith returns the chain with an entry more.
func (c chain) sumWith(seq uint64, id, line string) chain {
	return c.next([]byte(strconv.FormatUint(seq, 10) + " " + id + " " + line))
}

// message returns what is to be published for a room's next entry, and the chain with that.
func (l *NATSLog) message(r *natsRoom, id, line string) (*nats.Msg, chain) {
	seq := r.cursor.seq + 1
	sum := r.cursor.chain.sumWith(seq, id, line)
	msg := nats.NewMsg(natsRoomSubject + r.name)
	msg.Header.Set(natsID, id)
	msg.Header.Set(natsSeq, strconv.FormatUint(seq, 10))
	msg.Header.Set(natsSum, sum.String())
	msg.Data = []byte(line)
	if packed := l.packer.EncodeAll(msg.Data, nil); len(packed) < len(msg.Data) {
		msg.Data = packed
		msg.Header.Set(natsCoding, natsPacked)
	}
	return msg, sum
}

// take moves a cursor over a message. What is no entry, or none that continues the log, is an error, and damage: it is passed over, and
// who appends carries on from the last whole entry.
func (l *NATSLog) take(room string, c *natsCursor, raw *jetstream.RawStreamMsg) (Entry, error) {
	c.stream = raw.Sequence
	e, sum, err := l.decode(room, c, raw)
	if err != nil {
		if c.damage == nil {
			c.damage = &DamageError{Room: room, Seq: c.seq, Place: fmt.Sprintf("message %d of the stream %s", raw.Sequence, natsRooms), Reason: err.Error()}
		}
		return Entry{}, err
	}
	c.seq, c.time, c.chain, c.bytes, c.damage = e.Seq, e.Time, sum, c.bytes+len(e.Line), nil
	return e, nil
}

func (l *NATSLog) decode(room string, c *natsCursor, raw *jetstream.RawStreamMsg) (e Entry, sum chain, err error) {
	text := raw.Data
	if coding := raw.Header.Get(natsCoding); coding == natsPacked {
		if text, err = l.unpacker.DecodeAll(text, nil); err != nil {
			return e, sum, fmt.Errorf("it cannot be unpacked: %w", err)
		}
	} else if coding != "" {
		return e, sum, fmt.Errorf("it is packed as %q", trim(coding))
	}
	e = Entry{ID: raw.Header.Get(natsID), Time: raw.Time.UTC().Truncate(time.Microsecond), Line: string(text)}
	if err := checkEntry(room, e.ID, e.Line); err != nil {
		return e, sum, fmt.Errorf("it is no entry: %w", err)
	}
	if e.Seq, err = strconv.ParseUint(raw.Header.Get(natsSeq), 10, 64); err != nil || e.Seq != c.seq+1 {
		return e, sum, fmt.Errorf("its number is %q, not %d", trim(raw.Header.Get(natsSeq)), c.seq+1)
	}
	if sum = c.chain.sumWith(e.Seq, e.ID, e.Line); raw.Header.Get(natsSum) != sum.String() {
		return e, sum, fmt.Errorf("its sum is not %s", sum)
	}
	if e.Time.Before(c.time) { // after another server of NATS has taken the lead, whose clock is slow
		e.Time = c.time
	}
	return e, sum, nil
}

// advance moves a cursor over the messages up to one, and hands out the entries among them, until each says that it is enough. Any replica
// may answer, and one that has not heard of all is asked again.
func (l *NATSLog) advance(ctx context.Context, room string, c *natsCursor, to uint64, each func(Entry) bool) error {
	for c.stream < to {
		before := c.stream
		enough, err := l.batch(ctx, room, c, to, each)
		if enough || err != nil {
			return err
		}
		if c.stream > before {
			continue
		}
		if newest, err := l.newest(ctx, room); err != nil {
			return err
		} else if newest < to {
			return errors.New("the room's log has been deleted")
		}
		if !pause(ctx, natsRetry) {
			return ctx.Err()
		}
	}
	return nil
}

func (l *NATSLog) batch(ctx context.Context, room string, c *natsCursor, to uint64, each func(Entry) bool) (enough bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, natsLong)
	defer cancel()
	messages, err := jetstreamext.GetBatch(ctx, l.js, natsRooms, natsBatch, jetstreamext.GetBatchSubject(natsRoomSubject+room), jetstreamext.GetBatchSeq(c.stream+1))
	if err != nil {
		return false, err
	}
	for raw, err := range messages {
		if errors.Is(err, jetstreamext.ErrNoMessages) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if raw.Sequence <= c.stream {
			continue
		}
		if raw.Sequence > to {
			return true, nil
		}
		if e, damage := l.take(room, c, raw); damage == nil && !each(e) {
			return true, nil
		}
	}
	return false, nil
}

// natsQuery asks for one message of a stream.
type natsQuery struct {
	Seq     uint64 `json:"seq,omitempty"`
	LastFor string `json:"last_by_subj,omitempty"`
}

// natsAnswer is what NATS says to that.
type natsAnswer struct {
	Error   *jetstream.APIError `json:"error"`
	Message *struct {
		Subject string    `json:"subject"`
		Seq     uint64    `json:"seq"`
		Header  []byte    `json:"hdrs"`
		Data    []byte    `json:"data"`
		Time    time.Time `json:"time"`
	} `json:"message"`
}

// ask returns a message as the stream's leader has it, which knows all that was acknowledged; nil if there is none. The client
// library would ask any replica.
func (l *NATSLog) ask(ctx context.Context, stream string, q natsQuery) (*jetstream.RawStreamMsg, error) {
	ctx, cancel := context.WithTimeout(ctx, natsAttempt)
	defer cancel()
	query, err := json.Marshal(q)
	if err != nil {
		return nil, err
	}
	reply, err := l.nc.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+stream, query)
	if err != nil {
		return nil, err
	}
	var a natsAnswer
	if err := json.Unmarshal(reply.Data, &a); err != nil {
		return nil, fmt.Errorf("NATS says %q: %w", trim(string(reply.Data)), err)
	}
	if a.Error != nil && a.Error.ErrorCode != jetstream.JSErrCodeMessageNotFound {
		return nil, a.Error
	}
	if l.isBack(); a.Error != nil {
		return nil, nil
	}
	if a.Message == nil {
		return nil, errors.New("NATS says nothing")
	}
	raw := &jetstream.RawStreamMsg{Subject: a.Message.Subject, Sequence: a.Message.Seq, Data: a.Message.Data, Time: a.Message.Time}
	if len(a.Message.Header) > 0 {
		if raw.Header, err = nats.DecodeHeadersMsg(a.Message.Header); err != nil {
			raw.Header = nil // whoever takes it for an entry finds none
		}
	}
	return raw, nil
}

// newest returns the sequence in the stream of a room's last message, 0 if there is none.
func (l *NATSLog) newest(ctx context.Context, room string) (uint64, error) {
	raw, err := l.ask(ctx, natsRooms, natsQuery{LastFor: natsRoomSubject + room})
	if err != nil || raw == nil {
		return 0, err
	}
	return raw.Sequence, nil
}

// natsFollower is somebody who follows a room.
type natsFollower struct {
	l      *NATSLog
	r      *natsRoom
	from   uint64
	yield  func(Entry, error) bool
	cursor natsCursor
	marked bool
	told   *DamageError
}

// pass hands out what is new, and says whether the follower has gone.
func (f *natsFollower) pass(ctx context.Context) (over bool, err error) {
	newest, err := f.l.newest(ctx, f.r.name)
	if err != nil {
		return false, err
	}
	err = f.l.advance(ctx, f.r.name, &f.cursor, newest, func(e Entry) bool {
		if e.Seq < f.from {
			return true
		}
		f.from = e.Seq + 1
		over = !f.yield(e, nil)
		return !over
	})
	if over || err != nil {
		return over, err
	}
	if d := f.cursor.damage; d != nil && d != f.told {
		if f.told = d; !f.yield(Entry{}, d) {
			return true, nil
		}
	}
	if f.marked {
		return false, nil
	}
	mark, err := f.l.markOf(ctx, f.r.name)
	if err != nil {
		return false, err
	}
	if newest == 0 {
		mark = Mark{}
	}
	f.marked = true
	return !f.yield(mark.entry(), nil), nil
}

// pause waits, more or less, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d/2 + rand.N(d))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
