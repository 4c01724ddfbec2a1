package main_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// deterministic lists the packages in which nothing may depend on the machine, the hour or the scheduler.
var deterministic = []string{
	"netsplit/sim", "netsplit/sim/preset", "netsplit/sim/raft", "netsplit/sim/quorum", "netsplit/sim/gossip", "netsplit/sim/primary",
}

func TestSimIsDeterministic(t *testing.T) {
	needed := []string{"-export", "./sim/...", "time", "math", "math/rand", "math/rand/v2", "crypto/rand", "maps", "slices", "sync", "os"}
	packages := list(t, needed...)
	check := &determinism{fset: token.NewFileSet()}
	check.importer = importer.ForCompiler(check.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(packages[path].Export)
	})
	seen := 0
	for _, path := range deterministic {
		p, ok := packages[path]
		if !ok {
			continue
		}
		seen++
		var files []*ast.File
		for _, name := range p.GoFiles {
			files = append(files, parse(t, check.fset, filepath.Join(p.Dir, name), nil))
		}
		for _, complaint := range check.scan(t, path, files) {
			t.Error(complaint)
		}
	}
	if seen < 4 {
		t.Errorf("only %d packages of sim found", seen)
	}
	t.Run("finds", func(t *testing.T) { check.testItself(t) })
}

// unpredictable are the packages that deterministic ones must not import.
var unpredictable = []string{"crypto/rand", "sync", "sync/atomic", "os", "os/exec", "net", "net/http", "runtime", "syscall", "unsafe"}

// clockFunctions are the functions of package time that ask or wait for the machine's clock.
var clockFunctions = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// exactMath are the functions of package math whose results are exact, or correctly rounded, on every machine. The
// others may have assembly versions.
var exactMath = []string{"Abs", "Ceil", "Float64bits", "Float64frombits", "Floor", "Frexp", "Inf", "IsInf", "IsNaN", "Ldexp", "Sqrt", "Trunc"}

// unordered excuses a loop over a map. A reason must follow.
var unordered = regexp.MustCompile(`^// order does not matter: \S`)

type determinism struct {
	fset     *token.FileSet
	importer types.Importer
	info     *types.Info
	rounded  map[ast.Expr]bool // products inside a conversion, which forbids fusing them with a sum
	excused  map[int]bool      // lines of the present file that carry the excuse
	found    []string
}

// scan returns what makes the files of a package depend on the machine, the hour or the scheduler.
func (d *determinism) scan(t *testing.T, path string, files []*ast.File) []string {
	t.Helper()
	d.found = nil
	d.info = &types.Info{Uses: map[*ast.Ident]types.Object{}, Types: map[ast.Expr]types.TypeAndValue{}}
	cfg := types.Config{Importer: d.importer}
	if _, err := cfg.Check(path, d.fset, files, d.info); err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		d.rounded = map[ast.Expr]bool{}
		d.excused = map[int]bool{}
		for _, group := range f.Comments {
			for _, c := range group.List {
				if unordered.MatchString(c.Text) {
					d.excused[d.fset.Position(c.Pos()).Line] = true
				}
			}
		}
		ast.Inspect(f, d.visit)
	}
	return d.found
}

func (d *determinism) complain(n ast.Node, what string) {
	p := d.fset.Position(n.Pos())
	d.found = append(d.found, fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, what))
}

func (d *determinism) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ImportSpec:
		if path := strings.Trim(n.Path.Value, `"`); slices.Contains(unpredictable, path) {
			d.complain(n, "imports "+path)
		}
	case *ast.GoStmt:
		d.complain(n, "starts a goroutine")
	case *ast.ChanType, *ast.SendStmt, *ast.SelectStmt:
		d.complain(n, "uses a channel")
	case *ast.Ident:
		d.visitUse(n)
	case *ast.RangeStmt:
		_, isMap := d.info.TypeOf(n.X).Underlying().(*types.Map)
		if isMap && (n.Key != nil || n.Value != nil) && !d.excused[d.fset.Position(n.Pos()).Line] {
			d.complain(n, "loops over a map, in no order")
		}
	case *ast.BinaryExpr:
		if d.isFloat(n) && n.Op == token.MUL && !d.rounded[n] {
			d.complain(n, "multiplies floating-point numbers: the product may be fused with a sum, unless converted")
		}
	case *ast.AssignStmt:
		if n.Tok == token.MUL_ASSIGN && d.isFloat(n.Lhs[0]) && !isTwo(n.Rhs[0]) {
			d.complain(n, "multiplies floating-point numbers: the product may be fused with a sum, unless converted")
		}
	case *ast.CallExpr:
		if d.info.Types[n.Fun].IsType() {
			d.rounded[n.Args[0]] = true
		}
		// Sorting what maps.Keys yields gives it an order: go on with the arguments of the inner call alone.
		if outer := d.function(n.Fun); strings.HasPrefix(outer, "slices.Sorted") {
			for _, arg := range n.Args {
				if inner, ok := arg.(*ast.CallExpr); ok && strings.HasPrefix(d.function(inner.Fun), "maps.") {
					return false
				}
			}
		}
	}
	return true
}

