package sim

// StreamFacts is what a node knows of a connection to a peer, which is a node or a client.
type StreamFacts struct {
	Peer       Addr  `json:"peer"`
	Connected  bool  `json:"connected"`
	Connection int   `json:"connection"`         // which of all that were made or tried; 0 for none
	Unacked    int   `json:"unacked"`            // messages sent that are not acknowledged
	Waiting    int   `json:"waiting"`            // of these, such as wait to be sent, or sent again
	Early      int   `json:"early"`              // messages that have come before one that is missing
	RoundTrip  Time  `json:"round_trip"`         // as it is estimated: smoothed
	Timeout    Time  `json:"timeout"`            // of retransmission (RTO)
	Retrying   bool  `json:"retrying"`           // an acknowledgement is overdue: it sends the oldest message again and again, and nothing new
	Tries      int   `json:"tries"`              // of that, or SYNs of a dial
	Next       *Time `json:"next,omitempty"`     // when it sends again, or dials; absent while nothing is due
	GivesUp    *Time `json:"gives_up,omitempty"` // when it will have heard nothing for too long
	Heard      Time  `json:"heard"`              // when the peer was last heard
}

// streamsOf returns what a node knows of its connections.
func (c *Cluster) streamsOf(node Addr) (list []StreamFacts) {
	for _, e := range c.ends {
		if e.addr == node {
			list = append(list, e.facts())
		}
	}
	return list
}

// facts says what the end will know once it has taken in the acknowledgements that have come, and changes nothing.
func (e *end) facts() StreamFacts {
	f := StreamFacts{Peer: e.peer.addr, Connected: e.conn != 0, Connection: int(e.conn), Early: len(e.early), RoundTrip: e.srtt,
		Timeout: e.rto(), Retrying: e.retry.on, Tries: e.retry.tries, Heard: e.heard}
	open := e.unacked(&f.Heard)
	f.Unacked = len(open)
	for i := range open {
		if open[i].waits {
			f.Waiting++
		}
	}
	switch {
	case e.host != hostRuns:
	case e.conn == 0 && e.dials:
		f.Tries, f.Next = e.call.tries, new(e.call.next)
	case e.conn == 0 || len(open) == 0:
	case len(open) < len(e.backlog()): // what was overdue is not any more
		first := max(open[0].sent, e.retry.over)
		f.Retrying, f.Tries = false, 0
		f.Next = new(first + e.rto())
		f.giveUp(e, f.Heard, first)
	default:
		f.Next = new(e.expiry())
		f.giveUp(e, f.Heard, e.sentFirst())
	}
	return f
}

func (f *StreamFacts) giveUp(e *end, heard, first Time) {
	if e.patience > 0 {
		f.GivesUp = new(max(heard, first-e.patience/3) + e.patience)
	}
}

// unacked returns the segments that no acknowledgement has come for by now, and when the peer was last heard.
func (e *end) unacked(heard *Time) []segment {
	open, first := e.backlog(), e.first()
	if e.in.held {
		return open
	}
	for _, a := range e.acks {
		if a.due > e.cluster.now {
			break
		}
		*heard = max(*heard, a.due)
		for len(open) > 0 && first < a.before {
			open, first = open[1:], first+1
		}
	}
	return open
}
