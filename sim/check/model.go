package check

import (
	"github.com/anishathalye/porcupine"

	"netsplit/sim"
)

// input is an operation as the model sees it.
type input struct {
	rec      *sim.Record
	answered bool // its result counts
	optional bool // it may as well never have taken effect: then it comes after the end
	blind    bool // a compare-and-set of which only the write counts
	end      bool // no operation, but the end of the history
}

// state is what a register holds.
type state struct {
	write sim.OpID
	value int64
	ended bool // the history has; what has not taken effect does not any more
}

// step is the specification of a register with compare-and-set, in which reads see which write they see.
func step(s state, in input) (bool, any) {
	rec := in.rec
	switch {
	case in.end:
		return true, state{s.write, s.value, true}
	case in.answered && (rec.Result.Outcome == sim.Fail || !rec.Kind.Finds() && rec.Result.Outcome == sim.OK && !rec.Result.Applied):
		return true, s
	case in.optional && s.ended:
		return true, s
	case rec.Kind == sim.Read:
		return s.write == rec.Result.Version && len(rec.Result.Found.Siblings()) < 2, s
	case !rec.Kind.Finds() || in.blind:
		return true, state{rec.ID, rec.Value, s.ended}
	}
	met := s.value == rec.Expect
	if in.answered && (s.write != rec.Result.Version || met != rec.Result.Applied) || !in.answered && !met {
		return false, s
	}
	if !met {
		return true, s
	}
	return true, state{rec.ID, rec.Value, s.ended}
}

// registerModel is that specification as porcupine takes it.
func registerModel(opening int64) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return state{value: opening} },
		Step: func(s, in, _ any) (bool, any) { return step(s.(state), in.(input)) },
	}
}
