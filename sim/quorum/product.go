package quorum

import "netsplit/sim"

// cassandraKnobs are what Cassandra does and the playground's own quorum mode leaves out. All are off by default.
var cassandraKnobs = []sim.Knob{
	{Name: "read-timeout", Kind: sim.KnobTime, Default: "timeout", Words: []string{"timeout"}, Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a coordinator waits for a read, where that is not timeout (Cassandra's read_request_timeout, 5s)."},
	{Name: "cas-timeout", Kind: sim.KnobTime, Default: "timeout", Words: []string{"timeout"}, Min: int64(100 * sim.Millisecond), Max: int64(60 * sim.Second),
		About: "How long a proposer tries again against rivals (Cassandra's cas_contention_timeout, 1.8s)."},
	{Name: "serial-level", Kind: sim.KnobWord, Default: serial, Words: []string{serial, localSerial},
		About: "Whose replicas a compare-and-set asks for promises: all, or those of its coordinator's region (Cassandra's serial consistency)."},
	{Name: "data-centres", Kind: sim.KnobWord, Default: "regions", Words: []string{"regions", "one"},
		About: "What levels take for a data centre: each region, or all of them together (Cassandra's endpoint_snitch)."},
	{Name: "commit-log", Kind: sim.KnobWord, Default: syncBatch, Words: []string{syncBatch, syncGroup, syncPeriodic},
		About: "When a replica acknowledges: once its disk has synced; once it has with others; or before (Cassandra's commitlog_sync)."},
	{Name: "commit-every", Kind: sim.KnobTime, Default: "10s", Min: int64(sim.Millisecond), Max: int64(600 * sim.Second),
		About: "Time between syncs of the disk with commit-log=group or periodic (Cassandra's commitlog_sync_period, 10s)."},
	{Name: "repair-retry", Kind: sim.KnobTime, Default: "off", Words: []string{"99p", "off"}, Min: 1, Max: int64(60 * sim.Second),
		About: "When a read that waits for a repair sends it to one more replica: after the 99th percentile of writes (Cassandra's additional_write_policy), or a time."},
	{Name: "late-answers", Kind: sim.KnobWord, Default: "repair", Words: []string{"repair", "ignore"},
		About: "What becomes of an answer that a read has not waited for: its replica is repaired too, or it is ignored (Cassandra since 4.0)."},
	{Name: "send-to-dead", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off"},
		About: "Whether a write that leaves no hint is sent to replicas that are taken for dead (Cassandra: off)."},
}

// product is what cassandraKnobs come to.
type product struct {
	readTimeout, casTimeout sim.Time // 0 for timeout
	serialLevel             string
	commitLog               string
	commitEvery             sim.Time
	insistAfter             sim.Time // 0 for never, or at the percentile
	insistAtPercentile      bool
	ignoreLate, sparesDead  bool
}

func newProduct(cfg sim.Config) product {
	span := func(name string) sim.Time { return sim.Time(cfg.Numbers[name]) }
	return product{
		readTimeout: span("read-timeout"), casTimeout: span("cas-timeout"), serialLevel: cfg.Words["serial-level"],
		commitLog: cfg.Words["commit-log"], commitEvery: span("commit-every"),
		insistAfter: span("repair-retry"), insistAtPercentile: cfg.Words["repair-retry"] == "99p",
		ignoreLate: cfg.Words["late-answers"] == "ignore", sparesDead: cfg.Words["send-to-dead"] == "off",
	}
}
