package server

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// span is one stretch of work of the browser, in microseconds; CPU is what it took of the processor.
type span struct {
	Name  string
	Phase string `json:"ph"`
	PID   int
	TID   int
	At    float64 `json:"ts"`
	Took  float64 `json:"dur"`
	CPU   float64 `json:"tdur"`
}

func (s span) end() float64 { return s.At + s.Took }

// trace is what the browser did for a while: its main thread, in order of time, and the others.
type trace struct{ main, others []span }

// What a browser calls its work.
var (
	scripts     = []string{"FunctionCall", "EvaluateScript", "FireAnimationFrame", "TimerFire", "RunMicrotasks", "EventDispatch", "HandlePostMessage", "MinorGC", "MajorGC"}
	layouts     = []string{"Layout", "UpdateLayoutTree"}
	paints      = []string{"PrePaint", "Paint", "Layerize", "Commit", "UpdateLayer", "CompositeLayers"}
	collections = []string{"MinorGC", "MajorGC"}
)

// record traces the page while something is done.
func record(p *page, do func()) trace {
	p.t.Helper()
	ctx, cancel := context.WithCancel(p.ctx)
	defer cancel()
	data, done := chromedp.Events(ctx, tracing.DataCollected), chromedp.Events(ctx, tracing.TracingComplete)
	call(p, tracing.Start, tracing.StartParams{TransferMode: tracing.StartTransferModeReportEvents, TraceConfig: &tracing.TraceConfig{
		RecordMode: tracing.TraceConfigRecordModeRecordUntilFull, TraceBufferSizeInKb: 400_000,
		IncludedCategories: []string{"devtools.timeline", "disabled-by-default-devtools.timeline", "v8", "cc"}, ExcludedCategories: []string{"*"}}})
	do()
	call(p, tracing.End, cdp.Empty{})
	all := make(chan []span)
	go func() {
		var list []span
		for e, err := range data {
			if err != nil {
				break
			}
			for _, raw := range e.Value {
				var s span
				if err := json.Unmarshal(raw, &s); err == nil && s.Phase == "X" {
					list = append(list, s)
				}
			}
		}
		all <- list
	}()
	for range done {
		break
	}
	time.Sleep(500 * time.Millisecond) // the two kinds of events come by ways of their own
	cancel()
	return newTrace(<-all)
}

// newTrace parts the main thread, which is that of the animation frames, from the others.
func newTrace(list []span) (tr trace) {
	type thread struct{ pid, tid int }
	frames := map[thread]int{}
	for _, s := range list {
		if s.Name == "FireAnimationFrame" {
			frames[thread{s.PID, s.TID}]++
		}
	}
	var main thread
	for th, n := range frames {
		if n > frames[main] {
			main = th
		}
	}
	for _, s := range list {
		switch {
		case main == thread{s.PID, s.TID}:
			tr.main = append(tr.main, s)
		default:
			tr.others = append(tr.others, s)
		}
	}
	slices.SortFunc(tr.main, func(a, b span) int {
		if a.At != b.At {
			return int(a.At - b.At)
		}
		return int(b.Took - a.Took)
	})
	return tr
}

// outermost returns the main thread's work of some names, without what lies within other such work.
func (tr trace) outermost(names []string) (list []span) {
	end := 0.0
	for _, s := range tr.main {
		if slices.Contains(names, s.Name) && s.At >= end {
			list = append(list, s)
			end = s.end()
		}
	}
	return list
}

// long returns the milliseconds that tasks of the main thread took of the processor, of those over a bound.
func (tr trace) long(bound float64) (list []float64) {
	for _, s := range tr.outermost([]string{"RunTask"}) {
		if s.CPU/1000 > bound {
			list = append(list, s.CPU/1000)
		}
	}
	return list
}

// longWithWaiting counts the tasks that took longer than so many milliseconds, whatever the processor did meanwhile.
func (tr trace) longWithWaiting(bound float64) (n int) {
	for _, s := range tr.outermost([]string{"RunTask"}) {
		if s.Took/1000 > bound {
			n++
		}
	}
	return n
}

// busy returns the milliseconds of the processor that the main thread spent with work of some names.
func (tr trace) busy(names []string) (sum float64) {
	for _, s := range tr.outermost(names) {
		sum += s.CPU / 1000
	}
	return sum
}

// forced returns the milliseconds of style and layout within script.
func (tr trace) forced() (sum float64) {
	outer := tr.outermost(scripts)
	i := 0
	for _, s := range tr.outermost(layouts) {
		for i < len(outer) && outer[i].end() < s.At {
			i++
		}
		if i < len(outer) && outer[i].At <= s.At {
			sum += s.CPU / 1000
		}
	}
	return sum
}

// raster returns the milliseconds that other threads spent with painting.
func (tr trace) raster() (sum float64) {
	for _, s := range tr.others {
		if strings.Contains(s.Name, "Raster") {
			sum += s.CPU / 1000
		}
	}
	return sum
}

// frames returns the milliseconds of script for each frame, from the start of its callbacks until that of the next: by the
// clock on the wall, and of the processor.
func (tr trace) frames() (wall, cpu []float64) {
	inFrame := 0.0
	for _, s := range tr.outermost(scripts) {
		if s.Name == "FireAnimationFrame" && s.At > inFrame {
			wall, cpu = append(wall, 0), append(cpu, 0)
			inFrame = s.At + 4000 // several callbacks of one frame
		}
		if len(wall) > 0 {
			wall[len(wall)-1] += s.Took / 1000
			cpu[len(cpu)-1] += s.CPU / 1000
		}
	}
	return wall, cpu
}
