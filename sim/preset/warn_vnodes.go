package preset

// vnodes looks at requests to vnodes, as Riak has them.
func (l *lane) vnodes() {
	if !l.is("coordinator", "replica") {
		l.idle("any node coordinates a write (coordinator=any)", "forward-timeout", "dw", "rw", "notfound-ok", "basic-quorum", "clock-small", "clock-big", "clock-young", "clock-old")
		return
	}
	if l.is("notfound-ok", "on") {
		l.idle("a replica that has nothing counts like any other (notfound-ok=on)", "basic-quorum")
	}
	if l.span("handoff-idle") == 0 {
		l.idle("what is kept for others is brought at once (handoff-idle=off)", "handoff-every")
	}
	switch objects := l.cfg.Words["objects"]; objects {
	case "arrival":
		l.idle("what comes last stays, whatever its clock", "clock-small", "clock-big", "clock-young", "clock-old")
		l.warn("objects", "what arrives last stays: replicas that heard of two writes in different orders hold different values, and handoff may put an older one in the place of a newer")
	case "clock-newest", "dotted-newest":
		l.newest()
	case "plain":
		l.idle("the keys are no objects with clocks", "clock-small", "clock-big", "clock-young", "clock-old")
	}
	if n, confirms := l.count("n"), l.count("node-confirms"); confirms > l.count("dw") && confirms > l.count("w") && confirms <= n {
		l.warn("node-confirms", "node-confirms=%d is more than W=%d and DW=%d: a write waits for so many nodes", confirms, l.count("w"), l.count("dw"))
	}
}

// newest looks at clocks that are wrong, where the one last modified stays.
func (l *lane) newest() {
	for _, c := range l.s.Commands {
		if c.Verb == "skew" && (c.Lane == "" || c.Lane == l.Name) && c.By != 0 {
			l.warn("objects", "of concurrent writes the last modified stays, and the clock of %s is wrong: an acknowledged write that came later may be the one that goes", c.Node)
			return
		}
	}
}
