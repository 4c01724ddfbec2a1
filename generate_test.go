package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

// generated are the files that `go generate` writes.
var generated = []string{"static/app.js", "static/app.de.js", "static/drawer.js", "static/drawer.de.js", "static/compare.js", "static/compare.de.js", "static/which.js", "static/which.de.js", "static/which.css", "static/embed.js", "static/embed_page.js", "static/embed_page.de.js", "static/embed.css", "static/app.css", "static/map.svg", "web/wire.ts", "templates/*_templ.go"}

// TestGeneratedFilesAreFresh generates everything anew in a copy, at another path and from nothing, and expects the
// same bytes. It needs the tools of tools.mod, from the module cache or the module proxy.
func TestGeneratedFilesAreFresh(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tools and the bundle")
	}
	dir := t.TempDir()
	copyTree(t, dir)
	before := treeOf(t, dir)
	for _, pattern := range generated {
		names, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) == 0 {
			t.Errorf("there is no %s", pattern)
		}
		for _, name := range names { // emptied rather than removed, since package static embeds some
			if filepath.Ext(name) == ".go" {
				err = os.Remove(name)
			} else {
				err = os.Truncate(name, 0)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	cmd := exec.Command("go", "generate", "./...")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go generate: %v\n%s", err, out)
	}
	after := slices.Concat(before, treeOf(t, dir))
	slices.Sort(after)
	for _, name := range slices.Compact(after) {
		here, _ := os.ReadFile(name) // what cannot be read differs from what can
		there, _ := os.ReadFile(filepath.Join(dir, name))
		if !bytes.Equal(here, there) {
			t.Errorf("%s is stale: run make generate", name)
		}
	}
}

// copyTree copies the project's files, but for git's and npm's.
func copyTree(t *testing.T, dir string) {
	t.Helper()
	for _, name := range treeOf(t, ".") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// treeOf returns the files under a folder, relative to it, but for git's and npm's.
func treeOf(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, e fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == ".git" || e.Name() == "node_modules"):
			return fs.SkipDir
		case e.Type().IsRegular():
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// TestToolsMatchModules checks that templ generates code for the templ that the product links.
func TestToolsMatchModules(t *testing.T) {
	version := regexp.MustCompile(`(?m)^(?:require)?\s*github\.com/a-h/templ (v\S+)`)
	var versions []string
	for _, name := range []string{"go.mod", "tools.mod"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		found := version.FindStringSubmatch(string(text))
		if found == nil {
			t.Fatalf("%s does not name templ", name)
		}
		versions = append(versions, found[1])
	}
	if versions[0] != versions[1] {
		t.Errorf("templ is %s in go.mod and %s in tools.mod", versions[0], versions[1])
	}
}
