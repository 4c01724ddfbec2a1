// Package sim is a simulated world: replicas of a database in several regions, their clients and the network
// between them, in virtual time. It runs on one goroutine, does no I/O and imports the standard library alone. It
// contains no replication protocol, judges nothing and draws nothing.
//
// # Glossary
//
// These are the words of the code, the wire, the documents and the page.
//
//	Region    a place, with Nodes and Clients in each Lane
//	Node      a machine with one Replica; Env is the Replica's only door to the world
//	Replica   one instance of a replication protocol
//	Client    a person's program in a Region; it asks a Replica of its own Region, its home
//	Topology  which Nodes and Clients there are, and where
//	Link      one direction of the cable between two endpoints; it is whole, cut or held
//	Delay     a distribution of one-way delays: constant, uniform, normal, exponential, Pareto or a mixture
//	Profile   a published set of Delays by kind of Message; its Legs are W, A, R and S
//	Message   what travels on a Link; it arrives or is lost
//	Cluster   one replicated store in one mode: what runs in a Lane
//	Lane      one Cluster of a Lab, by name
//	Lab       Lanes under one clock, one command log, one Workload and one weather
//	weather   the luck of a run on its Links
//	Workload  what the Clients do of their own accord
//	Errand    what a Client came to do: a short sequence of Ops
//	Op        one operation on one key: read, write, compare-and-set, delete, increment, add or remove
//	State     what a replica holds of a key: a Version, siblings, a counter or a set
//	Version   one value of a key, as one write made it; a tombstone has none
//	Conflict  what becomes of two writes of which neither saw the other
//	Context   what a client has read of a key, carried back with what it does next
//	Outcome   how an Op ended: ok, fail (nothing was applied) or info (no answer: it may have been)
//	History   every Op of a Lane
//	Command   one thing that a user does, at a virtual time
//	Scenario  seed, set-up and timed Commands; what is expected of the run
//	Note      an event that matters to a viewer
//	Frame     everything that a viewer may see of a Lane at an instant
//	Trial     one write and one read of a fresh key, after the WARS model (package study)
//	Referee   who judges a Lane (package check)
//	Verdict   whether a History is linearizable: yes, no, or unknown
//	Room      a Lab with its viewers (package server)
//	Viewer    a person who watches a Room; the playhead is where in the run
//
// A Region is away, a Link is cut or held, a Message is lost. Faults and their undoing: partition and heal, cut and
// mend, hold and release, pause and resume; drop, duplicate, reorder, delay, slow and skew are undone by 0.
//
// # Definitions
//
// An operation is answered if its outcome is ok; a compare-and-set whose condition is false is answered, and so is
// a withdrawal that finds too little money. Percentiles of latency cover every completed operation, one without an
// answer with at least its timeout.
//
// A write w' succeeds a write w if w' was ordered after w in one log, or if a replica that acknowledged w' before
// the client's ok held w; and so on through other writes. A write is lost if it was acknowledged and no replica and
// no message in flight holds it or a successor of it. Until the replicas of its key agree, with no write of the key
// in flight, it is at risk.
//
// A read of version v is stale if some write was acknowledged before the read began, and began after the write of
// v had been acknowledged. Its age is its start minus the earliest such acknowledgement. Lost writes stop counting
// once lost.
//
// A history is linearizable if all its operations can be put in one order in which each takes effect at an instant
// between its call and its return (Herlihy and Wing, TOPLAS 1990). Reads see which write they see. Operations that
// failed are left out; one without an answer may have taken effect at any time after its call, or never.
//
// # Determinism
//
// The engine's number and the canonical text of a scenario determine every event and outcome, bit for bit, on every
// machine. A Lab owns all clocks, timers and random numbers. A Cluster's events are ordered by time and then by
// sequence; a Command at an instant comes before every event of the instant. How AdvanceTo cuts time into steps
// makes no difference. The delay of a message is a pure function of seed, directed link, kind, departure and its
// index among the messages of that kind that depart there at that instant; the workload and each node's own luck
// have streams apart from it. What a Delay draws uses no floating-point operation that differs between machines
// (exact.go). Trace is the SHA-256 over everything that happened.
//
// # The scenario language
//
// A text has one statement a line. Words are parted by blanks; from a word that begins with # to the end of the
// line is comment. Statements may come in any order; those marked once may stand once at most.
//
//	engine N                                   once; the engine that the text is for
//	title TEXT                                 once
//	seed N                                     once; 0 to 2^53-1, by default 1
//	regions REGION ...                         once, required; AWS regions by name, see Regions, or any other names
//	                                           between which link lines give the delay both ways
//	replicas N per region                      once; 1 to 5, by default 1
//	replicas N in REGION                       where it is not as in the others
//	clients N per region                       once; 1 to 5, by default 1
//	profile NAME                               once; of the links between nodes, see Profiles; by default every link
//	                                           has half the measured round trip, uniform within 2 %
//	link LINKS [for KIND] DELAY                one-way delay, in place of the measured one; of one kind of message, see
//	                                           MessageKinds, or of all; later lines win
//	lane NAME PROTOCOL [KNOB=VALUE ...]        required; knobs are the protocol's
//	workload none                              once; the default
//	workload bank rate=N/s staggered [until=TIME]
//	at TIME COMMAND
//	end TIME                                   once; how far a headless run goes, by default 20s
//	expect LANE METRIC OPERATOR NUMBER         OPERATOR is = < > <= or >=
//	expect LANE METRIC [= yes|no|unknown]      of a verdict, by default yes
//	expect LANE RESULT ok|fail|info [NUMBER]   of a named result, with the value read or written
//
// The commands, which hit every lane, or with lane NAME before them one alone:
//
//	partition REGION ... [| REGION ...] ...    groups that cannot talk; those not named form one more; replaces the
//	                                           partition before
//	heal
//	write CLIENT KEY NUMBER [as RESULT]        by a client such as eu-west-1@2; a region stands for its first
//	read CLIENT KEY [as RESULT]
//	delete CLIENT KEY [as RESULT]
//	increment CLIENT KEY NUMBER [as RESULT]    what a protocol cannot do fails
//	add CLIENT KEY NUMBER [as RESULT]          to a set
//	remove CLIENT KEY NUMBER [as RESULT]       from a set
//	reseed N                                   from here on, another luck
//	cut LINKS                                  they lose everything, and what is crossing them
//	mend LINKS                                 undoes cut, not partition
//	hold LINKS                                 what would arrive waits
//	release LINKS                              undoes hold: what has waited arrives
//	drop CHANCE LINKS                          they lose messages on their way by chance
//	duplicate CHANCE LINKS                     they deliver messages twice by chance
//	reorder CHANCE TIME LINKS                  they keep messages back by chance, for up to the time
//	delay TIME LINKS                           they take so much longer
//
//	pause NODE                                 it stands still; the world goes on
//	resume NODE                                undoes pause: timers fire late, and what has come is dealt with
//	slow NODE TIME                             it takes so long for each message, one after the other
//	skew NODE [-]TIME                          its clock is so far ahead, or behind
//
// LINKS is everywhere; or two ends, A B for both ways or A > B for one. An end is a region, which stands for all in
// it, a node such as eu-west-1/1 or a client such as eu-west-1@1; A A are the links within a region. So cut A B, with both seeing C, is a partial
// partition, and cut eu-west-1@1 eu-west-1/1 parts a client from its region. A CHANCE is a percentage with up to four
// decimals. Flapping is written as repeated lines.
//
// A DELAY is a distribution: constant TIME, uniform TIME TIME, normal TIME TIME (mean and standard deviation),
// exponential TIME (mean), pareto TIME ALPHA (the least, and the exponent of the tail), or a mixture such as
// mix 0.9 pareto 0.235ms 10, 0.1 exponential 0.6ms; see ParseDelay.
//
// A TIME is a decimal number with the unit s, ms or us, exact to the microsecond. NAME, KEY and RESULT are lower-case
// letters, digits and hyphens, a letter first; a RESULT is not named like a METRIC. Printing a scenario gives its
// canonical text: statements in the order above, commands in order of time, times in seconds, numbers without leading
// zeros. Parsing a canonical text and printing it again changes nothing.
package sim
