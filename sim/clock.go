package sim

// driftUnit is what a drift is a part of: microseconds in which a clock gains as many.
const driftUnit = 1_000_000

// clock is a node's own. It runs at a rate of its own since the last change of that rate, and may be set wrong.
type clock struct {
	skew  Time // that it is set ahead of the world's
	drift Time // that it gains in a driftUnit
	since Time // the world's time when the drift last changed
	ahead Time // that it had gained by then
}

// gained returns what the clock has gained by the world's time t, rounded down.
func (k *clock) gained(t Time) Time {
	if k.drift == 0 {
		return k.ahead
	}
	by := (t - k.since) * k.drift
	if by < 0 {
		by -= driftUnit - 1
	}
	return k.ahead + by/driftUnit
}

// until returns the first instant of the world, from t on, at which the clock has gone on by a span.
func (k *clock) until(t, span Time) Time {
	if k.drift == 0 {
		return t + span
	}
	gone := t + k.gained(t) + span - k.ahead - k.since // by the clock, since the drift changed
	rate := driftUnit + k.drift
	return max(k.since+(gone*driftUnit+rate-1)/rate, t+1)
}

// instant returns when in the world's time Env.Elapsed is x, by the clock's present rate.
func (k *clock) instant(x Time) Time {
	gone := x - k.ahead
	if k.drift == 0 {
		return gone
	}
	return k.since + (gone-k.since)*driftUnit/(driftUnit+k.drift)
}

// changeDrift lets the node's clock run at another rate from now on, and its timers with it.
func (n *node) changeDrift(drift Time) {
	now := n.cluster.now
	spans := make([]Time, len(n.timers))
	for i, tm := range n.timers {
		spans[i] = tm.due + n.gained(tm.due) - now - n.gained(now)
	}
	n.ahead, n.since, n.drift = n.gained(now), now, drift
	for i, tm := range n.timers {
		if tm.due > now {
			n.SetTimer(TimerID(i), spans[i])
			n.timers[i].from = tm.from
		}
	}
}
