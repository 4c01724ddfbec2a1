package foreign

import (
	"fmt"
	"strings"
	"testing"
)

const call = "{:process 0, :type :invoke, :f :write, :value 1}\n"

// TestMalformed: what cannot be read, or judged, is refused with the line and the reason.
func TestMalformed(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"", "1: no operation found; expected EDN such as {:process 0, :type :invoke, :f :read, :value nil}, or a log of Jepsen's"},
		{"\nhello\n", "2: no operation found; expected EDN such as {:process 0, :type :invoke, :f :read, :value nil}, or a log of Jepsen's"},
		{"{:process :nemesis, :type :info, :f :start}", "1: no operation found; expected EDN such as {:process 0, :type :invoke, :f :read, :value nil}, or a log of Jepsen's"},
		{call + "\n{:process 0, :type :ok", "3: { is never closed"},
		{"[" + call, "1: [ is never closed"},
		{call + ")", "2: ) closes nothing"},
		{call + "{:process 0]", "2: expected }, which closes the { of line 2, not ]"},
		{call + "{:process 0, :type}", "2: a map with a key without a value: :type"},
		{call + "{:process 0, :process 1}", "2: :process twice in a map or a set"},
		{call + "{:process 0, :value #{1 2 1N}}", "2: 1 twice in a map or a set"},
		{call + "{:type :ok, :f :write}", "2: :process is missing"},
		{call + "{:process 0, :f :write}", "2: :type is missing"},
		{call + "{:process 0, :type :ok}", "2: :f is missing"},
		{call + "{:process 0, :type :maybe, :f :write}", "2: unknown :type :maybe; expected :invoke, :ok, :fail or :info"},
		{call + "{:process 0, :type :ok, :f \"write\"}", `2: :f must be a keyword such as :read, not "write"`},
		{call + "7", "2: expected a map such as {:process 0, :type :invoke, :f :read, :value nil}, not 7"},
		{call + "{:process 1, :type :ok, :f :write, :value 1}", "2: process 1 ends :write, but has called nothing"},
		{call + "{:process 0, :type :ok, :f :read, :value 1}", "2: process 0 ends :read, but has called :write in line 1"},
		{call + "{:process 0, :type :invoke, :f :read, :value nil}", "2: process 0 calls :read while its :write of line 1 is open"},
		{call + "{:process 0, :type :ok, :f :write, :value 2}", "2: :write ends with 2, but was called with 1"},
		{"{:process 0, :type :invoke, :f :get, :key 1}{:process 0, :type :ok, :f :get, :key 2}", "1: process 0 ends :get of :key 2, but has called that of 1 in line 1"},
		{"{:process 0, :type :invoke, :f :read, :value [1 nil]}\n{:process 0, :type :ok, :f :read, :value [2 5]}", "2: process 0 ends :read of key 2, but has called that of 1 in line 1"},
		{"{:process 0, :type :invoke, :f :read, :value [1 nil]}\n{:process 1, :type :invoke, :f :read, :value nil}", "1: :read must be called with nil, or, if every value is a pair of a key and a value, [key nil]; not with [1 nil]"},
		{call + "{:process 0, :value \xff}", "2: the text is not UTF-8"},
		{call + "{:process 0, :value \"abc\n}\n", "2: a text is never closed with \""},
		{call + `{:process 0, :value "a\q"}`, `2: unknown escape \q in a text`},
		{call + "{:process 0, :value 12x}", "2: 12x is no number"},
		{call + "{:process 0, :value 012}", "2: 012 is no number"},
		{call + "{:process 0, :value @x}", "2: @x is no EDN"},
		{call + "{:process 0, :value #}", "2: # is no tag"},
		{call + "{:process 0, :value #tag}", "2: #tag without a value"},
		{call + "#_", "2: #_ without a value"},
		{call + strings.Repeat("[", 99), "2: more than 64 collections within each other"},
		{call + "{:process 0 :value " + strings.Repeat("#_", 99), "2: more than 64 collections within each other"},
		{strings.Repeat(" ", MaxBytes+1), "1: the history is over 64 MiB"},
		{"{:process 0, :type :invoke, :f :dance}", "1: unknown :f :dance; expected those of a register (:read, :write and :cas), a kv (:get (or :read), :put (or :write), :append and :cas), a counter (:read and :add), a set (:read, :add and :remove) or a list (:read (or :r) and :append)"},
		{call + "{:process 1, :type :invoke, :f :add, :value 1}", "2: no kind of object has :add beside :write"},
		{"{:process 0, :type :invoke, :f :cas, :value 1}", "1: :cas needs a pair [from to], not 1"},
		{"{:process 0, :type :invoke, :f :put, :key 1, :value 1}", "1: a kv's :put needs a text, not 1"},
		{"{:process 0, :type :invoke, :f :get}\n{:process 0, :type :ok, :f :get, :value 7}", "2: a kv's :get needs a text, not 7"},
		{"{:process 0, :type :invoke, :f :append, :value 1}\n{:process 1, :type :invoke, :f :get}", "1: :append needs a text, not 1"},
		{"{:process 0, :type :invoke, :f :read}\n{:process 0, :type :ok, :f :read, :value #{1}}\n{:process 1, :type :invoke, :f :add, :value 1}\n" +
			"{:process 0, :type :invoke, :f :read}\n{:process 0, :type :ok, :f :read, :value 1}", "5: a set's :read must return a collection, not 1"},
		{"{:process 0, :type :invoke, :f :read}\n{:process 0, :type :ok, :f :read, :value 1}\n{:process 1, :type :invoke, :f :add, :value :x}\n",
			"3: a counter's :add needs a whole number of at most 1099511627776, not :x"},
		{"INFO  jepsen.util - 4	:invoke	:cas	[4 0\n", "1: [ is never closed"},
		{"out\nINFO  jepsen.util - 4	:invoke	:cas\n", "2: expected process, type, function and value, such as: 0 :invoke :read nil"},
		{"INFO  jepsen.util - 4	invoke	:read nil\n", "1: unknown :type invoke; expected :invoke, :ok, :fail or :info"},
		{"INFO  jepsen.util - 4	:invoke	:read nil\nINFO  jepsen.util - 5	:ok	:read 1\n", "2: process 5 ends :read, but has called nothing"},
	} {
		h, err := Read([]byte(c.source))
		if err == nil {
			_, err = Judge(h, "", DefaultSteps)
		}
		if err == nil || err.Error() != c.want {
			t.Errorf("%.90q: %v\nwant %s", c.source, err, c.want)
		}
	}
}

