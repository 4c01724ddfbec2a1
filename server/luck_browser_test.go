package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// outcomeOf is what the page has of the latest job of a kind: the server's own message, and what it is about.
func outcomeOf(kind string) string { return store + ".outcomes.value." + kind }

func part(kind, selector string) string {
	return one(fmt.Sprintf(`.luck-part[data-job=%q] %s`, kind, selector))
}

// set puts a value into a field of the tab, or chooses it.
func (p *page) set(field, value string) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`(() => { const f = document.querySelector('[data-field=%q]'); f.value = %q; f.dispatchEvent(new Event(f.tagName === "SELECT" ? "change" : "input", {bubbles: true})) })()`, field, value))
}

// lucky opens a run in the tab about luck.
func lucky(t *testing.T, text, scheme string) (*page, string) {
	t.Helper()
	_, url := start(t)
	return luckyAt(t, url, text, scheme), url
}

func luckyAt(t *testing.T, url, text, scheme string) *page {
	t.Helper()
	p := open(t, url+"/#run="+sim.Pack("engine 2\n"+text), 1440, 900, scheme)
	p.do(chromedp.Click(chromedp.CSS("#tab-luck")))
	p.wait("three questions", tab("luck")+` && document.querySelectorAll(".luck-part").length === 3`)
	return p
}

// TestLuck counts a few runs: each cell shows what the server says, and leads to a run that shows it.
func TestLuck(t *testing.T) {
	p, url := lucky(t, shortly, "light")
	p.accessible("nothing counted yet")
	p.set("luck-seeds", "12")
	p.do(chromedp.Focus(chromedp.CSS(`[data-field="luck-seeds"]`)), chromedp.KeyEvent("\r"))
	p.wait("a table", `document.querySelectorAll(".chances td[data-percent]").length >= 4`)
	p.wait("12 runs", outcomeOf("luck")+`.result.luck.done === 12 && /in \d.* of 12 runs like this one/.test(document.querySelector('[data-told="eventual"]').textContent)`)
	p.wait("the shares of the result", `[...document.querySelectorAll(".chances td[data-percent]")].every((td) => {
		const lane = `+outcomeOf("luck")+`.result.luck.lanes.find((l) => l.name === td.dataset.laneOf);
		const share = lane.broken.find((b) => b.promise === td.closest("tr").dataset.promise);
		return Number(td.dataset.percent) === share.percent && td.querySelector("b").textContent === (share.count ? Number(share.percent.toFixed(share.percent < 10 || share.percent > 90 ? 1 : 0)) + " %" : "never")
			&& (share.seed === null) === (td.querySelector("a, button") === null)
	})`)
	p.accessible("chances, light")
	const cell = `.chances [data-promise="linearizable"] [data-lane-of="eventual"]`
	p.wait("a run that shows it", one(cell+" a")+`?.getAttribute("href")?.startsWith("/#run=1.")`)
	seed := p.eval(one(cell+" a") + `.textContent.replace("seed ", "")`)
	other := open(t, url+p.eval(one(cell+" a")+`.getAttribute("href")`), 1024, 768, "light")
	other.wait("the violation", lane("eventual")+`.dataset.linearizable === "no" && document.querySelector("#why") !== null`)
	other.do(chromedp.Click(chromedp.CSS("#tab-script")))
	other.wait("its seed", fmt.Sprintf(`%s?.includes("\nseed %s\n")`, script, seed))
	other.quiet()
	p.eval(`(document.documentElement.dataset.theme = "dark")`)
	p.do(chromedp.EmulateViewport(390, 844))
	p.wait("a telephone's page", "document.documentElement.scrollWidth <= 390")
	p.accessible("chances on a telephone, dark")
	p.quiet()
}

