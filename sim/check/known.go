package check

import "slices"

// known is what a session knows of each key, by its number: the writes in its causal past that are not known to come
// before another of them. It is never changed once made; nil stands for nothing.
type known []*[]*act

func (k known) of(key int32) []*act {
	if int(key) >= len(k) || k[key] == nil {
		return nil
	}
	return *k[key]
}

// with returns what is known when of one key that is.
func (k known) with(key int32, writes []*act) known {
	n := make(known, max(len(k), int(key)+1))
	copy(n, k)
	n[key] = &writes
	return n
}

// merge returns what is known to who knows both.
func (k known) merge(o known) known {
	var n known
	for key := range o {
		if o[key] == nil || key < len(k) && k[key] == o[key] {
			continue
		}
		mine := k.of(int32(key))
		if len(without(*o[key], mine)) > 0 {
			both := union(mine, *o[key])
			if n == nil {
				n = make(known, max(len(k), len(o)))
				copy(n, k)
			}
			n[key] = &both
		}
	}
	if n == nil {
		return k
	}
	return n
}

// union returns the writes of both lists, without those that their session orders before another of them.
func union(a, b []*act) []*act {
	all := slices.Clone(a)
	for _, w := range b {
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return slices.DeleteFunc(all, func(w *act) bool {
		return w.end != 0 && slices.ContainsFunc(all, func(u *act) bool { return u.session == w.session && u.call > w.end })
	})
}

// without returns the writes of a list that are not in another, in a list of its own.
func without(list, out []*act) (rest []*act) {
	for _, w := range list {
		if !slices.Contains(out, w) {
			rest = append(rest, w)
		}
	}
	return rest
}
