package static

import (
	"bytes"
	"compress/gzip"
	"math"
	"strings"
	"testing"
)

// maxWeight is how many bytes a page may fetch, gzip, before its drawer is opened.
const maxWeight = 120_000

// TestWeight weighs what a page fetches, and checks that the second script has no store of its own.
func TestWeight(t *testing.T) {
	var packed bytes.Buffer
	for _, name := range []string{"app.js", "app.css", "map.svg", "favicon.svg"} {
		data, err := FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		w := gzip.NewWriter(&packed)
		w.Write(data) //nolint:errcheck // a buffer takes all
		w.Close()     //nolint:errcheck
	}
	if packed.Len() > maxWeight {
		t.Errorf("a page fetches %d bytes before its drawer is opened, over %d", packed.Len(), maxWeight)
	}
	drawer, err := FS.ReadFile("drawer.js")
	if err != nil {
		t.Fatal(err)
	}
	if text := string(drawer); strings.Contains(text, "new WebSocket") || !strings.Contains(text, "netsplit.modules.store") {
		t.Error("drawer.js does not share the page's modules")
	}
}

func TestProject(t *testing.T) {
	for _, c := range []struct{ lat, lon, x, y float64 }{
		{0, 0, 500, 84 / 0.36},
		{MapNorth, -180, 0, 0},
		{MapSouth, 180, MapWidth, MapHeight},
		{53.3498, -6.2603, 482.61, 85.139}, // Dublin
	} {
		if x, y := Project(c.lat, c.lon); math.Abs(x-c.x) > 0.01 || math.Abs(y-c.y) > 0.01 {
			t.Errorf("Project(%g, %g) = %g, %g, want %g, %g", c.lat, c.lon, x, y, c.x, c.y)
		}
	}
}
