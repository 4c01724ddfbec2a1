package server

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

const badge = `section.lane[data-lane="eventual"] button.verdict`

// one returns an expression for the element that a selector finds.
func one(selector string) string { return fmt.Sprintf("document.querySelector(%q)", selector) }

// faster sets the pace of a room.
func (p *page) faster(speed string) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`(() => { const s = document.querySelector('[data-action="speed"]'); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})) })()`, speed))
}

// TestVerdictOpens: a verdict opens into the story of its violation; each step of it leads to its moment; Escape leads
// back to where one was.
func TestVerdictOpens(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	p.faster("2")
	p.wait("the eventual lane to be violated", lane("eventual")+`.dataset.linearizable === "no"`)
	p.do(chromedp.Click(chromedp.CSS(badge)))
	p.wait("the panel to have the focus", `document.activeElement.id === "why-title"`)
	p.wait("two sentences", `[".what", ".blame"].every(s => document.querySelector(".told " + s).textContent.length > 20)`)
	p.wait("a bar for each operation", `document.querySelectorAll(".diagram .bar").length === document.querySelectorAll('.step[data-step="operation"]').length && document.querySelectorAll(".diagram .bar").length >= 2`)
	p.wait("one that cannot be placed", `document.querySelectorAll('.diagram .bar[data-part="odd"]').length === 1`)
	p.wait("the stage to be lit", lane("eventual")+`.querySelector(".stage").dataset.lit === "1" && `+lane("eventual")+`.querySelectorAll('[data-light="lit"]').length > 0`)
	p.wait("the others to make way", lane("strong")+`.clientWidth === 0 && `+lane("eventual")+`.clientWidth > 300`)
	p.accessible("a violation, light, wide")

	const first = `.step[data-step="operation"]`
	p.do(chromedp.Click(chromedp.CSS(first)))
	p.wait("the moment", fmt.Sprintf(`Math.abs(%s.value - %s.dataset.moment) <= 50000 && document.querySelector('[data-action="play"]').getAttribute("aria-pressed") === "false"`, one(`[data-action="seek"]`), one(first)))
	p.wait("the client to be lit", lane("eventual")+`.querySelectorAll('.client[data-light="hot"]').length === 1`)
	p.wait("the panel to say so, though nothing was wrong yet", `/^Paused at/.test(document.querySelector(".moment").textContent)`)
	p.wait("the violation to be told still", one(".told .what")+`.textContent.length > 20`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="why-live"]`)))
	p.wait("the live edge", `document.querySelector('[data-action="live"]').hidden`)

	p.do(chromedp.Click(chromedp.CSS(`[data-pick=""]`)))
	p.wait("what was checked", `document.querySelectorAll(".models > div").length === 7`)
	p.accessible("what was checked, light, wide")
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("the panel to be closed and the badge to have the focus", `!document.querySelector("#why") && document.activeElement === `+one(badge))
	p.wait("nothing to be lit", `document.querySelectorAll('[data-light="lit"], [data-light="dim"], .stage[data-lit="1"]').length === 0`)
	p.quiet()
}

// TestVerdictByKeyboard: v opens the story of the lane that has the focus, the story's own lines open theirs; small and
// dark screens too.
func TestVerdictByKeyboard(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "dark")
	p.faster("5")
	p.wait("the eventual lane to lose a write", `Number(`+lane("eventual")+`.dataset.lost) > 0`)
	p.do(chromedp.Focus(chromedp.CSS(region("eventual", "us-east-1"))), chromedp.KeyEvent("v"))
	p.wait("a lost write", `/^lost-write /.test(document.querySelector("#why")?.dataset.why)`)
	p.accessible("a lost write, dark, at 1024")
	p.do(chromedp.KeyEvent("v"))
	p.wait("the focus back on the region", fmt.Sprintf(`!document.querySelector("#why") && document.activeElement === %s`, one(region("eventual", "us-east-1"))))
	p.do(chromedp.Click(chromedp.CSS(`#tab-story`)), chromedp.Click(chromedp.CSS(`#past li[data-kind="violated"] [data-action="why"]`)))
	p.wait("the violation that the story tells of", `/^linearizable /.test(document.querySelector("#why")?.dataset.why)`)
	p.do(chromedp.KeyEvent("\x1b"), chromedp.EmulateViewport(390, 844))
	p.wait("tabs", `document.querySelector(".tabs").clientWidth > 0`)
	p.do(chromedp.Click(chromedp.CSS(`[data-tab="eventual"]`)), chromedp.Click(chromedp.CSS(badge)))
	p.wait("the stage above the panel", `document.querySelector("#why")?.getBoundingClientRect().top - `+lane("eventual")+`.querySelector(".stage").getBoundingClientRect().top > 200`)
	p.wait("a picture that fits", `document.querySelector(".diagram svg")?.getBoundingClientRect().right <= 390 && document.documentElement.scrollWidth <= 390`)
	p.accessible("a violation, dark, on a telephone")
	p.eval(`(document.documentElement.dataset.theme = "light")`)
	p.accessible("a violation, light, on a telephone")
	p.do(chromedp.Click(chromedp.CSS(`[data-tab="strong"]`)))
	p.wait("nothing to be wrong with strong", `document.querySelectorAll(".models > div").length === 7 && document.querySelector("#why").dataset.why === ""`)
	p.accessible("what was checked, light, on a telephone")
	p.quiet()
}
