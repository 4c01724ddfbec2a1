package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/heapprofiler"
	"github.com/chromedp/cdproto/network"
	cdpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/performance"
	"github.com/chromedp/chromedp"

	"netsplit/sim"
	"netsplit/sim/study"
)

// crowded is what the page is measured with: three lanes of nine nodes, some 600 messages on their way at any time.
const crowded = `engine 2
title Six hundred messages
seed 5
regions us-east-1 us-west-2 sa-east-1 eu-west-1 eu-central-1 ap-southeast-1 ap-south-1 ap-northeast-1 ap-southeast-2
lane strong raft leader=eu-west-1
lane quorum quorum n=9 r=5 w=5
lane eventual gossip fan-out=2 interval=0.5s
workload bank rate=%s/s staggered
end 3600s
`

// aloft is how many messages are on their way while the page is measured.
const aloft = 600

// TestBenchWeb measures the page, and fails at nothing but what it cannot do: figures are for people to judge. Run by
// `make bench-web`; FOR says how long memory is watched.
func TestBenchWeb(t *testing.T) {
	if os.Getenv("NETSPLIT_BENCH") == "" {
		t.Skip("NETSPLIT_BENCH is not set")
	}
	span, err := time.ParseDuration(cmp.Or(os.Getenv("FOR"), "3m"))
	if err != nil {
		t.Fatal(err)
	}
	_, url := start(t)
	for _, part := range []struct {
		name string
		do   func() []study.Figure
	}{
		{"frames", func() []study.Figure { return benchFrames(t, url) }},
		{"hands", func() []study.Figure { return benchHands(t, url) }},
		{"load", func() []study.Figure { return benchLoad(t, url) }},
		{"lighthouse", func() []study.Figure { return benchLighthouse(t, url) }},
		{"memory", func() []study.Figure { return benchMemory(t, url, span) }},
	} {
		if only := os.Getenv("ONLY"); only != "" && only != part.name {
			continue
		}
		for _, f := range part.do() {
			fmt.Printf("%-52s %18s   %s\n", f.Name, f.Value, f.Against)
		}
	}
}

// benched opens a page without the deadline that tests have.
func benched(t *testing.T, url string) *page {
	t.Helper()
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findBrowser(t)), chromedp.NoSandbox,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), opts...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	p := &page{t: t, ctx: ctx}
	p.do(chromedp.EmulateViewport(1440, 900))
	call(p, performance.Enable, performance.EnableParams{})
	p.do(chromedp.Navigate(url))
	return p
}

// call sends a command to the browser.
func call[P, R any](p *page, command cdp.Command[P, R], params P) (result R) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) (err error) {
		result, err = cdp.Call(ctx, target, command, params)
		return err
	}))
	return result
}

func (p *page) ready() {
	p.t.Helper()
	p.wait("the first state", `document.body?.dataset.ready === "1"`)
}

