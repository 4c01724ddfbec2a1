package sim

// fibreBounds are the least round trips in microseconds that light in fibre allows between the coordinates of
// Regions, in their order: 2 x great circle / 200 km per ms, on a sphere of 6371 km. They are kept as a table
// because sines may differ between machines.
var fibreBounds = [...][9]Time{
	{0, 35024, 54609, 65487, 155211, 108738, 76650, 128543, 156740},
	{35024, 0, 73151, 82456, 132562, 79740, 106498, 126861, 125643},
	{54609, 73151, 0, 10878, 111992, 95847, 93937, 76030, 172144},
	{65487, 82456, 10878, 0, 102580, 93314, 98302, 65638, 164829},
	{155211, 132562, 111992, 102580, 0, 53112, 159872, 39038, 63062},
	{108738, 79740, 95847, 93314, 53112, 0, 185375, 67203, 78258},
	{76650, 106498, 93937, 98302, 159872, 185375, 0, 137747, 133565},
	{128543, 126861, 76030, 65638, 39038, 67203, 137747, 0, 101568},
	{156740, 125643, 172144, 164829, 63062, 78258, 133565, 101568, 0},
}

// FibreBound returns the least round trip between two known regions that light in fibre on the straightest way
// allows; within a region it is 0.
func FibreBound(from, to int) Time { return fibreBounds[from][to] }
