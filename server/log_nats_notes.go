package server

import (
	"context"
	"iter"

	"github.com/nats-io/nats.go"
)

// natsNoteSubject is of no stream: nothing of it is kept, or sent twice.
const natsNoteSubject = "netsplit.note."

// Tell implements Notes. While there is no connection nobody is told.
func (l *NATSLog) Tell(room string, note []byte) {
	if roomName.MatchString(room) && len(note) <= MaxNote {
		l.nc.Publish(natsNoteSubject+room, note) //nolint:errcheck // it may get lost
	}
}

// Hear implements Notes. A connection that comes back hears on.
func (l *NATSLog) Hear(ctx context.Context, room string) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if !roomName.MatchString(room) {
			return
		}
		ear := make(chan *nats.Msg, MaxNotes) // what does not fit is dropped
		heard, err := l.nc.ChanSubscribe(natsNoteSubject+room, ear)
		if err != nil {
			if l.ctx.Err() == nil {
				l.logger.Warn("a room's notes are not heard", "error", err)
			}
			return
		}
		defer heard.Unsubscribe() //nolint:errcheck // the connection is closed, or it is done
		for {
			select {
			case msg := <-ear:
				if len(msg.Data) <= MaxNote && !yield(msg.Data) {
					return
				}
			case <-ctx.Done():
				return
			case <-l.ctx.Done():
				return
			}
		}
	}
}
