package sim

// visit is what a command has a client do: what it asks its replica for, and what its errand is called.
type visit struct {
	verb  Verb
	op    OpKind
	kind  ErrandKind
	value bool // the command says a number
}

var visits = []visit{
	{VerbRead, Read, ErrandLook, false},
	{VerbWrite, Write, ErrandSet, true},
	{VerbDelete, Delete, ErrandDelete, false},
	{VerbIncrement, Increment, ErrandIncrement, true},
	{VerbAdd, Add, ErrandInsert, true},
	{VerbRemove, Remove, ErrandRemove, true},
}

// visit returns what the command has a client do; its op is 0 if the command changes the world instead.
func (c Command) visit() visit {
	for _, v := range visits {
		if v.verb == c.Verb {
			return v
		}
	}
	return visit{}
}

// firstOp returns the operation that an errand begins with: what a visitor asked for; where the lane has a counter or a
// set for it, what adds to that; else a read.
func (c *Cluster) firstOp(e *Errand) OpKind {
	for _, v := range visits {
		if v.kind == e.Kind {
			return v.op
		}
	}
	switch adds := e.Kind == ErrandDeposit || e.Kind == ErrandLike; {
	case adds && c.can(Increment):
		return Increment
	case e.Kind == ErrandAdd && c.can(Add):
		return Add
	}
	return Read
}

// can reports whether the lane's protocol, as configured, knows an operation.
func (c *Cluster) can(k OpKind) bool {
	if c.protocol.Can == nil {
		return k <= Write
	}
	return c.protocol.Can(c.config, k)
}
