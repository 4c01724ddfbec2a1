package server

import "fmt"

// inspect answers a viewer who asks for everything about something, as it is at the moment that the viewer looks at.
func (r *Room) inspect(v *viewer, msg ClientMessage) error {
	f := r.feed
	if v.past != nil {
		if f = v.past.feed; !v.past.arrived {
			return fmt.Errorf("inspect: the run is being replayed up to %s; ask again when it is there", rounded(v.past.target))
		}
	}
	if r.asked++; r.asked > MaxInspects {
		return fmt.Errorf("inspect: the viewers of this room ask for more than %d inspections at a time; ask again", MaxInspects)
	}
	in, err := f.inspect(msg.Inspect)
	if err != nil {
		return fmt.Errorf("inspect: %w", err)
	}
	in.Of = msg.Seq
	v.offer(encode(in))
	return nil
}

// inspect returns everything about one thing in the run as it is now.
func (f *feed) inspect(q *Inspect) (Inspection, error) {
	in := Inspection{Type: "inspection", Seq: f.seq, At: f.run.Now()}
	if q == nil || q.asks() != 1 {
		return in, fmt.Errorf("expected a lane, and one of node, message and operation in it")
	}
	in.Lane = q.Lane
	l := f.lane(q.Lane)
	if l == nil {
		return in, fmt.Errorf("there is no lane %q", q.Lane)
	}
	switch {
	case q.Node != nil:
		node, err := l.cluster.Inspect(*q.Node, q.Raw)
		in.Node = &node
		return in, err
	case q.Message != 0:
		message, err := l.recorder.InspectMessage(q.Message, q.Raw)
		in.Message = &message
		return in, err
	}
	operation, err := l.cluster.InspectOperation(q.Operation)
	in.Operation = &operation
	return in, err
}

// asks returns how many things are asked for.
func (q *Inspect) asks() (n int) {
	for _, asked := range []bool{q.Node != nil, q.Message != 0, q.Operation != 0} {
		if asked {
			n++
		}
	}
	return n
}

func (f *feed) lane(name string) *laneFeed {
	for _, l := range f.lanes {
		if l.cluster.Name == name {
			return l
		}
	}
	return nil
}
