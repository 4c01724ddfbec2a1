package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// jobs carries out what viewers want to have counted over many runs, beside the rooms, on goroutines of its own: a few jobs
// at a time, and no more goroutines than leave one core to the rooms. The others wait in the order in which they came.
type jobs struct {
	ctx     context.Context // ends all
	most    int             // at once
	workers int             // goroutines of one
	running sync.WaitGroup

	mu      sync.Mutex
	active  int
	waiting []*job
}

// job is one of them. Its room's goroutine makes it; who holds it otherwise only reads, but for told.
type job struct {
	room   *Room
	viewer *viewer
	of     uint64       // the seq of the message that asked for it
	run    int          // of the room's runs
	kind   string       // luck, turning, find or matrix
	from   netip.Prefix // the address that the room counts as

	scenario *sim.Scenario
	target   study.Target // turning, find
	hurts    []study.Hurt // matrix
	seeds    int

	ctx    context.Context
	cancel context.CancelCauseFunc
	begun  time.Time
	told   time.Time // when its viewer was last told how far it is
}

// errCancelled is why a job ends that its viewer does not want any more.
var errCancelled = errors.New("it was cancelled")

func newJobs(ctx context.Context) *jobs {
	spare := max(1, runtime.GOMAXPROCS(0)-1)
	most := min(MaxJobs, spare)
	return &jobs{ctx: ctx, most: most, workers: spare / most}
}

// submit begins a job or puts it into the queue, and returns how many come before it.
func (js *jobs) submit(j *job) (before int, err error) {
	js.mu.Lock()
	defer js.mu.Unlock()
	if js.ctx.Err() != nil {
		return 0, errors.New("the server is going away")
	}
	ours := 0
	for _, other := range js.waiting {
		if other.from == j.from {
			ours++
		}
	}
	if ours >= MaxJobsPerAddress {
		return 0, fmt.Errorf("%d jobs of your address wait at this server, which is the most; try again later", MaxJobsPerAddress)
	}
	if len(js.waiting) >= MaxJobsWaiting {
		return 0, fmt.Errorf("%d jobs wait at this server, which is the most; try again later", MaxJobsWaiting)
	}
	j.ctx, j.cancel = context.WithCancelCause(js.ctx)
	if js.active < js.most {
		js.begin(j)
		return 0, nil
	}
	js.waiting = append(js.waiting, j)
	return len(js.waiting), nil
}

// begin has a job run. The lock is held.
func (js *jobs) begin(j *job) {
	js.active++
	j.begun = time.Now()
	js.running.Go(func() {
		j.carryOut(js.workers)
		js.next()
	})
}

// next begins the first job that waits in the place of one that has ended, and tells the others.
func (js *jobs) next() {
	js.mu.Lock()
	js.active--
	if len(js.waiting) > 0 && js.ctx.Err() == nil {
		js.begin(js.waiting[0])
		js.waiting = js.waiting[1:]
	}
	waiting := slices.Clone(js.waiting)
	js.mu.Unlock()
	for i, j := range waiting {
		j.hint(JobProgress{Type: "progress", Of: j.of, Job: j.kind, Before: i + 1})
	}
}

// end ends a job, and reports whether it had not begun: then nothing more comes of it.
func (js *jobs) end(j *job) bool {
	j.cancel(errCancelled)
	js.mu.Lock()
	defer js.mu.Unlock()
	i := slices.Index(js.waiting, j)
	if i >= 0 {
		js.waiting = slices.Delete(js.waiting, i, i+1)
	}
	return i >= 0
}

// carryOut does a job and sends its viewer what came of it.
func (j *job) carryOut(workers int) {
	ctx, cancel := context.WithTimeoutCause(j.ctx, JobTime, fmt.Errorf("its %s are over", JobTime))
	defer cancel()
	defer j.cancel(nil)
	var result JobResult
	cut := false
	err := study.Unbroken(func() (err error) {
		result, cut, err = j.work(ctx, workers)
		return err
	})
	answer := encode(Reject{Type: "reject", Of: j.of, Reason: fmt.Sprintf("%s: %v", j.kind, err)})
	if err == nil {
		if cut && ctx.Err() != nil {
			result.Cut = context.Cause(ctx).Error()
		}
		answer = encode(result)
	}
	j.room.ask(context.WithoutCancel(ctx), request{viewer: j.viewer, kind: requestAnswer, job: j, answer: answer, last: true})
}

// work runs what the job is about, and reports whether its context ended before it was done.
func (j *job) work(ctx context.Context, workers int) (r JobResult, cut bool, err error) {
	r = JobResult{Type: "result", Of: j.of, Run: j.run, Job: j.kind, End: j.scenario.End}
	switch j.kind {
	case "luck":
		s, err := study.SweepPlan{Scenario: j.scenario, Seeds: j.seeds, First: 1, Workers: workers, Progress: j.progress}.Sweep(ctx)
		if err != nil {
			return r, false, err
		}
		r.Luck, cut = luckView(s), s.Done < s.Runs
	case "turning":
		t, err := study.TurningPlan{Scenario: j.scenario, Target: j.target, Workers: workers, Progress: j.progress}.Turning(ctx)
		if err != nil {
			return r, false, err
		}
		r.Turning, cut = turningView(t), t.Cut
	case "find":
		f, err := study.FindPlan{Scenario: j.scenario, Target: j.target, Seeds: j.seeds, Workers: workers, Progress: j.progress}.Find(ctx)
		if err != nil {
			return r, false, err
		}
		r.Found, cut = foundView(f), f.Cut
	case "matrix":
		m, err := study.MatrixPlan{Scenario: j.scenario, Hurts: j.hurts, Seeds: j.seeds, Workers: workers, Progress: j.progress}.Measure(ctx)
		if err != nil {
			return r, false, err
		}
		r.Matrix, cut = matrixView(m), m.Done < m.Runs
	default:
		panic("server: a job of kind " + j.kind)
	}
	return r, cut, nil
}

// progress tells the viewer how far the job is, now and then.
func (j *job) progress(done, of int) {
	now := time.Now()
	if now.Sub(j.told) < JobReport {
		return
	}
	j.told = now
	left := now.Sub(j.begun) * time.Duration(of-done) / time.Duration(max(done, 1))
	j.hint(JobProgress{Type: "progress", Of: j.of, Job: j.kind, Done: done, Total: of, Left: left.Milliseconds()})
}

// hint sends the viewer a progress, if the room has time for it.
func (j *job) hint(p JobProgress) {
	select {
	case j.room.inbox <- &request{viewer: j.viewer, kind: requestAnswer, job: j, answer: encode(p)}:
	default:
	}
}