func (p *page) number(expression string) float64 {
	p.t.Helper()
	n, err := strconv.ParseFloat(p.eval(expression), 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// flying counts the messages that the page has on their way.
const flying = `netsplit.modules.store.flights.reduce((n, air) => n + air.size, 0)`

// calibrate is a piece of script, for figures that do not depend on the machine: how long it takes, in milliseconds.
const calibrate = `(() => { const took = []; for (let n = 0; n < 40; n++) { const begun = performance.now(); let s = 0;
	const list = Array.from({length: 20000}, (_, i) => ({at: (i * 7919) % 20011, name: "n" + i}));
	list.sort((a, b) => a.at - b.at); for (const o of list) s += o.at * o.name.length; took.push(performance.now() - begun + s * 0) }
	took.sort((a, b) => a - b); return took[20] })()`

// benchFrames traces a minute of the crowded world.
func benchFrames(t *testing.T, url string) []study.Figure {
	p := benched(t, "about:blank")
	loop := p.number(calibrate)
	p.eval(`void (function f() { window.frames_ = (window.frames_ ?? 0) + 1; requestAnimationFrame(f) })()`)
	time.Sleep(5 * time.Second)
	empty := p.number("frames_") / 5
	p.do(chromedp.Navigate(url + "/#run=" + sim.Pack(fmt.Sprintf(crowded, "4"))))
	p.ready()
	p.wait("enough messages to be on their way", fmt.Sprintf("%s >= %d", flying, aloft))
	const span = time.Minute
	p.eval(`(() => { window.air_ = []; setInterval(() => air_.push(` + flying + `), 500) })()`)
	tr := record(p, func() { time.Sleep(span) })
	air := p.number(`air_.toSorted((a, b) => a - b)[air_.length >> 1]`)
	wall, cpu := tr.frames()
	long := tr.long(50)
	return []study.Figure{
		{Name: "messages on their way, median", Value: fmt.Sprintf("%.0f", air), Against: fmt.Sprintf("3 lanes x 9 nodes; about %d", aloft)},
		{Name: "frames a second", Value: fmt.Sprintf("%.1f", float64(len(wall))/span.Seconds()), Against: fmt.Sprintf("60; an empty page here: %.1f", empty)},
		{Name: "script per frame, median", Value: ms(quantile(cpu, 0.5)), Against: "at most 4 ms; with waiting for the processor " + ms(quantile(wall, 0.5))},
		{Name: "script per frame, p99", Value: ms(quantile(cpu, 0.99)), Against: "with waiting " + ms(quantile(wall, 0.99))},
		{Name: "script per frame beside the calibrating loop", Value: fmt.Sprintf("%.2f", quantile(cpu, 0.5)/loop), Against: fmt.Sprintf("20,000 objects made and sorted: %s here", ms(loop))},
		{Name: "main thread: script", Value: percent(tr.busy(scripts), span), Against: "of the span, in processor time"},
		{Name: "  style and layout", Value: percent(tr.busy(layouts), span), Against: "forced by script, and so within it: " + percent(tr.forced(), span)},
		{Name: "  paint, layers and commit", Value: percent(tr.busy(paints), span), Against: ""},
		{Name: "  garbage collection, within script", Value: percent(tr.busy(collections), span), Against: ""},
		{Name: "other threads: raster", Value: percent(tr.raster(), span), Against: "in software here"},
		{Name: "tasks over 50 ms in 60 s", Value: strconv.Itoa(len(long)), Against: "none; with waiting for the processor " + strconv.Itoa(tr.longWithWaiting(50)) + "; in ms: " + list("%.0f", long)},
	}
}

// hands are what visitors do, each by a script.
var hands = []struct{ name, act string }{
	{"a region dragged away and home", ""},
	{"opening charts", showing("charts")},
	{"opening space-time", showing("spacetime")},
	{"opening the inspector", showing("inspect")},
	{"opening the script", showing("script")},
	{"closing the drawer", `document.querySelector("[data-action=drawer]").click()`},
	{"going back in time", `document.querySelector("[data-action=seek]").focus(); netsplit.modules.actions.seek(1000000)`},
	{"going live again, by a full state", `netsplit.modules.actions.live()`},
	{"opening why", `document.querySelector("[data-action=why]").click()`},
}

func showing(name string) string {
	return fmt.Sprintf(`document.querySelector("[data-tab-of=%s]").click()`, name)
}

// benchHands looks for the longest task when visitors do something.
func benchHands(t *testing.T, url string) (figures []study.Figure) {
	p := benched(t, url+"/#run="+sim.Pack(fmt.Sprintf(crowded, "4")))
	p.ready()
	p.wait("enough messages to be on their way", fmt.Sprintf("%s >= %d", flying, aloft))
	for _, hand := range hands {
		tr := record(p, func() {
			if hand.act == "" {
				p.drag(region("quorum", "ap-south-1"), 0, 120)
				p.drag(region("quorum", "ap-south-1"), 0, -120)
			} else {
				p.eval("void (() => {" + hand.act + "})()")
			}
			time.Sleep(2 * time.Second)
		})
		longest := quantile(tr.long(0), 1)
		figures = append(figures, study.Figure{Name: "longest task, " + hand.name, Value: ms(longest), Against: "at most 50 ms"})
	}
	return figures
}

// benchLoad loads the page several times without a cache.
func benchLoad(t *testing.T, url string) []study.Figure {
	p := benched(t, "about:blank")
	call(p, network.Enable, network.EnableParams{})
	call(p, network.SetCacheDisabled, network.SetCacheDisabledParams{CacheDisabled: true})
	call(p, cdpage.AddScriptToEvaluateOnNewDocument, cdpage.AddScriptToEvaluateOnNewDocumentParams{Source: `new MutationObserver((_, o) => {
		if (document.body?.dataset.ready !== "1") return; o.disconnect(); requestAnimationFrame(() => performance.mark("picture")) }).observe(document, {subtree: true, childList: true, attributes: true})`})
	var first, picture []float64
	for range 7 {
		p.do(chromedp.Navigate(url))
		p.ready()
		first = append(first, p.number(`performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1`))
		picture = append(picture, p.number(`performance.getEntriesByName("picture")[0]?.startTime ?? -1`))
	}
	const entries = `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]`
	weight := p.number(entries + `.reduce((n, e) => n + e.encodedBodySize, 0)`)
	parts := p.eval(entries + `.map(e => new URL(e.name).pathname.split("/").pop() + " " + (e.encodedBodySize / 1000).toFixed(1)).join(", ")`)
	return []study.Figure{
		{Name: "page, as sent, before the drawer is opened", Value: fmt.Sprintf("%.1f kB", weight/1000), Against: "at most 120 kB: " + parts},
		{Name: "first contentful paint, median of 7", Value: ms(quantile(first, 0.5)), Against: ""},
		{Name: "first picture after navigation, median of 7", Value: ms(quantile(picture, 0.5)), Against: "at most 1 s; slowest " + ms(quantile(picture, 1))},
	}
}

// benchMemory watches a running lab, at real time.
func benchMemory(t *testing.T, url string, span time.Duration) []study.Figure {
	p := benched(t, url+"/#run="+sim.Pack(fmt.Sprintf(crowded, "1")))
	p.ready()
	p.pace("1")
	const samples = 10
	var heap, nodes []float64
	for i := range samples + 1 {
		if i > 0 {
			time.Sleep(span / samples)
		}
		h, n := p.memory()
		heap, nodes = append(heap, h/1e6), append(nodes, n)
	}
	half := samples / 2
	return []study.Figure{
		{Name: fmt.Sprintf("JS heap over %v, every %v", span, span/samples), Value: fmt.Sprintf("%.1f to %.1f MB", heap[0], heap[samples]), Against: "flat: " + list("%.1f", heap)},
		{Name: "  of that in the second half", Value: fmt.Sprintf("%+.2f MB", heap[samples]-heap[half]), Against: ""},
		{Name: "DOM nodes", Value: fmt.Sprintf("%.0f to %.0f", nodes[0], nodes[samples]), Against: "flat: " + list("%.0f", nodes)},
	}
}

// memory returns the bytes of script's heap and the number of DOM nodes, without garbage.
func (p *page) memory() (heap, nodes float64) {
	call(p, heapprofiler.CollectGarbage, cdp.Empty{})
	for _, m := range call(p, performance.GetMetrics, cdp.Empty{}).Metrics {
		switch m.Name {
		case "JSHeapUsedSize":
			heap = m.Value
		case "Nodes":
			nodes = m.Value
		}
	}
	return heap, nodes
}

// benchLighthouse has npx run Lighthouse 12 five times, or RUNS, as on a telephone and as on a desk; without npx it says so.
func benchLighthouse(t *testing.T, url string) (figures []study.Figure) {
	runs, err := strconv.Atoi(cmp.Or(os.Getenv("RUNS"), "5"))
	if err != nil {
		t.Fatal(err)
	}
	for _, as := range []struct{ name, preset string }{{"telephone", "perf"}, {"desk", "desktop"}} {
		var scores [2][]float64
		for range runs {
			args := []string{"--yes", "lighthouse@12", url, "--quiet", "--output=json", "--only-categories=performance,accessibility", "--chrome-flags=--headless=new --no-sandbox --disable-quic --disable-background-networking"}
			if as.preset == "desktop" {
				args = append(args, "--preset=desktop")
			}
			cmd := exec.Command("npx", args...)
			cmd.Env = append(os.Environ(), "CHROME_PATH="+findBrowser(t))
			out, err := cmd.Output()
			var report struct {
				Categories struct {
					Performance, Accessibility struct{ Score float64 }
				}
			}
			if err == nil {
				err = json.Unmarshal(out, &report)
			}
			if err != nil {
				return append(figures, study.Figure{Name: "Lighthouse 12", Value: "-", Against: "not run: " + err.Error()})
			}
			scores[0] = append(scores[0], report.Categories.Performance.Score*100)
			scores[1] = append(scores[1], report.Categories.Accessibility.Score*100)
		}
		for i, what := range []string{"performance", "accessibility"} {
			figures = append(figures, study.Figure{Name: "Lighthouse 12, " + as.name + ": " + what, Value: fmt.Sprintf("%.0f", quantile(scores[i], 0.5)), Against: "at least 98; median of: " + list("%.0f", scores[i])})
		}
	}
	return figures
}

func ms(x float64) string { return fmt.Sprintf("%.2f ms", x) }

func percent(busy float64, span time.Duration) string {
	return fmt.Sprintf("%.1f %%", 100*busy/float64(span.Milliseconds()))
}

func list(format string, of []float64) string {
	words := make([]string, len(of))
	for i, x := range of {
		words[i] = fmt.Sprintf(format, x)
	}
	return strings.Join(words, " ")
}

// quantile returns the value below which a share of the values lie; 0 of none.
func quantile(of []float64, share float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	return sorted[min(int(share*float64(len(sorted))), len(sorted)-1)]
}
