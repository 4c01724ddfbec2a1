package check

import (
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
)

// number is an operation of TestMinimal: a write of a number, or a read of it.
type number struct {
	read bool
	n    int
}

func numbers() porcupine.Model {
	return porcupine.Model{
		Init: func() any { return 0 },
		Step: func(s, in, _ any) (bool, any) {
			if op := in.(number); op.read {
				return s == op.n, s
			}
			return true, in.(number).n
		},
	}
}

// TestMinimal has a stale read among a hundred operations left with the two writes that make it one.
func TestMinimal(t *testing.T) {
	var history []porcupine.Operation
	needs := func(i int) []int {
		if op := history[i].Input.(number); op.read {
			return []int{slices.IndexFunc(history, func(o porcupine.Operation) bool { return o.Input == number{false, op.n} })}
		}
		return nil
	}
	for i := range int64(50) {
		n := int(i) + 1
		history = append(history, porcupine.Operation{Input: number{false, n}, Call: 4 * i, Return: 4*i + 1},
			porcupine.Operation{Input: number{true, n}, Call: 4*i + 2, Return: 4*i + 3})
	}
	if kept, minimal := Minimal(numbers(), history, needs, 1000); len(kept) != len(history) || minimal {
		t.Fatalf("a legal history is left with %v, minimal %v", kept, minimal)
	}
	history[61].Input = number{true, 20} // the read after write 31, at place 60, finds write 20, at place 38
	kept, minimal := Minimal(numbers(), history, needs, 100_000)
	if !minimal || len(kept) != 3 || kept[0] != 38 || kept[2] != 61 {
		t.Fatalf("left with %v, minimal %v", kept, minimal)
	}
	budget := 1000
	short, minimal := Minimal(numbers(), history, needs, 300)
	part := make([]porcupine.Operation, len(short))
	for i, p := range short {
		part[i] = history[p]
	}
	if minimal || search(numbers(), part, &budget) != porcupine.Illegal {
		t.Fatalf("with a small budget left with %v, minimal %v", short, minimal)
	}
	if budget = 10; search(numbers(), history, &budget) != porcupine.Unknown {
		t.Fatal("ten steps are enough for a hundred operations")
	}
}
