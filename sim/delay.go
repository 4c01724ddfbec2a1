package sim

import (
	"fmt"
	"math"
	"math/bits"
)

// Delay is a distribution of one-way delays: constant, uniform, normal, exponential, Pareto, or a mixture of such.
// The zero Delay is constant 0. A Delay is a value: it is never changed once made. See ParseDelay for its text.
type Delay struct{ parts []part }

// part is one distribution of a Delay, and how often it is drawn from.
type part struct {
	weight int64 // in millionths; those of a Delay add up to 1,000,000
	shape  shape
	a, b   int64 // what the shape needs: spans in nanoseconds, alpha in millionths
}

// shape is a family of distributions.
type shape uint8

const (
	constant    shape = iota + 1 // always a
	uniform                      // every microsecond from a to b alike, both included
	normal                       // mean a, standard deviation b; what falls below 0 is drawn again
	exponential                  // mean a
	pareto                       // at least a; the chance of more than x is (a/x)^alpha, and b is alpha
)

const (
	million     = 1_000_000
	nanoseconds = 1000 // in a Microsecond
)

// ConstantDelay returns the Delay that is always t.
func ConstantDelay(t Time) Delay {
	return Delay{[]part{{million, constant, int64(t) * nanoseconds, 0}}}
}

// UniformDelay returns the Delay that is every microsecond from lo to hi alike, both included.
func UniformDelay(lo, hi Time) Delay {
	return Delay{[]part{{million, uniform, int64(lo) * nanoseconds, int64(hi) * nanoseconds}}}
}

// Sample maps 64 uniform bits to a delay in whole microseconds, to the nearest, and MaxTime at most: what takes
// longer never arrives in any run. It is alike on every machine, bit for bit.
func (d Delay) Sample(u uint64) Time {
	p, u := d.choose(u)
	switch p.shape {
	case constant:
		return Time(p.a / nanoseconds)
	case uniform:
		lo, hi := p.a/nanoseconds, p.b/nanoseconds
		return Time(lo) + upTo(Time(hi-lo), u)
	}
	return Time(math.Floor(p.micros(u) + 0.5))
}

// upTo maps 64 uniform bits to a span from 0 to t, both included.
func upTo(t Time, u uint64) Time {
	span, _ := bits.Mul64(u, uint64(t)+1)
	return Time(span)
}

// Micros is Sample before rounding, in microseconds. It too is alike on every machine.
func (d Delay) Micros(u uint64) float64 {
	if p, v := d.choose(u); p.shape > uniform {
		return p.micros(v)
	}
	return float64(d.Sample(u))
}

// nothing is the part of the zero Delay.
var nothing = part{million, constant, 0, 0}

// choose picks the part to draw from, and the bits to draw with.
func (d Delay) choose(u uint64) (*part, uint64) {
	switch len(d.parts) {
	case 0:
		return &nothing, u
	case 1:
		return &d.parts[0], u
	}
	at, _ := bits.Mul64(u, million)
	for i := range d.parts {
		p := &d.parts[i]
		if at < uint64(p.weight) {
			return p, mix(u, 1)
		}
		at -= uint64(p.weight)
	}
	panic(fmt.Sprintf("sim: the weights of delay %s do not add up", d))
}

// micros draws from a distribution over the real numbers, in microseconds, MaxTime at most.
func (p *part) micros(u uint64) float64 {
	t := 0.0
	switch a := float64(p.a) / nanoseconds; p.shape {
	case normal:
		sd := float64(p.b) / nanoseconds
		for t = -1; t < 0; u = mix(u, 2) { // at least every other draw is not below 0, because a is not
			t = a + mul(sd, quantile(unit(u)))
		}
	case exponential:
		t = mul(a, -ln(unit(u)))
	case pareto:
		power := -ln(unit(u)) / (float64(p.b) / million)
		t = mul(a, exp(min(power, 700)))
	}
	return min(t, float64(MaxTime))
}

// check refuses what is no distribution, or over a limit.
func (p part) check() error {
	const most = int64(MaxDelay) * nanoseconds
	switch {
	case p.a > most || p.shape != pareto && p.b > most:
		return fmt.Errorf("over the longest delay of %s", nanos(most))
	case (p.shape == constant || p.shape == uniform) && (p.a%nanoseconds != 0 || p.b%nanoseconds != 0):
		return fmt.Errorf("constant and uniform take whole microseconds")
	case p.shape == uniform && p.a > p.b:
		return fmt.Errorf("uniform from %s to %s: the first is the longer", nanos(p.a), nanos(p.b))
	case (p.shape == exponential || p.shape == pareto) && p.a == 0:
		return fmt.Errorf("a span of 0 makes no such distribution")
	case p.shape == pareto && p.b == 0:
		return fmt.Errorf("alpha must be over 0")
	case p.shape == pareto && p.b > MaxAlpha*million:
		return fmt.Errorf("alpha %s is over %d", millionths(p.b), MaxAlpha)
	}
	return nil
}
