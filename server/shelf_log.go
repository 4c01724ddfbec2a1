package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Where servers share a log, the shelf is there, so that every one of them finds what any has put on it: a text is a log of its own, with one
// entry, under a name made of what it says. It is swept as rooms' logs are. No key opens it as a room, for it begins no run.

const runNote = "# run" // begins the entry; the text follows

// logShelf is a shelf in a log that others share.
type logShelf struct {
	ctx  context.Context
	log  Log
	rate *rate.Limiter // of bytes
}

// newLogShelf returns the shelf in a log. A server puts MaxShelf bytes there at once, and as many again in ShelfRefill.
func newLogShelf(ctx context.Context, l Log) *shelf {
	s := newShelf()
	s.shared = &logShelf{ctx, l, rate.NewLimiter(rate.Limit(MaxShelf/ShelfRefill.Seconds()), MaxShelf)}
	return s
}

// logName returns the name of a text's log.
func logName(text string) string {
	sum := sha256.Sum256([]byte("netsplit run\n" + text))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// put keeps a text and returns its id.
func (s *logShelf) put(text string) (string, error) {
	text = strings.TrimSuffix(text, "\n")
	id := logName(text)
	if _, known := s.get(id); known {
		return id, nil
	}
	if !s.rate.AllowN(time.Now(), len(text)) {
		return "", fmt.Errorf("the run cannot be kept: this server has kept too many of late; save it as a file")
	}
	ctx, cancel := context.WithTimeout(s.ctx, AppendTimeout)
	defer cancel()
	if _, err := s.log.Append(ctx, id, 0, "run", runNote+"\n"+text); err != nil {
		return "", fmt.Errorf("the run cannot be kept: %w", err)
	}
	return id, nil
}

// get returns the text of an id. What is a room's log, or damaged, is not there.
func (s *logShelf) get(id string) (string, bool) {
	if !roomName.MatchString(id) {
		return "", false
	}
	ctx, cancel := context.WithTimeout(s.ctx, WakeTimeout)
	defer cancel()
	for e, err := range s.log.Follow(ctx, id, 1) {
		text, ok := strings.CutPrefix(e.Line, runNote+"\n")
		return text + "\n", err == nil && ok && logName(text) == id
	}
	return "", false
}
