package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// page is the playground in a real browser.
type page struct {
	t   *testing.T
	ctx context.Context

	mu   sync.Mutex
	said []string // warnings and errors of the page's console
}

// findBrowser returns a Chromium or Chrome. Without one the test is skipped, but fails where CI=true.
func findBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable",
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Chromium or Chrome found")
	}
	t.Skip("no Chromium or Chrome found")
	return ""
}

var (
	browsing  sync.Mutex
	chromium  context.Context // of the one browser that all tests share; each has a context of its own in it
	stopTests = func() {}     // ends that browser
)

func TestMain(m *testing.M) {
	if beNATS() {
		return
	}
	code := m.Run()
	stopTests()
	os.Exit(code)
}

// browserOf returns the browser that all tests share, and starts it for the first of them.
func browserOf(t *testing.T) context.Context {
	t.Helper()
	path := findBrowser(t)
	browsing.Lock()
	defer browsing.Unlock()
	if chromium != nil {
		return chromium
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true))
	allocator, end := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, stop := chromedp.NewContext(allocator)
	stopTests = func() { stop(); end() }
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	chromium = ctx
	return ctx
}

// open shows an address in a window of a size, light or dark, and waits until the first state is painted.
func open(t *testing.T, url string, width, height int64, scheme string) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browserOf(t), chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(width, height)) // makes the tab, without a deadline, which would end it
	p.ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	go p.listen(chromedp.Console(p.ctx))
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		return err
	}), chromedp.Navigate(url))
	p.wait("the first state", `document.body.dataset.ready === "1"`)
	return p
}

func (p *page) listen(messages func(func(chromedp.ConsoleMessage, error) bool)) {
	for m, err := range messages {
		if err != nil {
			return
		}
		if m.Type != "log" && m.Type != "debug" && m.Type != "info" {
			p.mu.Lock()
			p.said = append(p.said, fmt.Sprintf("%s: %s", m.Type, m.Text))
			p.mu.Unlock()
		}
	}
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) eval(expression string) string {
	p.t.Helper()
	got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
	if err != nil {
		p.t.Fatalf("%s: %v", expression, err)
	}
	return got
}

// wait waits for an expression to be true. While a page is being replaced by another, it may throw.
func (p *page) wait(what, expression string) {
	p.t.Helper()
	deadline := time.Now().Add(40 * time.Second)
	for {
		got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expression+")"))
		if got == "true" && err == nil {
			return
		}
		if p.ctx.Err() != nil {
			p.t.Fatalf("%s: %v", expression, err)
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("waited in vain for %s: %s", what, p.failing(expression))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// failing tells the parts of a condition that do not hold.
func (p *page) failing(expression string) string {
	p.t.Helper()
	var list []string
	for part := range strings.SplitSeq(expression, " && ") {
		if got, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+part+")")); err != nil || got != "true" {
			list = append(list, fmt.Sprintf("%s is %q", part, got))
		}
	}
	return fmt.Sprintf("%s: %s", expression, strings.Join(list, "; "))
}

// drag moves the mouse from the middle of an element, by steps, with the button down.
func (p *page) drag(selector string, dx, dy float64) {
	p.t.Helper()
	x, y := p.middle(selector)
	p.do(chromedp.MouseEvent("mouseMoved", x, y), chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
	const steps = 12
	for i := 1; i <= steps; i++ {
		p.do(chromedp.MouseEvent("mouseMoved", x+dx*float64(i)/steps, y+dy*float64(i)/steps, chromedp.Button("left")))
	}
	p.do(chromedp.MouseEvent("mouseReleased", x+dx, y+dy, chromedp.Button("left"), chromedp.ClickCount(1)))
}

// bring drags something to a place: a region that has been dragged to the stage's edge was held there, and stands nearer
// to its home than the hand had gone.
func (p *page) bring(selector string, x, y float64) {
	p.t.Helper()
	p.settled()
	fromX, fromY := p.middle(selector)
	p.drag(selector, x-fromX, y-fromY)
}

func (p *page) middle(selector string) (x, y float64) {
	p.t.Helper()
	at := p.eval(fmt.Sprintf(`(() => { const r = document.querySelector(%s).getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2].join(" ") })()`, strconv.Quote(selector)))
	if _, err := fmt.Sscan(at, &x, &y); err != nil {
		p.t.Fatalf("%s: %q: %v", selector, at, err)
	}
	return x, y
}

// quiet checks that the page has had nothing to complain of.
func (p *page) quiet() {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, line := range p.said {
		p.t.Errorf("console: %s", line)
	}
}

// accessible runs axe-core over the page.
func (p *page) accessible(when string) {
	p.t.Helper()
	axe, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("CI") == "true" {
			p.t.Fatal(err)
		}
		p.t.Logf("axe-core is not installed (cd web && npm ci): %s not checked", when)
		return
	}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[any](string(axe)+";null"))
		return err
	}))
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](`axe.run().then(r => JSON.stringify(r.violations.map(v =>
		({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 200) + " " + n.failureSummary)}))))`, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	var violations []any
	if err := json.Unmarshal([]byte(out), &violations); err != nil {
		p.t.Fatal(err)
	}
	if len(violations) > 0 {
		p.t.Errorf("%s: axe-core found %s", when, out)
	}
}