// TestLuckEnds: what is counted can be cancelled, by keyboard; a refusal says why; and with the connection it ends.
func TestLuckEnds(t *testing.T) {
	p, _ := lucky(t, endless, "dark")
	p.set("luck-seeds", "1001")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-luck"]`)))
	p.wait("why not", part("luck", `.luck-said [lang="en"]`)+`?.textContent === "expected 1 to 1000 seeds, got 1001."`)
	p.set("luck-seeds", "1000")
	p.do(chromedp.Focus(chromedp.CSS(`[data-action="begin-luck"]`)), chromedp.KeyEvent("\r"))
	p.wait("Cancel, with the focus", `document.activeElement.dataset.action === "cancel-job" && `+part("luck", "progress")+" !== null")
	p.wait("one thing at a time", one(`[data-action="begin-find"]`)+`.getAttribute("aria-disabled") === "true"`)
	p.accessible("counting, dark")
	p.do(chromedp.KeyEvent("\r"))
	p.wait("its end", part("luck", ".luck-said")+`.dataset.state === "ended" && /^Ended before anything was counted: you cancelled it/.test(`+part("luck", ".luck-said")+`.textContent)`)
	p.wait("nothing that goes on", `document.querySelector("progress") === null && document.activeElement.dataset.action === "begin-luck"`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-find"]`)))
	p.wait("the search", part("find", "progress")+" !== null")
	p.eval(`(document.querySelector("#tab-story").click(), netsplit.modules.actions.askQuietly({type: "cancel"}))`)
	p.wait("a notice, on another tab", `[...document.querySelectorAll("[data-toast]")].some((t) => /has ended: see Luck/.test(t.textContent))`)
	p.quiet()
}

// TestLuckWaits: in a queue the page says which place it has, and can be cancelled.
func TestLuckWaits(t *testing.T) {
	s, url := start(t)
	s.rooms.jobs.mu.Lock()
	s.rooms.jobs.most = 0
	s.rooms.jobs.mu.Unlock()
	p := luckyAt(t, url, shortly, "light")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-luck"]`)))
	p.wait("its place", part("luck", ".luck-said")+`.textContent === "Waiting: number 1 in the queue."`)
	p.accessible("waiting, light")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="cancel-job"]`)))
	p.wait("its end", part("luck", ".luck-said")+`.textContent === "Ended before anything was counted: you cancelled it." && document.querySelector("progress") === null`)
	p.quiet()
}

// TestLuckLost: when the connection ends, so does what was being counted, and the page says so.
func TestLuckLost(t *testing.T) {
	p, _ := lucky(t, endless, "light")
	p.eval(`(() => { const Old = WebSocket; const send = Old.prototype.send; Old.prototype.send = function (m) { window.line = this; send.call(this, m) } })()`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-luck"]`)))
	p.wait("the counting", part("luck", "progress")+" !== null")
	p.eval("(window.line.close(), 0)")
	p.wait("that it was lost", part("luck", `.luck-said [data-wrong="1"]`)+`?.textContent.startsWith("The connection ended")`)
	p.wait("nothing that goes on", `document.querySelector("progress") === null`)
	p.wait("the connection again", `document.querySelector('[data-action="begin-luck"]').getAttribute("aria-disabled") === "false" && `+store+`.connection.value.state === "open"`)
	p.quiet()
}

// TestTurning draws how likely a violation was; a click and Enter show a moment of the curve.
func TestTurning(t *testing.T) {
	p, _ := lucky(t, shortly, "light")
	p.faster("5")
	p.wait("a violation", lane("eventual")+`.dataset.linearizable === "no" && document.querySelector('[data-field="violation"] option[value="eventual linearizable"]') !== null`)
	p.set("violation", "eventual linearizable")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-turning"]`)))
	p.wait("a curve", `document.querySelectorAll(".curve circle").length === `+outcomeOf("turning")+`?.result.turning.curve.length && document.querySelector(".curve .line").getAttribute("d").startsWith("M")`)
	p.wait("the timeline to keep its points of no return", `(t => document.querySelectorAll('[data-row="eventual"] .return').length === new Set([t.likely?.at, t.sure?.at].filter((at) => at !== undefined)).size)(`+outcomeOf("turning")+`.result.turning)`)
	p.wait("what it says", `/^Eventual: not linearizable\./.test(`+part("turning", ".luck-said")+`.textContent) && document.querySelector('.turns [data-mark="fact"]') !== null`)
	p.accessible("a curve, light")
	p.do(chromedp.Focus(chromedp.CSS(".curve")), chromedp.KeyEvent("\u0303"), chromedp.KeyEvent("\u0303"))
	p.wait("the second moment", one(".curve")+`.getAttribute("aria-valuenow") === "1" && document.querySelector(".curve .cursor") !== null`)
	p.do(chromedp.KeyEvent("\r"))
	at := func(of string) string {
		return fmt.Sprintf(`Math.abs(%s.value - %s) <= 50000 && %s.playing.value === false`, one(`[data-action="seek"]`), of, store)
	}
	p.wait("its picture", at(outcomeOf("turning")+".result.turning.curve[1].at"))
	p.do(chromedp.Click(chromedp.CSS(`.turns [data-mark="fact"] button`)))
	p.wait("the moment of the fact", at(outcomeOf("turning")+".result.turning.at"))
	p.eval(`(document.querySelector(".curve").dispatchEvent(new MouseEvent("click", {bubbles: true, clientX: document.querySelector(".curve").getBoundingClientRect().left + 48})), 0)`)
	p.wait("the first moment, by a click", at(outcomeOf("turning")+".result.turning.curve[0].at"))
	p.quiet()
}

// TestFindOpens: a minimal script that is found becomes the script's draft, and breaks when it is run.
func TestFindOpens(t *testing.T) {
	p, _ := lucky(t, shortly, "dark")
	p.set("lane", "eventual")
	p.set("promise", "linearizable")
	p.set("find-seeds", "20")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="begin-find"]`)))
	p.wait("a script", outcomeOf("find")+`?.result.found.found && document.querySelector(".luck-found pre").textContent === `+outcomeOf("find")+`.result.found.text`)
	p.wait("how small it is", `/commands? came down to \d|can be left out|no command/.test(`+part("find", ".luck-said")+`.textContent)`)
	p.accessible("a find, dark")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="draft-found"]`)))
	p.wait("the draft", tab("script")+" && "+script+" === "+outcomeOf("find")+".result.found.text")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="run-script"]`)))
	p.wait("one lane", `document.querySelectorAll("section.lane").length === 1`)
	p.faster("5")
	p.wait("its verdict", lane("eventual")+`.dataset.linearizable === "no"`)
	p.do(chromedp.Click(chromedp.CSS("#tab-luck")))
	p.wait("that the find is about another run", strings.ReplaceAll(`PART.textContent.includes("the run before the present one")`, "PART", part("find", ".luck-said")))
	p.quiet()
}
