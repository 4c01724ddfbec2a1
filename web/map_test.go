package web

import (
	"bytes"
	"compress/gzip"
	"os"
	"testing"

	"netsplit/static"
)

// maxMap is how many bytes the map may add to the page, compressed.
const maxMap = 8 << 10

func TestMapIsSmall(t *testing.T) {
	text, err := os.ReadFile("../static/map.svg")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(text) //nolint:errcheck // a Buffer takes everything
	z.Close()
	if b.Len() > maxMap {
		t.Errorf("map.svg has %d bytes compressed, over %d", b.Len(), maxMap)
	}
}

// TestLand looks places up on the map: the land is where static.Project puts its cities, on both sides of the
// antimeridian, and not where it puts the sea.
func TestLand(t *testing.T) {
	t.Chdir("..")
	polygons, err := loadLand()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		lat, lon float64
		land     bool
	}{
		{"Ashburn", 39.05, -77.49, true}, {"Frankfurt", 50.11, 8.68, true}, {"Nagpur", 21.15, 79.09, true},
		{"Alice Springs", -23.7, 133.88, true}, {"Chukotka, west", 67, 178, true}, {"Chukotka, east", 66.5, -178, true},
		{"Atlantic", 40, -40, false}, {"Pacific", 0, -150, false}, {"Caspian Sea", 42, 50.5, false}, {"Hudson Bay", 60, -85, false},
		{"Arctic Sea", 69.5, -178, false}, {"Greenwich, far south", -55, 0, false},
	} {
		x, y := static.Project(c.lat, c.lon)
		inside := false
		for _, ring := range polygons {
			if crossings(ring, x*grain, y*grain)%2 == 1 {
				inside = !inside
			}
		}
		if inside != c.land {
			t.Errorf("%s is on land: %v, want %v", c.name, inside, c.land)
		}
	}
}

// crossings counts the sides of a ring that a ray from a point eastward crosses.
func crossings(ring []point, x, y float64) int {
	n := 0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		px, py, qx, qy := float64(p[0]), float64(p[1]), float64(q[0]), float64(q[1])
		if (py > y) != (qy > y) && x < px+(qx-px)*(y-py)/(qy-py) {
			n++
		}
	}
	return n
}
