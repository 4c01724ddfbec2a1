package preset

import (
	"fmt"

	"netsplit/sim"
)

// Where DynamoDB documents itself. What it says of its inside is Elhemali et al., USENIX ATC 2022.
const (
	dynamoPaper        = "https://www.usenix.org/system/files/atc22-elhemali.pdf"
	dynamoGuide        = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
	dynamoReads        = dynamoGuide + "HowItWorks.ReadConsistency.html"
	dynamoTransactions = dynamoGuide + "transaction-apis.html"
	dynamoGlobal       = dynamoGuide + "V2globaltables_HowItWorks.html"
)

// dynamodb is one partition of a table in one Region: a group of replicas in its Availability Zones.
var dynamodb = Preset{
	Name: "dynamodb", Product: "DynamoDB", Version: "as of 2025; its inside as of USENIX ATC 2022", Of: "raft",
	Configuration: "a table in one Region: a partition's replicas, one to each Availability Zone, which the scenario's regions stand for",
	Source:        dynamoGuide + "Introduction.html",
	Knobs: []Knob{
		consistentRead("a read is answered by any replica, or by the leader"), clientRequestToken,
		{Knob: sim.Knob{Name: "leader", Kind: sim.KnobRegion,
			About: "The zone whose replica leads first; the scenario's first where none is named. Nobody but the service can choose it."},
			To: "leader", Assumed: true},
		{Knob: sim.Knob{Name: "heartbeat", Kind: sim.KnobTime, Default: "0.5s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How often the leader renews its lease; not published."},
			To: "heartbeat", Assumed: true},
		{Knob: sim.Knob{Name: "lease", Kind: sim.KnobTime, Default: "4s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "For how long a leader alone may serve strongly consistent reads after a quorum has renewed its lease; a new leader serves nothing before. Its length is not published."},
			To: "lease", Assumed: true},
		{Knob: sim.Knob{Name: "failure_detection", Kind: sim.KnobTime, Default: "1.5s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "After how long without a word from the leader a replica considers it failed, at the least; twice that at the most. Not published."},
			To: "election", Assumed: true},
		{Knob: sim.Knob{Name: "gray_failure_check", Kind: sim.KnobWord, Default: "on", Words: []string{"on", "off"},
			About: "Whether a replica that considers the leader failed asks the others first, and drops its attempt if one can reach it; the service always does."},
			To: "ask-first", Source: dynamoPaper},
		requestTimeout("1s"), clockDrift,
	},
	Fixed:  map[string]string{"old-lease": "leader-waits", "leaderless": "insist"},
	Verbs:  []sim.Verb{},
	Levels: dynamoLevels("lease", "The newest item: the partition's leader answers. While there is no leader, or an old lease lasts, it is refused (HTTP 500)."),
	Simplified: []Simplification{
		{Text: "Every timer is assumed: lease, heartbeat and failure detection are not published."},
		{Text: "The table has one partition, and each Availability Zone one replica. A client asks through its zone's replica, which stands for the request router there and knows who leads; no load balancer takes it elsewhere."},
		{Text: "Raft with pre-vote is run in place of Multi-Paxos. The log replicas that are added quickly when a replica has failed are left out: a partition of three bears one failure, until it is mended."},
		{Text: "An HTTP 500 for a write is no answer: it may have been applied, as the guide says, even where nothing has been."},
		{Text: "Throttling, adaptive capacity, splits, caches of metadata, secondary indexes, TTL and deletes are left out. Transactions are writes of one item."},
	},
	Translate:      func(own, of sim.Config) { of.Words["reads"] = readsOf(own, "lease") },
	SaysWith:       dynamoSays,
	ConditionsFail: true,
	Anew:           withoutToken,
	Warn:           (*lane).zones,
}

// mrec is a global table with multi-Region eventual consistency.
var mrec = Preset{
	Name: "dynamodb-mrec", Product: "DynamoDB", Version: "global tables 2019.11.21 (Current)", Of: "gossip",
	Configuration: "a global table, multi-Region eventual consistency (MREC, the default)",
	Source:        dynamoGlobal,
	Knobs: []Knob{
		consistentRead("a read of the Region's own table may miss what was written there last; here never, as one node stands for that table"), clientRequestToken,
		{Knob: sim.Knob{Name: "replication_lag_min", Kind: sim.KnobTime, Default: "0.5s", Max: int64(sim.MaxDelay),
			About: "After how long a write is shipped to another Region at the least. ReplicationLatency is a metric, and nothing that one sets."},
			To: "ship-after", Assumed: true},
		{Knob: sim.Knob{Name: "replication_lag_max", Kind: sim.KnobTime, Default: "2.5s", Max: int64(sim.MaxDelay),
			About: "After how long at the most, while the Regions are in touch. Usually it is within a second; there is no SLA."},
			To: "ship-within", Assumed: true},
	},
	Fixed:  map[string]string{"push": "stream", "cas": "local", "conflict": "lww", "clock": "coordinator"},
	Verbs:  []sim.Verb{},
	Levels: dynamoLevels("", "The newest item of this Region's table. What another Region has written may be missing: strong reads are strong only within their Region."),
	Simplified: []Simplification{
		{Text: "One node stands for each Region's table: inside a Region there are no zones, no stale reads and no failover (preset dynamodb shows those)."},
		{Text: "The lag of each write to each Region is drawn evenly from an assumed span. The internal timestamp is the Region's clock, never behind what it overwrites; of equal ones the greater value stays, which is not published."},
		{Text: "That a condition is checked on the Region's own table alone is inferred from last writer wins. A Region whose table restarts ships all that it holds."},
		{Text: "A transaction is several writes of one client at one instant. Adding and removing Regions is left out, as are throttling and TTL."},
	},
	Check:          oneTableEach,
	SaysWith:       dynamoSays,
	ConditionsFail: true,
	Anew:           withoutToken,
}

// mrsc is a global table with multi-Region strong consistency.
var mrsc = Preset{
	Name: "dynamodb-mrsc", Product: "DynamoDB", Version: "global tables 2019.11.21 (Current), MRSC of June 2025", Of: "raft",
	Configuration: "a global table, multi-Region strong consistency (MRSC): three replicas, or two and a witness",
	Source:        dynamoGlobal,
	Knobs: []Knob{
		consistentRead("a read is answered by the Region's own replica, or with the latest version in any Region"),
		{Knob: sim.Knob{Name: "witness", Kind: sim.KnobRegion,
			About: "The Region that has no replica table and is written to all the same; none by default, and three replicas."},
			Source: dynamoGlobal},
		{Knob: sim.Knob{Name: "orderer", Kind: sim.KnobRegion,
			About: "The Region where writes are put in order first; the scenario's first where none is named. Who orders is not published."},
			To: "leader", Assumed: true},
		{Knob: sim.Knob{Name: "heartbeat", Kind: sim.KnobTime, Default: "0.1s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "How often the orderer is heard of; not published."},
			To: "heartbeat", Assumed: true},
		{Knob: sim.Knob{Name: "failure_detection", Kind: sim.KnobTime, Default: "0.5s", Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
			About: "After how long without a word another Region orders in its place, at the least; twice that at the most. Not published."},
			To: "election", Assumed: true},
		requestTimeout("1.8s"),
	},
	Fixed:  map[string]string{"leaderless": "insist", "rivals": "refuse"},
	Verbs:  []sim.Verb{},
	Levels: dynamoLevels("linearizable", "The latest version, in whatever Region one reads: a majority of the Regions is asked. A Region that reaches no other refuses it."),
	Simplified: []Simplification{
		{Text: "Its inside is not published: who orders, and when. A majority log over the three Regions, with an exception for writes under way at once, is an interpretation; every timer is assumed."},
		{Text: "A write conflicts with another Region's write of the item that is in the log and not committed; two of one Region follow each other."},
		{Text: "An isolated Region's errors are inferred: HTTP 500, for a write without knowing whether it was applied. Eventually consistent reads go on there. So it is for a Region that reaches another, but not the one that orders: nobody hands its requests on."},
		{Text: "One node stands for each Region's table. A witness votes and keeps the log; there, as in any Region without a replica, nobody can read or write."},
		{Text: "MRSC has no transactions, TTL or local secondary indexes; deletes are left out."},
	},
	Check: threeRegions,
	Translate: func(own, of sim.Config) {
		of.Words["reads"] = readsOf(own, "linearizable")
		if w := own.Regions["witness"]; w >= 0 {
			of.Lists["witnesses"] = []sim.Addr{w}
		}
	},
	SaysWith:       dynamoSays,
	ConditionsFail: true,
	Anew:           func(sim.Config) bool { return true },
	Warn:           (*lane).regionSets,
}

// consistentRead is the parameter of GetItem, as the default of a lane.
func consistentRead(about string) Knob {
	return Knob{Knob: sim.Knob{Name: "ConsistentRead", Kind: sim.KnobWord, Default: "false", Words: []string{"false", "true"},
		About: "Of reads for which no level is asked: whether " + about + "."}, Source: dynamoReads}
}

// readsOf returns the mode's reads for which no level is asked.
func readsOf(own sim.Config, strong string) string {
	if own.Words["ConsistentRead"] == "true" {
		return strong
	}
	return "local"
}

// withoutToken reports whether each attempt at a write is one of its own.
func withoutToken(own sim.Config) bool { return own.Words["ClientRequestToken"] == "off" }

var clientRequestToken = Knob{Knob: sim.Knob{Name: "ClientRequestToken", Kind: sim.KnobWord, Default: "off", Words: []string{"off", "on"},
	About: "Whether writes are sent as transactions with a token, by which a repetition within ten minutes is recognised; of a plain write each attempt counts."},
	Source: dynamoTransactions}

var clockDrift = Knob{Knob: sim.Knob{Name: "clock_drift", Kind: sim.KnobNumber, Default: "200", Max: sim.MaxDrift,
	About: "The parts per million by which the machines' clocks are thought to be fast or slow at most; leases leave room for it. Not published."},
	To: "max-drift", Assumed: true}

func requestTimeout(value string) Knob {
	return Knob{Knob: sim.Knob{Name: "request_timeout", Kind: sim.KnobTime, Default: value, Min: int64(sim.Millisecond), Max: int64(60 * sim.Second),
		About: "After how long without an answer from the replicas the service answers HTTP 500; not published."},
		To: "request-timeout", Assumed: true}
}

// dynamoLevels are the levels of every table, with what a strongly consistent read is to the mode.
func dynamoLevels(strong, about string) []Level {
	local := "local"
	if strong == "" {
		local = ""
	}
	read := func(name, read, as, about string) Level {
		return Level{Name: name, Read: read, Write: "PutItem", ReadAs: as, About: about}
	}
	const any = "Whatever the nearest replica holds, which may miss the latest writes and be older than what one has read before."
	return []Level{
		read("strong", "GetItem with ConsistentRead=true", strong, about),
		read("eventual", "GetItem with ConsistentRead=false", local, any),
		read("quorum", "", "", "There is no quorum read: the lane's ConsistentRead holds. Where a write is acknowledged by a quorum, every write is."),
		read("consistent-read", "GetItem with ConsistentRead=true", strong, about),
		read("eventually-consistent-read", "GetItem with ConsistentRead=false", local, any),
	}
}

// dynamoSays returns what the SDK reports. A write with a token is a transaction.
func dynamoSays(of sim.Config, op sim.Op, r sim.Result) string {
	switch unmet := r.Outcome == sim.OK && op.Kind == sim.CompareAndSet && !r.Applied; {
	case unmet && of.Words[anew] == "":
		return "TransactionCanceledException: Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed]"
	case unmet:
		return "ConditionalCheckFailedException: The conditional request failed"
	case r.Reason == sim.ReasonGaveUp:
		return "InternalServerError (500)"
	case r.Reason == sim.ReasonRival:
		return "ReplicatedWriteConflictException: an item of the request is being modified by a request in another Region"
	case r.Reason == sim.ReasonWitness:
		return "ResourceNotFoundException: this Region has no replica of the table"
	case r.Reason == sim.ReasonNoLeader, r.Reason == sim.ReasonTooMany:
		return "ServiceUnavailable (503)"
	}
	return ""
}

// oneTableEach refuses several replicas in one Region.
func oneTableEach(own sim.Config) error {
	for i, region := range own.RegionOf {
		if i > 0 && own.RegionOf[i-1] == region {
			return fmt.Errorf("a global table has one replica table per Region: one node stands for each")
		}
	}
	return nil
}

// threeRegions refuses what MRSC cannot be created with.
func threeRegions(own sim.Config) error {
	if err := oneTableEach(own); err != nil {
		return err
	}
	if own.Nodes != 3 {
		return fmt.Errorf("an MRSC global table has exactly three Regions, three replicas or two and a witness: here are %d", own.Nodes)
	}
	return nil
}
