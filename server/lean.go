package server

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"time"

	"golang.org/x/time/rate"
)

// lean hands a connection over with buffers of a viewer's size: what browsers send and are sent is mostly short.
type lean struct{ http.ResponseWriter }

// Hijack implements http.Hijacker.
func (l lean) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, brw, err := http.NewResponseController(l.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		tcp.SetWriteBuffer(SocketBuffer) //nolint:errcheck // it is a wish; by default the system keeps megabytes
	}
	conn = paced{conn, rate.NewLimiter(MaxIntake, MaxIntakeBurst)}
	early, err := brw.Reader.Peek(brw.Reader.Buffered()) // of a browser that did not wait
	r := bufio.NewReaderSize(io.MultiReader(bytes.NewReader(early), conn), max(ReadBuffer, len(early)))
	if err == nil && len(early) > 0 {
		_, err = r.Peek(len(early)) // who takes the reader looks only at what it has buffered
	}
	return conn, bufio.NewReadWriter(r, bufio.NewWriterSize(conn, WriteBuffer)), err
}

// paced is a connection of which no more is taken than MaxIntake: what comes faster waits at the sender's. Messages are counted one by one,
// but pings, pieces of messages and what follows a close are not, and each costs us more than it costs who sends it.
type paced struct {
	net.Conn
	intake *rate.Limiter
}

// Read implements net.Conn.
func (p paced) Read(b []byte) (int, error) {
	n, err := p.Conn.Read(b[:min(len(b), MaxMessage)]) // so that nobody who closes waits long
	if n > 0 {
		time.Sleep(p.intake.ReserveN(time.Now(), n).Delay())
	}
	return n, err
}
