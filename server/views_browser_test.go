package server

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// A view is one thing that the page can show: how to get there from the bare page, what is then true, and how to leave.
type view struct {
	name, open, ready, leave string
	part                     string // what of the page is new, for checks of that alone
}

const store = `netsplit.modules.store`

func click(selector string) string { return one(selector) + ".click()" }

// drawerView is a tab of the drawer.
func drawerView(name, ready string) view {
	return view{"the drawer, " + name, click("#tab-" + name), tab(name) + " && " + ready, store + ".openDrawer(false)", ".drawer"}
}

func menuView(kind, index string) view {
	return view{"the menu of a " + kind, fmt.Sprintf("%s.openMenu({kind: %q, lane: 0, index: %s, x: 300, y: 200})", store, kind, index),
		fmt.Sprintf(`document.activeElement.dataset.menu === %q`, kind), store + ".openMenu(null)", ".menu"}
}

// views are all that the page can show besides its bare self.
func views() []view {
	const closed = `document.querySelector("dialog[open]").close()`
	const pause = "(window.was = " + store + ".playing.value, window.was && " + `document.querySelector('[data-action="play"]').click())`
	drop := func(name, action, part string) view {
		at := one(`[data-action="` + action + `"]`)
		return view{name, at + ".focus(), " + at + ".click()", one(part+" .dropped") + " !== null", one(part+" .dropped") + " && " + at + ".click()", part}
	}
	return []view{
		{"the page", "0", "true", "0", "html"},
		drawerView("story", `document.querySelectorAll("#past li").length > 0`),
		drawerView("charts", `document.querySelectorAll(".chart canvas").length > 0`),
		drawerView("spacetime", `document.querySelector('[data-chart="space"]') !== null`),
		drawerView("inspect", `document.querySelector(".flights") !== null`),
		{"a node, inspected", store + ".inspect({lane: 0, node: 0})", `document.querySelectorAll(".subject .facts > div").length > 3`, store + ".openDrawer(false)", ".drawer"},
		{"by hand", "(" + pause + ", " + store + ".inspect({lane: 0}))", store + `.playing.value === false && document.querySelector(".flights") !== null`, "(window.was && " + click(`[data-action="play"]`) + ", " + store + ".openDrawer(false))", ".drawer"},
		drawerView("script", `document.querySelector('[data-action="script"]')?.value !== ""`),
		drawerView("luck", `document.querySelectorAll(".luck-part").length === 3`),
		{"chance", "(" + click("#tab-luck") + ", " + store + `.counted({kind: "luck", lane: "", what: "", seeds: 40, room: "", text: "", refused: "", result: ` + chances + `}))`, `document.querySelector(".chances") !== null`, store + ".openDrawer(false)", ".drawer"},
		{"why", click(`section.lane[data-lane="eventual"] button.verdict`), `document.querySelector("#why") !== null`, store + ".closeWhy()", "#why"},
		{"the legend", click(`[data-action="legend"]`), `document.querySelector("#legend") !== null`, store + ".openLegend(false)", "#legend"},
		{"the help", click(`[data-action="help"]`), `document.querySelector("dialog.help").open`, closed, "dialog[open]"},
		{"the keys", click(`[data-action="keys"]`), `document.querySelector("dialog.keys").open`, closed, "dialog[open]"},
		{"the databases", click(`[data-action="databases"]`), `(document.querySelectorAll('[data-database="PostgreSQL"] details').forEach(d => { d.open = true }), document.querySelector('dialog[open].databases [data-row="PG1"]') !== null)`, closed, "dialog[open]"},
		{"the form of a database", `netsplit.modules.actions.openSetup("")`, `(() => { const s = document.querySelector('[data-field="protocol"]'); if (s && s.value !== "postgresql") { s.value = "postgresql"; s.dispatchEvent(new Event("change", {bubbles: true})) }
			const open = document.querySelectorAll("dialog[open].setup .preset details"); open.forEach(d => { d.open = true }); return open.length === 3 })()`, closed, "dialog[open]"},
		{"the panel that shares", click(`[data-action="share"]`), `document.querySelector('dialog[open].share [data-action="link"]') !== null`, closed, "dialog[open]"},
		{"watching", watched("", false), `document.querySelector(".company-line .outs") !== null && ` + one(`[data-action="play"]`) + `.ariaDisabled === "true"`, alone, ".company"},
		{"a notice to whoever watches", "(" + watched("", false) + ", " + store + ".withhold())", `document.querySelector("[data-watching]") !== null`, alone, "#notices"},
		{"asking for control", "(" + watched("", false) + ", 0)", `(((b) => b && (b.focus(), b.click()))(document.querySelector('.company-line [data-action="audience"][aria-expanded="false"]')), document.querySelector('[data-action="ask-name"]') !== null)`, alone, ".company"},
		{"following", watched("host", false), `document.querySelector('.company-line[data-follows="1"]') !== null`, alone, ".company"},
		{"looking around", watched("host", true), `document.querySelector('[data-action="return"]') !== null`, alone, ".company"},
		{"who is here", peopled, "(" + peopled + `, ((b) => b && (b.focus(), b.click()))(document.querySelector('#here [data-action="audience"][aria-expanded="false"]')), document.querySelectorAll('[data-action="hand-over"]').length === 2)`, "(" + `document.querySelector('#here [data-action="audience"][aria-expanded="true"]')?.click()` + ", " + alone + ")", "#here"},
		{"a bad link", store + `.complain({lead: "This link cannot be opened:", reason: "it is damaged.", instead: true, bad: ["at=soon"], saved: "engine 2\n"})`, `document.querySelector("[data-link]") !== null`, store + ".complain(null)", "#notices"},
		{"the link to act", click(`[data-action="share"]`), `(document.querySelector('dialog[open].share [data-kind="control"]:not(:checked)')?.click(), document.querySelector('dialog[open].share [data-kind="control"]:checked') !== null && document.querySelector('[data-action="link"]').value.includes("#room="))`, closed, "dialog[open]"},
		drop("the menu of a lane", "lane-menu", ".lane-menu"),
		drop("the branches", "branches", ".kin"),
		drop("the export menu", "export", ".export"),
		{"the form of a lane", `netsplit.modules.actions.openSetup("strong")`, `document.querySelector('dialog[open].setup [data-field="name"]') !== null`, closed, "dialog[open]"},
		menuView("cable", "0"), menuView("node", "0"), menuView("client", "0"),
		{"a restarted run", store + `.restarted.value = {by: "edit", text: "Lane late is new.", until: 2000000, dropped: [{at: 1, line: 1, statement: "at 1s crash late", reason: "unknown node"}]}`, `document.querySelector("[data-restart]") !== null`, store + ".dismissRestart()", "#notices"},
		{"a refusal", store + `.toast("Not done: unknown region")`, `document.querySelector("[data-toast]") !== null`, store + ".toasts.value.forEach(t => " + store + ".dismiss(t.id))", "#notices"},
		drop("a lane's warnings", "warnings", ".warned"),
		{"a slowed room", "(window.was = " + store + ".clock.value, " + store + ".clock.value = {...was, slowed: true})", `document.querySelector('[data-remark="slowed"]') !== null`, store + ".clock.value = was", ".transport"},
		{"one lane", store + `.fill("strong")`, `document.querySelector('.lanes[data-fill="1"]') !== null`, store + `.fill("")`, ".lanes"},
	}
}

