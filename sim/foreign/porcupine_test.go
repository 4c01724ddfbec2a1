package foreign

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// porcupineDir returns where the module cache has porcupine, with the histories that it ships.
func porcupineDir(t testing.TB) string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/anishathalye/porcupine").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// porcupineAnswers reads what porcupine's own tests expect of its histories.
func porcupineAnswers(t testing.TB, dir string) map[string]Answer {
	t.Helper()
	source, err := os.ReadFile(filepath.Join(dir, "porcupine_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]Answer{}
	for _, m := range regexp.MustCompile(`check(Jepsen|Kv)\(t, "?([^,"]+)"?, (true|false)`).FindAllStringSubmatch(string(source), -1) {
		file := "kv/" + m[2] + ".txt"
		if m[1] == "Jepsen" {
			file = fmt.Sprintf("jepsen/etcd_%03s.log", m[2])
		}
		answers[file] = map[string]Answer{"true": Yes, "false": No}[m[3]]
	}
	return answers
}

// TestPorcupineHistories: of every history that ships with porcupine we say what porcupine's tests expect of it. In one
// of them the cluster failed to start: it has no operation.
func TestPorcupineHistories(t *testing.T) {
	dir := porcupineDir(t)
	answers := porcupineAnswers(t, dir)
	files, err := filepath.Glob(filepath.Join(dir, "test_data", "*", "etcd_*.log"))
	if err != nil {
		t.Fatal(err)
	}
	texts, err := filepath.Glob(filepath.Join(dir, "test_data", "kv", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, texts...)
	if len(files) != len(answers)+1 || len(answers) < 108 {
		t.Errorf("%d histories, answers to %d", len(files), len(answers))
	}
	for _, file := range files {
		name := filepath.ToSlash(strings.TrimPrefix(file, filepath.Join(dir, "test_data")+string(filepath.Separator)))
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		h, err := Read(content)
		if want, ok := answers[name]; !ok {
			if name != "jepsen/etcd_095.log" || err == nil || !strings.Contains(err.Error(), "no operation found") {
				t.Errorf("%s: not expected; reading it says %v", name, err)
			}
			continue
		} else if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if v, err := Judge(h, "", DefaultSteps); err != nil || v.Answer != want {
			t.Errorf("%s: %+v, %v; want %s", name, v, err, want)
		} else if v.Answer == No {
			if !v.Violation.Minimal || v.Violation.Op == nil {
				t.Errorf("%s: %+v", name, v.Violation)
			}

		}
	}
}
