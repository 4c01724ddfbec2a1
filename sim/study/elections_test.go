package study

import (
	"context"
	"strings"
	"testing"
	"time"
)

// TestElections is a quick form of the elections of netsplit reference.
func TestElections(t *testing.T) {
	t.Parallel()
	for _, table := range []func(context.Context, int) (Table, error){availSim, figure16Table, splitTable} {
		begun := time.Now()
		tab, err := table(t.Context(), 4000)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		_ = tab.Write(&b)
		t.Logf("%s\n%s", time.Since(begun), b.String())
		if tab.Out > 0 {
			t.Errorf("%d figures are out of tolerance", tab.Out)
		}
	}
}

// TestEtcd is a quick form of the comparison with a real etcd.
func TestEtcd(t *testing.T) {
	t.Parallel()
	tab, err := etcdTable(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	_ = tab.Write(&b)
	t.Log("\n" + b.String())
	if tab.Out > 0 {
		t.Errorf("%d figures are out of tolerance", tab.Out)
	}
}
