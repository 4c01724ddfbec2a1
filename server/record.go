package server

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"netsplit/sim"
	"netsplit/sim/study"
)

// What a room's log says, beside statements, stands in notes:
//
//	# begin {...}       a run begins, the room's first or another: see beginning. Its text follows
//	# drop at 5s heal   a statement is taken out of the run; in an entry with the statements that come in
//	# flap              the entry's statements come and go: a user's first fault does not end them
//	# play 0.2 at 3s    from then on it plays so fast; pause has the speed for later
//	# branch {...}      a room has branched off: see offshoot
//	# trace HEX at 3s   what the run had come to by then: see agreement
//	# hand {...}        control is handed over, or taken back: see handing
//
// Keys stand there as sums, and those of a room's kin veiled by its own.

// beginning is what a room knows of a run that begins, beside its text.
type beginning struct {
	Run       int        `json:"run"`
	Name      string     `json:"name,omitempty"` // the gallery scenario
	Control   string     `json:"control"`        // SHA-256 of the key, in hexadecimal
	View      string     `json:"view,omitempty"` // of the key to look on only
	Playing   bool       `json:"playing"`
	Speed     float64    `json:"speed"`
	Ahead     sim.Time   `json:"ahead,omitempty"` // it is played up to there at once
	Restarted *Restart   `json:"restarted,omitempty"`
	Parent    *kin       `json:"parent,omitempty"`
	Deeds     []deedText `json:"deeds,omitempty"` // that the run has begun with
	Hands     []string   `json:"hands,omitempty"` // guests to whom control has been handed over by then
}

// kin is another room, as its log names it.
type kin struct {
	Room   string   `json:"room"`
	Veiled string   `json:"veiled"` // its key
	Run    int      `json:"run"`
	At     sim.Time `json:"at"`
	Undone string   `json:"undone,omitempty"`
}

// deedText is a deed as text.
type deedText struct {
	At      sim.Time `json:"at"`
	Added   []string `json:"added,omitempty"`
	Dropped []string `json:"dropped,omitempty"`
	flap    bool
	seq     uint64 // of its entry
}

const (
	flapNote   = "# flap"
	playNote   = "# play "
	pauseNote  = "# pause "
	branchNote = "# branch "
)

// sumOf returns what a log says of a key.
func sumOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

// veil hides another room's key under a room's own, and unveils it: whoever may enter the room may enter its kin.
func veil(own, other, key string) string {
	mac := hmac.New(sha256.New, []byte(own))
	mac.Write([]byte("netsplit kin " + other))
	bits, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(bits) > sha256.Size {
		return ""
	}
	for i, b := range mac.Sum(nil)[:len(bits)] {
		bits[i] ^= b
	}
	return base64.RawURLEncoding.EncodeToString(bits)
}

// deedTextOf writes a deed down.
func deedTextOf(d deed) deedText {
	s := deedText{At: d.at}
	for _, c := range d.added {
		s.Added = append(s.Added, c.Line())
	}
	for _, c := range d.dropped {
		s.Dropped = append(s.Dropped, c.Line())
	}
	return s
}

// deed reads a deedText as something done to a scenario.
func (s deedText) deed(of *sim.Scenario) (d deed, err error) {
	d.at = s.At
	if d.added, err = commandsOf(s.Added, of); err == nil {
		d.dropped, err = commandsOf(s.Dropped, of)
	}
	return d, err
}

func commandsOf(lines []string, of *sim.Scenario) (list []sim.Command, err error) {
	for _, line := range lines {
		c, err := sim.ParseCommand(line, of, study.Vocabulary())
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		list = append(list, c)
	}
	return list, nil
}

// entry writes a deedText as an entry of a log.
func (s deedText) entry() string {
	lines := slices.Clone(s.Added)
	for _, d := range s.Dropped {
		lines = append(lines, dropNote+d)
	}
	if s.flap {
		lines = append(lines, flapNote)
	}
	return strings.Join(lines, "\n")
}

// note writes something of a room down that the scenario language has no words for.
func note(word string, what any) string { return word + string(encode(what)) }

// pace is whether a room plays, and how many virtual seconds a second.
type pace struct {
	playing bool
	speed   float64
}

func (r *Room) paceNow() pace { return pace{r.playing, r.speed} }

// note says a pace, and since when.
func (p pace) note(at sim.Time) string {
	word := pauseNote
	if p.playing {
		word = playNote
	}
	return fmt.Sprintf("%s%s at %s", word, strconv.FormatFloat(p.speed, 'g', -1, 64), at)
}

