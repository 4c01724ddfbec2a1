package sim

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"
)

// Chance is a probability in millionths.
type Chance int

// Always is the chance of what is certain.
const Always Chance = 1_000_000

// hit maps 64 uniform bits to whether it happens.
func (c Chance) hit(u uint64) bool {
	n, _ := bits.Mul64(u, uint64(Always))
	return n < uint64(c)
}

// String prints the chance exactly and shortest as the scenario language writes it: 5%, 0.25%.
func (c Chance) String() string {
	s := strconv.Itoa(int(c / 10_000))
	if frac := c % 10_000; frac != 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%04d", int(frac)), "0")
	}
	return s + "%"
}

// ParseChance reads a percentage from 0% to 100% with up to four decimals.
func ParseChance(s string) (Chance, error) {
	number, percent := strings.CutSuffix(s, "%")
	whole, frac, dotted := strings.Cut(number, ".")
	if !percent || len(whole) > 3 || !allDigits(whole) || dotted && (len(frac) > 4 || !allDigits(frac)) {
		return 0, fmt.Errorf("expected a chance such as 5%% or 0.25%%, got %q", s)
	}
	n, _ := strconv.Atoi(whole)
	f, _ := strconv.Atoi((frac + "0000")[:4])
	c := Chance(n*10_000 + f)
	if c > Always {
		return 0, fmt.Errorf("%s is over 100%%", s)
	}
	return c, nil
}
