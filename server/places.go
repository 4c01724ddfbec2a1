package server

import (
	"math"

	"netsplit/sim"
	"netsplit/static"
)

// places puts regions on the map: those that the world knows where they lie, the others on a ring over the Atlantic,
// which is where there is room, two of them beside each other.
func places(regions []string) []RegionView {
	views := make([]RegionView, 0, len(regions))
	first := -math.Pi / 2
	if len(regions) == 2 {
		first = math.Pi
	}
	for i, name := range regions {
		view := RegionView{Name: name}
		if at := sim.FindRegion(name); at >= 0 {
			view.X, view.Y = static.Project(sim.Regions[at].Lat, sim.Regions[at].Lon)
		} else {
			turn := 2*math.Pi*float64(i)/float64(len(regions)) + first
			view.X = math.Round(0.4*static.MapWidth + 110*math.Cos(turn))
			view.Y = math.Round(0.45*static.MapHeight + 80*math.Sin(turn))
		}
		views = append(views, view)
	}
	return views
}