// TestTooMany: a history of more operations or values than there may be is refused at the line that is too much.
func TestTooMany(t *testing.T) {
	before := MaxOps - 1
	p := newPairing()
	p.ops, p.calls, p.ends = make([]Op, before), make([]event, before), make([]event, before)
	r := &reader{text: call + strings.ReplaceAll(call, "process 0", "process 1"), line: 1}
	if err := r.edn(p.take); err == nil || err.Error() != "2: more than 100000 operations" {
		t.Errorf("%v", err)
	}
	r = &reader{text: "[1 2\n3 4]", line: 1, values: MaxValues - 4} // with the vector, 5
	if _, _, err := r.value(); err == nil || err.Error() != "2: more than 4000000 values" {
		t.Errorf("%v", err)
	}
}

// TestForms: the same history in every form that is read.
func TestForms(t *testing.T) {
	event := func(p int, kind, f, value string) string {
		return fmt.Sprintf("{:process %d, :type %s, :f %s, :value %s, :time 12, :index 3, :error nil}", p, kind, f, value)
	}
	plain := []string{event(0, ":invoke", ":write", "3"), event(1, ":invoke", ":read", "nil"), event(0, ":info", ":write", "3"),
		"{:process :nemesis, :type :info, :f :start, :value {:a #{\\a \\newline}}}", event(1, ":ok", ":read", "3")}
	tagged := strings.ReplaceAll(strings.Join(plain, "\n"), "{:process", "#jepsen.history.Op{:process")
	log := "0\t:invoke\t:write\t3\n1\t:invoke\t:read\tnil\n0\t:info\t:write\t3\t:timed-out\n:nemesis\t:info\t:start\tnil\n1\t:ok\t:read\t3"
	for name, source := range map[string]string{
		"lines":     strings.Join(plain, "\n") + "\n",
		"on one":    strings.Join(plain, " "),
		"crlf":      "\ufeff" + strings.Join(plain, "\r\n"),
		"vector":    "; a history\n[" + strings.Join(plain, ",\n") + "\n #_ {:process 9} ]",
		"list":      "(" + strings.Join(plain, "") + ")",
		"tagged":    "[" + tagged + "]",
		"history":   log,
		"jepsen":    "INFO  jepsen.util - " + strings.ReplaceAll(log, "\n", "\nINFO  jepsen.util - "),
		"spaces":    strings.ReplaceAll("WARN noise {\nINFO  jepsen.util - "+strings.ReplaceAll(log, "\n", "\nINFO  jepsen.util - "), "\t", "   "),
		"newer":     "INFO [2021-02-24 16:56:58,997] jepsen worker 1 - jepsen.util " + strings.ReplaceAll(log, "\n", "\r\nINFO [2021-02-24 16:56:58,998] jepsen worker 1 - jepsen.util "),
		"colon":     "2017-03-06 14:21:56,123{GMT}\tINFO\t[jepsen worker 1] jepsen.util: " + strings.ReplaceAll(log, "\n", "\n2017-03-06 14:21:56,123{GMT}\tINFO\t[jepsen worker 1] jepsen.util: "),
		"exception": strings.ReplaceAll(log, ":timed-out", "java.net: [oops) \"x"),
	} {
		h, err := Read([]byte(source))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(h.Ops) != 2 || h.Ops[0].Outcome != Info || h.Ops[0].Arg.String() != "3" || h.Ops[1].Outcome != OK || h.Ops[1].Result.String() != "3" || h.Ops[1].Call != 2 || h.Ops[1].Return != 4 {
			t.Errorf("%s: %+v", name, h.Ops)
		}
		if h.Lined == (name == "on one" || name == "list") {
			t.Errorf("%s: events on lines of their own: %v", name, h.Lined)
		}
	}
}

