package sim

import (
	"reflect"
	"testing"
)

// TestErrandEqual changes one thing of an errand after another: none may go unnoticed.
func TestErrandEqual(t *testing.T) {
	whole := Errand{Ops: []OpID{1, 2}}
	kind := reflect.TypeFor[Errand]()
	for i := range kind.NumField() {
		other := whole
		switch f := reflect.ValueOf(&other).Elem().Field(i); {
		case f.CanInt():
			f.SetInt(1)
		case f.CanUint():
			f.SetUint(1)
		case f.Kind() == reflect.String:
			f.SetString("x")
		case f.Kind() == reflect.Bool:
			f.SetBool(true)
		default:
			other.Ops = []OpID{1, 3}
		}
		if reflect.DeepEqual(whole, other) {
			t.Fatalf("%s: the test changes nothing", kind.Field(i).Name)
		}
		if whole.Equal(&other) || other.Equal(nil) || (*Errand)(nil).Equal(&other) {
			t.Errorf("%s: not noticed", kind.Field(i).Name)
		}
		if same := other; !same.Equal(&other) {
			t.Errorf("%s: the same is told apart", kind.Field(i).Name)
		}
	}
	if !(*Errand)(nil).Equal(nil) {
		t.Error("nobody is told apart from nobody")
	}
}
