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
	end      bool // no operation, but the end of the stretch
}

// writes reports whether the operation took effect on the register.
func (in input) writes() bool {
	return in.rec.Kind != sim.Read && (!in.answered || in.rec.Result.Applied)
}

func (op *interval) operation(s stretch, ret int64, answered bool) porcupine.Operation {
	return porcupine.Operation{ClientId: int(op.rec.Client), Input: input{rec: op.rec, answered: answered},
		Call: max(op.call, s.start), Return: ret}
}

// model is a register with compare-and-set, in which reads see which write they see. Beyond MaxSteps nothing is
// allowed any more, which ends the search; the caller then sees that steps went over.
func model(from state, steps *int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return from },
		Step: func(s, in, _ any) (bool, any) {
			*steps++
			if *steps > MaxSteps {
				return false, s
			}
			return step(s.(state), in.(input))
		},
	}
}

func step(s state, in input) (bool, any) {
	rec := in.rec
	switch {
	case in.end:
		return true, state{s.write, s.value, true}
	case in.optional && s.ended:
		return true, s
	case rec.Kind == sim.Read:
		return s.write == rec.Result.Version, s
	case !rec.Kind.Finds():
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
