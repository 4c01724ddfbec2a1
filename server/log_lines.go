package server

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"

	"netsplit/sim"
)

// A log's file is scenario text that runs headless as it is. Its first line is its head, which is written over in place: how long
// the file is, and the latest mark. Each further line is a line of an entry, and after " # " its tag: the entry's number; in
// its last line time and id, before that a "+"; and a sum over the line and all lines before it, and the room's name.
// A statement's first character is a blank, or a # once it has been dropped or another run has begun; the sum takes it for a blank.

const (
	headSize  = 160 // bytes of the first line
	headWords = "# netsplit log 1"
	tagMark   = " # "
	sumSize   = 8 // bytes of a sum that are written
)

// IsRoomLog reports whether a text is the file of a room's log: scenario text, but for its comments, which sim.Bare takes out,
// longer than a scenario may be.
func IsRoomLog(text string) bool { return strings.HasPrefix(text, headWords) }

// chain is the sum over all lines so far.
type chain [sha256.Size]byte

// chainOf begins a room's chain.
func chainOf(room string) chain { return sha256.Sum256([]byte("netsplit room " + room + "\n")) }

// next returns the chain with one line more, which is the physical line up to its sum.
func (c chain) next(line []byte) chain {
	h := sha256.New()
	h.Write(c[:])
	if len(line) > 1 && line[0] == '#' && line[1] != ' ' {
		h.Write([]byte{' '})
		line = line[1:]
	}
	h.Write(line)
	return chain(h.Sum(nil))
}

func (c chain) String() string { return hex.EncodeToString(c[:sumSize]) }

// writeEntry appends an entry's lines to b, and returns the chain after them.
func writeEntry(b *bytes.Buffer, c chain, e Entry) chain {
	lines := strings.Split(e.Line, "\n")
	for i, line := range lines {
		if !isNote(line) {
			line = " " + line
		}
		line += tagMark + strconv.FormatUint(e.Seq, 10) + " "
		if i < len(lines)-1 {
			line += "+ "
		} else {
			line += e.Time.Format(time.RFC3339Nano) + " " + e.ID + " "
		}
		c = c.next([]byte(line))
		fmt.Fprintf(b, "%s%s\n", line, c)
	}
	return c
}

func isNote(line string) bool { return strings.HasPrefix(line, "# ") }

// fileLine is one line of a log's file.
type fileLine struct {
	text string // without its first blank
	seq  uint64
	last bool
	id   string
	time time.Time
}