// watched has the page be one of twelve that watch, and follow a presenter, or look around.
func watched(presenter string, strayed bool) string {
	return fmt.Sprintf(`(%[1]s.hear({type: "audience", seq: 1, viewers: 12, guest: "me", right: "view", presenter: %[2]q, asks: [], hands: []}), %[1]s.strayed.value = %[3]t)`, store, presenter, strayed)
}

// peopled has the page be with others who ask for control or were handed it; alone has it be as it was.
const (
	peopled = store + `.hear({type: "audience", seq: 1, viewers: 12, guest: "me", right: "control", presenter: "", asks: [{guest: "a", name: "Ada"}, {guest: "b", name: ""}], hands: [{guest: "c", name: "Grace"}]})`
	alone   = "(" + store + `.hear({type: "audience", seq: 1, viewers: 1, guest: "me", right: "control", presenter: "", asks: [], hands: []}), ` + store + ".part(), " + store + ".toasts.value.forEach(t => " + store + ".dismiss(t.id)))"
)

// chances is a result that tells of 40 runs under other lucks.
const chances = `{type: "result", of: 1, run: 0, job: "luck", cut: "", end: 8e6, luck: {seed: 8, seeds: 40, done: 40, by_hand: 0, lanes: ["strong", "quorum", "eventual"].map((name, i) => ({name,
	broken: [{promise: "lost-write", count: 8 * i, of: 40, percent: 20 * i, low: 12 * i, high: 28 * i + 9, unknown: 1, seed: i ? 9 : null}],
	...Object.fromEntries(["answered", "stale_percent", "lost_writes", "lost_updates", "damage", "p50", "p99"].map((f) => [f, {mean: 30, p5: 10, p50: 30, p95: 60}]))}))}}`

