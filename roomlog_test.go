package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	"netsplit/server"
	"netsplit/sim"
)

// TestRunARoomsLog: netsplit run takes the file of a room's log, however long its comments make it, and runs the last run in it.
func TestRunARoomsLog(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	dir, room := t.TempDir(), strings.Repeat("a", 22)
	l, err := server.OpenFileLog(ctx, dir, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close() //nolint:errcheck // it is a lock
	defer cancel()
	lines := []string{"# begin {}\nregions nowhere\nlane old gossip\nat 1s heal", "# begin {}\ntitle the last run\nregions us-east-1 eu-west-1\nlane a gossip\nend 2s\nat 1.5s heal",
		"at 1s partition eu-west-1\n# drop at 1.5s heal", "# play 0.2 at 1s\n# " + strings.Repeat("x", sim.MaxScenarioSize)}
	for i, line := range lines {
		if _, err := l.Append(ctx, room, uint64(i), fmt.Sprint("e", i), line); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "rooms", room+".txt")
	code, out, stderr := execute(t.Context(), "run", file)
	if code != exitOK || !strings.Contains(out, "the last run") {
		t.Errorf("exit %d, %q, %q", code, out, stderr)
	}
	plain := write(t, "plain.txt", "title the last run\nregions us-east-1 eu-west-1\nlane a gossip\nat 1s partition eu-west-1\nend 2s\n")
	_, want, _ := execute(t.Context(), "run", plain)
	if strings.ReplaceAll(out, file, "") != strings.ReplaceAll(want, plain, "") {
		t.Errorf("the log says\n%s\nand its text\n%s", out, want)
	}
}
