package static

import (
	"math"
	"testing"
)

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
