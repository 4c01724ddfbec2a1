package server

import (
	"errors"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// Times of the NATS adapter.
const (
	natsAttempt   = 700 * time.Millisecond // for an answer of the stream's leader, before it is asked again: that there is none shows by silence only
	natsLong      = 3 * time.Second        // for many messages, a stream to be made, or a connection
	natsRetry     = 20 * time.Millisecond  // before the first new attempt; before the next it is longer
	natsRetryMost = 200 * time.Millisecond // before each further attempt of an entry, which its viewer waits for
	natsReconnect = 500 * time.Millisecond // of jitter before a new connection
	natsPing      = 5 * time.Second        // from one question to NATS whether it is there to the next
	natsProbe     = time.Second            // from one question to the stream's leader to the next
	natsAway      = 2 * time.Second        // without an answer of the stream's leader, until the server is unready
	natsHeartbeat = time.Second            // from one sign of life of what tells of new entries to the next
	natsBatch     = 256                    // messages that are asked for at once
)

// isAway notes why nothing can be appended, once that has lasted: one slow answer is none of a viewer's business.
func (l *NATSLog) isAway(why error) {
	if time.Since(time.UnixMilli(l.heard.Load())) < natsAway {
		return
	}
	text := "the log does not answer: " + why.Error()
	if l.away.Swap(&text) == nil {
		l.logger.Error("the log is away", "error", why)
	}
}

// isBack notes that the stream's leader has answered.
func (l *NATSLog) isBack() {
	l.heard.Store(time.Now().UnixMilli())
	if l.away.Load() != nil && l.away.Swap(nil) != nil {
		l.logger.Info("the log is back")
		l.growAll()
	}
}

// probe asks the stream's leader every now and then whether it is there.
func (l *NATSLog) probe() {
	for pause(l.ctx, natsProbe) {
		if _, err := l.ask(l.ctx, natsRooms, natsQuery{LastFor: natsRoomSubject + "none"}); err != nil && l.ctx.Err() == nil {
			l.isAway(err)
		}
	}
}

// tail hears of the entries of all rooms as they are added, and wakes those who follow them. Whenever it may have missed some, it wakes all.
func (l *NATSLog) tail() {
	for wait := natsRetry; l.ctx.Err() == nil; {
		begun := time.Now()
		err := l.tailOnce()
		if time.Since(begun) > time.Minute {
			wait = natsRetry
		}
		if err != nil && l.ctx.Err() == nil {
			l.logger.Warn("the log's new entries are not heard of", "error", err)
		}
		pause(l.ctx, wait)
		wait = min(2*wait, time.Second)
	}
}

func (l *NATSLog) tailOnce() error {
	stream, err := l.js.Stream(l.ctx, natsRooms)
	if err != nil {
		return err
	}
	consumer, err := stream.OrderedConsumer(l.ctx, jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
		OptStartSeq: stream.CachedInfo().State.LastSeq + 1, HeadersOnly: true, InactiveThreshold: time.Minute, MaxResetAttempts: 5})
	if err != nil {
		return err
	}
	messages, err := consumer.Messages(jetstream.PullHeartbeat(natsHeartbeat), jetstream.PullExpiry(30*natsHeartbeat))
	if err != nil {
		return err
	}
	defer messages.Stop()
	l.growAll()
	for {
		msg, err := messages.Next(jetstream.NextContext(l.ctx))
		if err != nil {
			return err
		}
		l.grow(strings.TrimPrefix(msg.Subject(), natsRoomSubject))
	}
}

// growAll wakes all who follow a room.
func (l *NATSLog) growAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, r := range l.rooms { // order does not matter
		close(r.grown)
		r.grown = make(chan struct{})
	}
}

// isMovedOn reports whether NATS has refused a message because its subject's last one is another.
func isMovedOn(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// What NATS says when it has no room, and when it stands alone and is to have replicas.
const (
	natsNotClustered = 10074

	natsNoResources = 10023
	natsNoStorage   = 10047
	natsStoreFailed = 10077
)

// isFull reports whether NATS has no room for a message.
func isFull(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == natsNoResources || api.ErrorCode == natsNoStorage ||
		api.ErrorCode == natsStoreFailed && strings.Contains(api.Description, "maximum"))
}