// readLine reads a physical line, without its end, that stands after a chain.
func readLine(raw []byte, c chain) (l fileLine, after chain, err error) {
	i := bytes.LastIndexByte(raw, ' ') + 1
	after = c.next(raw[:i])
	if string(raw[i:]) != after.String() {
		return l, c, fmt.Errorf("its sum is not %s", after)
	}
	text, tag, ok := cutLast(string(raw[:i]), tagMark)
	words := strings.Fields(tag)
	if !ok || len(words) < 2 {
		return l, c, fmt.Errorf("it has no tag")
	}
	if l.text = text; !isNote(text) {
		l.text = text[1:]
	}
	if l.seq, err = strconv.ParseUint(words[0], 10, 64); err != nil {
		return l, c, fmt.Errorf("%q is not a number", words[0])
	}
	if words[1] == "+" {
		return l, after, nil
	}
	if l.last = true; len(words) != 3 {
		return l, c, fmt.Errorf("its tag has %d words", len(words))
	}
	l.id = words[2]
	l.time, err = time.Parse(time.RFC3339Nano, words[1])
	return l, after, err
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// logHead is what a file's first line says.
type logHead struct {
	size int64 // of the file, at least
	mark Mark
}

// write returns the head as a line of headSize bytes.
func (h logHead) write(room string) []byte {
	text := fmt.Sprintf("%s %d %d %d %s", headWords, h.size, h.mark.Seq, int64(h.mark.At), h.mark.Time.UTC().Format(time.RFC3339Nano))
	text += strings.Repeat(" ", headSize-2*sumSize-1-len(text))
	return fmt.Appendf(nil, "%s%s\n", text, chainOf(room).next([]byte(text)))
}

// readHead reads a file's first line.
func readHead(data []byte, room string) (h logHead, err error) {
	if len(data) < headSize {
		return h, fmt.Errorf("the file ends within its first line")
	}
	text, sum := data[:headSize-2*sumSize-1], data[headSize-2*sumSize-1:headSize]
	if want := chainOf(room).next(text).String() + "\n"; string(sum) != want {
		return h, fmt.Errorf("its sum is not %s", strings.TrimSpace(want))
	}
	words := strings.Fields(strings.TrimPrefix(string(text), headWords))
	if len(words) != 4 {
		return h, fmt.Errorf("it has %d words", len(words))
	}
	var at int64
	if _, err = fmt.Sscan(strings.Join(words[:3], " "), &h.size, &h.mark.Seq, &at); err == nil {
		h.mark.At = sim.Time(at)
		h.mark.Time, err = time.Parse(time.RFC3339Nano, words[3])
	}
	return h, err
}

// logText is what a log's file says.
type logText struct {
	entries []Entry
	mark    Mark
	chain   chain
	size    int64 // of the whole lines up to the last whole entry
	headBad bool
	torn    bool         // something follows that was never acknowledged
	damage  *DamageError // nil for none
}

// readLog reads a log's file. What was cut off or changed is found, wherever it is: by the sums, or by the size in the head.
func readLog(data []byte, room, path string) logText {
	t := logText{chain: chainOf(room), size: headSize}
	broken := func(line int, reason string) {
		if t.damage == nil {
			t.damage = &DamageError{Room: room, Place: fmt.Sprintf("line %d of %s", line, path), Reason: reason}
		}
	}
	head, err := readHead(data, room)
	if err != nil {
		t.headBad = true
		broken(1, err.Error())
		head = logHead{}
	}
	t.mark = head.mark
	reason, line := t.readEntries(data)
	if end := int64(len(data)); t.size < head.size || t.size < end && t.headBad {
		if reason == "" {
			reason = fmt.Sprintf("the file has %d bytes, and had %d", end, head.size)
		}
		broken(line, reason)
	} else if t.torn = t.size < end; t.torn && reason != "" && several(data[t.size:]) {
		broken(line, reason)
	}
	if t.damage != nil {
		t.damage.Seq = uint64(len(t.entries))
	}
	return t
}

// readEntries reads whole entries until the end or the first line that is wrong, of which it returns the number and why.
func (t *logText) readEntries(data []byte) (reason string, line int) {
	c, lines := t.chain, []string(nil)
	line = 2
	for at := min(headSize, len(data)); at < len(data); line++ {
		n := bytes.IndexByte(data[at:], '\n')
		if n < 0 {
			return "it has no end", line
		}
		l, after, err := readLine(data[at:at+n], c)
		if err == nil && l.seq != uint64(len(t.entries))+1 {
			err = fmt.Errorf("entry %d follows entry %d", l.seq, len(t.entries))
		}
		if err != nil {
			return err.Error(), line
		}
		c, lines, at = after, append(lines, l.text), at+n+1
		if l.last {
			t.entries = append(t.entries, Entry{Seq: l.seq, ID: l.id, Time: l.time, Line: strings.Join(lines, "\n")})
			t.chain, t.size, lines = c, int64(at), nil
		}
	}
	return "", line
}

// several reports whether what is beyond the last whole entry is more than one torn entry, than which the head is never
// further behind: something follows what ends an entry.
func several(rest []byte) bool {
	lines := bytes.Split(bytes.TrimSuffix(rest, []byte("\n")), []byte("\n"))
	for _, l := range lines[:len(lines)-1] {
		if _, tag, ok := cutLast(string(l), tagMark); ok && !strings.Contains(tag, " + ") {
			return true
		}
	}
	return false
}

// inert returns at which places of a log's file a statement begins that counts no more: it was dropped, or another run has
// begun since; and at which others it is said to, and does not.
func inert(data []byte, size int64) (gone, back []int) {
	live := map[string][]int{} // by statement
	said := map[int]bool{}
	drop := func(places []int) []int { gone = append(gone, places...); return nil }
	for at := headSize; at < int(size); {
		n := bytes.IndexByte(data[at:size], '\n')
		text, _, _ := cutLast(string(data[at:at+n]), tagMark)
		switch dropped, isDrop := strings.CutPrefix(text, dropNote); {
		case strings.HasPrefix(text, beginNote):
			for statement, places := range live { // order does not matter: a set of places
				live[statement] = drop(places)
			}
		case isDrop && len(live[dropped]) > 0:
			places := live[dropped]
			drop(places[len(places)-1:])
			live[dropped] = places[:len(places)-1]
		case !isNote(text):
			live[text[1:]] = append(live[text[1:]], at)
			said[at] = text[0] == '#'
		}
		at += n + 1
	}
	var lines []int
	for _, at := range gone {
		if !said[at] {
			lines = append(lines, at)
		}
		delete(said, at)
	}
	for at, dropped := range said { // order does not matter
		if dropped {
			back = append(back, at)
		}
	}
	return lines, back
}

// The notes that say which statements of a log count no more.
const (
	beginNote = "# begin " // a run begins: the statements after it, and none before it
	dropNote  = "# drop "  // the rest is a statement that is taken out of the run
)
