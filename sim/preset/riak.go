package preset

import (
	"cmp"
	"fmt"
	"strconv"

	"netsplit/sim"
)

// Where Riak documents itself.
const (
	riakDocs       = "https://docs.riak.com/riak/kv/2.2.3/learn/concepts/eventual-consistency/"
	riakBucketType = "https://github.com/basho/riak_core/blob/develop-3.0/src/riak_core_bucket_type.erl"
	riakPut        = "https://github.com/basho/riak_kv/blob/develop-3.0/src/riak_kv_put_fsm.erl"
	riakKVSchema   = "https://github.com/basho/riak_kv/blob/develop-3.0/priv/riak_kv.schema"
	riakCoreSchema = "https://github.com/basho/riak_core/blob/develop-3.0/priv/riak_core.schema"
	riakTypes      = "https://docs.riak.com/riak/kv/2.2.3/developing/data-types/"
	erlangKernel   = "https://www.erlang.org/doc/apps/kernel/kernel_app.html"
)

// riak is a cluster of Riak KV, of one bucket.
var riak = Preset{
	Name: "riak", Product: "Riak KV", Version: "3.x", Of: "quorum", Streams: true,
	Configuration: "one cluster over all regions, one bucket of the default bucket type unless bucket_type=created",
	Source:        riakDocs,
	Fixed:         map[string]string{"coordinator": "replica", "read-repair": "async", "read-fan-out": "all", "detector": "timeout", "hinted-handoff": "off"},
	Knobs:         append(riakBucket, riakNode...),
	Translate:     riakTranslate,
	Check:         riakCheck,
	Says:          riakSays,
	Levels: []Level{
		{Name: "strong", Read: "r=quorum, pr=quorum", Write: "w=quorum, dw=quorum, pw=quorum", ReadAs: "primary-quorum", WriteAs: "primary-quorum",
			About: "Reads and writes meet at a primary; while a write is under way, or has failed half way, a read may find it and a later one not."},
		{Name: "eventual", Read: "r=one", Write: "w=one, dw=one", ReadAs: "one", WriteAs: "one",
			About: "The first partition that answers decides, and it may know nothing; others hear of it later."},
		{Name: "quorum", Read: "r=quorum", Write: "w=quorum, dw=quorum", ReadAs: "quorum", WriteAs: "quorum",
			About: "A majority of partitions, of which all may be stand-ins on one machine: reads may miss what was acknowledged."},
		{Name: "one", Read: "r=one", Write: "w=one, dw=one", ReadAs: "one", WriteAs: "one",
			About: "As eventual."},
		{Name: "all", Read: "r=all", Write: "w=all, dw=all", ReadAs: "all", WriteAs: "all",
			About: "All n_val partitions, stand-ins among them: one isolated node can be all of them."},
		{Name: "primary-one", Read: "r=one, pr=one", Write: "w=one, dw=one, pw=one", ReadAs: "primary-one", WriteAs: "primary-one",
			About: "One partition that owns the key; other owners may know better."},
		{Name: "primary-quorum", Read: "r=quorum, pr=quorum", Write: "w=quorum, dw=quorum, pw=quorum", ReadAs: "primary-quorum", WriteAs: "primary-quorum",
			About: "As strong."},
		{Name: "primary-all", Read: "r=all, pr=all", Write: "w=all, dw=all, pw=all", ReadAs: "primary-all", WriteAs: "primary-all",
			About: "All partitions that own the key: one that is away stops it, and concurrent writes conflict all the same."},
		{Name: "strict-quorum", Read: "r=quorum, sloppy_quorum=false", Write: "w=quorum, dw=quorum, sloppy_quorum=false", ReadAs: "strict-quorum", WriteAs: "strict-quorum",
			About: "A majority of the partitions that own the key, and nobody stands in; a write that fails half way stays where it came."},
	},
	Simplified: []Simplification{
		{Text: "Last-Modified is the clock of the node that coordinates, to the microsecond and never twice the same on one node; Riak may give it twice."},
		{Text: "Nodes find each other down as Erlang does: at once when a connection is closed, else after net_ticktime of silence, looked at every quarter of it; up again with the first message. The node watcher's own rounds are left out."},
		{Text: "Riak KV is maintained by its community: Basho closed in 2017, and what is modelled are the sources of 2023 with the documentation of 2.2.3."},
		{Text: "The ring has as many partitions as make neighbours different nodes; n_val is at most the number of nodes, and nobody joins or leaves."},
		{Text: "AAE compares hash trees that are always up to date with another node at random; Riak builds them once an hour, and repairs by reading."},
		{Text: "A map or a flag is a set of fields that are enabled or not (add and remove); a bucket of registers has the last write by the clock, as a register in a map. Under datatype= the bucket type counts as created."},
		{Text: "Tombstones are kept (delete_mode=keep), also where a deletion has found nothing."},
		{Text: "Hooks, search, multi-datacenter replication, riak_ensemble, handoff's limit of two at once, vnodes' overload and the request for heads before objects are left out."},
	},
}

