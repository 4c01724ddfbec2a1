package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// FileLog keeps each room's log in a file of its own, as scenario text: see log_lines.go. A room's file is open only while
// something is read or written.
type FileLog struct {
	dir    string // of the logs
	logger *slog.Logger
	lock   *os.File
	swept  chan struct{} // closed when nothing is deleted any more

	mu    sync.Mutex
	files map[string]*logFile // in use
	kept  int                 // logs in the directory
	bytes int64               // of them
}

// logFile is a room's log that is in use. What it knows of the file is read when it is needed first.
type logFile struct {
	room, path string
	users      int // FileLog.mu holds

	mu     sync.Mutex
	read   bool
	text   logText           // without its entries
	last   Entry             // of them
	ids    map[string]uint64 // their numbers
	grown  chan struct{}     // closed when an entry is added
	warned bool
}

// OpenFileLog opens the logs in a data directory, which it makes if need be, until ctx ends. No two servers may have the same
// directory.
func OpenFileLog(ctx context.Context, data string, logger *slog.Logger) (*FileLog, error) {
	dir := filepath.Join(data, "rooms")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data: %w", err)
	}
	lock, err := lockFile(filepath.Join(data, "lock"))
	if err != nil {
		return nil, fmt.Errorf("data: %s: %w", data, err)
	}
	l := &FileLog{dir: dir, logger: logger, lock: lock, swept: make(chan struct{}), files: map[string]*logFile{}}
	if err := l.sweep(); err != nil {
		lock.Close()
		return nil, fmt.Errorf("data: %w", err)
	}
	go l.sweepOn(ctx)
	return l, nil
}

// Close waits for the end of ctx and lets go of the directory.
func (l *FileLog) Close() error {
	<-l.swept
	return l.lock.Close()
}

func (l *FileLog) path(room string) string { return filepath.Join(l.dir, room+logSuffix) }

const logSuffix = ".txt"

// use returns a room's log for somebody who is to leave it.
func (l *FileLog) use(room string) *logFile {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := l.files[room]
	if f == nil {
		f = &logFile{room: room, path: l.path(room), grown: make(chan struct{})}
		l.files[room] = f
	}
	f.users++
	return f
}

func (l *FileLog) leave(f *logFile) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if f.users--; f.users == 0 {
		delete(l.files, f.room)
	}
}

// Hold keeps what is known of a room's log in memory, and its file from being swept away, until release is called: for as long as the
// room is awake.
func (l *FileLog) Hold(room string) (release func()) {
	f := l.use(room)
	return func() { l.leave(f) }
}

// load reads the file, if that has not been done, and returns its entries in any case where all is asked for.
func (l *FileLog) load(f *logFile, all bool) ([]Entry, error) {
	if f.read && !all {
		return nil, nil
	}
	data, err := os.ReadFile(f.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("log: %w", withoutPath(err))
	}
	if errors.Is(err, fs.ErrNotExist) {
		f.read, f.ids = true, map[string]uint64{}
		f.text = logText{chain: chainOf(f.room)}
		return nil, nil
	}
	text := readLog(data, f.room, filepath.Join("rooms", filepath.Base(f.path)))
	entries := text.entries
	if !f.read {
		if f.text, f.ids = text, map[string]uint64{}; len(entries) > 0 {
			f.last = entries[len(entries)-1]
		}
		for _, e := range entries {
			f.ids[e.ID] = e.Seq
		}
		f.text.entries, f.read = nil, true
		l.warn(f)
	}
	return entries, nil
}

// warn says once what is wrong with a file.
func (l *FileLog) warn(f *logFile) {
	if d := f.text.damage; d != nil {
		l.logger.Error("a room's log is damaged", "room", f.room[:8], "place", d.Place, "reason", d.Reason, "whole", d.Seq)
	} else if f.text.torn {
		l.logger.Warn("a room's log ends with an entry that was never acknowledged", "room", f.room[:8], "whole", f.last.Seq)
	}
}

// Append implements Log.
func (l *FileLog) Append(ctx context.Context, room string, after uint64, id, line string) (Entry, error) {
	if err := checkEntry(room, id, line); err != nil {
		return Entry{}, err
	}
	if err := ctx.Err(); err != nil {
		return Entry{}, err
	}
	f := l.use(room)
	defer l.leave(f)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := l.load(f, false); err != nil {
		return Entry{}, err
	}
	if seq, known := f.ids[id]; known {
		entries, err := l.load(f, true)
		if err == nil && uint64(len(entries)) < seq {
			err = fmt.Errorf("log: entry %d of room %s is gone", seq, room)
		}
		if err != nil {
			return Entry{}, err
		}
		return entries[seq-1], nil
	}
	if after != f.last.Seq {
		return Entry{}, ErrMoved
	}
	e := Entry{Seq: after + 1, ID: id, Time: logTime(f.last.Time), Line: line}
	var b bytes.Buffer
	c := writeEntry(&b, f.text.chain, e)
	if err := l.room(f, int64(b.Len())); err != nil {
		return Entry{}, err
	}
	if err := f.append(b.Bytes(), c, e); err != nil {
		f.read = false // what the file has now is to be read
		f.last = Entry{}
		return Entry{}, fmt.Errorf("log: %w", withoutPath(err))
	}
	close(f.grown)
	f.grown = make(chan struct{})
	return e, nil
}

