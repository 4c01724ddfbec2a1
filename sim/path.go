package sim

// path is how long messages take on a link, by kind: as legs says, and for the other kinds as base does. Links share
// paths; what a path says never changes once a link has it.
type path struct {
	base leg
	legs [len(kindNames)]*leg

	middle Time // what median returns, once it is known
}

// leg is one distribution of delays, and a span that comes on top.
type leg struct {
	delay Delay
	more  Time
}

func (l *leg) sample(u uint64) Time { return l.delay.Sample(u) + l.more }

// sample maps uniform bits to the delay of a message of kind k.
func (p *path) sample(k MessageKind, u uint64) Time {
	if l := p.legs[k]; l != nil {
		return l.sample(u)
	}
	return p.base.sample(u)
}

// measured is the path between two regions, or within one, by the table of round trips.
func measured(from, to int) *path { return &path{base: leg{delay: oneWay(from, to)}} }

// profiled is the path between two nodes by a profile, in one region or from one to another.
func profiled(profile *Profile, between bool) *path {
	more := Time(0)
	if between {
		more = profile.Away
	}
	p := &path{base: leg{profile.R, more}}
	for k := range p.legs {
		p.legs[k] = &leg{profile.Leg(MessageKind(k)), more}
	}
	return p
}

// with returns the path on which a kind of message, or every kind if k is 0, takes d.
func (p *path) with(k MessageKind, d Delay) *path {
	if k == 0 {
		return &path{base: leg{delay: d}}
	}
	changed := path{base: p.base, legs: p.legs}
	changed.legs[k] = &leg{delay: d}
	return &changed
}

// lay gives every link of a cluster its path.
func (c *Cluster) lay(s *Scenario) {
	n := len(s.Regions)
	plain, byProfile := make([]*path, n*n), make([]*path, n*n)
	profile := FindProfile(s.Profile)
	for i, a := range s.Regions {
		for j, b := range s.Regions {
			plain[i*n+j] = measured(FindRegion(a), FindRegion(b))
			byProfile[i*n+j] = plain[i*n+j]
			if profile != nil {
				byProfile[i*n+j] = profiled(profile, i != j)
			}
		}
	}
	for from := range Addr(c.Endpoints()) {
		for to := range Addr(c.Endpoints()) {
			pair := c.RegionOf(from)*n + c.RegionOf(to)
			l := c.link(from, to)
			l.path = plain[pair]
			if int(from) < c.Nodes() && int(to) < c.Nodes() {
				l.path = byProfile[pair]
			}
		}
	}
	for _, set := range s.Links {
		changed := map[*path]*path{}
		set.Links.each(c, func(l *link) {
			if changed[l.path] == nil {
				changed[l.path] = l.path.with(set.Kind, set.Delay)
			}
			l.path = changed[l.path]
		})
	}
}

// RoundTrip returns the median round trip, as the scenario sets it up, between the first nodes of two of its regions,
// by index, or between a region's first node and its first client.
func (c *Cluster) RoundTrip(i, j int) Time {
	from, to := c.first[i], c.first[j]
	if from == to {
		to = c.firstGuest[i]
	}
	return c.Trip(from, to)
}

// Trip returns the median round trip between two endpoints, as the scenario sets it up.
func (c *Cluster) Trip(a, b Addr) Time {
	return c.link(a, b).path.median() + c.link(b, a).path.median()
}

// median is that of messages without a leg of their own.
func (p *path) median() Time {
	if p.middle == 0 {
		p.middle = p.base.delay.median() + p.base.more
	}
	return p.middle
}

// median returns the middle of many draws, which all have their own luck.
func (d Delay) median() Time {
	var list [1001]Time
	for i := range list {
		list[i] = d.Sample(mix(streamDelay, uint64(i)))
	}
	return ranked(list[:], len(list)/2)
}

// ranked returns what would be at an index if the list were sorted, and changes its order no further than that takes: Hoare's
// selection, a sixth of the time that sorting takes.
func ranked(list []Time, at int) Time {
	for len(list) > 1 {
		pivot, i, j := list[len(list)/2], 0, len(list)-1
		for i <= j {
			for list[i] < pivot {
				i++
			}
			for list[j] > pivot {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case at <= j:
			list = list[:j+1]
		case at >= i:
			list, at = list[i:], at-i
		default:
			return list[at]
		}
	}
	return list[at]
}
