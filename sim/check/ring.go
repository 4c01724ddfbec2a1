package check

// ring keeps the latest items of a list, each under its number in the whole list, from 0.
type ring[T any] struct {
	items []T
	limit int
	first int // the number of the oldest that is kept
}

// push adds an item. Over the limit it returns the oldest, which is forgotten.
func (r *ring[T]) push(v T) (old T, forgotten bool) {
	if len(r.items) < r.limit {
		r.items = append(r.items, v)
		return old, false
	}
	slot := &r.items[r.first%r.limit]
	old, *slot = *slot, v
	r.first++
	return old, true
}

// end returns the number that the next item will have.
func (r *ring[T]) end() int { return r.first + len(r.items) }

// at returns the item of a number from first to end.
func (r *ring[T]) at(i int) *T { return &r.items[i%r.limit] }
