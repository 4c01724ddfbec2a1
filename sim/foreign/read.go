package foreign

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// event is the call of an operation, or its end.
type event struct {
	line             int
	process, kind, f string // kind is :invoke, :ok, :fail or :info
	value, key, err  Value  // err may be left out, and is then without text
	keyed            bool   // key is given
}

// Read reads a history, in whichever form it is. What it cannot read it reports as an *Error.
func Read(content []byte) (*History, error) {
	if len(content) > MaxBytes {
		return nil, &Error{1, "the history is over 64 MiB"}
	}
	source := strings.TrimPrefix(string(content), "\ufeff")
	if !utf8.ValidString(source) {
		return nil, &Error{badLine(source), "the text is not UTF-8"}
	}
	r, p := &reader{text: source, line: 1}, newPairing()
	read := r.log
	if c := r.peek(); c != 0 && strings.IndexByte("{}[]()#\"", c) >= 0 {
		read = r.edn
	}
	*r = reader{text: source, line: 1}
	if err := read(p.take); err != nil {
		return nil, err
	}
	return p.history(r.line)
}

// badLine returns the line of the first byte that is not UTF-8.
func badLine(s string) int {
	line := 1
	for at := 0; at < len(s); {
		c, size := utf8.DecodeRuneInString(s[at:])
		if c == utf8.RuneError && size == 1 {
			break
		}
		if c == '\n' {
			line++
		}
		at += size
	}
	return line
}

// edn hands on the events of maps that stand one after the other, or in vectors or lists.
func (r *reader) edn(take func(event) error) error {
	open, opened := byte(0), 0
	for {
		c := r.peek()
		switch {
		case c == 0 && open != 0:
			return r.fail(opened, "%c is never closed", open)
		case c == 0:
			return nil
		case open == 0 && (c == '[' || c == '('):
			open, opened = c, r.line
			r.at++
			continue
		case open != 0 && (c == ']' && open == '[' || c == ')' && open == '('):
			open = 0
			r.at++
			continue
		case c == ']' || c == ')' || c == '}':
			return r.fail(r.line, "%c closes nothing", c)
		}
		line := r.line
		v, ok, err := r.value()
		if err != nil {
			return err
		}
		if !ok {
			continue // something discarded was the last before the bracket, or the end
		}
		e, client, err := r.event(v, line)
		if err == nil && client {
			err = take(e)
		}
		if err != nil {
			return err
		}
	}
}

// event makes an event of a map. It is not a client's if its process is not a number.
func (r *reader) event(v Value, line int) (e event, client bool, err error) {
	for v.form == tagged {
		v = v.items[0]
	}
	if v.form != mapping {
		return e, false, r.fail(line, "expected a map such as {:process 0, :type :invoke, :f :read, :value nil}, not %s", brief(v.String()))
	}
	e = event{line: line, value: nothing}
	var process, kind, f Value
	for i := 0; i < len(v.items); i += 2 {
		name, item := v.items[i], v.items[i+1]
		if name.form != keyword {
			continue
		}
		switch name.text {
		case ":process":
			process = item
		case ":type":
			kind = item
		case ":f":
			f = item
		case ":value":
			e.value = item
		case ":error":
			e.err = item
		case ":key":
			e.key, e.keyed = item, true
		}
	}
	return r.named(e, process, kind, f)
}

// named fills in who did what, and complains about what is missing.
func (r *reader) named(e event, process, kind, f Value) (event, bool, error) {
	switch {
	case process.text == "" || process.none():
		return e, false, r.fail(e.line, ":process is missing")
	case process.form != integer:
		return e, false, nil
	case kind.text == "":
		return e, false, r.fail(e.line, ":type is missing")
	case f.text == "":
		return e, false, r.fail(e.line, ":f is missing")
	case kind.form != keyword || !types[kind.text]:
		return e, false, r.fail(e.line, "unknown :type %s; expected :invoke, :ok, :fail or :info", brief(kind.String()))
	case f.form != keyword:
		return e, false, r.fail(e.line, ":f must be a keyword such as :read, not %s", brief(f.String()))
	}
	e.process, e.kind, e.f = process.text, kind.text, f.text
	return e, true, nil
}

var types = map[string]bool{":invoke": true, ":ok": true, ":fail": true, ":info": true}

// logged tells the lines of a log that are events: what is logged by jepsen.util, or stands alone, as in history.txt,
// and begins with a process.
var logged = regexp.MustCompile(`^(?:.*?\bjepsen\.util\b:?(?:\s+-)?\s+)?(-?\d+|:[a-z]\S*)\s+(:?\S+)(.*)$`)

// log hands on the events of a log.
func (r *reader) log(take func(event) error) error {
	for at, number := 0, 1; at < len(r.text); number++ {
		r.line = number
		line, _, _ := strings.Cut(r.text[at:], "\n")
		at += len(line) + 1
		m := logged.FindStringSubmatch(strings.TrimRight(line, "\r \t"))
		if m == nil || !strings.HasPrefix(m[2], ":") && !strings.Contains(line, "jepsen.util") {
			continue
		}
		e, client, err := r.logLine(m[1], m[2], m[3], number)
		if err == nil && client {
			err = take(e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// logLine makes an event of the parts of a line.
func (r *reader) logLine(process, kind, rest string, number int) (e event, client bool, err error) {
	if strings.HasPrefix(process, ":") {
		return e, false, nil
	}
	l := &reader{text: process + " " + kind + rest, line: number, values: r.values}
	var parts [5]Value // process, type, function, value and error
	for i := range parts {
		v, ok, err := l.value()
		if err == nil && !ok && l.peek() != 0 {
			err = l.fail(number, "%c closes nothing", l.peek())
		}
		if err != nil && i < 4 {
			return e, false, err
		}
		if err != nil || !ok { // an error is written as it comes, and need not be EDN
			break
		}
		parts[i] = v
	}
	r.values = l.values
	e = event{line: number, value: parts[3], err: parts[4]}
	if e.value.text == "" && e.value.items == nil && e.value.form == symbol {
		return e, false, r.fail(number, "expected process, type, function and value, such as: 0 :invoke :read nil")
	}
	return r.named(e, parts[0], parts[1], parts[2])
}
