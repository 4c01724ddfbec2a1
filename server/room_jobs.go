package server

import (
	"errors"
	"fmt"

	"netsplit/sim"
	"netsplit/sim/study"
)

// A viewer may have one job at a time. It is about the room's run as it was when the viewer asked, and goes on when the
// room runs something else; it ends with its viewer.

// job begins what a viewer wants to have counted over many runs.
func (r *Room) job(v *viewer, msg ClientMessage) error {
	j, err := r.newJob(v, msg)
	if err == nil {
		var before int
		if before, err = r.jobs.submit(j); err == nil {
			v.job = j
			v.offer(encode(JobProgress{Type: "progress", Of: j.of, Job: j.kind, Before: before}))
			return nil
		}
	}
	return fmt.Errorf("%s: %w", msg.Type, err)
}

// newJob reads what a viewer asks for, and refuses what is too much.
func (r *Room) newJob(v *viewer, msg ClientMessage) (*job, error) {
	s := r.feed.run.Scenario()
	s.End = max(s.End, r.feed.run.Now(), r.ahead)
	j := &job{room: r, viewer: v, of: msg.Seq, run: r.runs, kind: msg.Type, scenario: &s, seeds: msg.Seeds, from: r.address}
	if j.seeds == 0 {
		j.seeds = DefaultSeeds
		if j.kind == "matrix" {
			j.seeds = MatrixSeeds
		}
	}
	if msg.At != 0 {
		s.End = msg.At
	}
	switch {
	case r.jobs == nil:
		return nil, errors.New("this server counts nothing over many runs")
	case v.job != nil:
		return nil, fmt.Errorf("your %s is still under way; cancel it first", v.job.kind)
	case j.seeds < 1 || j.seeds > MaxSeeds:
		return nil, fmt.Errorf("expected 1 to %d seeds, got %d", MaxSeeds, j.seeds)
	case msg.At < 0 || msg.At > sim.MaxTime:
		return nil, fmt.Errorf("%s is not between 0s and %s", msg.At, sim.MaxTime)
	case msg.Type == "luck":
		return j, nil
	}
	var err error
	if msg.Type == "matrix" {
		if msg.What == "" {
			msg.What = study.DefaultHurts
		}
		j.hurts, err = study.ParseHurts(msg.What)
		return j, err
	}
	j.target, err = study.NewTarget(&s, msg.Lane, msg.What)
	return j, err
}

// cancelJob ends a viewer's job; one that was under way answers with what it has done.
func (r *Room) cancelJob(v *viewer) error {
	if v.job == nil {
		return errors.New("cancel: nothing is under way for you: what is counted over another connection has ended with that connection")
	}
	if j := v.job; r.jobs.end(j) {
		v.job = nil
		v.owe(encode(JobResult{Type: "result", Of: j.of, Run: j.run, Job: j.kind, Cut: errCancelled.Error(), End: j.scenario.End}))
	}
	return nil
}

// leaveJob ends the job of a viewer who goes.
func (r *Room) leaveJob(v *viewer) {
	if v.job != nil {
		r.jobs.end(v.job)
		v.job = nil
	}
}

// answer passes on what a viewer's job has to say. What comes of it must not be lost, however slow the viewer is.
func (r *Room) answer(req request) {
	v := req.viewer
	switch {
	case !r.viewers[v] || v.job != req.job:
	case req.last:
		v.job = nil
		v.owe(req.answer)
	default:
		v.offer(req.answer)
	}
}

// owe sends a viewer a message; if there is no room for it, then as soon as there is.
func (v *viewer) owe(msg []byte) {
	if v.offer(msg); v.behind {
		v.owed = append(v.owed, msg)
	}
}
