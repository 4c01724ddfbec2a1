package server

import (
	"time"

	"netsplit/sim"
)

// Every maximum of the server. What goes over one gets a reason, not a crash.
const (
	MaxMessage        = 4 << 10                 // bytes of one message from a browser; over it the socket is closed with 1009
	MaxScript         = 2 * sim.MaxScenarioSize // bytes of a message with a text, whose line ends are two bytes each there
	MaxRate           = 10                      // messages a second from one viewer, in the long run
	MaxSeekRate       = 120                     // seeks a second from one viewer, whose hand moves the playhead, and as many glances; they take next to nothing
	MaxBurst          = 20                      // messages at once from one viewer
	MaxRefusals       = 200                     // refused messages before a viewer's socket is closed
	MaxViewers        = 500                     // viewers of a room, unless told otherwise
	MaxPasts          = 8                       // viewers of a room who look at a moment before its live edge
	MaxGuides         = 1                       // replays of a room beside those: that of all who follow the presenter to such a moment
	MaxRooms          = 1000                    // rooms in all, unless told otherwise
	MaxInbox          = 64                      // messages of all viewers waiting for a room's next turn
	MaxOutbox         = 32                      // messages waiting for one viewer; over it the viewer gets a fresh State later
	MaxStories        = 200                     // stories of a lane in a State
	MaxCauses         = 16                      // violations of a lane that viewers are told the causes of: the first of each kind, then the first of all
	MaxOpStrips       = 500                     // operations of a lane in a State: the latest
	MaxSays           = 200                     // different texts of a product that a lane's clients have read; later ones are in inspections and stories alone
	MaxInspects       = 20                      // inspections of all viewers in one turn of a room: each takes up to a millisecond
	MaxKeyFrames      = 600                     // frames of a run's archive; over it every other goes
	MaxKeyBytes       = 1 << 20                 // of a run's archive, for each KeyBytesSpan of the run; over it every other frame goes
	MaxKeyFramesATurn = 4                       // of them in one turn at the live edge: each takes 2 ms or 3
	MaxKeyFramesAhead = 100                     // of them in a replay, or in a run that begins anew
	MaxBranches       = 32                      // rooms that have branched off from a room, and have not ended
	MaxOrigins        = 32                      // undos in a row that can be done again when the rooms they left have ended
	MaxSpans          = 1000                    // reigns, faults or violations of a lane in a Timeline: the latest
	MaxExports        = 2                       // exports at once
	MaxExport         = 64 << 20                // bytes of one
	MaxLink           = 3500                    // characters of a run in a link, so that a hello holds it; longer ones are kept on the shelf
	MaxLinkCommands   = 500                     // commands of such a run
	MaxShelf          = 64 << 20                // bytes of all texts on the shelf; over it the oldest of whoever has the most go. In a log that servers share: that each puts there in ShelfRefill, and they go as rooms' logs do
	MinSpeed          = 0.01                    // virtual seconds per second
	MaxSpeed          = 100.0                   //
	MaxStory          = 45 * time.Second        // that a gallery scenario of databases, which take their time to notice a fault, is to take
	DefaultSpeed      = 0.2                     // Virginia to Mumbai, 95 ms, takes half a second on the screen

	KeyFrameGrid = 100 * sim.Millisecond // between two frames of an archive, as long as there are few
	KeyBytesSpan = 10 * 60 * sim.Second  // see MaxKeyBytes

	FrameInterval = time.Second / 15       // between two Deltas
	TurnBudget    = 40 * time.Millisecond  // of simulation in one turn of a room; what is left waits for the next. Where many rooms are watched each has its share of the cores
	MinTurnBudget = 200 * time.Microsecond // of it, however many rooms there are
	MaxSavedTurns = 20                     // whose shares of that a room may have saved up
	TurnCost      = 500 * time.Microsecond // of a core, that a turn of a default room is reckoned to take with all that comes of it
	MaxInterval   = 250 * time.Millisecond // between two Deltas, where many rooms are watched
	SlowedFor     = 2 * time.Second        // that viewers are told for at least, when a room has been slowed
	SeekBudget    = 55 * time.Millisecond  // of a turn that the live edge and all replays get together
	QuickReplay   = 30 * time.Millisecond  // a replay that takes no longer is shown without a picture before it: with the wait for a turn, within 100 ms
	PastBudget    = 20 * time.Millisecond  // of a turn that all replays together get, however long the live edge took
	MaxCatchUp    = 350 * time.Millisecond // of wall time that one turn makes up for
	HelloTimeout  = 10 * time.Second       // for the first message of a socket
	WriteTimeout  = 10 * time.Second       // for one message to a viewer
	ExportTime    = 20 * time.Second       // of one export
	RoomSleep     = time.Minute            // that a room without viewers stays awake; its log stays
)

// Maxima of rooms' logs.
const (
	MaxEntry       = 1 << 20   // bytes of one entry: a text, with what the room knows beside it
	MaxRoomLog     = 4 << 20   // bytes of one room's log; over it the room takes no more commands
	MaxLogs        = 4 << 30   // bytes of all logs in the data directory; over it those go that were used longest ago
	MaxKeptRooms   = 100_000   // logs in the data directory; over it, too
	MaxMemoryLog   = 256 << 20 // bytes of all logs, where there is no data directory
	MaxMemoryRooms = 10_000    // logs there
	MaxHeld        = MaxInbox  // commands that wait until a room that wakes is where it was

	RoomKept        = 30 * 24 * time.Hour    // of a log in the data directory that nobody uses
	RoomKeptLeast   = time.Hour              // that it is kept however full the directory is: then there are no new rooms
	SweepInterval   = 10 * time.Minute       // from one look for logs to be deleted to the next
	FullPause       = 10 * time.Second       // after that it is worth another try to open a room, where its log could not be written
	AppendTimeout   = 5 * time.Second        // for an entry to be durable
	WakeTimeout     = 10 * time.Second       // for a room's log to be read
	NATSOpenTimeout = 30 * time.Second       // for NATS to be there when the server starts
	MarkInterval    = 600 * time.Millisecond // from one mark of a room to the next turn with one; with MaxCatchUp that is the second that a killed server may lose of its time
)