// enter shows a view; with leave the page is bare again.
func (p *page) enter(v view) {
	p.t.Helper()
	p.eval("(" + v.open + ", 0)")
	p.wait(v.name, v.ready)
}

func (p *page) leave(v view) {
	p.t.Helper()
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[string]("String(("+v.leave+", 0))")); err != nil {
		p.t.Fatalf("%s cannot be left: %v\n%s", v.name, err, p.eval("document.body.innerText.slice(0, 3000)"))
	}
}

// split has everything from the start that views tell of: a lost write comes of the partition at its time.
const split = `engine 2
seed 7
regions us-east-1 eu-west-1 ap-south-1
lane strong raft leader=us-east-1 election=150ms
lane quorum quorum n=3 r=1 w=1
lane eventual gossip
workload bank rate=2/s staggered
at 0.3s cut us-east-1 > ap-south-1
at 6s partition eu-west-1
end 600s
`

// TestViewsAccessible: axe-core has nothing against any view, light and dark, before and during a partition. In its small
// form each view is checked once in English and light, once in German and dark, and only what it adds to the page.
func TestViewsAccessible(t *testing.T) {
	_, url := start(t)
	whole := os.Getenv("NETSPLIT_SOAK") != ""
	for i, look := range []struct{ lang, scheme string }{{"en", "light"}, {"de", "dark"}} {
		p := open(t, url+"/?lang="+look.lang+"#run="+sim.Pack(split), 1440, 900, look.scheme)
		p.faster("2")
		p.wait("answers", outcome("eventual", "us-east-1")+` === "ok"`)
		p.halt()
		for _, when := range []string{"before", "during"} {
			if when == "during" {
				p.eval(click(`button[data-action="partition"][data-region="eu-west-1"]`) + ", 0")
				p.wait("the partition", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1"`, region("strong", "eu-west-1")))
			}
			for n, v := range views() {
				if !whole && n > 0 && (n+i)%2 == 0 == (when == "before") {
					continue
				}
				p.enter(v)
				part := v.part
				if whole {
					part = "html"
				}
				p.axeSized(fmt.Sprintf("%s, %s, %s, %s", v.name, look.lang, look.scheme, when), part, part == v.part)
				p.leave(v)
			}
		}
		p.do(chromedp.EmulateViewport(390, 844))
		for n, v := range views() {
			if !whole && n%3 != i {
				continue
			}
			p.enter(v)
			p.wait(v.name+" to fit a telephone", "document.documentElement.scrollWidth <= 390")
			p.axe(fmt.Sprintf("%s, %s, %s, on a telephone", v.name, look.lang, look.scheme), v.part)
			p.leave(v)
		}
		p.quiet()
	}
}

// axe runs axe-core over a part of the page, or over all of it, with the sizes of targets.
func (p *page) axe(when, part string) {
	p.axeSized(when, part, true)
}

// axeSized may leave the sizes of targets out: what a menu lies over for a moment has none. No rule that is checked
// needs the style sheets that axe-core would fetch beforehand each time.
func (p *page) axeSized(when, part string, sizes bool) {
	p.t.Helper()
	if p.eval(`typeof axe === "undefined"`) == "true" && !p.loadAxe() {
		p.t.Skipf("axe-core is not installed (cd web && npm ci): %s not checked", when)
	}
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(`axe.run(document.querySelector(%q) ?? document, {resultTypes: ["violations"], preload: false, rules: {"target-size": {enabled: %t}}}).then(r => JSON.stringify(r.violations.map(v =>
		({id: v.id, help: v.help, nodes: v.nodes.slice(0, 4).map(n => n.html.slice(0, 200) + " " + n.failureSummary)}))))`, part, sizes), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatal(err)
	}
	if out != "[]" {
		p.t.Errorf("%s: axe-core found %s", when, out)
	}
}

