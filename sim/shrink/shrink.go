// Package shrink leaves out of many things what is not needed. It knows nothing of what they are.
package shrink

// Ranges tries to drop ever smaller ranges of n things, until no single one can be dropped (delta debugging: Zeller and
// Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 2002). Drop is told a range of the things as they
// were numbered at first, some of which may be gone already, and reports whether it has dropped any. On says whether to go on:
// while it does, what is left in the end is minimal.
func Ranges(n int, drop func(from, to int) bool, on func() bool) {
	for size := n; size > 0 && on(); {
		dropped := false
		for from := 0; from < n && on(); from += size {
			if drop(from, min(from+size, n)) {
				dropped = true
			}
		}
		if size > 1 {
			size /= 2
		} else if !dropped {
			return
		}
	}
}