// room makes sure that there is room for so many bytes more.
func (l *FileLog) room(f *logFile, n int64) error {
	if f.text.size+n > MaxRoomLog {
		return fmt.Errorf("the room's log %w: it has its %d bytes", ErrFull, MaxRoomLog)
	}
	l.mu.Lock()
	full := l.bytes+n > MaxLogs || f.last.Seq == 0 && l.kept >= MaxKeptRooms
	l.mu.Unlock()
	if full {
		if err := l.sweep(); err != nil {
			return fmt.Errorf("log: %w", withoutPath(err))
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bytes+n > MaxLogs || f.last.Seq == 0 && l.kept >= MaxKeptRooms {
		return fmt.Errorf("the server's data directory %w: it has its %d rooms or %d bytes; try again later", ErrFull, MaxKeptRooms, int64(MaxLogs))
	}
	l.bytes += n
	if f.last.Seq == 0 {
		l.kept++
	}
	return nil
}

// append writes an entry and waits until it is durable. Only then the head says that it is there: what is beyond the
// head's size may be torn.
func (f *logFile) append(lines []byte, c chain, e Entry) error {
	if f.last.Seq == 0 && f.text.size == 0 {
		if err := f.create(lines); err != nil {
			return err
		}
		f.text.size = headSize
	} else if err := f.extend(lines, e); err != nil {
		return err
	}
	f.text.size += int64(len(lines))
	f.text.chain, f.last, f.ids[e.ID] = c, e, e.Seq
	return nil
}

// create writes a new file, which appears with its first entry or not at all.
func (f *logFile) create(lines []byte) error {
	head := logHead{size: headSize + int64(len(lines))}.write(f.room)
	return writeDurably(f.path, append(head, lines...))
}

func (f *logFile) extend(lines []byte, e Entry) error {
	file, err := os.OpenFile(f.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := f.mend(file); err != nil {
		return err
	}
	if _, err := file.WriteAt(lines, f.text.size); err != nil {
		file.Truncate(f.text.size) //nolint:errcheck // what is left is torn
		return err
	}
	if err := file.Sync(); err != nil { // it may or may not be there: it shall not be
		file.Truncate(f.text.size) //nolint:errcheck // as above
		return err
	}
	head := logHead{size: f.text.size + int64(len(lines)), mark: f.text.mark}
	if _, err := file.WriteAt(head.write(f.room), 0); err != nil {
		return err
	}
	if bytes.Contains(lines, []byte(dropNote)) || bytes.Contains(lines, []byte(beginNote)) {
		return settle(file, head.size)
	}
	return nil
}

// Mark implements Log.
func (l *FileLog) Mark(room string, m Mark) {
	if !roomName.MatchString(room) {
		return
	}
	f := l.use(room)
	defer l.leave(f)
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, err := l.load(f, false); err != nil || f.last.Seq == 0 || f.text.damage != nil || f.text.torn {
		return
	}
	m.Time = m.Time.UTC().Truncate(time.Microsecond)
	file, err := os.OpenFile(f.path, os.O_WRONLY, 0)
	if err == nil {
		_, err = file.WriteAt(logHead{size: f.text.size, mark: m}.write(room), 0)
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		if !f.warned {
			l.logger.Warn("a room's mark could not be written", "room", room[:8], "error", err)
		}
		f.warned = true
		return
	}
	f.text.mark = m
}

// Follow implements Log.
func (l *FileLog) Follow(ctx context.Context, room string, from uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if !roomName.MatchString(room) {
			yield(Entry{}, checkEntry(room, "x", "x"))
			return
		}
		f := l.use(room)
		defer l.leave(f)
		for first := true; ; first = false {
			f.mu.Lock()
			entries, err := l.load(f, true)
			mark, damage, grown := f.text.mark, f.text.damage, f.grown
			f.mu.Unlock()
			if err != nil {
				yield(Entry{}, err)
				return
			}
			for _, e := range entries[min(len(entries), int(max(from, 1)-1)):] {
				if from = e.Seq + 1; !yield(e, nil) {
					return
				}
			}
			if first && damage != nil && !yield(Entry{}, damage) || first && !yield(mark.entry(), nil) {
				return
			}
			select {
			case <-grown:
			case <-ctx.Done():
				return
			}
		}
	}
}
