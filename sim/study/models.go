package study

import (
	"bytes"
	"encoding/json"
	"math"

	"netsplit/sim/check"
)

// ModelReport is the verdict on each model weaker than linearizable, strongest first. As JSON it is an object by the
// models' names.
type ModelReport []check.Verdict

func modelsOf(r *check.Referee) ModelReport { return r.FinalVerdicts()[1:] }

// MarshalJSON writes the verdicts in their order.
func (m ModelReport) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, v := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(v.Model)
		if err != nil {
			return nil, err
		}
		text, err := json.Marshal(struct {
			Answer      check.Answer `json:"answer"`
			ViolationAt *int         `json:"violation_at"` // null when there is none
			Covers      int          `json:"covers"`
		}{v.Answer, positive(v.ViolationAt), v.Covers})
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

func positive(n int) *int {
	if n > 0 {
		return &n
	}
	return nil
}

// answer returns the answer on one model.
func (m ModelReport) answer(model check.Kind) check.Answer {
	for _, v := range m {
		if v.Model == model {
			return v.Answer
		}
	}
	return check.Unknown
}

func modelMetric(model check.Kind) metric {
	return metric{name: string(model), verdict: func(l *LaneReport) check.Answer { return l.Models.answer(model) }}
}

// Convergence says whether a lane's replicas came to agree after the faults. Times are in milliseconds of virtual time.
type Convergence struct {
	Converged check.Answer `json:"converged"`
	Since     *float64     `json:"since_ms"`  // when the last fault was undone; null while one is in force
	Agreed    *float64     `json:"agreed_ms"` // null for not yet
	Took      *float64     `json:"took_ms"`   // null for not yet
	Distinct  int          `json:"distinct"`  // different holdings of the replicas at the end, of the key of which there are most
}

func convergenceOf(r *check.Referee) Convergence {
	c := r.Convergence()
	v := Convergence{Converged: c.Answer(), Distinct: c.Distinct}
	if c.Since >= 0 {
		since := c.Since.Milliseconds()
		v.Since = &since
	}
	if c.Agreed >= 0 {
		agreed, took := c.Agreed.Milliseconds(), c.Took().Milliseconds()
		v.Agreed, v.Took = &agreed, &took
	}
	return v
}

// took returns how long the replicas took to agree: for ever, if they have not yet.
func (c Convergence) took() float64 {
	if c.Took == nil {
		return math.Inf(1)
	}
	return *c.Took
}