// TestValues: EDN is read as what it is, and printed in one way.
func TestValues(t *testing.T) {
	for source, want := range map[string]string{
		"+7N": "7", "-0": "0", "-12": "-12", "1.50": "1.50", "1e9M": "1e9M", "1/2": "1/2", "##Inf": "##Inf",
		"nil": "nil", "true": "true", "a.b/c": "a.b/c", ":a/b": ":a/b", "-": "-", `\space`: `\space`, `\(`: `\(`, "#{b a}": "#{a b}", "(1, 2)": "[1 2]",
		`"a\"\\\né"`: `"a\"\\\né"`, `"\u00e9"`: `"é"`, "{:b 1 :a [nil]}": "{:a [nil], :b 1}", "#inst \"x\"": `#inst "x"`, "[1 #_ 2 #_ #_ 3 4 5 ; 6\n]": "[1 5]",
	} {
		r := &reader{text: source, line: 1}
		v, ok, err := r.value()
		if err != nil || !ok || v.String() != want || r.peek() != 0 {
			t.Errorf("%s: %s, %v, %v; want %s", source, v, ok, err, want)
		}
	}
}

// FuzzRead: nothing makes reading panic or hang; what is read can be judged, and a value reads as it prints.
func FuzzRead(f *testing.F) {
	f.Add([]byte(call + "[#jepsen.history.Op{:process 1, :type :invoke, :f :cas, :value [1 (2 \"x\\n\\u00e9\")], :error #{\\a 1.5 ##NaN}}]"))
	f.Add([]byte("INFO  jepsen.util - 4	:invoke	:add	4\nINFO  jepsen.util - 4	:info	:add	:timed-out\n0 :invoke :read nil\n0 :ok :read #{4}"))
	f.Add([]byte("#_ #_ {} {:process 0 :type :invoke :f :append :value [:k 1]} {:process 0 :type :ok :f :append :value [:k 1]} {:process 0 :type :invoke :f :r :value [:k nil]}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		h, err := Read(content)
		if err != nil {
			if e, ok := err.(*Error); !ok || e.Line < 1 || e.Line > 1+strings.Count(string(content), "\n") || e.Reason == "" {
				t.Errorf("%#v", err)
			}
			return
		}
		for _, m := range append(Models(), "") {
			v, err := Judge(h, m, 1000)
			if err == nil && v.Answer == No && (v.Violation.Op == nil || v.Violation.Text() == "") {
				t.Errorf("%+v", v.Violation)
			}
		}
		for _, op := range h.Ops {
			r := &reader{text: op.Arg.String(), line: 1}
			if v, ok, err := r.value(); err != nil || !ok || v.String() != op.Arg.String() {
				t.Errorf("%s reads as %s, %v, %v", op.Arg, v, ok, err)
			}
		}
	})
}
