package server

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"netsplit/sim"
)

// Entry is one line of a room's log, or several that belong together: what happened, as scenario text. Lines that begin
// with "# " are notes, which say what the scenario language has no words for; see roomLog.
type Entry struct {
	Seq  uint64    // from 1, without gaps
	ID   string    // of who appended it: an entry stands once in the log, however often it is tried
	Time time.Time // when it was appended, by the log's own clock, which does not go back; in microseconds
	Line string    // what happened
}

// Mark says how far a room has come.
type Mark struct {
	Seq  uint64    // of the room's last entry by then
	At   sim.Time  // of the live edge
	Time time.Time // when that was, by the wall clock of who noted it
}

// Log keeps rooms' entries. Only commands are stored, never frames: whoever has the log has the run. Its methods may be
// called by many goroutines at once.
type Log interface {
	// Append adds a line after entry `after` (0 for a new room) and returns once it is durable. It returns ErrMoved if
	// the room's last entry is another, and an ID that is there already returns its entry, and no error. Where it returns another
	// error nobody knows whether the entry stands: to try again with the same ID is safe.
	Append(ctx context.Context, room string, after uint64, id, line string) (Entry, error)

	// Mark notes how far a room has come, without waiting for durability. The latest mark is what counts; it may get lost.
	Mark(room string, m Mark)

	// Follow yields every entry of a room once, in order, from seq `from` on; then the latest mark, once, as an entry
	// without an ID (see Entry.Mark), be it empty: then the reader knows all that there was; and then it waits for further
	// entries until ctx ends, which ends it without an error. A damaged log yields what stands before the damage and then a *DamageError,
	// and the mark after that if there is one; any other error ends it.
	Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error]
}

// SharedLog is a Log that other servers append to as well. Rooms follow it while they are awake.
type SharedLog interface {
	Log
	Shared() bool
}

// shared reports whether entries of others may come.
func shared(l Log) bool {
	s, ok := l.(SharedLog)
	return ok && s.Shared()
}

// ErrMoved says that a room's log is not where the appender took it to be.
var ErrMoved = errors.New("the room's log has gone on")

// ErrFull says that a log takes no more, of a room or of all.
var ErrFull = errors.New("is full")

// DamageError says what is damaged in a room's log. What stands before it is whole. Whoever appends after the last whole entry
// carries on from there; what was damaged is kept aside.
type DamageError struct {
	Room   string
	Seq    uint64 // of the last whole entry
	Place  string // such as "line 12 of rooms/abc.txt"
	Reason string
}

// Error names the place and what is wrong there.
func (e *DamageError) Error() string {
	return fmt.Sprintf("the log of room %s is damaged at %s: %s; what stands before, up to entry %d, is whole", e.Room, e.Place, e.Reason, e.Seq)
}

// markNote begins a mark's line.
const markNote = "# mark "

// entry returns a mark as Follow yields it.
func (m Mark) entry() Entry { return Entry{Seq: m.Seq, Time: m.Time, Line: markNote + m.At.String()} }

// Mark returns the mark that an entry stands for, and whether it is one.
func (e Entry) Mark() (Mark, bool) {
	text, ok := strings.CutPrefix(e.Line, markNote)
	if !ok || e.ID != "" {
		return Mark{}, false
	}
	at, err := sim.ParseTime(text)
	return Mark{Seq: e.Seq, At: at, Time: e.Time}, err == nil
}

var roomName, entryName = regexp.MustCompile(`^[A-Za-z0-9_-]{22}$`), regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// checkEntry refuses what no log takes.
func checkEntry(room, id, line string) error {
	switch {
	case !roomName.MatchString(room):
		return fmt.Errorf("log: %q is not the name of a room", trim(room))
	case !entryName.MatchString(id):
		return fmt.Errorf("log: %q is not an id: expected 1 to 64 letters, digits, - and _", trim(id))
	case len(line) > MaxEntry:
		return fmt.Errorf("log: the entry has %d bytes; the most is %d", len(line), MaxEntry)
	case !utf8.ValidString(line) || line == "" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\n' }):
		return errors.New("log: expected a text of lines without control characters")
	}
	for l := range strings.SplitSeq(line, "\n") {
		if l == "" || l[0] == ' ' || l[0] == '#' && !strings.HasPrefix(l, "# ") {
			return fmt.Errorf("log: expected a statement or a note, got %q", trim(l))
		}
	}
	return nil
}

// logTime returns the time of an entry that comes after one of another time.
func logTime(last time.Time) time.Time {
	now := time.Now().UTC().Truncate(time.Microsecond)
	if now.Before(last) {
		return last
	}
	return now
}
