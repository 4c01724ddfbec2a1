package server

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// natsNode is a server of NATS in this process, which may be killed and started again from its directory.
type natsNode struct {
	options natsserver.Options
	server  *natsserver.Server
}

// freePort returns a port that nobody listens on.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func newNATSNode(t testing.TB, name string) *natsNode {
	return &natsNode{options: natsserver.Options{ServerName: name, Host: "127.0.0.1", Port: freePort(t), JetStream: true, StoreDir: t.TempDir(), SyncAlways: true,
		JetStreamMaxStore: 8 << 30, JetStreamMaxMemory: 1 << 30, NoLog: true, NoSigs: true}}
}

func (n *natsNode) start(t testing.TB) {
	t.Helper()
	options := n.options
	var err error
	if n.server, err = natsserver.NewServer(&options); err != nil {
		t.Fatal(err)
	}
	n.server.Start()
	if !n.server.ReadyForConnections(time.Minute) {
		t.Fatal("NATS does not start")
	}
}

func (n *natsNode) stop() {
	n.server.Shutdown()
	n.server.WaitForShutdown()
}

func (n *natsNode) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", n.options.Port) }

// startNATS starts a server of NATS that stands alone.
func startNATS(t testing.TB) *natsNode {
	t.Helper()
	n := newNATSNode(t, "alone")
	n.start(t)
	t.Cleanup(func() { n.stop() })
	return n
}

func openNATS(t testing.TB, c NATSConfig) *NATSLog {
	t.Helper()
	c.Replicas = max(c.Replicas, 1)
	l, err := OpenNATSLog(context.Background(), c, discard())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() }) //nolint:errcheck // NATS may be gone by then
	return l
}

func TestNATSLog(t *testing.T) { testLog(t, openNATS(t, NATSConfig{URL: startNATS(t).url()})) }
