package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
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
	if err := n.begin(); err != nil {
		t.Fatal(err)
	}
}

func (n *natsNode) begin() (err error) {
	options := n.options
	if n.server, err = natsserver.NewServer(&options); err != nil {
		return err
	}
	n.server.Start()
	if !n.server.ReadyForConnections(time.Minute) {
		return errors.New("NATS does not start")
	}
	return nil
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

// beNATS is a node instead of tests where the environment says so, until whoever started it ends.
func beNATS() bool {
	text, is := os.LookupEnv(natsProcess)
	if !is {
		return false
	}
	var told natsTold
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		panic(err)
	}
	n := &natsNode{options: told.options()}
	if err := n.begin(); err != nil {
		panic(err)
	}
	io.Copy(io.Discard, os.Stdin) //nolint:errcheck // it ends with whoever started it
	n.stop()
	return true
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
	n.process = exec.Command(os.Args[0])
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

// TestNATSLogCluster: a cluster of three is a log as well. With one replica there it is said what that means; with three from then on,
// what was there stays.
func TestNATSLogCluster(t *testing.T) {
	c := newNATSCluster(t)
	var told bytes.Buffer
	alone, err := OpenNATSLog(t.Context(), NATSConfig{URL: c.url(), Replicas: 1}, slog.New(slog.NewTextHandler(&told, nil)))
	if err != nil {
		t.Fatal(err)
	}
	room := randomID()
	e := mustAppend(t, alone, room, 0, "a", "# begin {}")
	if err := alone.Close(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(told.String(), "say --log-replicas 3") || !strings.Contains(told.String(), "sync_interval: always") {
		t.Errorf("the log says\n%s", &told)
	}
	l := openNATS(t, NATSConfig{URL: c.url(), Replicas: 3})
	for _, name := range []string{natsRooms, natsMarks} {
		if info, err := l.streamOf(t.Context(), name); err != nil || info.Config.Replicas != 3 {
			t.Errorf("%s: %+v, %v", name, info, err)
		}
	}
	testLog(t, l)
	if entries, _, damage := readAll(t, l, room, 1); len(entries) != 1 || entries[0] != e || damage != nil {
		t.Errorf("%+v, %v", entries, damage)
	}
}
