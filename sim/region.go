package sim

// Region is a place with one replica and one client in each lane.
type Region struct {
	Name     string  `json:"name"`
	Lat, Lon float64 `json:"-"` // degrees
}

// Regions are the AWS regions known by name, with the coordinates of their cities.
var Regions = []Region{
	{"us-east-1", 39.0458, -77.4874},
	{"us-west-2", 45.84, -119.7},
	{"eu-west-1", 53.3498, -6.2603},
	{"eu-central-1", 50.1109, 8.6821},
	{"ap-southeast-1", 1.3521, 103.82},
	{"ap-northeast-1", 35.6762, 139.65},
	{"sa-east-1", -23.5558, -46.6396},
	{"ap-south-1", 19.076, 72.8777},
	{"ap-southeast-2", -33.8688, 151.209},
}

// roundTrips are median round trips in microseconds, row to column, in the order of Regions; the diagonal is
// within a region. Source: cloudping.co, one-year median, captured 2025-05-29.
var roundTrips = [...][9]Time{
	{5349, 64269, 69558, 93066, 219112, 149376, 115210, 192264, 199700},
	{63972, 3042, 118224, 142601, 160209, 98046, 174428, 221690, 140918},
	{69644, 118439, 2880, 27289, 181965, 200985, 178058, 125925, 255676},
	{92612, 142329, 26860, 3972, 160587, 227078, 203948, 129135, 251510},
	{218614, 160890, 182512, 161262, 3627, 70734, 327400, 63834, 94726},
	{149152, 98460, 201079, 227633, 70466, 2536, 257370, 134192, 107410},
	{115385, 175052, 178418, 204858, 327396, 258052, 3148, 301694, 312240},
	{189708, 221486, 125470, 128812, 63372, 133310, 301151, 3048, 154343},
	{199699, 141016, 255598, 251765, 94748, 106330, 311924, 154499, 4012},
}

// FindRegion returns the index in Regions of the region with the given name, or -1.
func FindRegion(name string) int {
	for i := range Regions {
		if Regions[i].Name == name {
			return i
		}
	}
	return -1
}

// RoundTrip returns the measured median round trip between two known regions, or within one.
func RoundTrip(from, to int) Time { return roundTrips[from][to] }

// oneWay is the delay of a link between regions, or within one: half the median round trip, give or take 2 %. The table
// has medians only; the spread is an assumption. From a region that is not in the table, -1, to itself or to another
// it is half of 3 ms, about what the table has within a region; the scenario says how far such a region is from others.
func oneWay(from, to int) Delay {
	half := 3 * Millisecond / 2
	if from >= 0 && to >= 0 {
		half = roundTrips[from][to] / 2
	}
	return UniformDelay(half-half/50, half+half/50)
}