// roomRecord is what a room's log says.
type roomRecord struct {
	beginning
	seq    uint64
	ids    map[string]bool
	begun  uint64     // the number of the latest run's first entry
	text   string     // of the run as it began
	done   []deedText // by hand, since then
	kin    []kin      // branches of all its runs
	hands  []string   // see beginning.Hands; by now
	at     sim.Time   // that the run has come to, at least
	anchor anchor     // of virtual time, by the latest entry that is one
	latest sim.Time   // of the run's entries
	claim  *claim     // the latest that counts; nil for none
	mark   Mark
	damage *DamageError
}

// take reads one entry more.
func (r *roomRecord) take(e Entry) error {
	if m, ok := e.Mark(); ok {
		if m.Seq >= r.begun {
			r.at, r.mark = max(r.at, m.At), m
		}
		return nil
	}
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.seq, r.ids[e.ID] = e.Seq, true
	first, rest, _ := strings.Cut(e.Line, "\n")
	var err error
	switch word, what, _ := strings.Cut(strings.TrimPrefix(first, "# "), " "); {
	case strings.HasPrefix(first, beginNote):
		r.beginning, r.begun, r.text, r.done, r.claim = beginning{}, e.Seq, rest+"\n", nil, nil
		err = readNote(what, &r.beginning)
		r.at, r.latest, r.anchor, r.hands = r.Ahead, 0, anchor{r.Ahead, e.Time, r.Playing, r.Speed}, r.Hands
	case strings.HasPrefix(first, playNote), strings.HasPrefix(first, pauseNote):
		r.Playing = word == "play"
		err = r.takePace(what, e.Time)
	case strings.HasPrefix(first, traceNote):
		var p proof
		p, err = parseProof(what)
		r.claim = &claim{proof: p, seq: e.Seq}
	case strings.HasPrefix(first, handNote):
		var h handing
		err = readNote(what, &h)
		r.hands = h.change(r.hands)
	case strings.HasPrefix(first, branchNote):
		var k kin
		err = readNote(what, &k)
		r.kin = append(r.kin, k)
	default:
		r.takeDeed(e.Seq, e.Line)
	}
	if err != nil {
		return fmt.Errorf("entry %d: %w", e.Seq, err)
	}
	return nil
}

func readNote(text string, into any) error {
	dec := json.NewDecoder(bytes.NewReader([]byte(text)))
	return dec.Decode(into)
}

// takePace reads what follows "play" or "pause".
func (r *roomRecord) takePace(what string, now time.Time) error {
	speed, at, _ := strings.Cut(what, " at ")
	v, err := strconv.ParseFloat(speed, 64)
	if err != nil || math.IsNaN(v) || v < MinSpeed || v > MaxSpeed {
		return fmt.Errorf("%q is not a speed", speed)
	}
	t, err := sim.ParseTime(at)
	r.Speed, r.at, r.latest = v, max(r.at, t), max(r.latest, t)
	r.anchor = anchor{t, now, r.Playing, v}
	return err
}

// takeDeed reads what was done by hand.
func (r *roomRecord) takeDeed(seq uint64, entry string) {
	s := deedText{seq: seq}
	for line := range strings.SplitSeq(entry, "\n") {
		if dropped, ok := strings.CutPrefix(line, dropNote); ok {
			s.Dropped = append(s.Dropped, dropped)
		} else if line == flapNote {
			s.flap = true
		} else if !isNote(line) {
			s.Added = append(s.Added, line)
		}
	}
	s.At = s.at()
	if len(s.Added) > 0 {
		r.at, r.latest = max(r.at, s.At), max(r.latest, s.At)
	}
	if r.claim != nil && s.At <= r.claim.at {
		r.claim = nil
	}
	r.done = append(r.done, s)
}

// at returns when a deedText was made: its first command is stamped with that.
func (s deedText) at() sim.Time {
	lines := append(slices.Clip(s.Added), s.Dropped...)
	if len(lines) == 0 {
		return 0
	}
	words := strings.Fields(lines[0])
	if len(words) < 2 {
		return 0
	}
	t, err := sim.ParseTime(words[1])
	if err != nil {
		return 0
	}
	return t
}

// firstDone returns the first command that was given in a branch; nil for none.
func (r *roomRecord) firstDone() *sim.Command {
	s, err := study.Parse(r.text)
	if err != nil || len(r.done) == 0 {
		return nil
	}
	d, err := r.done[0].deed(s)
	if err != nil || len(d.added) == 0 {
		return nil
	}
	return &d.added[0]
}
