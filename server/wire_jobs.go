package server

import "netsplit/sim"

// What is counted over many runs: a viewer asks by luck, turning, find or matrix, is told by progress how far it is, and gets one
// result, or a reject. Nobody else in the room is told anything.

// JobProgress says how far a viewer's job is.
type JobProgress struct {
	Type   string `json:"type"`    // progress
	Of     uint64 `json:"of"`      // the seq of the message that asked for the job
	Job    string `json:"job"`     // luck, turning, find or matrix
	Before int    `json:"before"`  // jobs of others that are to be begun before it, this one included; 0 once it is under way
	Done   int    `json:"done"`    // runs
	Total  int    `json:"total"`   // runs; of find, the most that there may be
	Left   int64  `json:"left_ms"` // milliseconds of wall time, about; of find, at most
}

// JobResult is what came of a job: one of luck, turning, found and matrix is there, or none of a job that had not begun.
type JobResult struct {
	Type    string       `json:"type"` // result
	Of      uint64       `json:"of"`
	Run     int          `json:"run"`           // which of the room's runs it was about
	Job     string       `json:"job"`           // luck, turning, find or matrix
	Cut     string       `json:"cut,omitempty"` // why it ended before it was done; what it has counts all the same
	End     sim.Time     `json:"end"`           // how far its runs went
	Luck    *LuckView    `json:"luck,omitempty"`
	Turning *TurningView `json:"turning,omitempty"`
	Found   *FoundView   `json:"found,omitempty"`
	Matrix  *MatrixView  `json:"matrix,omitempty"`
}

// LuckView is what a run came to under other lucks.
type LuckView struct {
	Seed   uint64         `json:"seed"`    // of the first
	Seeds  int            `json:"seeds"`   // asked for, one after the other
	Done   int            `json:"done"`    // runs in the figures
	ByHand int            `json:"by_hand"` // commands about single messages, which were left out
	Lanes  []LaneLuckView `json:"lanes"`
}

// LaneLuckView is one lane's.
type LaneLuckView struct {
	Name        string       `json:"name"`
	Broken      []BrokenView `json:"broken"`        // each promise
	Answered    SpreadView   `json:"answered"`      // percent of a run's operations
	Stale       SpreadView   `json:"stale_percent"` // percent of a run's answered reads
	LostWrites  SpreadView   `json:"lost_writes"`   // of a run
	LostUpdates SpreadView   `json:"lost_updates"`
	Damage      SpreadView   `json:"damage"` // without its sign
	P50         SpreadView   `json:"p50"`    // milliseconds
	P99         SpreadView   `json:"p99"`
}

// BrokenView says in how many runs a promise was broken: one of the models, lost-write, lost-update, stale-read, damage,
// gilbert-lynch or converged.
type BrokenView struct {
	Promise string `json:"promise"`
	ShareView
	Unknown int     `json:"unknown"` // runs of which it is not known
	Seed    *uint64 `json:"seed"`    // the first under which it was; null for none
}

// ShareView is a frequency with its 95 % confidence interval (Wilson), in percent.
type ShareView struct {
	Count   int     `json:"count"`
	Of      int     `json:"of"`
	Percent float64 `json:"percent"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
}

// SpreadView is how a figure varies from run to run.
type SpreadView struct {
	Mean float64 `json:"mean"`
	P5   float64 `json:"p5"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
}

// TurningView says how likely it was, along a run, that a promise would be broken: in how many lucks it was, if they took
// over at a moment.
type TurningView struct {
	Lane    string       `json:"lane"`
	Promise string       `json:"promise"`
	Broken  bool         `json:"broken"` // in the run itself
	At      sim.Time     `json:"at"`     // when that was known
	Curve   []MomentView `json:"curve"`  // in order of time
	Likely  *TurnView    `json:"likely"` // from when on at least 50 % break it; null for never
	Sure    *TurnView    `json:"sure"`   // 95 %
}

// MomentView is one moment of it.
type MomentView struct {
	At sim.Time `json:"at"`
	ShareView
}

// TurnView lies between two moments that were looked at.
type TurnView struct {
	After sim.Time `json:"after"` // the last moment below; -1 where there is none
	At    sim.Time `json:"at"`    // the first from which on it is not
}

// FoundView is a minimal run that breaks a promise, or none.
type FoundView struct {
	Lane    string   `json:"lane"`
	Promise string   `json:"promise"`
	Tried   int      `json:"tried"` // lucks
	Found   bool     `json:"found"`
	Seed    uint64   `json:"seed"`
	At      sim.Time `json:"at"`      // when it is broken in the minimal run
	Text    string   `json:"text"`    // of the minimal run; "" where none was found
	Before  int      `json:"before"`  // commands of the room's run
	After   int      `json:"after"`   // of the minimal one
	Minimal bool     `json:"minimal"` // none of these can be left out
}

// MatrixView is how much what hurts hurt in each configuration of each database, and in each lane of the scenario.
type MatrixView struct {
	Seed  uint64     `json:"seed"`  // of the first luck
	Seeds int        `json:"seeds"` // asked for, one after the other
	Runs  int        `json:"runs"`  // asked for
	Done  int        `json:"done"`
	Hurts []HurtView `json:"hurts"`
	Rows  []RowView  `json:"rows"` // the scenario's lanes, then the databases
}

// HurtView is one of what hurts.
type HurtView struct {
	Name    string   `json:"name"`    // lost-writes, stale, refusals, latency, latency-p50, lost-updates, damage or not-linearizable
	Over    sim.Time `json:"over"`    // stale: how old a read must be to count
	Happens bool     `json:"happens"` // it is something that went wrong; not of latencies
}

// RowView is one configuration. Where this world cannot have it, it has no cells.
type RowView struct {
	Name       string        `json:"name"` // of the lane
	Title      string        `json:"title"`
	About      string        `json:"about"`
	Protocol   string        `json:"protocol"`
	Knobs      []sim.Setting `json:"knobs"`
	Impossible string        `json:"impossible,omitempty"`
	Dropped    []sim.Dropped `json:"dropped"` // statements that it cannot have
	Runs       int           `json:"runs"`    // that are in its figures
	Cells      []CellView    `json:"cells"`   // one for each hurt
}

// CellView is a figure of a run, the lower the better, and the run in which it was highest.
type CellView struct {
	SpreadView
	In    ShareView `json:"in"` // the runs in which it happened at all
	Seed  uint64    `json:"seed"`
	Worst float64   `json:"worst"` // that run's figure
	Text  string    `json:"text"`  // of that run
}
