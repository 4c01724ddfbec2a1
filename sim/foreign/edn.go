package foreign

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a history, and where.
type Error struct {
	Line   int // from 1
	Reason string
}

func (e *Error) Error() string { return fmt.Sprintf("%d: %s", e.Line, e.Reason) }

// reader reads EDN (github.com/edn-format/edn) from a text in UTF-8.
type reader struct {
	text   string
	at     int // the offset of what is read next
	line   int
	depth  int
	values int // read so far
}

func (r *reader) fail(line int, format string, args ...any) error {
	return &Error{line, fmt.Sprintf(format, args...)}
}

// skip passes over blanks, commas and comments.
func (r *reader) skip() {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; {
		case c == '\n':
			r.line++
		case c == ';':
			if end := strings.IndexByte(r.text[r.at:], '\n'); end >= 0 {
				r.at += end
			} else {
				r.at = len(r.text)
			}
			continue
		case !blank(c):
			return
		}
		r.at++
	}
}

func blank(c byte) bool { return c <= ' ' || c == ',' }

// peek returns the byte that comes next, after blanks; 0 at the end.
func (r *reader) peek() byte {
	r.skip()
	if r.at == len(r.text) {
		return 0
	}
	return r.text[r.at]
}

// value reads one value. Discarded ones before it are passed over; at the end of the text, or before a bracket that
// closes a collection, there is none.
func (r *reader) value() (v Value, ok bool, err error) {
	for {
		c := r.peek()
		if c == 0 || c == ')' || c == ']' || c == '}' {
			return v, false, nil
		}
		if r.values++; r.values > MaxValues {
			return v, false, r.fail(r.line, "more than %d values", MaxValues)
		}
		if r.discards() {
			if _, err := r.operand("#_"); err != nil {
				return v, false, err
			}
			continue
		}
		v, err := r.one(c)
		return v, err == nil, err
	}
}

// discards passes over the mark #_, if it comes next.
func (r *reader) discards() bool {
	found := strings.HasPrefix(r.text[r.at:], "#_")
	if found {
		r.at += 2
	}
	return found
}

func (r *reader) one(c byte) (Value, error) {
	rest := r.text[r.at:]
	switch {
	case c == '[':
		return r.items(vector, "[", ']')
	case c == '(':
		return r.items(vector, "(", ')')
	case c == '{':
		return r.items(mapping, "{", '}')
	case strings.HasPrefix(rest, "#{"):
		return r.items(set, "#{", '}')
	case c == '"':
		return r.quoted()
	case c == '\\':
		return r.character()
	case c == '#' && !strings.HasPrefix(rest, "##"):
		return r.tag()
	}
	return r.atom()
}

// deeper notes that a value within another begins; undo it with r.depth--.
func (r *reader) deeper() error {
	if r.depth++; r.depth > MaxDepth {
		return r.fail(r.line, "more than %d collections within each other", MaxDepth)
	}
	return nil
}

// items reads a collection.
func (r *reader) items(f form, open string, end byte) (Value, error) {
	v, line := Value{form: f}, r.line
	if err := r.deeper(); err != nil {
		return v, err
	}
	r.at += len(open)
	for {
		item, ok, err := r.value()
		if err != nil {
			return v, err
		}
		if !ok {
			break
		}
		v.items = append(v.items, item)
	}
	r.depth--
	switch c := r.peek(); {
	case c == 0:
		return v, r.fail(line, "%s is never closed", open)
	case c != end:
		return v, r.fail(r.line, "expected %c, which closes the %s of line %d, not %c", end, open, line, c)
	}
	r.at++
	return v, r.proper(v, line)
}

// proper complains about a map without a value for each key, and about what a map or a set has twice.
func (r *reader) proper(v Value, line int) error {
	step := 1
	switch v.form {
	case mapping:
		step = 2
		if len(v.items)%2 != 0 {
			return r.fail(line, "a map with a key without a value: %s", brief(v.items[len(v.items)-1].String()))
		}
	case set:
	default:
		return nil
	}
	seen := make(map[string]bool, len(v.items)/step)
	for i := 0; i < len(v.items); i += step {
		item := v.items[i].String()
		if seen[item] {
			return r.fail(line, "%s twice in a map or a set", brief(item))
		}
		seen[item] = true
	}
	return nil
}

// operand reads the value that a mark such as a tag must have.
func (r *reader) operand(mark string) (Value, error) {
	line := r.line
	if err := r.deeper(); err != nil {
		return Value{}, err
	}
	v, ok, err := r.value()
	r.depth--
	if err == nil && !ok {
		err = r.fail(line, "%s without a value", mark)
	}
	return v, err
}

