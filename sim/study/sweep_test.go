package study

import (
	"context"
	"os"
	"testing"
	"time"
)

func TestTmp(t *testing.T) {
	text, _ := os.ReadFile("../../server/scenarios/europe-away.txt")
	s := mustParse(t, string(text))
	begun := time.Now()
	f, err := BenchSweep(context.Background(), s)
	t.Log(f, err, time.Since(begun))
}
