package server

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coder/websocket"

	"netsplit/sim"
	"netsplit/sim/study"
)

// benchJobs measures how far apart a viewer's frames are, without and with jobs of as many other viewers as may have one.
func benchJobs(ctx context.Context) (figures []study.Figure, err error) {
	p, err := startServer(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	for _, with := range []bool{false, true} {
		name := "frames of the default lab at 1 s per second, apart"
		if with {
			name = "the same while jobs run"
			for range MaxJobs {
				busy, err := p.hello(ctx)
				if err != nil {
					return figures, err
				}
				defer busy.CloseNow() //nolint:errcheck // nothing more is wanted of it
				if err := send(ctx, busy, encode(ClientMessage{Type: "luck", Seq: 2, Seeds: MaxSeeds, At: sim.Hour})); err != nil {
					return figures, err
				}
			}
		}
		apart, err := p.apart(ctx)
		if err != nil {
			return figures, err
		}
		at := func(percent int) string {
			return fmt.Sprintf("%.0f ms", float64(apart[(len(apart)-1)*percent/100].Microseconds())/1000)
		}
		figures = append(figures, study.Figure{Name: name, Value: at(50), Against: fmt.Sprintf("99 %% at most %s, the worst %s; due every %d ms", at(99), at(100), FrameInterval.Milliseconds())})
	}
	return figures, nil
}

// apart returns the times between the messages to a viewer over ten seconds, sorted.
func (p *process) apart(ctx context.Context) ([]time.Duration, error) {
	conn, err := p.hello(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close(websocket.StatusNormalClosure, "") //nolint:errcheck // nothing more is wanted of it
	if err := send(ctx, conn, encode(ClientMessage{Type: "speed", Seq: 2, Speed: 1})); err != nil {
		return nil, err
	}
	var list []time.Duration
	begun, last := time.Now(), time.Now()
	for last.Sub(begun) < 10*time.Second {
		if _, _, err := conn.Read(ctx); err != nil {
			return nil, err
		}
		now := time.Now()
		list = append(list, now.Sub(last))
		last = now
	}
	slices.Sort(list)
	return list, nil
}
