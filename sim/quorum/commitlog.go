package quorum

import "netsplit/sim"

// When a replica acknowledges what it has written (Cassandra's commitlog_sync: AbstractCommitLogService and its kinds).
const (
	syncBatch    = "batch"    // once the disk has synced it
	syncGroup    = "group"    // likewise, with all that has come since the last sync, every commit-every
	syncPeriodic = "periodic" // at once: the disk syncs every commit-every, and a crash before that loses it
)

// commitLog is the Env of a replica whose disk syncs by the clock, rather than at each write.
type commitLog struct {
	sim.Env
	*product
	synced  sim.Time // when the latest sync that has ended began, by Elapsed
	waiting []func() // for the next sync
}

// newCommitLog returns the Env that a replica goes by.
func newCommitLog(env sim.Env, p *product) sim.Env {
	if p.commitLog == syncBatch {
		return env
	}
	return &commitLog{Env: env, product: p}
}

// Sync acknowledges at once, or with the next sync. Periodic acknowledges at once only while the disk keeps up: once the
// last sync is older than one and a half periods, writes wait for the next (PeriodicCommitLogService).
func (l *commitLog) Sync(done func()) {
	switch {
	case done == nil:
	case l.commitLog == syncPeriodic && l.Elapsed()-l.synced <= l.commitEvery+l.commitEvery/2:
		done()
	default:
		l.waiting = append(l.waiting, done)
	}
}

// flush syncs the disk, and tells those that have waited for it.
func (l *commitLog) flush() {
	begun, told := l.Elapsed(), l.waiting
	l.waiting = nil
	l.Env.Sync(func() {
		l.synced = begun
		for _, done := range told {
			done()
		}
	})
}

// keepSyncing syncs the disk every so often.
func (r *replica) keepSyncing() {
	l, byClock := r.env.(*commitLog)
	if !byClock {
		return
	}
	l.synced = r.env.Elapsed()
	var turn func()
	turn = func() {
		l.flush()
		r.later(l.commitEvery, turn)
	}
	r.later(l.commitEvery, turn)
}
