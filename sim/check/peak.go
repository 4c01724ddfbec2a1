package check

// peaks is a growing row of numbers from 0 of which it finds the greatest of a part: a tournament tree, so that a
// change and a question take time that grows with the logarithm of the length.
type peaks struct {
	size int     // leaves, a power of two
	tree []int64 // of node i, the children are 2i and 2i+1; the leaves come last
}

func (p *peaks) clone() peaks { return peaks{p.size, append([]int64(nil), p.tree...)} }

// set changes the number at a place, which may lie beyond the end.
func (p *peaks) set(at int, v int64) {
	for at >= p.size {
		p.grow()
	}
	i := at + p.size
	p.tree[i] = v
	for i /= 2; i > 0; i /= 2 {
		p.tree[i] = max(p.tree[2*i], p.tree[2*i+1])
	}
}

func (p *peaks) grow() {
	bigger := peaks{size: max(2*p.size, 16)}
	bigger.tree = make([]int64, 2*bigger.size)
	if p.size > 0 {
		copy(bigger.tree[bigger.size:], p.tree[p.size:])
	}
	for i := bigger.size - 1; i > 0; i-- {
		bigger.tree[i] = max(bigger.tree[2*i], bigger.tree[2*i+1])
	}
	*p = bigger
}

// above returns a place from lo up to but not including hi whose number is greater than v; -1 for none.
func (p *peaks) above(lo, hi int, v int64) int {
	for lo < min(hi, p.size) {
		i, span := lo+p.size, 1
		for i%2 == 0 && lo+2*span <= hi { // the largest part that begins at lo and ends before hi
			i, span = i/2, 2*span
		}
		if p.tree[i] <= v {
			lo += span
			continue
		}
		for i < p.size {
			if i *= 2; p.tree[i] <= v {
				i++
			}
		}
		return i - p.size
	}
	return -1
}
