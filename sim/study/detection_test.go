package study

import "testing"

// TestDetection: phi accrual convicts at 18.4 s, within the second between two looks.
func TestDetection(t *testing.T) {
	table, err := detectionTable()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range table.Rows {
		t.Log(row)
	}
	if table.Out > 0 {
		t.Errorf("%d out of tolerance", table.Out)
	}
}
