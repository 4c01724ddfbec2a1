package primary

import (
	"slices"

	"netsplit/sim"
)

// line is a timeline: one primary's reign. Only that primary orders writes on it.
type line struct {
	n  int64    // its number, greater than that of the line it branched off
	by sim.Addr // the primary
	at sim.Time // by that primary's clock, to tell apart what has all else in common
}

// newer reports whether a line is the one to follow, of two.
func (l line) newer(m line) bool {
	if l.n != m.n {
		return l.n > m.n
	}
	return l.at > m.at || l.at == m.at && l.by > m.by
}

// record is one write in the log. Writes that changed nothing are not logged.
type record struct {
	line line
	op   sim.Op
}

// register is what one key holds.
type register struct {
	value int64
	write sim.OpID // 0 for the opening value
	index int      // of that write in the log; 0 for the opening value
}

// journal is the log of one node with the registers at its end and as far as they are visible. Indexes begin at 1.
type journal struct {
	opening func(string) int64
	records []record
	before  []register // of each record: what it found
	tail    map[string]register
	shown   map[string]register
	at      map[sim.OpID]int

	written, flushed, applied int          // indexes; applied is what is visible here
	ahead                     map[int]bool // records after applied that are visible too, for what is before them waits for standbys
}

func newJournal(opening func(string) int64) *journal {
	return &journal{opening: opening, tail: map[string]register{}, shown: map[string]register{}, at: map[sim.OpID]int{}, ahead: map[int]bool{}}
}

func (j *journal) last() int { return len(j.records) }

// lineAt returns the line on which the record at an index was ordered.
func (j *journal) lineAt(i int) line {
	if i == 0 {
		return line{}
	}
	return j.records[i-1].line
}

// read returns what is visible of a key.
func (j *journal) read(key string) register { return j.get(j.shown, key) }

// end returns what the log holds of a key in the end.
func (j *journal) end(key string) register { return j.get(j.tail, key) }

func (j *journal) get(m map[string]register, key string) register {
	if r, ok := m[key]; ok {
		return r
	}
	return register{value: j.opening(key)}
}

// locked reports whether a write of the key is in the log and not visible.
func (j *journal) locked(key string) bool { return !j.visible(j.end(key).index) }

func (j *journal) append(r record) (before register) {
	before = j.end(r.op.Key)
	j.records = append(j.records, r)
	j.before = append(j.before, before)
	j.tail[r.op.Key] = register{r.op.Value, r.op.ID, len(j.records)}
	j.at[r.op.ID] = len(j.records)
	return before
}

// show makes everything up to an index visible.
func (j *journal) show(i int) {
	for ; j.applied < i; j.applied++ {
		op := j.records[j.applied].op
		j.shown[op.Key] = register{op.Value, op.ID, j.applied + 1}
		delete(j.ahead, j.applied+1)
	}
}

// visible reports whether the record at an index is; so is the opening value, at 0.
func (j *journal) visible(i int) bool { return i <= j.applied || j.ahead[i] }

// showOne makes one record visible, whatever waits before it: all of its key before it is visible, for it had the lock.
func (j *journal) showOne(i int) {
	if j.visible(i) {
		return
	}
	op := j.records[i-1].op
	j.shown[op.Key] = register{op.Value, op.ID, i}
	for j.ahead[i] = true; j.ahead[j.applied+1]; {
		j.applied++
		delete(j.ahead, j.applied)
	}
}

// truncate takes the last record off the log, and returns its key and what that holds now.
func (j *journal) truncate() (key string, now register) {
	i := len(j.records)
	op := j.records[i-1].op
	now = j.before[i-1]
	j.tail[op.Key] = now
	if j.visible(i) {
		j.shown[op.Key] = now
		delete(j.ahead, i)
		j.applied = min(j.applied, i-1)
	}
	delete(j.at, op.ID)
	j.records, j.before = j.records[:i-1], j.before[:i-1]
	j.written, j.flushed = min(j.written, i-1), min(j.flushed, i-1)
	return op.Key, now
}

// span is where a line begins in a log.
type span struct {
	line  line
	first int
}

// spans returns the lines of the log up to an index.
func (j *journal) spans(upTo int) []span {
	var all []span
	for i, r := range j.records[:upTo] {
		if len(all) == 0 || all[len(all)-1].line != r.line {
			all = append(all, span{r.line, i + 1})
		}
	}
	return all
}

// fork returns the last index up to which this log is the same as another, which ends at last: a line has one
// writer, so that two records of one line and index are the same, and all before them.
func (j *journal) fork(other []span, last int) int {
	for i := min(j.last(), last); i > 0; i-- {
		k, _ := slices.BinarySearchFunc(other, i+1, func(s span, i int) int { return s.first - i })
		if k > 0 && other[k-1].line == j.lineAt(i) {
			return i
		}
	}
	return 0
}
