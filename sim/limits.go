package sim

// Every maximum of the simulated world. What goes over one is refused with an error that names it.
const (
	MaxRegions         = 9           // regions of one Lab
	MaxReplicas        = 5           // replicas of one region
	MaxNodes           = 27          // nodes of one lane
	MaxClients         = 5           // clients of one region
	MaxLanes           = 4           // lanes of one Lab
	MaxCommands        = 2000        // commands of one run, scripted and live together
	MaxOps             = 20_000      // operations of one lane; at this number its clients fall silent
	MaxTime            = Hour        // virtual time of one run
	MaxDelay           = 60 * Second // every span that describes a Delay, and what a link may be told to take longer
	MaxFast            = MaxTime     // that a clock may be ahead; it may be behind by MaxDelay
	MaxDrift           = 100_000     // parts per million that a clock may be fast or slow
	MaxUnsynced        = 1 << 18     // records of a node that wait for an fsync; no run within the other maxima has as many
	MaxDelayParts      = 8           // distributions of a mixture
	MaxAlpha           = 1000        // exponent of a Pareto distribution
	MaxSeed            = 1<<53 - 1   // so that a seed survives JavaScript
	MaxRate            = 200         // Errands a second of one client
	MaxBurst           = 1 << 20     // events of one lane at one instant; no sound protocol has as many
	MaxSendBuffer      = 4096        // messages of one stream that are not acknowledged (etcd, rafthttp: streamBufSize)
	MaxRetransmissions = 15          // of one message, before its connection is given up (Linux, tcp_retries2)
	MinThink           = Millisecond // of a closed loop, so that time goes on
	MaxThink           = MaxDelay    //
	MaxKeys            = 100         // of a workload
	MaxSkew            = 5           // exponent of the spread over keys
	MinTimeout         = 10 * Millisecond
	MaxTimeout         = 300 * Second // of an attempt: so that a wait of PostgreSQL's wal_sender_timeout, 60 s, can be sat out
	MaxRetries         = 10           // attempts of an operation after the first
	MaxValue           = 1_000_000    // absolute value of what a client may write
	MaxScenarioSize    = 64 << 10     // bytes of scenario text
	MaxLineSize        = 1 << 10      // bytes of one scenario line
	MaxTitleSize       = 120          // bytes of a title
	MaxNameSize        = 32           // bytes of a lane, key or result name
	MaxTraffic         = 1000         // messages, fates or notes of one lane in one Frame: the latest
	MaxLinkDelays      = 200          // link lines of one scenario
	MaxExpectations    = 200          // expect lines of one scenario
	MaxSiblings        = 100          // values side by side of one key (Riak's max_siblings): a write over it is refused
	MaxItems           = 1000         // of one set
	MaxWaiting         = 1000         // reads that a replica holds back for what it has not seen; more are refused at once
	MaxShown           = 4            // siblings that a viewer sees of a node
	MaxStrip           = 8            // entries of a node's log that a viewer sees
	MaxTallies         = 4            // operations under way at a node whose tallies a viewer sees
	MaxInspected       = 200          // entries of a log, keys, or versions of a key in one inspection: the latest
	MaxFinished        = 200          // messages of a lane that have arrived or are lost and can still be inspected
	MaxRaw             = 32 << 10     // bytes of the raw state in one inspection
	MaxRawDepth        = 12           // of what stands within what, there
	MaxAhead           = 10 * Second  // of a stamp, before the receiver's clock: a hybrid logical clock does not believe more

	MinFlap  = 10 * Millisecond // from one fault of a flapping link to the next
	MaxEdits = 20               // of a scenario's set-up at once
)