// lane returns an expression for a lane's element.
func lane(name string) string {
	return fmt.Sprintf(`document.querySelector('section.lane[data-lane="%s"]')`, name)
}

func region(lane, name string) string {
	return fmt.Sprintf(`section.lane[data-lane="%s"] g.region[data-region="%s"]`, lane, name)
}

func outcome(laneName, client string) string {
	return lane(laneName) + fmt.Sprintf(`.querySelector('[data-client="%s"]').dataset.outcome`, client)
}

// TestDragEuropeAway is the whole way once: a real drag tears Europe off in every lane; strong and quorum stop
// answering there, eventual goes on; the drag home heals, and the eventual lane loses a write and says which.
func TestDragEuropeAway(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1440, 900, "light")
	p.eval(`(() => { const s = document.querySelector('[data-action="speed"]'); s.value = "1"; s.dispatchEvent(new Event("change", {bubbles: true})) })()`)
	p.wait("answers everywhere", outcome("strong", "eu-west-1")+` === "ok"`)
	p.accessible("light, before")

	homeX, homeY := p.middle(region("quorum", "eu-west-1"))
	p.drag(region("quorum", "eu-west-1"), 0, -120)
	for _, name := range []string{"strong", "quorum", "eventual"} {
		p.wait(name+" to be parted", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1"`, region(name, "eu-west-1")))
	}
	p.wait("strong not to answer in Europe", `["info", "fail"].includes(`+outcome("strong", "eu-west-1")+`)`)
	p.wait("quorum to refuse in Europe", outcome("quorum", "eu-west-1")+` === "fail"`)
	p.wait("eventual to answer in Europe", outcome("eventual", "eu-west-1")+` === "ok"`)
	p.wait("eventual's replicas to differ", fmt.Sprintf(`new Set([...%s.querySelectorAll("[data-node]")].map(n => n.dataset.value)).size > 1`, lane("eventual")))
	p.accessible("light, during")

	p.bring(region("quorum", "eu-west-1"), homeX, homeY)
	p.wait("Europe to be home", fmt.Sprintf(`document.querySelector('%s').dataset.away === "0"`, region("strong", "eu-west-1")))
	p.wait("the eventual lane to lose a write", `Number(`+lane("eventual")+`.dataset.lost) > 0`)
	p.wait("the page to say which", `/gone/.test(document.querySelector("[data-story]").textContent)`)
	p.wait("strong to lose nothing and stay right", lane("strong")+`.dataset.lost === "0" && `+lane("strong")+`.dataset.linearizable === "yes"`)
	p.accessible("light, after")
	p.quiet()
}

// crowd has several replicas and clients in each region, and a cable that is cut in one lane only.
const crowd = `engine 2
seed 7
regions us-east-1 eu-west-1 ap-south-1
replicas 3 per region
clients 2 per region
lane strong raft leader=us-east-1
lane quorum quorum n=3 r=2 w=2
lane eventual gossip
workload bank rate=1/s staggered
at 0.2s lane eventual cut us-east-1 ap-south-1
at 0.3s reseed 12
end 20s
`

