package preset_test

import "testing"

// TestCassandraIsWarned: what has no effect, or loses what was acknowledged, is said in the product's words.
func TestCassandraIsWarned(t *testing.T) {
	for _, c := range []struct{ lane, rest, knob, text string }{
		{"range_request_timeout=9s", "", "range_request_timeout", "range_request_timeout has no effect"},
		{"commitlog_sync=batch commitlog_sync_period=1s", "", "commitlog_sync_period", "has no effect"},
		{"commitlog_sync_group_window=2s", "", "commitlog_sync_group_window", "has no effect"},
		{"read_repair=NONE additional_write_policy=NEVER", "", "additional_write_policy", "additional_write_policy has no effect"},
		{"cas_contention_timeout=1s", "", "cas_contention_timeout", "nobody compares and sets"},
		{"read_consistency=serial", "", "read_consistency", "there are none"},
		{"gc_grace_seconds=5", "at 2s partition us-east-1\n", "gc_grace_seconds", "may come back"},
		{"max_hint_window=5s", "at 2s partition us-east-1\n", "max_hint_window", "gets no new hints"},
		{"", "at 2s crash us-east-1/1\n", "commitlog_sync", "up to 10 s before it crashes (commitlog_sync=periodic)"},
		{"", "", "read_consistency", "R+W=2 is not more than N=3"},
	} {
		if _, warnings := play(t, atlas+"lane a cassandra "+c.lane+"\n"+c.rest); !find(warnings, c.knob, c.text) {
			t.Errorf("%s: no %q of %s among %q", c.lane, c.text, c.knob, warnings)
		}
	}
	const sound = "read_consistency=quorum write_consistency=quorum commitlog_sync=batch"
	if _, warnings := play(t, atlas+"lane a cassandra "+sound+"\nat 2s crash us-east-1/1\n"); len(warnings) != 0 {
		t.Errorf("%s: %q", sound, warnings)
	}
}
