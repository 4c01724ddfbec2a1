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
//	Disk      what a Node keeps through a crash: what its Replica has persisted and synced
//	Replica   one instance of a replication protocol
//	Client    a person's program in a Region; unless it roams it asks one Replica of its own Region, its home
//	Topology  which Nodes and Clients there are, and where
//	Link      one direction of the cable between two endpoints; it is whole, cut or held
//	Delay     a distribution of one-way delays: constant, uniform, normal, exponential, Pareto or a mixture
//	Profile   a published set of Delays by kind of Message; its Legs are W, A, R and S
//	Message   what travels on a Link; it arrives or is lost
//	Transport how Messages travel: each by itself (datagram), or over a connection, in order and sent again (stream)
//	end       of a connection: what one endpoint knows of it; it dials, is reset, and has a bounded buffer
//	Cluster   one replicated store in one mode: what runs in a Lane
//	Lane      one Cluster of a Lab, by name
//	Lab       Lanes under one clock, one command log, one Workload and one weather
//	weather   the luck of a run on its Links
//	Workload  what the Clients do of their own accord
//	Errand    what a Client came to do: a short sequence of Ops
//	Document  a list under a key, each version of which is the one its writer had read with an Item more
//	Attempt   one sending of an Op; a Client that has no success may make several
//	Level     how many replicas, or which promise, an Op asks for
//	Damage    what a Workload's own rule finds wrong: money missing, pieces oversold, likes, Items or posts gone
//	Op        one operation on one key: read, write, compare-and-set, delete, increment, add or remove
//	State     what a replica holds of a key: a Version, siblings, a counter or a set
//	Version   one value of a key, as one write made it; a tombstone has none
//	Conflict  what becomes of two writes of which neither saw the other
//	Hint      a write that a Node keeps for a Replica that has missed it
//	Ballot    the number of a proposal of Paxos; of two, the later one goes on
//	Context   what a client has read of a key, carried back with what it does next
//	Outcome   how an Op ended: ok, fail (nothing was applied) or info (no answer: it may have been)
//	History   every Op of a Lane
//	Command   one thing that a user does, at a virtual time
//	visit     what a Command has a Client do
//	hand      by which a user decides what becomes of a single Message
//	Scenario  seed, set-up and timed Commands; what is expected of the run
//	Edit      one change of a Scenario's set-up, after which the run begins anew
//	flapping  a fault that comes and goes; repeated lines of a Scenario
//	Note      an event that matters to a viewer
//	Frame     everything that a viewer may see of a Lane at an instant
//	Trial     one write and one read of a fresh key, after the WARS model (package study)
//	Operator  a person, or a program, that commands a protocol's nodes
//	members   of a raft lane: the nodes that vote and are sent the log
//	lease     a promise of others, until a time, on which one acts without asking them
//	snapshot  a node's state at an entry of its log, in place of the log up to there
//	Referee   who judges a Lane (package check)
//	Warning   where a Lane's knobs contradict its world, or have no effect in it (package preset)
//	Verdict   whether a History is linearizable: yes, no, or unknown
//	Room      a Lab with its viewers (package server)
//	catalog   what a Scenario may have, for the page's menus (package server)
//	Viewer    a person who watches a Room; the playhead is where in the run
//
// A Region is away, a Link is cut or held, a Message is lost. Faults and their undoing: partition and heal, cut and
// mend, hold and release, crash and restart, exit and restart, wipe and restart, pause and resume; drop, duplicate, reorder, delay, slow,
// skew, drift and fsync are undone by 0.
//
// # Definitions
//
// An operation is answered if its outcome is ok; a compare-and-set whose condition is false is answered, and so is
// a withdrawal that finds too little money. Percentiles of latency cover every completed operation, one without an
// answer with at least its timeout.
//
// A node that is down holds what its disk holds.
//
// A write w' succeeds a write w if w' was ordered after w in one log, or if a replica that acknowledged w' before
// the client's ok held w; and so on through other writes. A write is lost if it was acknowledged and no replica, no hint
// and no message in flight holds it or a successor of it. Until the replicas of its key agree, with no write of the key
// in flight, it is at risk; and so is one that only disks of nodes hold which are down.
//
// An operation ends as its last attempt ended; but as info if any attempt was given up that may have been applied. A
// retry is the same operation: raft applies it once. In quorum and gossip a retry at the same replica is the same
// write (in quorum, unless it crashed in between), and a retry elsewhere a second version of it, whose greater stamp may
// bring the write's value back over one acknowledged in between; the checker sees one write that took effect twice, and
// says so.
//
// Damage is what lies outside all that the acknowledged errands allow, with any subset of the unanswered ones. But for
// sales beyond the stock, which are a fact once the buyers have been told, it counts once the replicas hold one version.
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
// index among the messages of that kind that depart there at that instant, but on a stream no message arrives before
// the one sent before it; the workload and each node's own luck
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
//	lane NAME PROTOCOL [transport=stream|datagram] [KNOB=VALUE ...]
//	                                           required; knobs are the protocol's, and so is the transport between its
//	                                           nodes where none is named; clients talk to replicas over streams
//	workload none                              once; the default
//	workload NAME rate=N/s staggered|poisson [OPTION ...]
//	workload NAME closed think=TIME [OPTION ...]
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
//	write CLIENT KEY NUMBER [level LEVEL] [as RESULT]   by a client such as eu-west-1@2; a region stands for its first
//	read CLIENT KEY [level LEVEL] [as RESULT]
//	delete CLIENT KEY [level LEVEL] [as RESULT]
//	increment CLIENT KEY NUMBER [level LEVEL] [as RESULT]   a counter; what a protocol cannot do fails
//	add CLIENT KEY NUMBER [level LEVEL] [as RESULT]     to a set
//	remove CLIENT KEY NUMBER [level LEVEL] [as RESULT]  from a set
//	deposit CLIENT KEY NUMBER [level LEVEL] [as RESULT]   what clients of the bank do: read, then write the sum;
//	withdraw CLIENT KEY NUMBER [level LEVEL] [as RESULT]  or the difference, if there is enough
//	buy CLIENT KEY NUMBER [level LEVEL] [as RESULT]       of the inventory: read, then write what is left, if there is enough
//	like CLIENT KEY [level LEVEL] [as RESULT]             of likes: read, then write one more
//	put CLIENT KEY NUMBER [level LEVEL] [as RESULT]       of the cart: read it, then write it with this item
//	post CLIENT KEY NUMBER [level LEVEL] [as RESULT]      of the feed: read it, then write it with this post
//	swap CLIENT KEY NUMBER [level LEVEL] [as RESULT]      of the register: read, then write this in the place of what was found
//	reseed N                                   from here on, another luck
//	cut LINKS                                  they lose everything, and what is crossing them
//	mend LINKS                                 undoes cut, not partition
//	hold LINKS                                 what would arrive waits
//	release LINKS                              undoes hold: what has waited arrives
//	drop CHANCE LINKS                          they lose messages on their way by chance
//	duplicate CHANCE LINKS                     they deliver datagrams twice by chance
//	reorder CHANCE TIME LINKS                  they keep messages back by chance, for up to the time
//	delay TIME LINKS                           they take so much longer
//
//	crash NODE                                 its memory is gone, its disk stays; nobody is told
//	exit NODE                                  its process ends: as crash, but its machine answers for it, and resets its
//	                                           connections
//	wipe NODE                                  crash, and its disk is emptied
//	restart NODE                               undoes crash, exit and wipe: it starts anew from what its disk holds
//	pause NODE                                 it stands still; the world goes on
//	resume NODE                                undoes pause: timers fire late, and what has come is dealt with
//	slow NODE TIME                             it takes so long for each message, one after the other
//	skew NODE [-]TIME                          its clock is so far ahead, or behind
//	drift NODE [-]RATEppm                      its clock is so many parts per million fast, or slow, and its timers
//	                                           go by it; 0ppm ends that, and leaves what it has gained
//	fsync NODE TIME|stuck                      each fsync takes so long, or never ends; 0s undoes both, and what was
//	                                           stuck is synced
//
//	promote NODE                               an operator makes it the primary, and fences nobody
//	rejoin NODE                                an operator has it follow the primary, giving up what only it holds
//	cancel NODE                                an operator ends its waits for standbys
//	transfer NODE                              an operator has the leader hand over to it; it asks the leader that it follows
//	members NODE ...                           an operator has whoever takes itself for the leader make these the members
//
// Of one lane alone, with lane NAME before them; a message is named by its ID:
//
//	deliver MESSAGE                            it arrives now, even if its link is held
//	lose MESSAGE                               it is lost; a stream sends it again
//	postpone MESSAGE TIME                      it arrives so much later
//
// The IDs of a lane's messages follow from all that was before. A stream hands over in order: what is behind another
// message cannot be delivered before it. A message that is not on its way at that time is left alone, and viewers are told.
//
// What reads and then writes does so by compare-and-set where the protocol has it, and by an increment, or an addition to
// a set, where the lane has counters or sets; its level is that of both. A key of the workload takes what the workload's
// own clients do, and any other key takes all of it but put and post; where there is no workload, balance is the bank's.
//
// The five before those are for protocols that know them (primary the first three, raft the others), and do nothing in other
// lanes, or to a node that stands still.
//
// A workload's NAME is bank (deposits and withdrawals), inventory (sales), cart (adding items), likes, feed (posting) or
// register (write, and change what was read). In an open loop each client sets out N times a second, N with up to three
// decimals: staggered, at even intervals spread over the clients, or poisson, after exponentially distributed ones,
// whatever became of its errand before. In a closed loop it sets out when TIME has passed since the end of the one
// before. All draws depend on seed, client and the number of the errand alone. The OPTIONs, each once, in any order:
//
//	keys=N             over which errands are spread, 1 to 100; by default 1. One key is called balance, stock, cart,
//	                   likes, feed or x; several are called balance-1, balance-2 and so on. The first is shown
//	skew=S             the weight of the i-th key is proportional to 1/i^S (Zipf's law), S up to 5; by default 0
//	reads=P%           errands that only look; by default bank 30, inventory 20, cart 30, likes 30, feed 50, register 50
//	stock=N            inventory: what there is of each key before the first sale; by default 20
//	read-level=LEVEL   of the workload's reads, and write-level=LEVEL of its writes; by default the protocol's own
//	timeout=TIME       of an attempt, 10ms to 60s; by default 2s
//	retry=WAY          none, the default; same: the same replica is asked again; elsewhere: the next replica by the median
//	                   round trip from the client, then by address. A refusal is retried too. 0.1s passes in between
//	retries=N          attempts after the first, 1 to 10; by default 3
//	session=WAY        sticky, the default: a client asks the replica nearby; roam: for each operation one drawn from all
//	until=TIME         nobody sets out later
//
// Timeout, retry and session hold for visitors' reads and writes as well. A write to a key that holds documents makes
// one with the single item NUMBER; a read of it finds the number of items. A LEVEL must be known to some lane's protocol;
// in the other lanes the protocol's default holds. Quorum knows one, two, quorum, all, local-one, local-quorum and
// each-quorum, which say how many replicas must answer, and where, and nothing else; any, of writes, for which a hint
// will do; and serial, of reads, by Paxos. Raft knows linearizable, lease and local, of reads.
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