// loadAxe puts axe-core into the page; it reports whether there is one.
func (p *page) loadAxe() bool {
	script, err := os.ReadFile("../web/node_modules/axe-core/axe.min.js")
	if err != nil {
		if os.Getenv("CI") == "true" {
			p.t.Fatal(err)
		}
		return false
	}
	if _, err := chromedp.Run(p.ctx, chromedp.Evaluate[any](string(script)+";null")); err != nil {
		p.t.Fatal(err)
	}
	return true
}

// tread remembers whatever gets the focus from now on, and what of it does not show so.
const tread = `(() => {
	window.walked = new Set(), window.unseen = [], window.stepped = new Set()
	window.looking?.abort()
	window.looking = new AbortController()
	const look = (at) => {
		if (walked.has(at)) return
		walked.add(at)
		const clear = (o) => o && o.outlineStyle !== "none" && parseFloat(o.outlineWidth) > 0
		const probe = document.body.appendChild(document.createElement("i"))
		probe.style.color = "var(--accent)"
		const accent = getComputedStyle(probe).color
		probe.remove()
		const around = [at, at.parentElement, at.closest(".editor")].filter(Boolean).map(e => getComputedStyle(e))
		const drawn = [at, at.querySelector(".hit")].filter(e => e instanceof SVGElement).some(e => getComputedStyle(e).stroke === accent)
		if (at.tabIndex >= 0 && !around.some(clear) && !drawn) unseen.push(at.outerHTML.slice(0, 160))
	}
	addEventListener("focusin", (e) => look(e.target), {signal: looking.signal})
	return 0
})()`

// step says "end" when the focus is where it has been at the end of a step before. Past the last of all the browser has
// it for a while, and may have it back on the first, and go on to the second, between two steps.
const step = `(() => {
	const at = document.activeElement
	if (at === document.body) return ""
	if (stepped.has(at)) return "end"
	stepped.add(at)
	return ""
})()`

// wanted lists what the Tab key should come by: all of a dialog, or of the page.
const wanted = `(() => {
	const shown = (e) => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0 && !e.matches(":disabled") && !e.closest("[inert]");
	const open = document.querySelector("dialog[open]") ?? document;
	return [...open.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
		.filter(e => e.tabIndex >= 0 && shown(e) && !(e.type === "radio" && !e.checked) && !e.closest("details:not([open]) > :not(summary)"));
})()`

const missed = `wanted.filter(e => !walked.has(e)).map(e => e.outerHTML.slice(0, 160)).join("\n")`

// TestTabReachesAll: in each view the Tab key reaches whatever can be used, each shows that it has the focus and has a
// name, and nothing keeps the focus.
func TestTabReachesAll(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	p.faster("2")
	p.wait("answers", outcome("eventual", "us-east-1")+` === "ok"`)
	p.halt()
	for _, v := range views() {
		p.enter(v)
		p.eval("(window.wanted = " + wanted + ", " + tread + ")")
		steps := 0
		for ; steps < 400; steps++ {
			p.tab()
			if p.eval(step) == "end" && steps > 0 {
				break
			}
		}
		if left := p.eval(missed); left != "" || steps < 2 || steps == 400 {
			t.Errorf("%s: after %d steps the Tab key has not reached:\n%s", v.name, steps, left)
		}
		if unseen := p.eval(`unseen.join("\n")`); unseen != "" {
			t.Errorf("%s: nothing shows that these have the focus:\n%s", v.name, unseen)
		}
		for _, n := range p.tree() {
			if n.focusable && n.name == "" && n.role != "RootWebArea" && n.role != "generic" {
				t.Errorf("%s: a %s that can have the focus has no name", v.name, n.role)
			}
		}
		p.leave(v)
	}
	p.quiet()
}

