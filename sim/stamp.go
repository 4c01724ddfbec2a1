package sim

// stampClock gives the writes of one node their stamps. No two have the same stamp and tick, but for those that
// clients stamp.
type stampClock struct {
	kind ClockKind
	last Time   // the latest stamp given; of a hybrid logical clock, or seen: l of Kulkarni et al. 2014
	tick uint32 // of a hybrid logical clock: c
}

// stamp returns the next stamp: the node's clock, but later than any before.
func (k *stampClock) stamp(op Op, now Time) (Time, uint32) {
	switch k.kind {
	case ClientClock:
		return op.Stamp, 0
	case HybridClock:
		k.advance(now, -1, 0)
		return k.last, k.tick
	}
	k.last = max(now, k.last+1)
	return k.last, 0
}

// observe takes in the stamps of a State that has come from elsewhere; only a hybrid logical clock does.
func (k *stampClock) observe(st State, now Time) {
	if v, ok := st.newestStamp(); ok && k.kind == HybridClock {
		k.advance(now, v.Stamp, v.Tick)
	}
}

// advance carries out figure 5 of Kulkarni et al. 2014: l becomes the greatest of l, the stamp seen and the node's
// clock, and c counts on where l stands still. A stamp that is more than MaxAhead ahead of the node's clock is not
// believed: a clock gone wild elsewhere is not to spread (section 3.4, there "ignore such messages").
func (k *stampClock) advance(now, stamp Time, tick uint32) {
	if stamp > now+MaxAhead {
		stamp, tick = -1, 0
	}
	l := max(k.last, stamp, now)
	switch {
	case l == k.last && l == stamp:
		k.tick = max(k.tick, tick) + 1
	case l == k.last:
		k.tick++
	case l == stamp:
		k.tick = tick + 1
	default:
		k.tick = 0
	}
	k.last = l
}

// newestStamp returns the Version with the latest stamp, tombstone or not.
func (s State) newestStamp() (newest Version, ok bool) {
	if s.c == nil {
		return Version{}, false
	}
	for _, v := range s.c.live {
		if v.Stamp >= 0 && (!ok || v.Newer(newest)) {
			newest, ok = v, true
		}
	}
	return newest, ok
}
