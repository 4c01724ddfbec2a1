package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A data directory keeps logs that nobody uses for RoomKept, and at least for RoomKeptLeast: in between, those that were used
// longest ago go when there are too many.

// sweepOn sweeps every SweepInterval until ctx ends.
func (l *FileLog) sweepOn(ctx context.Context) {
	defer close(l.swept)
	ticker := time.NewTicker(SweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := l.sweep(); err != nil {
				l.logger.Error("the data directory could not be swept", "error", err)
			}
		}
	}
}

// keptLog is a log's file that may be deleted.
type keptLog struct {
	name string
	size int64
	used time.Time
}

// sweep counts the logs anew and deletes what is to go.
func (l *FileLog) sweep() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	logs, err := listLogs(l.dir)
	if err != nil {
		return err
	}
	l.kept, l.bytes = 0, 0
	for _, k := range logs {
		l.bytes += k.size
		l.kept++
	}
	slices.SortFunc(logs, func(a, b keptLog) int { return a.used.Compare(b.used) })
	for _, k := range logs {
		room, _, _ := strings.Cut(k.name, ".")
		age, crowded := time.Since(k.used), l.bytes > MaxLogs*9/10 || l.kept > MaxKeptRooms*9/10
		if l.files[room] != nil || age < RoomKeptLeast || age < RoomKept && !crowded {
			continue
		}
		if err := os.Remove(filepath.Join(l.dir, k.name)); err != nil {
			return err
		}
		l.bytes -= k.size
		l.kept--
	}
	return nil
}

// listLogs lists the logs of a directory, and deletes what a killed server has left half written.
func listLogs(dir string) (logs []keptLog, err error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		info, err := file.Info()
		switch {
		case err != nil: // it has gone meanwhile
		case file.IsDir(): // it is not ours
		case strings.HasSuffix(file.Name(), halfSuffix):
			if time.Since(info.ModTime()) > time.Minute {
				os.Remove(filepath.Join(dir, file.Name())) //nolint:errcheck // the next sweep tries again
			}
		case strings.HasSuffix(file.Name(), logSuffix) || strings.HasSuffix(file.Name(), damagedSuffix):
			logs = append(logs, keptLog{file.Name(), info.Size(), info.ModTime()})
		}
	}
	return logs, nil
}

// halfSuffix ends the name of a file that is being written.
const halfSuffix = ".half"

// writeDurably writes a file that is there whole or not at all, and waits until it is durable.
func writeDurably(path string, data []byte) error {
	half, err := os.CreateTemp(filepath.Dir(path), "*"+halfSuffix)
	if err != nil {
		return err
	}
	_, err = half.Write(data)
	if err == nil {
		err = half.Sync()
	}
	if closing := half.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(half.Name(), path)
	}
	if err != nil {
		os.Remove(half.Name()) //nolint:errcheck // it is in the way of nobody
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes durable which files a directory has.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}

// withoutPath says what went wrong with a file, and not where the server keeps it: viewers are told too.
func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return fmt.Errorf("%s: %w", path.Op, path.Err)
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return fmt.Errorf("%s: %w", link.Op, link.Err)
	}
	return err
}