func (r *reader) tag() (Value, error) {
	r.at++
	name := r.word()
	if !named.MatchString(name) {
		return Value{}, r.fail(r.line, "#%s is no tag", brief(name))
	}
	v, err := r.operand("#" + brief(name))
	return Value{form: tagged, text: name, items: []Value{v}}, err
}

// word reads up to the next blank, bracket or quote.
func (r *reader) word() string {
	from := r.at
	for r.at < len(r.text) && !blank(r.text[r.at]) && !strings.ContainsRune(`()[]{}";`, rune(r.text[r.at])) {
		r.at++
	}
	return r.text[from:r.at]
}

var (
	named  = regexp.MustCompile(`^[\pL*!_?$%&=<>|+./'-][\pL\pN*!_?$%&=<>|+./':#-]*$`)
	whole  = regexp.MustCompile(`^([+-]?)(0|[1-9][0-9]*)N?$`)
	broken = regexp.MustCompile(`^[+-]?(0|[1-9][0-9]*)(\.[0-9]*)?([eE][+-]?[0-9]+)?M?$|^[+-]?[0-9]+/[0-9]+$|^##(Inf|-Inf|NaN)$`)
	begins = regexp.MustCompile(`^[+-]?[0-9]`)
)

func (r *reader) atom() (Value, error) {
	w := r.word()
	switch m := whole.FindStringSubmatch(w); {
	case m != nil:
		n := m[2]
		if m[1] == "-" && n != "0" {
			n = "-" + n
		}
		return Value{form: integer, text: n}, nil
	case broken.MatchString(w):
		return Value{form: real, text: w}, nil
	case begins.MatchString(w):
		return Value{}, r.fail(r.line, "%s is no number", brief(w))
	case strings.HasPrefix(w, ":") && len(w) > 1 && !strings.ContainsAny(w[1:], "@^`~\\"):
		return Value{form: keyword, text: w}, nil
	case named.MatchString(w):
		return Value{form: symbol, text: w}, nil
	case w == "":
		_, size := utf8.DecodeRuneInString(r.text[r.at:])
		w = r.text[r.at : r.at+size]
	}
	return Value{}, r.fail(r.line, "%s is no EDN", brief(w))
}

func (r *reader) character() (Value, error) {
	from := r.at
	r.at++
	if r.at < len(r.text) {
		_, size := utf8.DecodeRuneInString(r.text[r.at:])
		r.at += size
	}
	if r.at == from+1 || blank(r.text[from+1]) {
		return Value{}, r.fail(r.line, `\ without a character`)
	}
	r.word()
	return Value{form: character, text: r.text[from:r.at]}, nil
}

// quoted reads a text in quotes.
func (r *reader) quoted() (Value, error) {
	line := r.line
	var b strings.Builder
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case '"':
			r.at++
			return Value{form: text, text: b.String()}, nil
		case '\\':
			if err := r.escape(&b); err != nil {
				return Value{}, err
			}
		case '\n':
			r.line++
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return Value{}, r.fail(line, `a text is never closed with "`)
}

// escape reads a backslash and what it stands for in a text, but for its last byte.
func (r *reader) escape(b *strings.Builder) error {
	rest := r.text[r.at+1:]
	if rest == "" {
		return nil // the text is not closed, which is said next
	}
	if i := strings.IndexByte(`ntrbf"\`, rest[0]); i >= 0 {
		b.WriteByte("\n\t\r\b\f\"\\"[i])
		r.at++
		return nil
	}
	if rest[0] == 'u' && len(rest) >= 5 {
		if n, err := strconv.ParseUint(rest[1:5], 16, 32); err == nil {
			b.WriteRune(rune(n)) // of a half of a pair, U+FFFD
			r.at += 5
			return nil
		}
	}
	_, size := utf8.DecodeRuneInString(rest)
	return r.fail(r.line, `unknown escape \%s in a text`, brief(rest[:size]))
}

// brief returns as much of a text as an error should show, without what would not print.
func brief(s string) string {
	const most = 60
	if len(s) > most {
		end := most
		for !utf8.RuneStart(s[end]) {
			end--
		}
		s = s[:end] + "…"
	}
	if quoted := strconv.Quote(s); strings.ContainsAny(s, "\n\r\t") || strings.Contains(quoted, `\x`) || strings.Contains(quoted, `\u`) {
		return quoted
	}
	return s
}
