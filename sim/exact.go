package sim

import "math"

// Functions of real numbers that have the same result on every machine, bit for bit. Those of package math may
// differ: some machines have assembly versions, and some compilers fuse x*y + z into one rounding. Here every
// product goes through mul, whose conversion forbids fusing, and all else is exact in IEEE 754 or correctly rounded.

// mul returns x*y, rounded.
func mul(x, y float64) float64 { return float64(x * y) }

const (
	ln2Hi = 6.93147180369123816490e-01 // the first bits of ln 2, so that its product with a small integer is exact
	ln2Lo = 1.90821492927058770002e-10 // ln 2 less ln2Hi
)

// horner evaluates the polynomial with the given coefficients, that of the highest power first.
func horner(x float64, coefficients ...float64) float64 {
	y := 0.0
	for _, c := range coefficients {
		y = mul(y, x) + c
	}
	return y
}

// ln returns the natural logarithm of a finite, normal x > 0, within 1 unit in the last place (FreeBSD's e_log.c).
func ln(x float64) float64 {
	f, exponent := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f *= 2 // exact
		exponent--
	}
	f--
	k := float64(exponent)
	s := f / (2 + f)
	s2 := mul(s, s)
	s4 := mul(s2, s2)
	odd := mul(s2, horner(s4, 1.479819860511658591e-01, 1.818357216161805012e-01, 2.857142874366239149e-01, 6.666666666666735130e-01))
	even := mul(s4, horner(s4, 1.531383769920937332e-01, 2.222219843214978396e-01, 3.999999999940941908e-01))
	half := mul(mul(0.5, f), f)
	return mul(k, ln2Hi) - ((half - (mul(s, half+odd+even) + mul(k, ln2Lo))) - f)
}

// exp returns e to the power x, within 1 unit in the last place (FreeBSD's e_exp.c); x lies within -700 and 700.
func exp(x float64) float64 {
	k := math.Floor(mul(x, math.Log2E) + 0.5)
	hi := x - mul(k, ln2Hi)
	lo := mul(k, ln2Lo)
	r := hi - lo
	t := mul(r, r)
	c := r - mul(t, horner(t, 4.13813679705723846039e-08, -1.65339022054652515390e-06, 6.61375632143793436117e-05,
		-2.77777777770155933842e-03, 1.66666666666666019037e-01))
	return math.Ldexp(1-((lo-mul(r, c)/(2-c))-hi), int(k))
}

// quantile returns the p-quantile of the standard normal distribution for 0 < p < 1, to about 1e-15 (Wichura,
// algorithm AS 241, Applied Statistics 1988).
func quantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - mul(q, q)
		return mul(q, horner(r, 2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
			13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608)) /
			horner(r, 5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
				5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1)
	}
	tail := p
	if q > 0 {
		tail = 1 - p
	}
	z := farQuantile(math.Sqrt(-ln(tail)))
	if q < 0 {
		return -z
	}
	return z
}

// farQuantile is the quantile in the tails, by the square root of minus the logarithm of the tail's probability.
func farQuantile(r float64) float64 {
	if r <= 5 {
		r -= 1.6
		return horner(r, 7.7454501427834140764e-4, 0.0227238449892691845833, 0.241780725177450611770, 1.27045825245236838258,
			3.64784832476320460504, 5.76949722146069140550, 4.63033784615654529590, 1.42343711074968357734) /
			horner(r, 1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.148103976427480074590,
				0.689767334985100004550, 1.67638483018380384940, 2.05319162663775882187, 1)
	}
	r -= 5
	return horner(r, 2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.00124266094738807843860, 0.0265321895265761230930,
		0.296560571828504891230, 1.78482653991729133580, 5.46378491116411436990, 6.65790464350110377720) /
		horner(r, 2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
			0.0148753612908506148525, 0.136929880922735805310, 0.599832206555887937690, 1)
}

// unit maps 64 uniform bits to a number between 0 and 1, neither included, symmetric about one half.
func unit(u uint64) float64 { return (float64(u>>12) + 0.5) / (1 << 52) }
