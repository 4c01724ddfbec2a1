package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// press clicks what a selector finds.
func (p *page) press(selectors ...string) {
	p.t.Helper()
	for _, s := range selectors {
		p.wait(s, one(s)+" !== null")
		p.do(chromedp.Click(chromedp.CSS(s)))
	}
}

// fill puts a value into a field, as a visitor would.
func (p *page) fill(selector, value string) {
	p.t.Helper()
	p.wait(selector, one(selector)+" !== null")
	p.eval(fmt.Sprintf(`(() => { const f = %s; f.value = %q; for (const e of ["input", "change"]) f.dispatchEvent(new Event(e, {bubbles: true})) })()`, one(selector), value))
}

// inLane is a selector for something in a lane's section.
func inLane(name, selector string) string {
	return fmt.Sprintf(`section.lane[data-lane=%q] %s`, name, selector)
}

const order = `[...document.querySelectorAll("section.lane")].map(l => l.dataset.lane).join(" ")`

// TestLanesChange: a lane is added, set, moved, renamed and removed while the run goes on; each time the run begins
// anew and says so; what its knobs contradict is told.
func TestLanesChange(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	restarted := func(what string) {
		t.Helper()
		p.wait("the notice that "+what, fmt.Sprintf(`%s?.textContent.includes(%q)`, one("[data-restart]"), what))
	}
	p.press(inLane("strong", `[data-action="lane-menu"]`))
	p.accessible("a lane's menu, light")
	p.press(inLane("strong", `[data-action="add-lane"]`))
	p.wait("a protocol that no lane runs", one(`[data-field="protocol"]`)+`?.value === "primary"`)
	p.accessible("the form, light")
	p.press(`.setup summary`)
	p.accessible("the whole form, light")
	p.fill(`[data-field="name"]`, "quorum")
	p.press(`[data-action="apply-setup"]`)
	p.wait("the reason of the refusal in the form", one(`.setup .refusal`)+`.textContent.includes("quorum")`)
	p.fill(`[data-field="name"]`, "late")
	p.press(`[data-action="apply-setup"]`)
	restarted("Lane late is new")
	p.wait("four lanes", order+` === "strong quorum eventual late"`)
	p.wait("the form to be closed", `!document.querySelector("dialog[open]")`)

	p.press(inLane("late", `[data-action="lane-menu"]`), inLane("late", `[data-action="set-lane"]`))
	p.fill(`[data-field="protocol"]`, "raft")
	p.fill(`[data-knob="election"] input`, "0.15")
	p.press(`[data-action="apply-setup"]`)
	restarted("Lane late is set anew")
	p.wait("a warning", one(inLane("late", `[data-action="warnings"]`))+` !== null`)
	p.press(inLane("late", `[data-action="warnings"]`))
	p.wait("its text", `/election timeout/.test(`+one(inLane("late", ".warned .dropped"))+`.textContent)`)
	p.accessible("four lanes and a warning, light")
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("the list to be closed", one(".dropped")+` === null`)

	p.press(inLane("late", `[data-action="lane-menu"]`), inLane("late", `[data-action="move-left"]`))
	p.wait("another order", order+` === "strong quorum late eventual"`)
	p.wait("each stage to be there once", `[...document.querySelectorAll(".stage")].every(s => s.querySelectorAll("canvas").length === 1 && s.querySelectorAll("[data-node]").length === 3)`)
	p.press(inLane("late", `[data-action="lane-menu"]`), inLane("late", `[data-action="remove-lane"]`))
	restarted("Lane late is gone")
	p.wait("three lanes", order+` === "strong quorum eventual"`)
	p.quiet()
}

// TestLaneFills: f has a lane fill the stage, Escape shows them all again; a finger's swipe leads to the next lane.
func TestLaneFills(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "dark")
	p.do(chromedp.Focus(chromedp.CSS(region("quorum", "eu-west-1"))), chromedp.KeyEvent("f"))
	p.wait("quorum alone", lane("quorum")+`.clientWidth > 900 && `+lane("strong")+`.clientWidth === 0`)
	p.accessible("one lane, dark")
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("all lanes", lane("strong")+`.clientWidth > 200`)
	p.press(inLane("strong", `[data-action="lane-menu"]`))
	p.accessible("a lane's menu, dark")
	p.press(inLane("strong", `[data-action="fill"]`))
	p.wait("strong alone", lane("strong")+`.clientWidth > 900`)
	p.do(chromedp.KeyEvent("f"))
	p.press(inLane("eventual", `[data-action="lane-menu"]`), inLane("eventual", `[data-action="set-lane"]`))
	p.wait("the form", one(".setup .knob")+` !== null`)
	p.accessible("the form, dark")
	p.do(chromedp.KeyEvent("\x1b"), chromedp.EmulateViewport(390, 844))
	p.wait("tabs", `document.querySelector(".tabs").clientWidth > 0`)
	swipe := func(dx int) {
		t.Helper()
		p.eval(fmt.Sprintf(`(() => { const h = [...document.querySelectorAll(".head")].find(h => h.clientWidth > 0);
			const at = (type, x) => h.dispatchEvent(new PointerEvent(type, {bubbles: true, pointerId: 7, pointerType: "touch", clientX: x, clientY: 120}));
			at("pointerdown", 200); at("pointerup", 200 + %d) })()`, dx))
	}
	swipe(-90)
	p.wait("the next lane", lane("quorum")+`.dataset.shown === "1"`)
	swipe(90)
	swipe(90)
	p.wait("the first lane, and no further", lane("strong")+`.dataset.shown === "1"`)
	p.quiet()
}

