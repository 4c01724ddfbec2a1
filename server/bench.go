package server

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
	"netsplit/static"
)

// BenchParts returns the measurements of what a browser is sent, and how soon, against servers that are started from this
// same program.
func BenchParts() []study.BenchPart {
	return []study.BenchPart{
		{Name: "weights", Seconds: 1, Measure: func(context.Context) ([]study.Figure, error) {
			weight, err := benchWeight("script, style and map together, gzip", "at most 120 kB", "app.js", "app.css", "map.svg")
			if err != nil {
				return nil, err
			}
			drawer, err := benchWeight("the drawer's script, gzip", "fetched when it is first opened", "drawer.js")
			if err != nil {
				return nil, err
			}
			company, err := benchWeight("the script of who else is here, gzip", "fetched when somebody is, or to share", "company.js")
			return []study.Figure{weight, drawer, company}, err
		}},
		{Name: "the start of a server", Seconds: 2, Measure: func(ctx context.Context) ([]study.Figure, error) {
			start, err := benchStart(ctx)
			return []study.Figure{start}, err
		}},
		{Name: "the archive of a run", Seconds: 5, Measure: func(context.Context) ([]study.Figure, error) { return benchArchive() }},
		{Name: "seeks", Seconds: 20, Measure: benchSeeks},
		{Name: "traffic to a viewer", Seconds: 21, Measure: benchTraffic},
		{Name: "frames beside jobs", Seconds: 21, Measure: benchJobs},
	}
}

// benchSeeks measures how soon a viewer sees another moment of a long run.
func benchSeeks(ctx context.Context) ([]study.Figure, error) {
	p, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	figures, err := p.seeks(ctx)
	return figures, errors.Join(err, p.stop())
}

// benchTraffic measures what one viewer is sent.
func benchTraffic(ctx context.Context) (figures []study.Figure, err error) {
	p, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	for _, pace := range []struct {
		speed   float64
		against string
	}{{DefaultSpeed, "the default pace; at most 10 kB/s"}, {1, "real time"}} {
		var perSecond float64
		if perSecond, err = p.traffic(ctx, pace.speed); err != nil {
			break
		}
		figures = append(figures, study.Figure{Name: fmt.Sprintf("to a viewer of the default lab at %g s per second", pace.speed),
			Value: fmt.Sprintf("%.1f kB/s", perSecond/1000), Against: pace.against})
	}
	return figures, errors.Join(err, p.stop())
}

func benchWeight(name, against string, files ...string) (study.Figure, error) {
	f := study.Figure{Name: name, Against: against}
	var packed bytes.Buffer
	for _, file := range files {
		data, err := fs.ReadFile(static.FS, file)
		if err != nil {
			return f, err
		}
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(data); err != nil {
			return f, err
		}
		if err := w.Close(); err != nil {
			return f, err
		}
	}
	f.Value = fmt.Sprintf("%.1f kB", float64(packed.Len())/1000)
	return f, nil
}

// benchStart times this program from the start of its process to the first frame on a socket.
func benchStart(ctx context.Context) (study.Figure, error) {
	fastest := time.Hour
	for range 5 {
		begun := time.Now()
		p, err := startServer(ctx)
		if err != nil {
			return study.Figure{}, err
		}
		conn, err := p.hello(ctx)
		if err == nil {
			_, _, err = conn.Read(ctx)
			fastest = min(fastest, time.Since(begun))
			conn.CloseNow() //nolint:errcheck // the server is stopped next
		}
		if err = errors.Join(err, p.stop()); err != nil {
			return study.Figure{}, err
		}
	}
	return study.Figure{Name: "from process start to the first frame on a socket",
		Value: fmt.Sprintf("%d ms", fastest.Milliseconds()), Against: "under 500 ms"}, nil
}

// process is this program, serving.
type process struct {
	cmd *exec.Cmd
	url string // of its socket
}

func startServer(ctx context.Context) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, "serve", "--addr", "127.0.0.1:0")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	_, host, found := strings.Cut(strings.TrimSpace(line), "http://")
	if err != nil || !found {
		return nil, fmt.Errorf("the server said %q: %w", line, errors.Join(err, cmd.Process.Kill(), cmd.Wait()))
	}
	return &process{cmd, "ws://" + host + "/socket"}, nil
}

// stop interrupts the server and waits for its end.
func (p *process) stop() error {
	return errors.Join(p.cmd.Process.Signal(os.Interrupt), p.cmd.Wait())
}

// hello opens a room of the default scenario.
func (p *process) hello(ctx context.Context) (*websocket.Conn, error) {
	conn, _, err := websocket.Dial(ctx, p.url, nil)
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(1 << 20)
	return conn, send(ctx, conn, encode(ClientMessage{Type: "hello", Seq: 1, Engine: sim.Engine}))
}

// traffic returns the bytes a second that a viewer is sent over ten seconds of wall time.
func (p *process) traffic(ctx context.Context, speed float64) (float64, error) {
	conn, err := p.hello(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.CloseNow() //nolint:errcheck // nothing more is wanted of it
	if err := send(ctx, conn, encode(ClientMessage{Type: "speed", Seq: 2, Speed: speed})); err != nil {
		return 0, err
	}
	total, begun := 0, time.Now()
	for time.Since(begun) < 10*time.Second {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return 0, err
		}
		total += len(data)
	}
	return float64(total) / time.Since(begun).Seconds(), nil
}