// riakCounts are the words for a number of partitions.
var riakCounts = []string{"one", "quorum", "all", "1", "2", "3", "4", "5", "6", "7", "8", "9"}

// riakCount returns how many of n partitions a word stands for.
func riakCount(word string, n int64) int64 {
	switch word {
	case "one":
		return 1
	case "quorum":
		return n/2 + 1
	case "all":
		return n
	}
	count, _ := strconv.ParseInt(word, 10, 64)
	return count
}

// riakTranslate sets the counts, and what becomes of conflicts.
func riakTranslate(own, of sim.Config) {
	n := own.Numbers["n_val"]
	for _, name := range []string{"r", "w", "dw", "rw", "pr", "pw", "node_confirms"} {
		to := name
		if name == "node_confirms" {
			to = "node-confirms"
		}
		of.Numbers[to] = riakCount(own.Words[name], n)
	}
	of.Numbers["heartbeat"] = own.Numbers["net_ticktime"] / 4
	if own.Words["anti_entropy"] == "passive" {
		of.Numbers["anti-entropy"] = 0
	}
	of.Words["conflict"], of.Words["objects"] = riakConflicts(own)
}

// riakConflicts returns the mode's conflict= and objects=.
func riakConflicts(own sim.Config) (conflict, objects string) {
	switch own.Words["datatype"] {
	case "counter":
		return "counter", "plain"
	case "set", "map", "flag":
		return "or-set", "plain"
	case "register":
		return "lww-register", "plain"
	}
	created := own.Words["bucket_type"] == "created"
	is := func(knob string) bool {
		return own.Words[knob] == "true" || own.Words[knob] == "bucket_type" && created
	}
	switch {
	case own.Words["last_write_wins"] == "true":
		objects = "arrival"
	case is("allow_mult"):
		objects = "clock"
	default:
		objects = "clock-newest"
	}
	if objects != "arrival" && is("dvv_enabled") {
		objects = map[string]string{"clock": "dotted", "clock-newest": "dotted-newest"}[objects]
	}
	return "lww", objects
}

// riakCheck refuses what Riak refuses.
func riakCheck(own sim.Config) error {
	n := own.Numbers["n_val"]
	for _, name := range []string{"r", "w", "dw", "rw", "pr", "pw", "node_confirms"} {
		if riakCount(own.Words[name], n) > n {
			return fmt.Errorf("%s=%s: {n_val_violation,%d}", name, own.Words[name], n)
		}
	}
	for _, knob := range []string{"allow_mult", "dvv_enabled"} {
		if own.Words["last_write_wins"] == "true" && own.Words[knob] == "true" {
			return fmt.Errorf("last_write_wins=true and %s=true exclude each other", knob)
		}
	}
	if own.Words["datatype"] != "none" && (own.Words["allow_mult"] == "false" || own.Words["last_write_wins"] == "true") {
		return fmt.Errorf("datatype=%s needs allow_mult=true and last_write_wins=false", own.Words["datatype"])
	}
	return nil
}

// riakSays returns an error as Riak's protocol-buffers clients read it.
func riakSays(op sim.Op, r sim.Result) string {
	read := op.Kind == sim.Read || r.Stage == "look" // riak_kv_delete reads first
	unsatisfied := func(what string) string { return fmt.Sprintf("{%s_val_unsatisfied,%d,%d}", what, r.Need, r.Have) }
	either := func(r, w string) string {
		if read {
			return r
		}
		return w
	}
	switch r.Reason {
	case sim.ReasonPrimaries:
		return unsatisfied(either("pr", "pw"))
	case sim.ReasonDurable:
		return unsatisfied("dw")
	case sim.ReasonNodes:
		return unsatisfied("node_confirms")
	case sim.ReasonAnswers:
		return unsatisfied("r")
	case sim.ReasonTooFewLive:
		if r.Have == 0 && !read {
			return "all_nodes_down"
		}
		return fmt.Sprintf("{insufficient_vnodes,%d,need,%d}", r.Have, r.Need)
	case sim.ReasonTooMany:
		return "max_siblings"
	case sim.ReasonTimeout:
		return "timeout"
	}
	return cmp.Or(string(r.Reason), riakNothing(op, r))
}

// riakNothing is what a client reads that has found no value.
func riakNothing(op sim.Op, r sim.Result) string {
	if op.Kind == sim.Read && r.Outcome == sim.OK && (r.Absent || r.Found.Opening()) {
		return "notfound"
	}
	return ""
}