// isFloat reports whether an expression is a floating-point number that is known at run time only.
func (d *determinism) isFloat(e ast.Expr) bool {
	tv := d.info.Types[e]
	b, ok := tv.Type.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsFloat != 0 && tv.Value == nil
}

// isTwo reports whether an expression is 2: doubling is exact, fused or not.
func isTwo(e ast.Expr) bool {
	lit, ok := e.(*ast.BasicLit)
	return ok && lit.Value == "2"
}

// function returns the package path and name of the function that an expression names, or "".
func (d *determinism) function(e ast.Expr) string {
	if s, ok := e.(*ast.SelectorExpr); ok {
		if f, ok := d.info.Uses[s.Sel].(*types.Func); ok && f.Pkg() != nil && f.Signature().Recv() == nil {
			return f.Pkg().Path() + "." + f.Name()
		}
	}
	return ""
}

func (d *determinism) visitUse(id *ast.Ident) {
	f, ok := d.info.Uses[id].(*types.Func)
	if !ok || f.Pkg() == nil || f.Signature().Recv() != nil {
		return
	}
	switch path := f.Pkg().Path(); {
	case path == "time" && slices.Contains(clockFunctions, f.Name()):
		d.complain(id, "asks the machine's clock: time."+f.Name())
	case (path == "math/rand" || path == "math/rand/v2") && !strings.HasPrefix(f.Name(), "New"):
		d.complain(id, "uses global randomness: rand."+f.Name())
	case path == "math" && !slices.Contains(exactMath, f.Name()):
		d.complain(id, "uses math."+f.Name()+", which may differ between machines")
	case path == "maps" && slices.Contains([]string{"Keys", "Values", "All"}, f.Name()):
		if !d.excused[d.fset.Position(id.Pos()).Line] {
			d.complain(id, "loops over a map, in no order: maps."+f.Name())
		}
	}
}

// testItself scans a small source whose lines say which of them are bad.
func (d *determinism) testItself(t *testing.T) {
	const source = `package bad
import (
	_ "crypto/rand" // bad
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	_ "sync" // bad
	clock "time"
)
type Set map[string]int
func f(m Set, r *rand.Rand, at clock.Time) int {
	_ = clock.Now() // bad
	now := clock.Now // bad
	_ = at.After(now())
	clock.Sleep(3 * clock.Second) // bad
	go clock.Parse("", "") // bad
	_ = r.IntN(3) + rand.New(rand.NewPCG(1, 2)).IntN(3)
	n := rand.IntN(3) // bad
	for k := range m { n += len(k) } // bad
	for _, v := range m { n += v } // order does not matter: a sum
	for _, v := range m { n += v } // order does not matter // bad
	for range m { n++ }
	for _, k := range slices.Sorted(maps.Keys(m)) { n += len(k) }
	for k := range maps.Keys(m) { n += len(k) } // bad
	for i := range 3 { n += i }
	var c chan int // bad
	c <- n // bad
	x := math.Floor(float64(n)) + math.Exp(1) // bad
	x = x*x + 1 // bad
	x *= x // bad
	x *= 2
	x = float64(x*x) + 2*3.5 + float64(n*n)
	return n + int(math.Sqrt(x))
}
`
	var want, got []int
	for i, line := range strings.Split(source, "\n") {
		if strings.HasSuffix(line, "// bad") {
			want = append(want, i+1)
		}
	}
	found := d.scan(t, "bad", []*ast.File{parse(t, d.fset, "bad.go", source)})
	for _, complaint := range found {
		var line int
		if _, err := fmt.Sscanf(complaint, "bad.go:%d:", &line); err != nil {
			t.Fatal(err)
		}
		got = append(got, line)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("complaints about lines %v, want %v: %q", got, want, found)
	}
}
