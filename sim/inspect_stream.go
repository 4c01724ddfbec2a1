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
	now := *e // of which nothing is changed that it shares with e
	open := now.unacked()
	f := StreamFacts{Peer: e.peer.addr, Connected: e.conn != 0, Connection: int(e.conn), Early: len(e.early), RoundTrip: now.srtt,
		Timeout: now.rto(), Retrying: now.retry.on, Tries: now.retry.tries, Heard: now.heard, Unacked: len(open)}
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
	default:
		now.queue, now.head = open, 0
		f.Next = new(now.expiry())
		if e.patience > 0 {
			f.GivesUp = new(now.resignation())
		}
	}
	return f
}

// unacked takes in the acknowledgements that have come, but for what it would send then, and returns the segments that
// are left. It changes neither segments nor acknowledgements.
func (e *end) unacked() []segment {
	open, first := e.backlog(), e.first()
	if e.in.held {
		return open
	}
	for _, a := range e.acks {
		if a.due > e.cluster.now {
			break
		}
		e.heard = max(e.heard, a.due)
		for len(open) > 0 && first < a.before {
			if !open[0].again && a.prompt && first == a.before-1 {
				e.measured(a.due - open[0].sent)
			}
			open, first = open[1:], first+1
			if e.retry.on {
				e.retry = recovery{over: e.cluster.now}
			}
		}
	}
	return open
}
