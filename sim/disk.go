package sim

import "fmt"

// Disk is what a node's disk holds, laid out as its protocol likes. It outlives a crash. The replica may read it, and
// changes it by Env.Persist alone.
type Disk interface {
	// Write takes in a record of Persist. The world calls it once the record is durable, in the order of Persist.
	Write(rec any)
}

// drive is a node's disk and what is on its way there.
type drive struct {
	disk    Disk     // what is durable; nil where the protocol keeps nothing
	buffer  []any    // persisted since the last fsync began
	waiting []func() // for the next fsync

	fsync   Time // that each fsync takes
	stuck   bool // no fsync ends
	syncing bool // an fsync is under way
	batch   []any
	told    []func() // once it has ended
	turn    uint64   // tells its end from the ends of fsyncs that a command has overtaken
	unheard bool     // it has ended while the node was paused
}

func (n *node) Disk() Disk { return n.disk }

func (n *node) Persist(rec any) {
	if len(n.buffer)+len(n.batch) >= MaxUnsynced {
		panic(fmt.Sprintf("sim: lane %s at %s: node %d has %d records to sync", n.cluster.Name, n.cluster.now, n.addr, MaxUnsynced))
	}
	n.buffer = append(n.buffer, rec)
}

func (n *node) Sync(done func()) {
	if n.fsync > 0 || n.stuck || n.syncing {
		n.waiting = append(n.waiting, n.cluster.onBehalf(done))
		n.sync()
		return
	}
	n.buffer = n.write(n.buffer)
	if done != nil {
		done()
	}
}

// write makes records durable and returns the emptied list.
func (n *node) write(records []any) []any {
	if n.disk != nil {
		for _, rec := range records {
			n.disk.Write(rec)
		}
	}
	clear(records)
	return records[:0]
}

// sync begins an fsync of all that has been persisted, if somebody waits for one and none is under way.
func (n *node) sync() {
	if n.syncing || len(n.waiting) == 0 {
		return
	}
	n.syncing = true
	n.batch, n.buffer = n.buffer, n.batch
	n.told, n.waiting = n.waiting, n.told
	n.endSync()
}

// endSync has the fsync under way end after the time that an fsync takes now.
func (n *node) endSync() {
	n.turn++
	if !n.stuck {
		n.cluster.queue.push(event{at: n.cluster.now + n.fsync, kind: eventSynced, who: n.addr, ref: n.turn})
	}
}

// synced ends an fsync. A paused replica hears of it when it goes on.
func (n *node) synced(turn uint64) {
	if turn != n.turn {
		return
	}
	n.cluster.trace.add('f', n.cluster.now, uint64(n.addr))
	n.stirred++ // what is durable may show, whether or not the replica hears of it
	n.batch = n.write(n.batch)
	if n.unheard = n.paused; !n.paused {
		n.tell()
	}
}

// tell tells the replica of the fsync that has ended, and begins the next for what has come meanwhile.
func (n *node) tell() {
	n.unheard = false
	for _, done := range n.told {
		if done != nil {
			done()
		}
	}
	clear(n.told)
	n.told = n.told[:0]
	n.syncing = false
	n.sync()
}

// changeFsync has each fsync take so long, and the one under way as long from now on.
func (n *node) changeFsync(by Time, stuck bool) {
	n.fsync, n.stuck = by, stuck
	if n.syncing && !n.unheard {
		n.endSync()
	}
}

// unplug loses what is not durable.
func (n *node) unplug() {
	n.turn++
	clear(n.buffer)
	clear(n.batch)
	clear(n.waiting)
	clear(n.told)
	n.buffer, n.batch, n.waiting, n.told = n.buffer[:0], n.batch[:0], n.waiting[:0], n.told[:0]
	n.syncing, n.unheard = false, false
}
