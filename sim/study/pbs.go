package study

import (
	"context"
	"fmt"
	"math"

	"netsplit/sim"
)

// found is a figure that others found, in milliseconds.
type found struct {
	published float64 // in the paper's table 4
	reference float64 // by an independent Monte Carlo of 20 million trials of the same model
	sd        float64 // of one run of a million trials
}

// pbsFigure is a row of the paper's table 4: the 99.9th percentiles of the latency of reads and writes and of
// t-visibility; and, by the reference alone, the probability that a read is consistent at each of pbsTimes.
type pbsFigure struct {
	profile             string
	quorum              Quorum
	read, write, within found
	consistent          [len(pbsTimes)]float64
}

// pbsTimes are milliseconds from the commit to the start of the read; pbsPlaces says to how many places the
// reference probability is known there.
var (
	pbsTimes  = [...]int{0, 1, 5, 10}
	pbsPlaces = [...]float64{5, 5, 6, 6}
)

// referenceTrials is how many trials the reference figures come from.
const referenceTrials = 20_000_000

// pbsFigures are from Bailis et al., VLDB 2012, table 4. Its t-visibilities are biased low by 2 to 15 % (the first noisy
// grid point that passed, 50,000 reads each), so that ours are held to the reference alone.
var pbsFigures = []pbsFigure{
	{"LNKD-SSD", Quorum{1, 1}, found{0.66, 0.655, 0.003}, found{0.66, 0.656, 0.003}, found{1.85, 1.971, 0.025}, [4]float64{0.97357, 0.995, 0.999993, 1}},
	{"LNKD-SSD", Quorum{1, 2}, found{0.66, 0.655, 0.003}, found{1.63, 1.631, 0.009}, found{1.79, 1.859, 0.024}, [4]float64{0.97827, 0.99587, 0.999994, 1}},
	{"LNKD-SSD", Quorum{2, 1}, found{1.63, 1.632, 0.009}, found{0.65, 0.656, 0.003}, found{0, 0, 0}, [4]float64{0.99942, 0.99998, 1, 1}},
	{"LNKD-SSD", Quorum{2, 2}, found{1.62, 1.632, 0.009}, found{1.64, 1.631, 0.009}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
	{"LNKD-SSD", Quorum{3, 1}, found{4.14, 4.116, 0.023}, found{0.65, 0.656, 0.003}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
	{"LNKD-SSD", Quorum{1, 3}, found{0.65, 0.655, 0.003}, found{4.09, 4.105, 0.022}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
	{"LNKD-DISK", Quorum{1, 1}, found{0.66, 0.654, 0.003}, found{10.99, 10.926, 0.062}, found{45.5, 52.232, 0.78}, [4]float64{0.43672, 0.58354, 0.81815, 0.926275}},
	{"LNKD-DISK", Quorum{1, 2}, found{0.65, 0.654, 0.003}, found{20.97, 20.939, 0.108}, found{43.3, 48.309, 0.686}, [4]float64{0.7128, 0.77239, 0.894263, 0.956183}},
	{"LNKD-DISK", Quorum{2, 1}, found{1.63, 1.635, 0.01}, found{10.9, 10.926, 0.062}, found{13.6, 14.124, 0.097}, [4]float64{0.76277, 0.86983, 0.974949, 0.99586}},
	{"LNKD-DISK", Quorum{2, 2}, found{1.64, 1.635, 0.01}, found{20.96, 20.939, 0.108}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
	{"LNKD-DISK", Quorum{3, 1}, found{4.12, 4.118, 0.016}, found{10.89, 10.926, 0.062}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
	{"LNKD-DISK", Quorum{1, 3}, found{0.65, 0.654, 0.003}, found{112.65, 112.08, 1.74}, found{0, 0, 0}, [4]float64{1, 1, 1, 1}},
}

// findPBS returns what others found of a profile and a quorum, or nil.
func findPBS(profile string, c Quorum) *pbsFigure {
	for i, f := range pbsFigures {
		if f.profile == profile && f.quorum == c {
			return &pbsFigures[i]
		}
	}
	return nil
}

var pbsHead = []string{"R", "W", "figure", "published", "reference", "ours", "error", "tolerance", "verdict"}

// pbsTable draws n trials of a profile in the WARS model and holds them against table 4, where it has the profile.
func pbsTable(ctx context.Context, p *sim.Profile, n int) (Table, error) {
	d, err := sampleWARS(ctx, p, n)
	if err != nil {
		return Table{}, err
	}
	t := Table{Title: fmt.Sprintf("PBS table 4, %s: the WARS model, %d trials", p.Name, n), Head: pbsHead}
	for i, c := range quorums {
		f := findPBS(p.Name, c)
		if f == nil {
			f = &pbsFigure{read: unknown, write: unknown, within: unknown}
			for j := range f.consistent {
				f.consistent[j] = math.NaN()
			}
		}
		t.latency(c, "read p99.9 ms", f.read, percentile999(d.read[c.R-1]), n)
		t.latency(c, "write p99.9 ms", f.write, percentile999(d.commit[c.W-1]), n)
		t.visibility(c, f.within, percentile999(d.visible[i]), n)
		for j, ms := range pbsTimes {
			t.probability(c, j, f.consistent[j], consistent(d.visible[i], float64(ms)), n)
		}
	}
	return t, nil
}

var unknown = found{math.NaN(), math.NaN(), math.NaN()}

// latency holds a percentile of latency to the published figure and to the reference, within 2 % of each or 4
// standard deviations at n trials, whichever is more.
func (t *Table) latency(c Quorum, name string, f found, ours float64, n int) {
	tolerance := max(0.02*f.reference, 4*f.sd*math.Sqrt(1e6/float64(n)))
	out := math.Abs(ours-f.reference) > tolerance || math.Abs(ours-f.published) > tolerance
	t.hold(c, name, "%.3f", f, ours, tolerance, out)
}

// visibility holds t-visibility to the reference, within 4 standard deviations at n trials; 0 is exact.
func (t *Table) visibility(c Quorum, f found, ours float64, n int) {
	tolerance := 4 * f.sd * math.Sqrt(1e6/float64(n))
	t.hold(c, "t-visibility p99.9 ms", "%.3f", f, ours, tolerance, math.Abs(ours-f.reference) > tolerance)
}

// probability holds the share of consistent reads to the reference, within 4 binomial standard deviations of the
// difference and half of the reference's last place; where r + w > N it is exactly 1.
func (t *Table) probability(c Quorum, at int, reference, ours float64, n int) {
	tolerance := 4*math.Sqrt(reference*(1-reference)*(1/float64(n)+1.0/referenceTrials)) + 0.5*math.Pow(10, -pbsPlaces[at])
	if c.R+c.W > replicas {
		tolerance = 0
		if math.IsNaN(reference) {
			reference = 1 // by definition, not by measurement
		}
	}
	f := found{math.NaN(), reference, math.NaN()}
	t.hold(c, fmt.Sprintf("P(consistent) at %d ms", pbsTimes[at]), "%.6f", f, ours, tolerance, math.Abs(ours-reference) > tolerance)
}

// hold adds a row. What nobody else has found is neither within a tolerance nor out of it.
func (t *Table) hold(c Quorum, name, format string, f found, ours, tolerance float64, out bool) {
	number := func(format string, x float64) string {
		if math.IsNaN(x) {
			return "-"
		}
		return fmt.Sprintf(format, x)
	}
	verdict := "within"
	switch {
	case math.IsNaN(f.reference):
		verdict, tolerance = "-", math.NaN()
	case out:
		verdict = "OUT"
		t.Out++
	}
	if f.reference == 0 && tolerance == 0 {
		format = "%.3g"
	}
	t.Rows = append(t.Rows, []string{fmt.Sprint(c.R), fmt.Sprint(c.W), name, number("%.5g", f.published), number(format, f.reference),
		number(format, ours), number("%+.2g", ours-f.reference), number("%.2g", tolerance), verdict})
}
