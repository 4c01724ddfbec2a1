package check

import "iter"

// links are lists of items, one for each node, all in one slice: most are short, and there are many.
type links[T any] struct {
	ends  []ends // by node
	items []linked[T]
}

// ends are where a list begins and ends among all items, from 1; 0 for an empty one.
type ends struct{ head, tail int32 }

// linked is an item, and the one after it in its list.
type linked[T any] struct {
	item T
	next int32
}

// add puts an item at the end of a node's list.
func (l *links[T]) add(node int32, item T) {
	for len(l.ends) <= int(node) {
		l.ends = append(l.ends, ends{})
	}
	l.items = append(l.items, linked[T]{item: item})
	at, e := int32(len(l.items)), &l.ends[node]
	if e.head == 0 {
		e.head = at
	} else {
		l.items[e.tail-1].next = at
	}
	e.tail = at
}

// of yields a node's list, in order.
func (l *links[T]) of(node int32) iter.Seq[T] {
	return func(yield func(T) bool) {
		if int(node) >= len(l.ends) {
			return
		}
		for at := l.ends[node].head; at != 0; {
			i := l.items[at-1]
			if !yield(i.item) {
				return
			}
			at = i.next
		}
	}
}