// TestCrowd opens a link to a run of three replicas and two clients a region, and drags one away and home.
func TestCrowd(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(crowd), 1024, 768, "dark")
	p.eval(`(() => { const s = document.querySelector('[data-action="speed"]'); s.value = "1"; s.dispatchEvent(new Event("change", {bubbles: true})) })()`)
	for _, name := range []string{"strong", "quorum", "eventual"} {
		p.wait("nine nodes", lane(name)+`.querySelectorAll("[data-node]").length === 9`)
		p.wait("three regions", lane(name)+`.querySelectorAll("g.region").length === 3`)
		p.wait("both clients of a region to speak", fmt.Sprintf(`((window.heard ??= {})[%[1]q] ??= new Set()).add(%[2]s.querySelector('[data-client="eu-west-1"]').dataset.who).size === 2`, name, lane(name)))
	}
	torn := func(name string) string { return lane(name) + `.querySelectorAll('.cable[data-cut="1"]').length` }
	p.wait("a cable to be cut in one lane only", torn("eventual")+" === 1 && "+torn("strong")+" === 0")
	p.wait("one leader", lane("strong")+`.querySelectorAll('[data-crown="solid"]').length === 1`)
	p.wait("six nodes to keep no copies", lane("quorum")+`.querySelectorAll('[data-holds="0"]').length === 6`)
	p.wait("a region to tell its values", fmt.Sprintf(`/3 replicas; 1: .*2: .*3: /.test(document.querySelector('%s').getAttribute("aria-label"))`, region("strong", "eu-west-1")))
	p.accessible("several replicas, before")

	homeX, homeY := p.middle(region("strong", "eu-west-1"))
	p.drag(region("strong", "eu-west-1"), 0, -60)
	p.drag(region("strong", "eu-west-1"), 60, 0)
	p.wait("Europe to be away", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1"`, region("eventual", "eu-west-1")))
	p.wait("all but one cable to be cut", torn("strong")+" === 2 && "+torn("eventual")+" === 3")
	p.accessible("several replicas, during")
	p.bring(region("strong", "eu-west-1"), homeX, homeY)
	p.wait("Europe to be home", fmt.Sprintf(`document.querySelector('%s').dataset.away === "0"`, region("eventual", "eu-west-1")))
	p.wait("the cables to be whole but for one", torn("strong")+" === 0 && "+torn("eventual")+" === 1")
	p.quiet()
}

// TestKeyboardAndClient does the same way by keyboard and buttons, on a telephone, in the dark, and is a client.
func TestKeyboardAndClient(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=leader-isolated", 390, 844, "dark")
	playing := func(want bool) {
		p.wait(fmt.Sprintf("playing %v", want), fmt.Sprintf(`document.querySelector('[data-action="play"]').getAttribute("aria-pressed") === "%v"`, want))
	}
	playing(true)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	playing(false)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="step"]`)), chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	playing(true)
	p.do(chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent("\r"))
	p.wait("Europe to be away", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1"`, region("strong", "eu-west-1")))
	p.accessible("dark, on a telephone")
	p.do(chromedp.Click(chromedp.CSS(`button[data-action="heal"]`)))
	p.wait("Europe to be home", fmt.Sprintf(`document.querySelector('%s').dataset.away === "0"`, region("strong", "eu-west-1")))
	p.do(chromedp.Click(chromedp.CSS(`[data-action="write"]`)))
	p.wait("the visitor's write to be answered", `[...document.querySelectorAll("[data-client]")].some(c => c.dataset.outcome === "ok")`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="read"]`)))
	p.quiet()
}

// TestReloadResumes: a reload of the page comes back to the same room, and to what steps were chosen to go to.
func TestReloadResumes(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "light")
	room := p.eval("location.hash")
	if !strings.HasPrefix(room, "#room=") {
		t.Fatalf("hash %q", room)
	}
	p.eval(`netsplit.modules.store.stepBy("election")`)
	p.do(chromedp.Reload())
	p.wait("the state", `document.body.dataset.ready === "1"`)
	if again := p.eval("location.hash"); again != room {
		t.Errorf("before %s, after %s", room, again)
	}
	p.wait("steps to go where they went", `netsplit.modules.store.goal.value === "election" && document.querySelector(".goal").textContent === "election"`)
	p.accessible("light, at 1024")
	p.quiet()
}

// TestTypeScript bundles web/tests.ts, the tests of the page's pure parts, and runs them in the browser.
func TestTypeScript(t *testing.T) {
	bundle := filepath.Join(t.TempDir(), "tests.js")
	build := exec.Command("go", "run", "-modfile=tools.mod", "web/build.go", "web/tests.ts", bundle)
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	script, err := os.ReadFile(bundle)
	if err != nil {
		t.Fatal(err)
	}
	_, url := start(t)
	p := open(t, url, 800, 600, "light")
	p.eval("(() => { document.title = 'running' })()")
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any]("(() => {"+string(script)+"})(); null")); err != nil {
		t.Fatal(err)
	}
	p.wait("the tests' end", `document.title !== "running"`)
	p.mu.Lock()
	defer p.mu.Unlock()
	if title := p.eval("document.title"); title != "ok" {
		t.Errorf("%s: %s", title, strings.Join(p.said, "\n"))
	}
}
