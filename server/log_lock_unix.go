//go:build unix

package server

import (
	"errors"
	"os"
	"syscall"
)

// lockFile locks a file for this process alone, as long as it is open; a process that ends lets go of it.
func lockFile(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errors.New("another server has this directory; say --data with one of its own, or --data none for memory only")
	}
	return f, nil
}
