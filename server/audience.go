package server

import (
	"slices"
	"time"
)

// hall is who is in a room, and what they tell each other beside the run. Of all this the log has nothing: where servers
// share one, they tell each other by notes.
type hall struct {
	asks  []Guest           // viewers of this server who ask for control, in that order
	names map[string]string // see remember

	version uint64    // counts changes of what an Audience says
	due     uint64    // the version that viewers are to be told
	told    time.Time // when due was last set

	presenting
	beyond
}

// newGuest returns somebody who has not joined a room yet, by a guest id, or "" for none.
func newGuest(guest string, holder bool) *viewer {
	return &viewer{guest: guest, holder: holder, outbox: make(chan []byte, MaxOutbox), ended: make(chan struct{})}
}

// stir notes that there is something new to tell the audience, and, where it is from here, other servers.
func (r *Room) stir(here bool) {
	r.version++
	r.untold = r.untold || here
	r.remember()
}

// greetGuest lets a viewer who has just joined know who is there.
func (r *Room) greetGuest(v *viewer) {
	r.stir(true)
	if r.claim.Guest == v.guest {
		r.gone = nil
	}
	v.told, v.led = r.version, 0
	v.offer(encode(r.audienceFor(v)))
	r.tellGuest(v)
}

// partGuest forgets a viewer who has left, and has other servers know at once when it was the last: there are no more turns.
func (r *Room) partGuest(v *viewer) {
	stays := v.guest != "" && slices.ContainsFunc(r.audience, func(other *viewer) bool { return other.guest == v.guest })
	if !stays {
		r.asks = slices.DeleteFunc(r.asks, func(g Guest) bool { return g.Guest == v.guest })
	}
	r.stir(true)
	if len(r.viewers) == 0 {
		r.tellServers(r.turned)
	}
}

// turnHall tells the audience what is new, each viewer the latest only, and other servers.
func (r *Room) turnHall(now time.Time) {
	r.hearServers(now)
	r.keepPresenter(now)
	r.turnGlance(now)
	if r.version > r.due && now.Sub(r.told) >= AudienceInterval {
		r.due, r.told = r.version, now
	}
	for _, v := range r.audience {
		r.tellGuest(v)
	}
	if age := now.Sub(r.noted); age >= NoteInterval || r.untold && age >= GlanceInterval {
		r.tellServers(now)
	}
}

// tellGuest tells a viewer what it has not been told yet, unless it has much to read first.
func (r *Room) tellGuest(v *viewer) {
	if v.behind || len(v.outbox) > MaxOutbox/2 {
		return
	}
	if v.told < r.due {
		v.told = r.version
		v.offer(encode(r.audienceFor(v)))
	}
	if r.glance != nil && v.glanced < r.glances && (v.guest == "" || v.guest != r.claim.Guest) {
		v.glanced = r.glances
		v.offer(encode(r.presentedTo(v)))
	}
}

// audienceFor returns what a viewer is told of who is there.
func (r *Room) audienceFor(v *viewer) Audience {
	a := Audience{Type: "audience", Seq: r.seqOf(v), Viewers: r.connections(), Guest: v.guest, Right: r.rightOf(v), Presenter: r.claim.Guest,
		Asks: []Guest{}, Hands: r.named()}
	if a.Right == RightControl {
		a.Asks = append(a.Asks, r.asking()...)
	}
	return a
}

// connections counts those in the room, at all servers.
func (r *Room) connections() int {
	n := len(r.viewers)
	for _, other := range r.elsewhere { // order does not matter: it is a sum
		n += other.note.Viewers
	}
	return n
}

// seqOf returns the count of what a viewer was last shown.
func (r *Room) seqOf(v *viewer) uint64 {
	switch {
	case v.past == nil:
		return r.feed.seq
	case v.past.arrived:
		return v.past.feed.seq
	}
	return v.past.seq
}
