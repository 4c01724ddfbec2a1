package quorum

import (
	"slices"

	"netsplit/sim"
)

// agenda is what this node means to do later, in order of time.
type agenda []appointment

type appointment struct {
	at sim.Time // by Elapsed
	do func()
}

// later does something after a span.
func (r *replica) later(after sim.Time, do func()) {
	at := r.env.Elapsed() + after
	i := len(r.agenda)
	for i > 0 && r.agenda[i-1].at > at {
		i--
	}
	r.agenda = slices.Insert(r.agenda, i, appointment{at, do})
	if i == 0 {
		r.env.SetTimer(timerAgenda, after)
	}
}

func (r *replica) keepAppointments() {
	now := r.env.Elapsed()
	for len(r.agenda) > 0 && r.agenda[0].at <= now {
		do := r.agenda[0].do
		r.agenda = r.agenda[1:]
		do()
	}
	if len(r.agenda) > 0 {
		r.env.SetTimer(timerAgenda, r.agenda[0].at-now)
	}
}
