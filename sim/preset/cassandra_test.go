package preset_test

import (
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
	"netsplit/sim/study"
)

// cassandraDefaults are the defaults that Cassandra 5.0 and its drivers document, every one.
var cassandraDefaults = map[string]string{
	"replication_factor": "3", "endpoint_snitch": "SimpleSnitch",
	"read_consistency": "local-one", "write_consistency": "local-one", "serial_consistency": "serial",
	"lightweight_transactions": "off", "paxos_variant": "v1", "timestamps": "client", "read_repair": "BLOCKING",
	"speculative_retry": "99p", "additional_write_policy": "99p", "gc_grace_seconds": "864000",
	"read_request_timeout": "5s", "write_request_timeout": "2s", "range_request_timeout": "10s", "cas_contention_timeout": "1.8s",
	"hinted_handoff_enabled": "true", "max_hint_window": "3h", "phi_convict_threshold": "8", "repair": "never",
	"commitlog_sync": "periodic", "commitlog_sync_period": "10s", "commitlog_sync_group_window": "1s",
}

// TestCassandraDefaults: every knob has the default that is documented, and becomes what it says.
func TestCassandraDefaults(t *testing.T) {
	p, _ := preset.Named("cassandra")
	for _, k := range p.Knobs {
		if want, ok := cassandraDefaults[k.Name]; !ok || k.Default != want {
			t.Errorf("%s=%s, documented %q", k.Name, k.Default, want)
		}
	}
	if len(p.Knobs) != len(cassandraDefaults) {
		t.Errorf("%d knobs, %d documented", len(p.Knobs), len(cassandraDefaults))
	}
	cfg := configOf(t, "regions a b c\nlink everywhere constant 1ms\nlane q cassandra\n")
	for knob, want := range map[string]sim.Time{"n": 3, "phi": 8, "heartbeat": sim.Second, "timeout": 2 * sim.Second, "read-timeout": 5 * sim.Second,
		"cas-timeout": 1800 * sim.Millisecond, "hint-window": 3 * sim.Hour, "grace": 240 * sim.Hour, "commit-every": 10 * sim.Second, "speculative-retry": 0} {
		if got := cfg.Numbers[knob]; got != int64(want) {
			t.Errorf("%s=%d, want %d", knob, got, want)
		}
	}
	for knob, want := range map[string]string{"detector": "phi", "read-fan-out": "r", "read-repair": "blocking", "hinted-handoff": "on", "cas": "reads", "clock": "client",
		"commit-log": "periodic", "speculative-retry": "99p", "repair-retry": "99p", "data-centres": "one", "read-level": "local-one", "write-level": "local-one", "conflict": "lww", "sloppy": "off", "late-answers": "ignore"} {
		if got := cfg.Words[knob]; got != want {
			t.Errorf("%s=%s, want %s", knob, got, want)
		}
	}
}

// configOf returns what the first lane of a scenario is for its mode.
func configOf(t *testing.T, text string) sim.Config {
	t.Helper()
	s, err := study.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	run, err := study.New(s)
	if err != nil {
		t.Fatal(err)
	}
	return run.Lanes()[0].Config()
}

// TestCassandraKnobs: words and times that are set reach the mode.
func TestCassandraKnobs(t *testing.T) {
	cfg := configOf(t, "regions a b\nreplicas 3 per region\nlink everywhere constant 1ms\nlane q cassandra endpoint_snitch=Ec2MultiRegionSnitch speculative_retry=50ms additional_write_policy=NEVER "+
		"max_hint_window=60s gc_grace_seconds=0 commitlog_sync=group lightweight_transactions=on timestamps=coordinator hinted_handoff_enabled=false read_repair=NONE\n")
	for knob, want := range map[string]sim.Time{"n": 6, "speculative-retry": 50 * sim.Millisecond, "hint-window": 60 * sim.Second, "grace": 1, "commit-every": sim.Second} {
		if got := cfg.Numbers[knob]; got != int64(want) {
			t.Errorf("%s=%d, want %d", knob, got, want)
		}
	}
	for knob, want := range map[string]string{"speculative-retry": "", "repair-retry": "off", "cas": "paxos", "clock": "coordinator", "hinted-handoff": "off", "read-repair": "none", "data-centres": "regions"} {
		if got := cfg.Words[knob]; got != want {
			t.Errorf("%s=%q, want %q", knob, got, want)
		}
	}
	for _, c := range []struct{ lane, says string }{
		{"lane q cassandra endpoint_snitch=Ec2MultiRegionSnitch\n", "replication_factor=3: the data centre of a/1 has 1 nodes"},
		{"lane q cassandra replication_factor=5\n", "replication_factor=5 is more than the 2 replicas"},
	} {
		if _, err := study.Parse("regions a b\nlink everywhere constant 1ms\n" + c.lane); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.lane, err, c.says)
		}
	}
}

// TestCassandraSays: errors are in the words of the native protocol.
func TestCassandraSays(t *testing.T) {
	p, _ := preset.Named("cassandra")
	timeout := func(have, need int, stage string) sim.Result {
		return sim.Result{Outcome: sim.Info, Reason: sim.ReasonTimeout, Have: have, Need: need, Stage: stage}
	}
	for _, c := range []struct {
		kind sim.OpKind
		r    sim.Result
		want string
	}{
		{sim.Write, sim.Result{Outcome: sim.OK}, ""},
		{sim.Write, sim.Result{Outcome: sim.Fail, Reason: sim.ReasonTooFewLive, Have: 1, Need: 2}, "Unavailable required=2 alive=1 (0x1000)"},
		{sim.Write, timeout(1, 2, ""), "Write_timeout received=1 blockfor=2 writeType=SIMPLE (0x1100)"},
		{sim.Delete, timeout(1, 2, ""), "Write_timeout received=1 blockfor=2 writeType=SIMPLE (0x1100)"},
		{sim.CompareAndSet, timeout(1, 2, ""), "Write_timeout received=1 blockfor=2 writeType=CAS (0x1100)"},
		{sim.CompareAndSet, timeout(0, 1, "commit"), "Write_timeout received=0 blockfor=1 writeType=SIMPLE (0x1100)"},
		{sim.Read, timeout(1, 2, "data"), "Read_timeout received=1 blockfor=2 data_present=true (0x1200)"},
		{sim.Read, timeout(1, 2, ""), "Read_timeout received=1 blockfor=2 data_present=false (0x1200)"},
		{sim.Read, timeout(0, 0, ""), "OperationTimedOut"},
		{sim.CompareAndSet, sim.Result{Outcome: sim.Info, Reason: sim.ReasonContended, Have: 1, Need: 2}, "CAS_WRITE_UNKNOWN received=1 blockfor=2 (0x1700)"},
	} {
		if got := p.Says(sim.Op{Kind: c.kind}, c.r); got != c.want {
			t.Errorf("%s %+v: %q, want %q", c.kind, c.r, got, c.want)
		}
	}
}
