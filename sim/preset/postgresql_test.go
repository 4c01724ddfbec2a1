package preset_test

import (
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
	"netsplit/sim/preset"
)

// defaultsOf asserts the default of every knob of a preset but those that the playground adds, by its name.
func defaultsOf(t *testing.T, name string, documented map[string]string) {
	t.Helper()
	p, ok := preset.Named(name)
	if !ok {
		t.Fatalf("no preset %s", name)
	}
	for _, k := range p.Knobs {
		want, known := documented[k.Name]
		switch {
		case known && k.Default != want:
			t.Errorf("%s: %s is %q by default; documented is %q", name, k.Name, k.Default, want)
		case known == k.Assumed:
			t.Errorf("%s: %s: documented %v, assumed %v", name, k.Name, known, k.Assumed)
		}
		delete(documented, k.Name)
	}
	for knob := range documented {
		t.Errorf("%s has no knob %s", name, knob)
	}
}

// TestDefaultsOfPostgreSQL: as documented by PostgreSQL 17 and by Patroni 4.
func TestDefaultsOfPostgreSQL(t *testing.T) {
	defaultsOf(t, "postgresql", map[string]string{
		"synchronous_commit": "on", "synchronous_standby_names": "none", "num_sync": "1", "standby_name": "",
		"wal_sender_timeout": "60s", "wal_receiver_timeout": "60s", "wal_receiver_status_interval": "10s",
		"wal_writer_delay": "200ms", "hot_standby": "on", "recovery_min_apply_delay": "0s",
		"ttl": "30s", "loop_wait": "10s", "retry_timeout": "10s", "maximum_lag_on_failover": "1048576",
		"primary_race_backoff": "0s", "primary_start_timeout": "300s", "check_timeline": "false", "use_pg_rewind": "false",
		"synchronous_mode": "off", "synchronous_mode_strict": "false", "synchronous_node_count": "1",
		"failsafe_mode": "false", "watchdog": "automatic",
	})
}

// TestDefaultsOfMySQL: as documented by the reference manual of 8.4.
func TestDefaultsOfMySQL(t *testing.T) {
	defaultsOf(t, "mysql", map[string]string{
		"rpl_semi_sync_source_enabled": "OFF", "rpl_semi_sync_source_timeout": "10s",
		"rpl_semi_sync_source_wait_for_replica_count": "1", "rpl_semi_sync_source_wait_point": "AFTER_SYNC",
		"rpl_semi_sync_source_wait_no_replica": "ON", "net_write_timeout": "60s", "replica_net_timeout": "60s",
		"SOURCE_DELAY": "0s", "InstancePollSeconds": "5s",
	})
}

// TestPostgreSQLBecomes: what settings of PostgreSQL and Patroni are for the mode that runs.
func TestPostgreSQLBecomes(t *testing.T) {
	for _, c := range []struct{ lane, knob, want string }{
		{"", "commit", "flush"},
		{"synchronous_commit=remote_apply", "commit", "remote-apply"},
		{"synchronous_standby_names=ANY", "sync", "any"},
		{"", "repoint", "off"},
		{"failover=manual", "repoint", "on"},
		{"failover=manual", "failover", "none"},
		{"failover=manual", "watchdog", "off"},
		{"failover=patroni", "failover", "lease"},
		{"failover=patroni", "watchdog", "on"},
		{"failover=patroni ttl=6s loop_wait=1s retry_timeout=2s", "watchdog", "off"},
		{"failover=patroni", "rejoin", "read-only"},
		{"failover=patroni use_pg_rewind=true", "rejoin", "rewind"},
		{"failover=patroni synchronous_mode=on", "sync-mode", "on"},
		{"failover=patroni synchronous_mode=on synchronous_mode_strict=true", "sync-mode", "strict"},
		{"failover=patroni synchronous_mode=quorum synchronous_mode_strict=true", "sync-mode", "quorum-strict"},
		{"failover=patroni check_timeline=true", "check-timeline", "on"},
		{"failover=patroni dcs_placement=apart", "keeper", "apart"},
		{"target_session_attrs=any", "forward", "off"},
		{"target_session_attrs=any", "reads", "standby"},
		{"hot_standby=off", "hot-standby", "off"},
	} {
		if got := laneConfig(t, "postgresql "+c.lane).Words[c.knob]; got != c.want {
			t.Errorf("%q: %s is %q, not %q", c.lane, c.knob, got, c.want)
		}
	}
	cfg := laneConfig(t, "postgresql failover=patroni synchronous_mode=quorum synchronous_node_count=2")
	if cfg.Numbers["k"] != 2 || cfg.Numbers["max-lag"] != 1024 || cfg.Regions["lease-region"] != 1 || cfg.Numbers["sender-timeout"] != int64(60*sim.Second) {
		t.Errorf("got %v %v", cfg.Numbers, cfg.Regions)
	}
}

func laneConfig(t *testing.T, lane string) sim.Config {
	t.Helper()
	return begin(t, atlas+"lane a "+lane+"\n").Lanes()[0].Config()
}

// TestRefusedInOwnWords: what makes no sense is refused with the product's names.
func TestRefusedInOwnWords(t *testing.T) {
	for lane, want := range map[string]string{
		"postgresql synchronous_mode=on":                                                "synchronous_mode=on needs failover=patroni",
		"postgresql dcs=eu-west-1":                                                      "dcs= needs failover=patroni",
		"postgresql failover=patroni synchronous_mode_strict=true":                      "no meaning with synchronous_mode=off",
		"postgresql failover=patroni synchronous_mode=on synchronous_standby_names=ANY": "Patroni writes synchronous_standby_names itself",
		"postgresql failover=patroni loop_wait=20s":                                     "loop_wait=20s + 2 * retry_timeout=10s is more than ttl=30s",
		"postgresql synchronous_standby_names=FIRST num_sync=3":                         "num_sync=3 is more than the 2 standbys",
		"postgresql failover=patroni dcs=us-east-1 dcs_placement=apart":                 "the first machine of dcs= cannot be the primary too",
		"mysql rpl_semi_sync_source_wait_point=AFTER_COMMIT":                            "rpl_semi_sync_source_wait_point=AFTER_COMMIT has no meaning",
		"mysql fencing=on":                          "need failover=external",
		"mysql failover=external failover_after=2s": "failover_after= is not more than InstancePollSeconds=",
		"mysql rpl_semi_sync_source_enabled=ON rpl_semi_sync_source_wait_for_replica_count=3": "rpl_semi_sync_source_wait_for_replica_count=3 is more than",
	} {
		_, err := parseLane(lane)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, not %q", lane, err, want)
		}
	}
}

// TestLevelsOfPostgreSQL: each of the product's own levels is there, and what it waits for is the mode's.
func TestLevelsOfPostgreSQL(t *testing.T) {
	p, _ := preset.Named("postgresql")
	i := slices.IndexFunc(preset.Protocols(), func(q sim.Protocol) bool { return q.Name == "primary" })
	known := preset.Protocols()[i].Levels
	for _, l := range p.Levels {
		for _, as := range []string{l.ReadAs, l.WriteAs} {
			if as != "" && !slices.Contains(known, as) {
				t.Errorf("%s: the mode has no level %q", l.Name, as)
			}
		}
	}
	for _, name := range []string{"off", "local", "remote-write", "on", "remote-apply", "primary", "standby"} {
		if !slices.ContainsFunc(p.Levels, func(l preset.Level) bool { return l.Name == name }) {
			t.Errorf("no level %q", name)
		}
	}
}
