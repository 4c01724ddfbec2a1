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
//	Event     one update of a counter or a set, numbered by the Node that carried it out
//	Version   one value of a key, as one write made it; a tombstone has none
//	Conflict  what becomes of two writes of which neither saw the other
//	object    what Riak holds of a key: values side by side under one clock (object.go)
//	vnode     one partition of a ring as a Node serves it, for itself or in the place of another
//	handoff   a Node's bringing what it holds in the place of another to that one
//	Hint      a write that a Node keeps for a Replica that has missed it
//	data centre  what a Level takes for local: a Region, or all of them together
//	commit log   what a Replica has persisted and not yet synced, where that waits for the clock (package quorum)
//	Ballot    the number of a proposal of Paxos; of two, the later one goes on
//	Context   what a client has read of a key, carried back with what it does next
//	tally     how many answers an Op has, of how many that it waits for
//	Outcome   how an Op ended: ok, fail (nothing was applied) or info (no answer: it may have been)
//	History   every Op of a Lane; or, of another system, whatever its clients called (package foreign)
//	Command   one thing that a user does, at a virtual time
//	visit     what a Command has a Client do
//	hand      by which a user decides what becomes of a single Message
//	Scenario  seed, set-up and timed Commands; what is expected of the run
//	Edit      one change of a Scenario's set-up, after which the run begins anew
//	flapping  a fault that comes and goes; repeated lines of a Scenario
//	Note      an event that matters to a viewer
//	Frame     everything that a viewer may see of a Lane at an instant
//	Trial     one write and one read of a fresh key, after the WARS model (package study)
//	witness   a Node that votes and keeps the log, and serves no Clients
//	rival     a write of the same key that another Replica was asked for and that is under way
//	Operator  a person, or a program, that commands a protocol's nodes
//	certification  of a raft lane: the log refuses a write that its replica has sent without knowing the latest of its key
//	members   of a raft lane: the nodes that vote and are sent the log
//	timer     a span that runs down on a Node; at its end the Replica does something
//	tool      a program outside a database that replaces a primary which does not answer it
//	fencing   that a primary takes no more writes before another begins
//	lease     a promise of others, until a time, on which one acts without asking them
//	split     a range of keys with a log, a leader and timestamps of its own (raft, with epsilon)
//	epsilon   by how much clocks are thought to be wrong at most
//	timestamp of an Op: at which it counts, by the clock of who ordered it; a client may ask for the state at one
//	commit wait  of a leader: until a write's timestamp has passed by every clock that keeps to epsilon
//	safe time of a replica: the timestamp up to which it has applied all that there will ever be
//	snapshot  a node's state at an entry of its log, in place of the log up to there
//	Fact      one thing that is known of a Node, a Message or an Op, by a name in plain words
//	inspection  all Facts of one of them, at an instant
//	Referee   who judges a Lane (package check)
//	Session   what one Client does: an Op comes before another if it was answered before the other began
//	Model     of consistency: what a History may look like; the Verdicts are on linearizable and six weaker ones
//	Violation a broken promise with its counterexample: Ops that cannot all have happened as they say
//	Cause     why a Violation came about: a chain, what is to blame, and two sentences
//	chain     of a Cause: Ops, the states that they touched, the Messages that were lost, late or overtaken, the fault
//	blame     what a Cause comes down to: the verb of a Command, or that no fault is needed; see package check
//	trail     what a Referee remembers so that it can find a Cause: Messages, what Replicas held, Commands
//	Verdict   whether a History is what a Model allows: yes, no, or unknown
//	Service   what the Clients of one Region saw of reads or of writes, at one Level
//	Partition a time during which nothing got over some link between Regions; its sides are Regions in touch
//	Series    what happened in a Lane over time, by spans of it: Points (package check)
//	way       the chain of messages that an Op waited for, from its request to its answer
//	group     of a preset: its members, what they have ordered, and who of them is the primary (package group)
//	view      of a group: who is a member, who is online and who is the primary, at a place of the order
//	applier   of a group's member: what carries out there what others have written
//	preset    a database's product as a Protocol with the product's own names: its Knobs become those of one of ours (package preset)
//	row       a documented behaviour of a database, by its id, such as PG1; its story is the Scenario that shows it
//	Warning   where a Lane's knobs contradict its world, or have no effect in it (package preset)
//	luck      all that a seed decides; a Scenario's n-th other luck has n added to its seed and to those of its reseeds
//	promise   what a run may break in a Lane: a Model, or what sweeps count beside them; see "Chance or certainty" below
//	sweep     one Scenario under many lucks, with every combination of some Knobs' values: its configurations (package study)
//	share     in how many of the runs something was so, with an interval
//	turning   the point of no return of a run: from when on most lucks break a promise that it broke
//	Room      a Lab with its viewers (package server)
//	catalog   what a Scenario may have, for the page's menus (package server)
//	job       what a Viewer wants to have counted over many runs of the Room's Scenario (package server)
//	Viewer    a person who watches a Room; the playhead is where in the run
//	control key  of a room: who comes with it may act there
//	view key  of a room: who comes with it may look on; it follows from the control key
//	guest     a page in a room, by the sum of its own token: to whom control can be handed over
//	presenter the guest whom others may follow
//	glance    what the presenter looks at: moment, lane, tab, violation
//	audience  who is in a room
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
// The fibre bound of an answered operation is the part of its latency that is distance: the sum, over the messages of
// the way that it waited for, of the time that light in fibre needs between their ends, see FibreBound. The way goes
// back from the answer to the message that made the replica send it, from there to the one that made that be
// sent, and so on, to the request; where an operation rides on a message that left before it, or that was sent again,
// it ends there, and the bound is lower than need be, never higher. Regions that are not AWS's have no bound.
//
// A lane is available in the sense of Gilbert and Lynch (SIGACT News 2002) if every request that a non-failing node
// receives gets an answer that is no error. Each attempt that a node takes in is a request; a node fails while it is down
// or paused, and what it has not answered by then is excused. What has no answer within a client's timeout of being taken
// in counts as having none. The success rate is another figure: what clients saw, whether a node had their request or not.
//
// What was given up during partitions, and what latency was paid otherwise, is counted apart (after Abadi, IEEE Computer
// 2012): an operation belongs to a partition if it was under way at any instant of it.
//
// A node that is down holds what its disk holds.
//
// A write w' succeeds a write w if w' was ordered after w in one log, or if a replica that acknowledged w' before
// the client's ok held w; and so on through other writes. A write is lost if it was acknowledged and no replica, no hint
// and no message in flight holds it or a successor of it. Until the replicas of its key agree, with no write of the key
// in flight, it is at risk; and so is one that only disks of nodes hold which are down.
//
// An operation ends as its last attempt ended; but as info if any attempt was given up that may have been applied. A
// retry is the same operation, but in presets of products that do not recognise one (there each attempt at a write is an
// operation of its own, and an errand that ends with a refusal ends as info if one before may have been applied): raft applies it once. In quorum and gossip a retry at the same replica is the same
// write (in quorum, unless it crashed in between), and a retry elsewhere a second version of it, whose greater stamp may
// bring the write's value back over one acknowledged in between; the checker sees one write that took effect twice, and
// says so.
//
// An update is lost if it was acknowledged, and another read-modify-write of the same version was, later. A
// read-modify-write is a write by an errand that has read the key, or a compare-and-set that took effect. Lost updates and
// lost writes are counted apart, and the same write may be both.
//
// Damage is what lies outside all that the acknowledged errands allow, with any subset of the unanswered ones. But for
// sales beyond the stock, which are a fact once the buyers have been told, it counts once the replicas hold one version.
//
// A read of version v is stale if some write was acknowledged before the read began, and began after the write of
// v had been acknowledged. Its age is its start minus the earliest such acknowledgement. Lost writes stop counting
// once lost.
//
// Behind counts the writes so acknowledged. Percentiles of age are over all answered reads, of which a fresh one has age 0. Beside
// the share of stale reads of a quorum lane stands what PBS predicts (Bailis et al., VLDB 2012): the probability, by the
// delays of the links themselves, that none of the replicas which answer a read first had the latest acknowledged
// write when it asked them, for the time that had passed since the acknowledgement. It covers what package study says.
//
// A history is linearizable if all its operations can be put in one order in which each takes effect at an instant
// between its call and its return (Herlihy and Wing, TOPLAS 1990). Reads see which write they see; of a counter or a set
// they find the sum, or the items, whichever updates make it. Updates of those find nothing, whatever they are told. A read
// that finds several values of a register at once finds what no register holds. Operations that
// failed are left out, and nothing may find them; one without an answer may have taken effect at any time after its call, or never.
//
// The weaker models look at all keys together, and at no clock: only at sessions, and at who read which write. In a
// session an operation comes before another if it was answered before the other began; so what has no answer comes before
// nothing, and what overlaps is not ordered. A delete is a write. A compare-and-set that was applied is a read of the
// version that it found, and a write; one that was not, a read. A write without an answer counts from the moment at which
// somebody was returned it. The opening values come before all writes. The causal order has an operation before another
// if its session does, if the other found what it wrote, or by way of a third (Lamport, CACM 1978).
//
// A history is sequential if all its operations can be put in one order that extends every session's and in which
// whoever finds something finds the latest write of the key (Lamport, How to Make a Multiprocessor Computer That
// Correctly Executes Multiprocess Programs, 1979). It is "yes" where such an order was found, or where the history is
// linearizable; "no" where it is not causal, or where a search of all orders came to its end; else unknown.
//
// The other five are one definition. There is an order of all writes, one for everybody, which extends the causal order,
// and in which no read is of a version that comes before a write of the key that the model lets the read see. These are,
// for a read of a session:
//
//	causal               the writes that come before the read in the causal order
//	read-your-writes     the session's own writes before it
//	monotonic-reads      what the session's reads before it found
//	monotonic-writes     what the author of a write w had written in its session before w, if the read, or a read
//	                     before it in the session, found w
//	writes-follow-reads  what the author of such a w had last found of the key before w
//
// So a read of the opening value is a violation where there is anything to be seen, and for the rest the violation is a
// circle of writes each of which must come before the next. The four guarantees are those of Terry et al. (Session
// Guarantees for Weakly Consistent Replicated Data, 1994), as visibility and arbitration (Viotti and Vukolic, Consistency
// in Non-Transactional Distributed Storage Systems, 2016), whose arbitration extends the causal order here for each of
// them: what one has read before one writes comes before that, so that a read that goes back behind it is the read's
// fault. A replica that orders a write before one that its author had read, because its clock is wrong, therefore breaks
// the guarantees about reads as well. Causal is what Bouajjani et al. (On Verifying Causal Consistency, POPL 2017) call
// causal convergence (CCv): their bad patterns ThinAirRead, WriteCOInitRead, CyclicCO and CyclicCF. It is stronger than
// their CC, and neither stronger nor weaker than the causal memory of Ahamad et al. (1995), in which two sessions may for
// ever take two writes in different orders. A read of what turned out to be no write violates causal and sequential.
// Linearizable includes sequential, sequential includes causal, and causal each of the guarantees.
//
// Where values merge, as siblings, counters and sets do, a read finds several writes at once, and which write comes last
// says nothing. There a model other than sequential is violated when a read does not show a write that the model lets it
// see: what was found has neither it nor anything that replaced it or was added to it by one who had seen it. The
// guarantees then let a read see all that was read before, not the last of it. Sequential is "no" where causal is, and
// else unknown; so are causal, read-your-writes and monotonic-writes where clients are not told what their writes made.
//
// The replicas of a lane converge after its faults: from the instant at which no fault is in force any more, or from the
// start if none has been, until each key that a client has asked for has been held alike, at some instant since, by all
// replicas that keep a copy of it. Clients may go on writing meanwhile. While a fault is in force it is unknown whether
// they do.
//
// # Chance or certainty
//
// Promises are named like METRICs: the seven models; lost-write, lost-update and stale-read, that there is none; damage,
// that there is none at the end of a run; gilbert-lynch, that the lane was available; and converged, that its replicas
// agree at the end. One that is unknown counts as not broken in shares of runs that broke it, and as not kept in shares of runs that kept it. The
// interval of a share is Wilson's (JASA 1927) of 95 %. Under another luck what was done to single messages is left out.
//
// A run's point of no return: at a moment t the luck is made another (reseed N at t) many times over, with all commands of
// the run as they were, and it is counted in how many lucks the promise is broken by the end of the run. It is likely from the first moment
// that was looked at from which on at least half of the lucks break it, at all later ones too; sure, with 95 %.
//
// A minimal run breaks the same promise in the same lane, alone, under the same seed; without any one of its commands it does not.
// Its times are short to 0.05s, and its regions, replicas, clients, links and knobs are such as could not be left out one by one.
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
//	                                           MessageKinds (hint is none: hints are sent as
//	                                           replicate), or of all; later lines win
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
//	expect LANE RESULT ok|fail|info [NUMBER] [siblings VALUE ...] [after TIME] [within TIME] [says TEXT]
//	                                           of a named result, with the value read or written, all values that a
//	                                           read found side by side, what the client took at least and at most,
//	                                           and what a preset's client reads
//
// The values after siblings are all that were found, each once for every time it is there: the siblings of a key, the one
// value of a key that has no others, or the items of a set. They are numbers in any order, printed in ascending order, and
// the word deleted for a tombstone, printed last; or none alone, where nothing was found.
//
// A METRIC is a figure of the report, by its key there with hyphens: such as lost-writes, at-risk or damage, a number, or
// convergence-ms, how long the replicas took to converge, which is +Inf until they have; and the verdicts linearizable,
// sequential, causal, read-your-writes, monotonic-reads, monotonic-writes, writes-follow-reads and converged.
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
//	create CLIENT KEY NUMBER [level LEVEL] [as RESULT]    of the register: write this if the key still has its opening value;
//	                                           what it is expected to find is the value that stands there then
//	                                           and where that is not so it is ok, with what stands there, or
//	                                           fail where the product has an error for it (DynamoDB); so for swap.
//	                                           Figures count either as answered
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
//	                                           connections; and it writes what waits in its memory for a sync by the
//	                                           clock (quorum, commit-log=periodic)
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
//	rejoin NODE                                an operator has it follow the primary, giving up what only it holds; or a
//	                                           group's member that has left try to join again
//	cancel NODE                                an operator ends its waits for standbys
//	transfer NODE                              an operator has the leader hand over to it; it asks the leader that it follows
//	members NODE ...                           an operator has whoever takes itself for the leader make these the members;
//	                                           of a group, those named that reach no majority make themselves the members
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
//	timeout=TIME       of an attempt, 10ms to 300s; by default 2s
//	retry=WAY          none, the default; same: the same replica is asked again; elsewhere: the next replica by the median
//	                   round trip from the client, then by address. A refusal is retried too. 0.1s passes in between
//	retries=N          attempts after the first, 1 to 10; by default 3
//	session=WAY        sticky, the default: a client asks the replica nearby; roam: for each operation one drawn from all
//	until=TIME         nobody sets out later
//
// Timeout, retry and session hold for visitors' reads and writes as well. A write to a key that holds documents makes
// one with the single item NUMBER; a read of it finds the number of items. A LEVEL must be known to some lane's protocol;
// in the other lanes the protocol's default holds. Quorum knows one, two, three, quorum, all, local-one, local-quorum and
// each-quorum, which say how many replicas must answer, and where, and nothing else; any, of writes, for which a hint
// will do; and serial and local-serial, of reads and compare-and-set, by Paxos among all replicas or those of a region. Raft knows linearizable, lease and local, of reads; and with epsilon
// exact-staleness-TIME, max-staleness-TIME, read-timestamp-TIME and min-read-timestamp-TIME. A level that a protocol lists
// with -TIME at its end is asked for with a time there, such as exact-staleness-15s; a timestamp is a time since the start.
//
// METRICs that are verdicts are linearizable and gilbert-lynch. The others are numbers: operations, ok, fail, info, pending,
// answered (percent), stale-reads, stale-percent, stale-ms-p50, -p95, -p99 and -max (ages), lost-writes, at-risk,
// lost-updates, distinct-values, damage, latency-ms-p50, -p95 and -p99.
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
