package sim

// Transport is how messages travel between two endpoints.
type Transport uint8

// The transports.
const (
	Datagram Transport = iota // each by itself: it may overtake, come twice or be lost for good
	Stream                    // over a connection: in order, once, and sent again when lost; see stream.go
)

var transportNames = [...]string{"datagram", "stream"}

func (t Transport) String() string { return transportNames[t] }

// transportWord begins the setting of a lane's transport in the scenario language.
const transportWord = "transport="

// transport reads the value of transport=; the default of the protocol is "".
func (p *parser) transport(w word, value string, proto Protocol) (string, error) {
	for t, name := range transportNames {
		if name == value {
			if Transport(t) == proto.Transport {
				name = ""
			}
			return name, nil
		}
	}
	return "", p.fail(w.col+len(transportWord), "transport: expected stream or datagram, got %q", value)
}

// transport returns what a lane's messages between nodes travel by.
func (l Lane) transport(p Protocol) Transport {
	switch l.Transport {
	case Stream.String():
		return Stream
	case Datagram.String():
		return Datagram
	}
	return p.Transport
}

// Transport returns what messages between nodes travel by. Clients and replicas always talk over streams.
func (c *Cluster) Transport() Transport {
	if len(c.nodes) > 1 && c.link(0, 1).stream != nil {
		return Stream
	}
	return Datagram
}

// connect makes the connections that a cluster has at time 0: one for each client and each replica that it may ask, and one for each
// two nodes where messages between nodes travel over streams.
func (c *Cluster) connect(t Transport) {
	for i := range c.clients {
		client := c.Client(i)
		for _, node := range c.asksOf(client) {
			_, e := c.join(node, client)
			e.dials, e.patience = true, c.workload.AttemptTimeout()
		}
	}
	if t == Datagram {
		return
	}
	patience := c.protocol.ReadTimeout
	if c.protocol.Patience != nil {
		patience = c.protocol.Patience(c.config)
	}
	for b := range Addr(len(c.nodes)) {
		for a := range b {
			x, y := c.join(a, b)
			x.dials, x.patience = true, patience
			y.dials, y.patience = true, patience
		}
	}
}

// join connects two endpoints: their handshake is over, and it took one round trip.
func (c *Cluster) join(a, b Addr) (*end, *end) {
	x := &end{cluster: c, addr: a, out: c.link(a, b), in: c.link(b, a)}
	y := &end{cluster: c, addr: b, out: c.link(b, a), in: c.link(a, b), peer: x}
	x.peer = y
	c.connections++
	trip := x.out.path.sample(0, draw(c.seed, a, b, 0, 0, 0)) + y.out.path.sample(0, draw(c.seed, b, a, 0, 0, 0))
	for _, e := range []*end{x, y} {
		e.conn, e.newest = c.connections, c.connections
		e.out.stream = e
		e.measured(trip)
		c.ends = append(c.ends, e)
	}
	return x, y
}
