// Package web has the browser client, in TypeScript, and what generates files for it, at the repository's root: the
// command build.go bundles it, Map draws the world and Wire writes the wire's types. It is no part of the product,
// which embeds the files, and no other package imports it.
package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"

	"netsplit/static"
)

// land is Natural Earth's land at 1:110m, in the public domain, as the npm package world-atlas ships it.
const land = "web/third_party/world-atlas/land-110m.json"

// topology is as much of a TopoJSON file as land needs. An arc is a run of points, the first one absolute and each
// other one relative to the point before, in steps of the transform. A polygon's rings name the arcs that they run
// along; ^i stands for arc i backwards.
type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   struct {
		Land struct {
			Geometries []struct {
				Type string
				Arcs [][][]int
			}
		}
	}
}

// grain is the number of steps that a unit of the map has in its path. More would be finer than the data.
const grain = 4

const (
	width  = int(static.MapWidth * grain)
	height = int(static.MapHeight * grain)
)

// point is a place on the map in steps.
type point [2]int

// Map draws the land as static/map.svg: one path, to be filled by whoever uses it.
func Map() ([]byte, error) {
	rings, err := loadLand()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g"><path id="land" transform="scale(%g)" d="`,
		static.MapWidth, static.MapHeight, 1.0/grain)
	for _, ring := range rings {
		drawRing(&b, ring)
	}
	b.WriteString("\"/></svg>\n")
	return b.Bytes(), nil
}

// loadLand returns the rings, shores outward and inward, between which the land lies.
func loadLand() ([][]point, error) {
	text, err := os.ReadFile(land)
	if err != nil {
		return nil, err
	}
	var t topology
	if err := json.Unmarshal(text, &t); err != nil {
		return nil, fmt.Errorf("%s: %w", land, err)
	}
	var rings [][]point
	for _, g := range t.Objects.Land.Geometries {
		if g.Type != "MultiPolygon" {
			return nil, fmt.Errorf("%s: geometry %q", land, g.Type)
		}
		for _, polygon := range g.Arcs {
			for _, ring := range polygon {
				rings = append(rings, cut(t.ring(ring))...)
			}
		}
	}
	return rings, nil
}

// ring returns the corners of a ring on the map. A ring that crosses the antimeridian goes on beyond the map's edge.
func (t *topology) ring(arcs []int) []point {
	var ring []point
	for _, i := range arcs {
		arc := t.arc(max(i, ^i))
		if i < 0 {
			slices.Reverse(arc)
		}
		ring = append(ring, arc...)
	}
	for i := 1; i < len(ring); i++ {
		switch step := ring[i][0] - ring[i-1][0]; {
		case step > width/2:
			ring[i][0] -= width
		case step < -width/2:
			ring[i][0] += width
		}
	}
	return ring
}

// cut returns the parts of a ring on the map and beyond its edges, each laid on the map.
func cut(ring []point) [][]point {
	var parts [][]point
	for left := -width; left <= width; left += width {
		part := half(half(ring, left, 1), left+width, -1)
		for i := range part {
			part[i][0] -= left
		}
		parts = append(parts, part)
	}
	return parts
}

// half returns the part of a ring on one side of the line x: 1 for east, -1 for west.
func half(ring []point, x, side int) []point {
	var part []point
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		dp, dq := (p[0]-x)*side, (q[0]-x)*side
		if dp >= 0 {
			part = append(part, p)
		}
		if dp < 0 && dq > 0 || dp > 0 && dq < 0 {
			part = append(part, point{x, p[1] + (q[1]-p[1])*dp/(dp-dq)})
		}
	}
	return part
}

func (t *topology) arc(i int) []point {
	var arc []point
	var x, y float64
	for _, step := range t.Arcs[i] {
		x, y = x+step[0], y+step[1]
		// The inner conversions keep machines that can from fusing the two operations, which would round otherwise.
		lon := float64(x*t.Transform.Scale[0]) + t.Transform.Translate[0]
		lat := float64(y*t.Transform.Scale[1]) + t.Transform.Translate[1]
		px, py := static.Project(lat, lon)
		arc = append(arc, point{int(math.Round(px * grain)), int(math.Round(py * grain))})
	}
	return arc
}

// drawRing writes a ring as a path. What has no area, or lies beyond the lower edge, is left out.
func drawRing(b *bytes.Buffer, ring []point) {
	ring = slices.Compact(ring)
	if area(ring) == 0 || !slices.ContainsFunc(ring, func(p point) bool { return p[1] < height }) {
		return
	}
	if ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	b.WriteString("M" + pair(ring[0][0], ring[0][1]) + "l")
	for i := 1; i < len(ring); i++ {
		step := pair(ring[i][0]-ring[i-1][0], ring[i][1]-ring[i-1][1])
		if i > 1 && step[0] != '-' {
			b.WriteByte(' ')
		}
		b.WriteString(step)
	}
	b.WriteByte('z')
}

// area returns twice the area of a ring; its sign tells which way the ring runs.
func area(ring []point) int {
	sum := 0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		sum += p[0]*q[1] - q[0]*p[1]
	}
	return sum
}

// pair writes two numbers as short as SVG allows.
func pair(x, y int) string {
	if y < 0 {
		return strconv.Itoa(x) + strconv.Itoa(y)
	}
	return strconv.Itoa(x) + " " + strconv.Itoa(y)
}
