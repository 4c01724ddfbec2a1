package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// mayImport is the import rule of ARCHITECTURE.md: what each package may import beside the standard library, tests
// aside. A package that is not here must not exist.
var mayImport = map[string][]string{
	"netsplit":             {"netsplit/server", "netsplit/sim/study", "netsplit/sim/foreign", "netsplit/sim"},
	"netsplit/server":      {"netsplit/sim/study", "netsplit/sim/preset", "netsplit/sim/check", "netsplit/sim", "netsplit/templates", "netsplit/static", "github.com/go-chi/chi/v5", "github.com/coder/websocket", "github.com/a-h/templ", "github.com/klauspost/compress", "golang.org/x/time/rate", "github.com/prometheus/client_golang", "github.com/nats-io/nats.go", "github.com/synadia-io/orbit.go/jetstreamext"},
	"netsplit/templates":   {"github.com/a-h/templ"},
	"netsplit/static":      {},
	"netsplit/web":         {"netsplit/static"},                                                                                                                // generators; nothing imports it
	"netsplit/sim/study":   {"netsplit/sim/preset", "netsplit/sim/shrink", "netsplit/sim/check", "netsplit/sim/foreign", "netsplit/sim", "go.etcd.io/raft/v3"}, // bench measures it bare, export writes histories
	"netsplit/sim/preset":  {"netsplit/sim/group", "netsplit/sim/raft", "netsplit/sim/quorum", "netsplit/sim/gossip", "netsplit/sim/primary", "netsplit/sim"},
	"netsplit/sim/check":   {"netsplit/sim", "github.com/anishathalye/porcupine", "github.com/HdrHistogram/hdrhistogram-go"},
	"netsplit/sim/shrink":  {},
	"netsplit/sim/foreign": {"netsplit/sim/shrink", "github.com/anishathalye/porcupine"},
	"netsplit/sim/raft":    {"netsplit/sim", "go.etcd.io/raft/v3", "google.golang.org/protobuf"},
	"netsplit/sim/group":   {"netsplit/sim/raft", "netsplit/sim"},
	"netsplit/sim/quorum":  {"netsplit/sim"},
	"netsplit/sim/gossip":  {"netsplit/sim"},
	"netsplit/sim/primary": {"netsplit/sim"},
	"netsplit/sim":         {},
}

// maxFunction is the number of lines that a function may have, from its name to its last brace.
const maxFunction = 70

// goPackage is as much as we need of what `go list -json` says of a package.
type goPackage struct {
	ImportPath, Dir, Export string
	Standard                bool
	GoFiles, Imports        []string
}

// list returns what `go list` says of packages and of all that they depend on.
func list(t *testing.T, args ...string) map[string]goPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-deps", "-json=ImportPath,Dir,Export,Standard,GoFiles,Imports"}, args...)...)
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, complaint.String())
	}
	packages := map[string]goPackage{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p
	}
}

func ours(path string) bool { return path == "netsplit" || strings.HasPrefix(path, "netsplit/") }

func TestImportsRunOneWay(t *testing.T) {
	packages := list(t, "./...")
	if _, ok := packages["netsplit/sim"]; !ok {
		t.Fatal("go list does not show netsplit/sim")
	}
	for _, complaint := range badImports(packages) {
		t.Error(complaint)
	}
	bad := map[string]goPackage{
		"netsplit/sim":      {ImportPath: "netsplit/sim", Imports: []string{"fmt", "netsplit/sim/raft", "example.org/x"}},
		"netsplit/internal": {ImportPath: "netsplit/internal"},
		"netsplit/server":   {ImportPath: "netsplit/server", Imports: []string{"netsplit/sim", "github.com/coder/websocket", "github.com/coder/websocketx"}},
		"fmt":               {ImportPath: "fmt", Standard: true},
	}
	if got := badImports(bad); len(got) != 4 {
		t.Errorf("of 4 bad imports the check finds %d: %q", len(got), got)
	}
}

func badImports(packages map[string]goPackage) (complaints []string) {
	for path, p := range packages {
		if !ours(path) {
			continue
		}
		allowed, ok := mayImport[path]
		if !ok {
			complaints = append(complaints, path+" has no place in the import rule")
		}
		for _, imported := range p.Imports {
			if packages[imported].Standard {
				continue
			}
			if !slices.ContainsFunc(allowed, func(a string) bool {
				return imported == a || !ours(a) && strings.HasPrefix(imported, a+"/")
			}) {
				complaints = append(complaints, path+" must not import "+imported)
			}
		}
	}
	slices.Sort(complaints)
	return complaints
}

func parse(t *testing.T, fset *token.FileSet, name string, source any) *ast.File {
	t.Helper()
	f, err := parser.ParseFile(fset, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestFunctionsFitAScreen(t *testing.T) {
	fset := token.NewFileSet()
	names := slices.DeleteFunc(treeOf(t, "."), func(name string) bool { return filepath.Ext(name) != ".go" })
	if !slices.Contains(names, "web/build.go") {
		t.Errorf("web/build.go is not among %q", names)
	}
	for _, name := range names {
		for _, complaint := range longFunctions(fset, parse(t, fset, name, nil)) {
			t.Error(complaint)
		}
	}
	body := func(lines int) string {
		return "package p\nfunc f() {\n" + strings.Repeat("\tf()\n", lines-2) + "}\n"
	}
	for lines, want := range map[int]int{maxFunction: 0, maxFunction + 1: 1} {
		if got := longFunctions(fset, parse(t, fset, "long.go", body(lines))); len(got) != want {
			t.Errorf("a function of %d lines: %q", lines, got)
		}
	}
}

func longFunctions(fset *token.FileSet, f *ast.File) (complaints []string) {
	if ast.IsGenerated(f) {
		return nil
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok {
			from, to := fset.Position(fn.Pos()), fset.Position(fn.End())
			if lines := to.Line - from.Line + 1; lines > maxFunction {
				complaints = append(complaints, fmt.Sprintf("%s: %s has %d lines, over %d", from, fn.Name.Name, lines, maxFunction))
			}
		}
	}
	return complaints
}

// forbidden are words that users never read: faults have their own verbs, and no configuration gets a letter.
var forbidden = regexp.MustCompile(`(?i:disconnect|\bkill the\b|network split)|\b(CP|AP|CA)\b`)

func TestWordsForUsers(t *testing.T) {
	for _, pattern := range []string{"templates/*.templ", "web/*words.ts", "web/tellings.ts", "server/scenarios/*.txt"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			t.Errorf("there is no %s", pattern)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(text), "\n") {
				if word := forbidden.FindString(line); word != "" {
					t.Errorf("%s:%d: users should not read %q", name, i+1, word)
				}
			}
		}
	}
	for text, bad := range map[string]bool{
		"Europe is Disconnected": true, "a Network split": true, "kill the leader": true, "this is an AP store": true, "CA:": true,
		"Netsplit: capture the map, cap it, skill them": false,
	} {
		if forbidden.MatchString(text) != bad {
			t.Errorf("%q: found %v, want %v", text, !bad, bad)
		}
	}
}
