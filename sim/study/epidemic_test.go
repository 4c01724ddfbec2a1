package study

import "testing"

func TestEpidemic(t *testing.T) {
	table := epidemicTable(20_000)
	t.Log(table.Rows)
	if table.Out != 0 {
		t.Errorf("out of bounds: %v", table.Rows)
	}
}
