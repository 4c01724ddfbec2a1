package foreign

import "slices"

// A bitmap is a text of bytes without zeros at its end, so that equal sets are equal texts.

func has(bits string, i int) bool {
	return i/8 < len(bits) && bits[i/8]&(1<<(i%8)) != 0
}

func with(bits string, i int) string {
	if has(bits, i) {
		return bits
	}
	b := make([]byte, max(len(bits), i/8+1))
	copy(b, bits)
	b[i/8] |= 1 << (i % 8)
	return string(b)
}

func without(bits string, i int) string {
	if !has(bits, i) {
		return bits
	}
	b := []byte(bits)
	b[i/8] &^= 1 << (i % 8)
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1]
	}
	return string(b)
}

func bitmap(items []int) string {
	if len(items) == 0 {
		return ""
	}
	b := make([]byte, slices.Max(items)/8+1)
	for _, i := range items {
		b[i/8] |= 1 << (i % 8)
	}
	return string(b)
}
