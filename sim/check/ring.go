package check

// ring keeps the latest items of a list, each under its number in the whole list, from 0.
type ring[T any] struct {
	chunks [][]T // of ringChunk items each, so that a ring grows without being copied
	limit  int   // a multiple of ringChunk
	next   int   // the number that the next item will have
}

// ringChunk is how many items of a ring lie together.
const ringChunk = 1 << 7

// push adds an item. Over the limit it returns the oldest, which is forgotten.
func (r *ring[T]) push(v T) (old T, forgotten bool) {
	if r.next < r.limit && r.next%ringChunk == 0 {
		r.chunks = append(r.chunks, make([]T, ringChunk))
	}
	slot := r.at(r.next)
	if forgotten = r.next >= r.limit; forgotten {
		old = *slot
	}
	*slot = v
	r.next++
	return old, forgotten
}

// first returns the number of the oldest item that is kept.
func (r *ring[T]) first() int { return max(r.next-r.limit, 0) }

// end returns the number that the next item will have.
func (r *ring[T]) end() int { return r.next }

// at returns the item of a number from first to end.
func (r *ring[T]) at(i int) *T {
	i %= r.limit
	return &r.chunks[i/ringChunk][i%ringChunk]
}
