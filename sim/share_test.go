package sim

import (
	"strings"
	"testing"
)

func TestPack(t *testing.T) {
	for _, text := range []string{"", "regions a\n", strings.Repeat("lane x gossip\n", 1000)} {
		if got, err := Unpack(Pack(text)); err != nil || got != text {
			t.Errorf("%d bytes come back as %d (%v)", len(text), len(got), err)
		}
	}
	if got, err := Unpack(Pack(strings.Repeat(" ", 100<<20))); err != nil || len(got) != MaxScenarioSize+1 {
		t.Errorf("a bomb inflates to %d bytes (%v)", len(got), err)
	}
	for _, bad := range []string{"", "2.abc", "1.!", "1.AAAA"} {
		if _, err := Unpack(bad); err == nil {
			t.Errorf("%q is unpacked", bad)
		}
	}
}
