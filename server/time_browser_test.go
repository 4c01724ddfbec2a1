package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// clockAt is an expression for the moment that a page has been told to show, in microseconds.
const clockAt = `netsplit.modules.store.clock.value.at`

// still says that a page stands at the moment asked for.
const still = `!netsplit.modules.store.clock.value.coming && !netsplit.modules.store.clock.value.playing && netsplit.modules.store.now.value === ` + clockAt

// choose opens the menu beside the steps and takes one of its items.
func (p *page) choose(item string) {
	p.t.Helper()
	p.do(chromedp.Click(chromedp.CSS(`[data-action="choices"]`)))
	p.wait("the menu", one(`[data-action="`+item+`"]`)+` !== null`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="` + item + `"]`)))
	p.wait("the menu to be shut", one(`[data-action="`+item+`"]`)+` === null`)
}

// scrub moves the playhead as a hand does: input at each place, and a change at the last.
func (p *page) scrub(seconds ...float64) {
	p.t.Helper()
	for i, s := range seconds {
		events := `["input"]`
		if i == len(seconds)-1 {
			events = `["input", "change"]`
		}
		p.eval(fmt.Sprintf(`(() => { const s = document.querySelector('[data-action="seek"]'); s.value = %v; for (const e of %s) s.dispatchEvent(new Event(e, {bubbles: true})) })()`, s*1e6, events))
	}
}

// TestTimeInHand: the run goes on until something, a hand scrubs through it, each kind of step leads forward and back,
// and the timeline's rows show what the run's lanes went through.
func TestTimeInHand(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	p.faster("100")
	p.wait("a run of a minute", `netsplit.modules.store.clock.value.edge > 6.5e7`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	p.wait("the run to stand still", still)

	p.scrubs()
	p.rowsPainted()
	p.accessible("the timeline's rows, light")
	p.steps()
	p.rowKeys()

	p.do(chromedp.Click(chromedp.CSS(`[data-action="live"]`)))
	p.wait("the live edge", `netsplit.modules.store.clock.value.live`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="choices"]`)))
	p.wait("the menu", one(`[data-action="until-election"]`)+` !== null`)
	p.accessible("what to step to, light")
	before := p.eval(`netsplit.modules.store.clock.value.edge`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="until-election"]`)))
	p.wait("the way to an election", one(`.remark`)+`.dataset.remark === "until" && `+one(`[data-action="play"]`)+`.getAttribute("aria-pressed") === "true"`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	p.wait("it to be called off", one(`.remark`)+`.dataset.remark !== "until" && `+still)
	p.choose("until-operation")
	p.wait("an operation later", `netsplit.modules.store.clock.value.edge > `+before+` && `+still)
	p.quiet()
}

// scrubs moves the playhead back and forth over the run: pictures are shown on the way, and it arrives exactly.
func (p *page) scrubs() {
	p.t.Helper()
	p.eval(`(() => { window.came = []; window.seen = new Set(); netsplit.modules.store.clock.subscribe((c) => { if (c.coming) window.came.push(c.coming); window.seen.add(c.at) }) })()`)
	for _, s := range []float64{60, 45, 30, 15, 5, 20, 40, 61.5, 50, 58} {
		p.eval(fmt.Sprintf(`(() => { const s = document.querySelector('[data-action="seek"]'); s.value = %v; s.dispatchEvent(new Event("input", {bubbles: true})) })()`, s*1e6))
		p.wait("a picture of about then", fmt.Sprintf(`!netsplit.modules.store.clock.value.live && Math.abs(%s - %v) < 5e6`, clockAt, s*1e6))
	}
	p.scrub(12, 57, 33, 58.3)
	p.wait("the moment", clockAt+` === 58300000 && `+still+` && `+one(`[data-action="seek"]`)+`.value === "58300000" && `+one(`[data-action="seek"]`)+`.dataset.coming === "0"`)
	if p.eval(`window.came.length > 0 && window.seen.size > 8`) != "true" {
		p.t.Errorf("while scrubbing the page was told of %s moments to come and saw %s pictures", p.eval(`window.came.length`), p.eval(`window.seen.size`))
	}
}

// steps goes a step of each kind forward, then back, and is where it was.
func (p *page) steps() {
	p.t.Helper()
	for _, kind := range []string{"event", "message", "operation", "election", "violation", "fault"} {
		p.scrub(0.05)
		p.wait("the beginning", clockAt+` === 50000 && `+still)
		p.choose("by-" + kind)
		var places []string
		for range 2 {
			from := p.eval(clockAt)
			p.do(chromedp.Click(chromedp.CSS(`[data-action="step"]`)))
			p.wait("the next "+kind, clockAt+` > `+from+` && `+still)
			places = append(places, p.eval(clockAt))
		}
		p.do(chromedp.KeyEvent(","))
		p.wait("the "+kind+" before", clockAt+` === `+places[0]+` && `+still)
		p.do(chromedp.KeyEvent("."))
		p.wait("the "+kind+" again", clockAt+` === `+places[1]+` && `+still)
	}
}

// rowsPainted compares the rows with what the server says of them.
func (p *page) rowsPainted() {
	p.t.Helper()
	p.wait("three rows", `document.querySelectorAll(".lane-row").length === 3 && document.querySelectorAll(".lane-row path.ok").length === 3 && document.querySelectorAll(".trouble").length === 3`)
	p.eval(`(window.told = null, netsplit.modules.actions.timeline(0).then((t) => (window.told = t)), "")`)
	p.wait("the server's timeline", `window.told !== null`)
	const apart = `(l) => new Set(l.pins.map((p) => p.kind.startsWith("lost") + " " + Math.round(p.at / document.querySelector('[data-action="seek"]').max * 150))).size`
	p.wait("as many pins", `String(window.told.lanes.map(`+apart+`)) === String([...document.querySelectorAll(".lane-row")].map((r) => r.querySelectorAll(".pin").length))`)
	p.wait("leaders", `String(window.told.lanes.map((l) => l.reigns.length > 0)) === String([...document.querySelectorAll(".lane-row")].map((r) => r.querySelectorAll(".reign").length > 0))`)
	if pins := p.eval(`document.querySelectorAll('[data-row="eventual"] .pin').length`); pins == "0" {
		p.t.Error("the eventual lane has broken no promise")
	}
}

// rowKeys goes from mark to mark by the keyboard, and to the moment of one.
func (p *page) rowKeys() {
	p.t.Helper()
	p.scrub(1)
	p.wait("the first second", clockAt+` === 1000000 && `+still)
	p.do(chromedp.Focus(chromedp.CSS(`.rows`)), chromedp.KeyEvent("\u0301"), chromedp.KeyEvent("\u0301"), chromedp.KeyEvent("\u0303"))
	p.wait("words", one(`.row-tip`)+`.dataset.on === "1" && `+one(`.row-tip`)+`.textContent.startsWith("Eventual, ")`)
	said := p.eval(one(`.row-tip`) + `.textContent`)
	p.do(chromedp.KeyEvent("\r"))
	p.wait("its moment", clockAt+` > 1000000 && `+still)
	if at := p.eval(fmt.Sprintf(`(%s / 1e6).toFixed(2)`, clockAt)); !strings.HasPrefix(said, "Eventual, "+at) {
		p.t.Errorf("%q led to %s s", said, at)
	}
}

// TestRemarksMoveNothing: what is said beside the timeline takes no room from it, in either language.
func TestRemarksMoveNothing(t *testing.T) {
	_, url := start(t)
	for _, lang := range []string{"en", "de"} {
		p := open(t, url+"/?lang="+lang, 1024, 768, "light")
		p.halt()
		width := func() string {
			return p.eval(`document.querySelector(".track").getBoundingClientRect().width + ":" + document.querySelector(".transport").getBoundingClientRect().height`)
		}
		p.wait("no remark", `document.querySelector(".remark").dataset.remark === ""`)
		before := width()
		p.eval(store + ".clock.value = {..." + store + ".clock.value, slowed: true}")
		p.wait("the remark", `document.querySelector('[data-remark="slowed"]') !== null`)
		if after := width(); after != before {
			t.Errorf("%s: the timeline was %s, and is %s beside a remark", lang, before, after)
		}
		p.eval(store + ".clock.value = {..." + store + ".clock.value, live: false, slowed: false}")
		p.wait("the way back to live", one(`[data-action="live"]`)+`.checkVisibility({visibilityProperty: true})`)
		before = width()
		p.eval(store + ".clock.value = {..." + store + ".clock.value, slowed: true}")
		p.wait("the remark", `document.querySelector('[data-remark="slowed"]') !== null`)
		if after := width(); after != before {
			t.Errorf("%s: at a moment before, the timeline was %s, and is %s beside a remark", lang, before, after)
		}
		if got := p.eval(`(r => document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2).closest("[data-action]")?.dataset.action)(document.querySelector('[data-action="live"]').getBoundingClientRect())`); got != "live" {
			t.Errorf("%s: the remark lies over the way back to live: %s", lang, got)
		}
		p.quiet()
	}
}
