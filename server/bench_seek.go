package server

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
)

// benchRun is how long a run is in which seeks are measured, and its archive.
const benchRun = 10 * 60 * sim.Second

// benchArchive plays ten minutes of the default lab, with an archive that is as dense as it gets, and without one.
func benchArchive() ([]study.Figure, error) {
	g, err := loadGallery()
	if err != nil {
		return nil, err
	}
	s, name, err := g.find("")
	if err != nil {
		return nil, err
	}
	r, err := newRoom(s, name, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	begun := time.Now()
	r.play(benchRun, 0, begun.Add(time.Hour))
	with := time.Since(begun)
	frames := 0
	if r.archive.bytes > 0 {
		frames = len(r.archive.frames)
	}
	f, err := newFeed(s)
	if err != nil {
		return nil, err
	}
	f.measure()
	begun = time.Now()
	advance(f, benchRun, begun.Add(time.Hour))
	without := time.Since(begun)
	share := (with - without).Seconds() / (benchRun.Milliseconds() / 1000)
	return []study.Figure{
		{Name: "archive of 10 minutes of the default lab", Value: fmt.Sprintf("%.0f KiB", float64(r.archive.bytes)/(1<<10)),
			Against: fmt.Sprintf("at most 1024 KiB; %d frames", frames)},
		{Name: "archive of 10 minutes of the default lab, time", Value: fmt.Sprintf("%.2f s", (with - without).Seconds()),
			Against: fmt.Sprintf("%.2f %% of a run in real time; the run itself takes %.2f s", 100*share, without.Seconds())},
	}, nil
}

// seeks measures over a socket how long seeks take in ten minutes of the default lab: until the first picture, and until
// the replay is there.
func (p *process) seeks(ctx context.Context) ([]study.Figure, error) {
	conn, err := p.hello(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.CloseNow() //nolint:errcheck // nothing more is wanted of it
	say := func(msg ClientMessage) error { return send(ctx, conn, encode(msg)) }
	if err := say(ClientMessage{Type: "text", Seq: 2}); err != nil {
		return nil, err
	}
	var text Script
	if err := hearOf(ctx, conn, "script", &text); err != nil {
		return nil, err
	}
	if err := say(ClientMessage{Type: "script", Seq: 3, Text: text.Text, At: benchRun}); err != nil {
		return nil, err
	}
	var in struct{ Clock Clock }
	for in.Clock.At < benchRun {
		in.Clock = Clock{}
		if err := hearOf(ctx, conn, "state", &in); err != nil {
			return nil, err
		}
	}
	luck := rand.New(rand.NewPCG(1, 1))
	var picture, exact time.Duration
	for range 20 {
		at := benchRun/2 + sim.Time(luck.Int64N(int64(benchRun/2)))
		begun := time.Now()
		if err := say(ClientMessage{Type: "seek", Seq: 4, At: at}); err != nil {
			return nil, err
		}
		for first := true; first || in.Clock.Coming != 0; first = false {
			in.Clock = Clock{}
			if err := hearOf(ctx, conn, "state", &in); err != nil {
				return nil, err
			}
			if first {
				picture = max(picture, time.Since(begun))
			}
		}
		exact = max(exact, time.Since(begun))
	}
	return []study.Figure{
		{Name: "seek in 10 minutes of the default lab: until something is shown, the longest of 20", Value: fmt.Sprintf("%d ms", picture.Milliseconds()), Against: "under 100 ms"},
		{Name: "seek in 10 minutes of the default lab: until it is the moment itself, the longest of 20", Value: fmt.Sprintf("%d ms", exact.Milliseconds()), Against: "under 1500 ms"},
	}, nil
}

// hearOf reads the next message of a type.
func hearOf(ctx context.Context, conn *websocket.Conn, kind string, into any) error {
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			return err
		}
		var head struct{ Type, Reason string }
		if err := json.Unmarshal(data, &head); err != nil {
			return err
		}
		if head.Type == "reject" {
			return fmt.Errorf("refused: %s", head.Reason)
		}
		if head.Type == kind {
			return json.Unmarshal(data, into)
		}
	}
}
