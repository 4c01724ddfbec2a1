package server

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// sockets are the connections that must be closed before the server ends.
type sockets struct {
	mu      sync.Mutex
	open    map[*websocket.Conn]bool
	running sync.WaitGroup // one for each
	leaving bool           // no socket is opened any more
}

// add notes a socket, which must be removed, and reports whether there may be any more.
func (ss *sockets) add(conn *websocket.Conn) bool {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	if ss.leaving {
		return false
	}
	ss.open[conn] = true
	ss.running.Add(1)
	return true
}

func (ss *sockets) remove(conn *websocket.Conn) {
	ss.mu.Lock()
	defer ss.mu.Unlock()
	delete(ss.open, conn)
	ss.running.Done()
}

// closeAll closes every socket, in an order that is nobody's, spread evenly over a time, and lets no other in. It waits for
// the last to be told.
func (ss *sockets) closeAll(spread time.Duration) {
	ss.mu.Lock()
	ss.leaving = true
	var list []*websocket.Conn
	for conn := range ss.open {
		list = append(list, conn)
	}
	ss.mu.Unlock()
	rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	var told sync.WaitGroup
	begun := time.Now()
	for i, conn := range list {
		time.Sleep(time.Until(begun.Add(spread * time.Duration(i) / time.Duration(len(list)))))
		told.Go(func() {
			conn.Close(websocket.StatusServiceRestart, leaving().text) // waits 5 s at most for an answer
		})
	}
	told.Wait()
}