// tab presses the Tab key.
func (p *page) tab() {
	p.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{"keyDown", "keyUp"} {
		p.call(func(ctx context.Context, target *chromedp.Target) error {
			_, err := cdp.Call(ctx, target, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "Tab", Code: "Tab", WindowsVirtualKeyCode: 9, NativeVirtualKeyCode: 9})
			return err
		})
	}
}

func (p *page) call(f func(context.Context, *chromedp.Target) error) {
	p.t.Helper()
	p.do(chromedp.Func(f))
}

// A heard is a node of the accessibility tree: what somebody who does not see the page is told.
type heard struct {
	role, name, value string
	focusable         bool
	focused           bool
}

// tree returns what assistive technology is given, in order.
func (p *page) tree() []heard {
	p.t.Helper()
	var nodes []*accessibility.Node
	p.call(func(ctx context.Context, target *chromedp.Target) error {
		got, err := cdp.Call(ctx, target, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err == nil {
			nodes = got.Nodes
		}
		return err
	})
	var all []heard
	for _, n := range nodes {
		if n.Ignored {
			continue
		}
		h := heard{role: text(n.Role), name: text(n.Name), value: text(n.Value)}
		for _, q := range n.Properties {
			h.focusable = h.focusable || (q.Name == "focusable" && text(q.Value) == "true")
			h.focused = h.focused || (q.Name == "focused" && text(q.Value) == "true")
		}
		all = append(all, h)
	}
	return all
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	var s string
	if json.Unmarshal(v.Value, &s) == nil {
		return s
	}
	return strings.Trim(string(v.Value), `"`)
}

// TestTheme: the button goes from the system's theme to light, to dark and back; what is chosen is kept, and holds before
// anything is painted.
func TestTheme(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en", 1024, 768, "dark")
	is := func(want, name string) {
		t.Helper()
		p.wait(name, fmt.Sprintf(`%q === (document.documentElement.dataset.theme ?? "") + " " + (parseInt(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 128 ? "dark" : "light")`, want))
		if got := p.eval(one(`[data-action="theme"]`) + ".ariaLabel"); got != "Theme: "+name {
			t.Errorf("the button is called %q, want %q", got, name)
		}
	}
	is(" dark", "as the system")
	p.press(`[data-action="theme"]`)
	is("light light", "light")
	p.do(chromedp.Reload())
	p.wait("the page again", `document.body?.dataset.ready === "1"`)
	is("light light", "light")
	p.press(`[data-action="theme"]`)
	is("dark dark", "dark")
	p.press(`[data-action="theme"]`)
	is(" dark", "as the system")
	p.media("prefers-color-scheme", "light")
	is(" light", "as the system")
	p.quiet()
}

// media has the browser say something else of the system.
func (p *page) media(name, value string) {
	p.t.Helper()
	p.call(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: name, Value: value}}})
		return err
	})
}

// TestCalm: where motion is unwelcome a region is at once where it goes, nothing is animated, and messages do not fly.
func TestCalm(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=en#run="+sim.Pack(split), 1024, 768, "light")
	p.media("prefers-reduced-motion", "reduce")
	p.faster("0.2")
	p.eval(`(() => {
		const arc = CanvasRenderingContext2D.prototype, fill = arc.fill;
		window.filled = 0, window.stroked = 0;
		arc.fill = function (...a) { filled++; return fill.apply(this, a) };
		const stroke = arc.stroke;
		arc.stroke = function (...a) { stroked++; return stroke.apply(this, a) };
	})()`)
	p.wait("cables to pulse", "stroked > 20")
	if n := p.eval("filled"); n != "0" {
		t.Errorf("%s messages fly", n)
	}
	p.eval(`(() => {
		window.places = new Set();
		const look = () => (places.add(document.querySelector('g.region[data-region="eu-west-1"]').parentElement.getAttribute("transform")), requestAnimationFrame(look));
		look();
	})()`)
	p.do(chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent("\r"))
	p.wait("Europe to be away", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1" && places.size > 1`, region("strong", "eu-west-1")))
	if n := p.eval("places.size"); n != "2" {
		t.Errorf("Europe was in %s places, want there and here: %s", n, p.eval(`[...places].join("; ")`))
	}
	if n := p.eval(`document.getAnimations().length`); n != "0" {
		t.Errorf("%s animations run", n)
	}
	p.quiet()
}
