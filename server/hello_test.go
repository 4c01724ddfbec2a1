package server

import (
	"context"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// pipes is a listener whose connections are pipes, so that time can be made.
type pipes struct {
	net.Listener
	come chan net.Conn
	done chan struct{}
}

func (p pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.come:
		return conn, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p pipes) Close() error { return nil }

// TestNoHello: a socket that says nothing is told why it is closed.
func TestNoHello(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s, err := New(ctx, Config{Logger: discard()})
		if err != nil {
			t.Fatal(err)
		}
		p := pipes{come: make(chan net.Conn), done: make(chan struct{})}
		hs := &http.Server{Handler: s}
		go hs.Serve(p) //nolint:errcheck // it is closed below
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			p.come <- near
			return far, nil
		}}
		conn, _, err := websocket.Dial(ctx, "ws://localhost/socket", &websocket.DialOptions{HTTPClient: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		_, _, err = conn.Read(ctx)
		if websocket.CloseStatus(err) != websocket.StatusPolicyViolation || time.Since(begun) != HelloTimeout {
			t.Errorf("after %s: %v", time.Since(begun), err)
		}
		close(p.done)
		transport.CloseIdleConnections()
		hs.Close()
		cancel()
		s.sockets.running.Wait()
		s.rooms.close()
	})
}
