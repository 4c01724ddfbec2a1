package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"go.yaml.in/yaml/v3"
)

// compose is as much as we need of a compose file.
type compose struct {
	Services map[string]struct {
		Image       string
		User        string
		ReadOnly    bool              `yaml:"read_only"`
		Drop        []string          `yaml:"cap_drop"`
		Command     []string          //
		Environment map[string]string //
		Healthcheck struct{ Test []string }
		Grace       string `yaml:"stop_grace_period"`
	}
}

// manifest is as much as we need of an object of Kubernetes.
type manifest struct {
	Kind string
	Data map[string]string
	Spec struct {
		Replicas int
		Template struct {
			Spec struct {
				Grace    int `yaml:"terminationGracePeriodSeconds"`
				Security struct {
					NonRoot bool `yaml:"runAsNonRoot"`
				} `yaml:"securityContext"`
				Containers []struct {
					Image    string
					Pull     string `yaml:"imagePullPolicy"`
					Args     []string
					Env      []struct{ Name, Value string }
					Live     map[string]any `yaml:"livenessProbe"`
					Ready    map[string]any `yaml:"readinessProbe"`
					Security struct {
						ReadOnly bool `yaml:"readOnlyRootFilesystem"`
						Escalate bool `yaml:"allowPrivilegeEscalation"`
					} `yaml:"securityContext"`
				}
			}
		}
	}
}

// decode reads all documents of a file of deploy/.
func decode[T any](t *testing.T, name string) (list []T) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("deploy", name))
	if err != nil {
		t.Fatal(err)
	}
	for d := yaml.NewDecoder(bytes.NewReader(data)); ; {
		var one T
		if err := d.Decode(&one); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		list = append(list, one)
	}
}

// testServes holds that an instance that is told this by its environment starts: each variable is a flag's, and its value makes sense.
func testServes(t *testing.T, who string, environment map[string]string) {
	t.Helper()
	f := newServeFlags()
	known := map[string]bool{"NATS_PASSWORD": true}
	f.set.VisitAll(func(one *flag.Flag) {
		known[variable(one.Name)] = true
		t.Setenv(variable(one.Name), "")
	})
	for name, value := range environment {
		if !known[name] {
			t.Errorf("%s: %s is no flag's", who, name)
		}
		t.Setenv(name, strings.NewReplacer("${NATS_PASSWORD:?}", "secret", "$(NATS_PASSWORD)", "secret", "${NETSPLIT_HOST:-localhost}", "localhost").Replace(value))
	}
	if err := f.fromEnvironment(); err != nil {
		t.Fatalf("%s: %v", who, err)
	}
	if _, err := f.config(io.Discard); err != nil {
		t.Errorf("%s: %v", who, err)
	}
	if f.logReplicas != 3 || strings.Count(f.log, "nats://netsplit:secret@nats-") != 3 {
		t.Errorf("%s: the log is %q with %d replicas", who, f.log, f.logReplicas)
	}
}

// TestCompose: deploy/compose.yaml has three instances of each, that run as nobody, write nowhere, and are asked whether they are well.
func TestCompose(t *testing.T) {
	count := map[string]int{}
	for name, s := range decode[compose](t, "compose.yaml")[0].Services {
		kind, _, _ := strings.Cut(name, "-")
		count[kind]++
		root := strings.HasPrefix(s.User, "0:") || s.User == ""
		if !s.ReadOnly || !slices.Equal(s.Drop, []string{"ALL"}) || root != (name == "volumes") || (len(s.Healthcheck.Test) == 0) != (name == "volumes") {
			t.Errorf("%s: %+v", name, s)
		}
		if kind == "netsplit" {
			testServes(t, name, s.Environment)
			if s.Grace != "30s" { // what it may take to end
				t.Errorf("%s is killed after %q", name, s.Grace)
			}
		}
		if kind == "nats" && (s.Environment["NATS_NAME"] != name || !slices.Equal(s.Command, []string{"--config", "/etc/nats/nats.conf"})) {
			t.Errorf("%s: %+v", name, s)
		}
	}
	if text, err := os.ReadFile("deploy/compose.yaml"); err != nil || !bytes.Contains(text, []byte("trusted_proxies static private_ranges")) {
		t.Errorf("behind a proxy that ends TLS all visitors are one: %v", err)
	}
	if count["netsplit"] != 3 || count["nats"] != 3 {
		t.Errorf("there are %v", count)
	}
}

// TestKubernetes: deploy/kubernetes.yaml has the same.
func TestKubernetes(t *testing.T) {
	replicas := map[string]int{}
	for _, m := range decode[manifest](t, "kubernetes.yaml") {
		if m.Kind == "ConfigMap" {
			if conf, err := os.ReadFile("deploy/nats.conf"); err != nil || m.Data["nats.conf"] != string(conf) {
				t.Errorf("its nats.conf is not deploy/nats.conf: %v", err)
			}
		}
		for _, c := range m.Spec.Template.Spec.Containers {
			replicas[m.Kind] = m.Spec.Replicas
			if !m.Spec.Template.Spec.Security.NonRoot || !c.Security.ReadOnly || c.Security.Escalate || c.Live == nil || c.Ready == nil {
				t.Errorf("%s: %+v", c.Image, c)
			}
			if c.Image == "netsplit" {
				if grace := m.Spec.Template.Spec.Grace; c.Pull != "IfNotPresent" || grace <= 30 {
					t.Errorf("it is pulled %q, and killed after %d s", c.Pull, grace)
				}
				environment := map[string]string{}
				for _, v := range c.Env {
					environment[v.Name] = v.Value
				}
				testServes(t, "deployment", environment)
			}
		}
	}
	if replicas["Deployment"] != 3 || replicas["StatefulSet"] != 3 {
		t.Errorf("there are %v", replicas)
	}
}

// TestNATSConf: NATS's own parser takes deploy/nats.conf, and finds what the guarantees rest on.
func TestNATSConf(t *testing.T) {
	t.Setenv("NATS_NAME", "nats-0")
	t.Setenv("NATS_PASSWORD", "secret")
	o, err := natsserver.ProcessConfigFile("deploy/nats.conf")
	if err != nil {
		t.Fatal(err)
	}
	if !o.JetStream || !o.SyncAlways || o.StoreDir != "/data" || o.ServerName != "nats-0" || o.Port != 4222 || o.HTTPPort != 8222 || o.Username != "netsplit" || o.Password != "secret" ||
		o.Cluster.Name != "netsplit" || o.Cluster.Port != 6222 || len(o.Routes) != 3 || o.JetStreamMaxStore != 8<<30 {
		t.Errorf("%+v", o)
	}
}

// TestDockerfile: a new volume at /data, which README names, is its user's to write to.
func TestDockerfile(t *testing.T) {
	data, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for _, line := range []string{"RUN mkdir /data", "COPY --from=build --chown=65532:65532 /data /data", "USER 65532:65532"} {
		if !slices.Contains(lines, line) {
			t.Errorf("there is no line %q", line)
		}
	}
}