// TestLargeText: with text twice as large, and where a large screen is enlarged until 320 pixels are left, no view is wider
// than the page or cuts a text off.
func TestLargeText(t *testing.T) {
	_, url := start(t)
	for _, look := range []struct {
		lang, size string
		width      int64
	}{{"en", "200%", 390}, {"de", "200%", 390}, {"en", "100%", 320}, {"de", "200%", 1440}} {
		name := fmt.Sprintf("%s, %s, %d pixels", look.lang, look.size, look.width)
		p := open(t, url+"/?lang="+look.lang+"#run="+sim.Pack(split), look.width, 844, "light")
		p.eval(fmt.Sprintf(`(document.documentElement.style.fontSize = %q)`, look.size))
		p.faster("2")
		p.wait("answers", `netsplit.modules.store.lanes.value.every(l => l.scores.ok > 2)`)
		p.halt()
		for _, v := range views() {
			p.enter(v)
			if wide, off := p.eval(`document.documentElement.scrollWidth - innerWidth`), p.eval(cutOff); off != "" || wide != "0" {
				t.Errorf("%s: %s: the page is %s pixels too wide; outside is\n%s", name, v.name, wide, off)
			}
			p.leave(v)
		}
		p.accessible(name)
		p.quiet()
	}
}

// cutOff lists texts and controls that stand outside of the page or of what hides their ends.
const cutOff = `(() => {
	const scrolls = (e) => /auto|scroll/.test(getComputedStyle(e).overflowX);
	const reach = (e) => { for (let o = e; o; o = o.parentElement) if (scrolls(o)) return true; return false; };
	return [...document.querySelectorAll("button, label, dt, dd, h2, h3, p, li, option, summary, a")].filter(e => {
		const at = e.getBoundingClientRect();
		if (at.width < 2 || !e.checkVisibility({visibilityProperty: true}) || e.closest(".stage, svg, .unseen, [hidden]") || getComputedStyle(e).clipPath !== "none") return false;
		return (at.right > innerWidth + 1 || at.left < -1) && !reach(e);
	}).map(e => e.outerHTML.slice(0, 160)).join("\n");
})()`

// TestExport: what the stages show is saved as pictures that stand alone, and as a video.
func TestExport(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "dark")
	p.faster("2")
	p.eval(`(() => { window.files = []; const made = URL.createObjectURL;
		URL.createObjectURL = (b) => { files.push({blob: b}); return made.call(URL, b) };
		HTMLAnchorElement.prototype.click = function () { files.at(-1).name = this.download } })()`)
	p.wait("an answer", outcome("strong", "us-east-1")+` === "ok"`)
	p.press(`[data-action="export"]`)
	p.accessible("the export menu, dark")
	p.fill(`[data-action="export-lane"]`, "strong")
	p.press(`[data-action="export-svg"]`)
	p.wait("an SVG", `files[0]?.name?.startsWith("netsplit-strong-")`)
	p.eval(`void files[0].blob.text().then(t => window.svg = new DOMParser().parseFromString(t, "image/svg+xml"))`)
	p.wait("what it shows", `window.svg?.querySelector("parsererror") === null && /eu-west-1/.test(svg.documentElement.textContent)`)
	p.wait("the map and no reference to anything outside", `[...svg.querySelectorAll("path")].some(e => e.getAttribute("d").length > 5000) && svg.querySelector("use, style, [class]") === null`)
	p.wait("the light ground", `svg.querySelector("rect").getAttribute("fill") === "rgb(253, 253, 251)"`)
	p.press(`[data-action="export"]`, `[data-action="export-png"]`)
	p.wait("a PNG", `/^netsplit-strong-[\d.]+s\.png$/.test(files[1]?.name) && files[1].blob.size > 10000`)
	p.press(`[data-action="export"]`)
	if p.eval(one(`[data-action="export-video"]`)+" === null") == "true" {
		t.Log("this browser cannot record")
		return
	}
	p.press(`[data-action="export-video"]`)
	p.wait("the recording", one(`[data-action="stop-recording"]`)+" !== null")
	p.wait("a video", `/\.(webm|mp4)$/.test(files[2]?.name) && files[2].blob.size > 1000`)
	p.wait("the live edge again", one(`[data-action="live"]`)+".hidden")
	p.quiet()
	if name := p.eval("files[2].name"); !strings.HasPrefix(name, "netsplit-strong-") {
		t.Errorf("the video is called %s", name)
	}
}
