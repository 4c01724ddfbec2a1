package server

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// natsNode is a server of NATS: in this process, or one of its own that may be killed with -9. It starts again from its directory.
type natsNode struct {
	options natsserver.Options
	server  *natsserver.Server
	process *exec.Cmd
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
	n := &natsNode{options: natsTold{Name: name, Store: t.TempDir(), Port: freePort(t)}.options()}
	n.options.Cluster = natsserver.ClusterOpts{}
	return n
}

// start starts it in this process.
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

// natsProcess names the variable with the node that a process of its own is to be.
const natsProcess = "NETSPLIT_TEST_NATS"

// natsTold is what such a process is told.
type natsTold struct {
	Name, Store, Routes string
	Port, ClusterPort   int
}

// TestNATSProcess is no test: it is what a node with a process of its own runs.
func TestNATSProcess(t *testing.T) {
	text, is := os.LookupEnv(natsProcess)
	if !is {
		t.Skip("this is a process of other tests")
	}
	var told natsTold
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		t.Fatal(err)
	}
	n := &natsNode{options: told.options()}
	n.start(t)
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ends with whoever started it
	n.stop()
}

func (c natsTold) options() natsserver.Options {
	return natsserver.Options{ServerName: c.Name, Host: "127.0.0.1", Port: c.Port, JetStream: true, StoreDir: c.Store, SyncAlways: true,
		JetStreamMaxStore: 8 << 30, JetStreamMaxMemory: 1 << 30, NoLog: true, NoSigs: true, RoutesStr: c.Routes, Routes: natsserver.RoutesFromStr(c.Routes),
		Cluster: natsserver.ClusterOpts{Name: "three", Host: "127.0.0.1", Port: c.ClusterPort}}
}

// spawn starts it as a process of its own.
func (n *natsNode) spawn(t testing.TB) {
	t.Helper()
	told, err := json.Marshal(natsTold{n.options.ServerName, n.options.StoreDir, n.options.RoutesStr, n.options.Port, n.options.Cluster.Port})
	if err != nil {
		t.Fatal(err)
	}
	n.process = exec.Command(os.Args[0], "-test.run=^TestNATSProcess$")
	n.process.Env = append(os.Environ(), natsProcess+"="+string(told))
	if _, err = n.process.StdinPipe(); err == nil {
		err = n.process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// kill kills it with -9.
func (n *natsNode) kill() {
	n.process.Process.Kill() //nolint:errcheck // Wait tells
	n.process.Wait()         //nolint:errcheck // it was killed
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

// natsCluster is three servers of NATS.
type natsCluster [3]*natsNode

// newNATSCluster starts three servers of NATS, each in a process of its own.
func newNATSCluster(t testing.TB) *natsCluster {
	t.Helper()
	var c natsCluster
	var routes []string
	var ports [len(c)]int
	for i := range c {
		ports[i] = freePort(t)
		routes = append(routes, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
	}
	for i := range c {
		c[i] = &natsNode{options: natsTold{Name: fmt.Sprint("n", i), Store: t.TempDir(), Routes: strings.Join(routes, ","), Port: freePort(t), ClusterPort: ports[i]}.options()}
		c[i].spawn(t)
		t.Cleanup(c[i].kill)
	}
	return &c
}

func (c *natsCluster) url() string {
	return c[0].url() + "," + c[1].url() + "," + c[2].url()
}

// leader returns who leads the stream of rooms, and waits until somebody does.
func (c *natsCluster) leader(t testing.TB, l *NATSLog) (leader *natsNode) {
	t.Helper()
	eventually(t, "the stream has a leader", func() bool {
		info, err := l.streamOf(t.Context(), natsRooms)
		if err != nil || info == nil || info.Cluster == nil {
			return false
		}
		for _, n := range c {
			if n.options.ServerName == info.Cluster.Leader {
				leader = n
			}
		}
		return leader != nil
	})
	return leader
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

func TestNATSLogCluster(t *testing.T) {
	testLog(t, openNATS(t, NATSConfig{URL: newNATSCluster(t).url(), Replicas: 3}))
}
