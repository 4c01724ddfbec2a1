package primary

import (
	"fmt"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// TestScripts plays the scripts in testdata. Their commands are
//
//	scenario            begins the world that the text below it describes
//	run until=TIME      lets it happen, and tells what did
//	roles               says what each node is and has
//	losses              says which acknowledged writes are gone
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		var w *world
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "scenario":
				w = newWorld(t, d.Input, flaws{})
				return fmt.Sprintf("%d nodes\n", w.cluster.Nodes())
			case "run":
				var until string
				d.ScanArgs(t, "until", &until)
				w.until(until)
				return w.told()
			case "roles":
				return w.roles()
			case "losses":
				return w.losses()
			default:
				d.Fatalf(t, "unknown command %s", d.Cmd)
				return ""
			}
		})
	})
}