// Where servers share a log.
const (
	Lead          = 150 * time.Millisecond // that a command is for, after it was given: so that all servers hear of it in time
	MarkFresh     = 2 * time.Second        // a run whose last mark is no older goes on: somebody looks at it
	LookInterval  = time.Second            // from one look for that to the next
	MaxLag        = time.Second            // that a server may be behind a run's pace; over it for LagKept the run waits for it
	LagKept       = 5 * time.Second        //
	ShelfRefill   = 24 * time.Hour         // see MaxShelf
	ProofInterval = 2 * time.Second        // from one moment for which servers may compare what they simulate to the next, at least
	ClaimInterval = 10 * time.Second       // from one such to the next that is written down
	MaxReads      = 3                      // of a room's log, because of one claim of another server
	FollowRetry   = time.Second            // after which a log is followed again that could not be
	MaxProofs     = 16                     // moments of a run for which a server remembers what it came to
	ClockKept     = 10 * time.Minute       // after that the log is asked anew what time it is
)

// Maxima of who is in a room, and of what they tell each other.
const (
	MaxHands        = 8       // guests of a room who have control without its key
	MaxAsks         = 20      // guests of a room who ask for control
	MaxName         = 40      // characters of a guest's name
	MaxTab          = 20      // letters of a drawer tab's name
	MaxNote         = 4 << 10 // bytes of a note from one server to others
	MaxNotes        = 16      // notes waiting for one who hears them
	MaxServers      = 64      // that a room hears notes of
	MaxNotedViewers = 1e6     // that a server may say it has

	AudienceInterval = time.Second            // between two messages to a viewer of who is there
	GlanceInterval   = 250 * time.Millisecond // between two of what the presenter looks at, and between two notes of something new
	GuideLag         = time.Second            // that those who follow a presenter who plays may be behind; over it they are played to faster
	GuideLeap        = 4 * time.Second        // over it they are shown the presenter's moment at once
	PresenterLeave   = 10 * time.Second       // that a presenter may be away, as for a reload, and is the presenter still
	NoteInterval     = 2 * time.Second        // between two notes of nothing new
	NoteLife         = 6 * time.Second        // that a server counts of which nothing is heard
	MaxClockSkew     = 24 * time.Hour         // of another server's clock
)

// Maxima of strangers. An address is one of IPv4, or a /64 of IPv6; a class of 300 has one.
const (
	MaxRoomsPerAddress   = 400      // unless told otherwise
	MaxSockets           = 10000    // in all, unless told otherwise
	MaxSocketsPerAddress = 1000     // unless told otherwise
	MaxRequests          = 100      // a second from one address, in the long run; files by their hash are not counted
	MaxRequestsBurst     = 2000     // at once from one address
	MaxAddresses         = 8192     // whose requests are counted; when there are more, twice as many at most are remembered
	MaxOpenings          = 20       // rooms that are opened a second, in the long run: with the burst, a class of 300 in OpenWait
	MaxOpeningsBurst     = 150      // rooms that are opened at once
	ReadBuffer           = 512      // bytes of a viewer's connection
	WriteBuffer          = 2 << 10  // bytes of a viewer's connection
	SocketBuffer         = 16 << 10 // bytes that the system keeps for a viewer who does not read
	MaxIntake            = 64 << 10 // bytes a second of a viewer's connection, in the long run; what comes faster waits
	MaxIntakeBurst       = 2 * MaxScript
	MaxHeader            = 16 << 10 // bytes of a request's head
	MaxScrapes           = 2        // of the metrics at once

	OpenWait          = 8 * time.Second        // for a room's turn to be opened
	OpenPause         = 100 * time.Millisecond // before a room is made, while those there are come too late for their turns
	MaxOpenLag        = 10 * time.Millisecond  // that they may come too late in the mean
	ReadHeaderTimeout = 5 * time.Second        // for the head of a request
	ReadTimeout       = 15 * time.Second       // for all of it
	AnswerTimeout     = 30 * time.Second       // for a request and its answer; sockets have their own
	IdleTimeout       = time.Minute            // of a connection between two requests
	PingInterval      = 25 * time.Second       // from one question to a socket whether it is there to the next
	PingTimeout       = 20 * time.Second       // for the answer
	ScrapeTime        = 5 * time.Second        // of the metrics
	MaxDrain          = 20 * time.Second       // for sockets to end when the server does
	EndTimeout        = 8 * time.Second        // for all else to end then
)

// Maxima of jobs, which are counted beside the rooms.
const (
	MaxJobs           = 4    // of all viewers under way at once, if there are as many cores to spare: one is the rooms'
	MaxJobsWaiting    = 20   // for one of those to end
	MaxJobsPerAddress = 10   // of those, so that others can have some counted too
	MaxSeeds          = 1000 // of a job
	DefaultSeeds      = 200  // of a job that says none
	MatrixSeeds       = 50   // of a matrix that says none: each is a run of every configuration

	JobTime   = time.Minute            // that a job may take; what it has by then is its result
	JobReport = 250 * time.Millisecond // from one progress of a job to the next
)
