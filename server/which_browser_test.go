package server

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestWhich: a world is described, every configuration is measured in it, the table sorts, and a figure opens its run.
func TestWhich(t *testing.T) {
	_, address := start(t)
	p := open(t, address+"/which", 1440, 900, "light")
	fill := func(field, value, event string) {
		p.eval(fmt.Sprintf(`(() => { const f = document.querySelector('[data-field="%s"]'); f.value = %q; f.dispatchEvent(new Event(%q, {bubbles: true})) })()`, field, value, event))
	}
	fill("seeds", "2", "input")
	fill("span", "4", "input")
	fill("where", "eu-west-1", "change")
	p.wait("the scenario to say so", `document.querySelector(".which-script textarea").value.includes("at 5s partition eu-west-1\nat 9s heal")`)
	p.press(`[data-action="measure"]`)
	p.wait("figures", `document.querySelectorAll('[data-row="eventual"] td a').length === 5`)
	if got := p.eval(`document.querySelector('[data-row="strong"] td a').textContent`); got != "0.0" {
		t.Errorf("raft lost %s writes a run", got)
	}
	p.accessible("what was measured")
	p.press(`th:nth-child(2) button`)
	p.wait("the order of lost writes", `(() => { const of = [...document.querySelectorAll('[data-hurt="lost-writes"] a')].map(a => parseFloat(a.textContent)); return of.length > 2 && of.every((x, i) => i === 0 || of[i - 1] <= x) && document.querySelector('th:nth-child(2)').ariaSort === "ascending" })()`)
	seed := p.eval(`/seed (\d+)/.exec(document.querySelector('[data-row="eventual"] td a').ariaLabel)[1]`)
	p.do(chromedp.Navigate(address + p.eval(`document.querySelector('[data-row="eventual"] td a').getAttribute("href")`)))
	p.wait("the run behind it", `globalThis.netsplit?.modules?.store?.world.value?.lanes.length === 1 && `+store+`.world.value.lanes[0].name === "eventual"`)
	p.eval(`netsplit.modules.actions.share().then(s => globalThis.shared = s.text), 0`)
	p.wait("its seed", `globalThis.shared?.includes("\nseed `+seed+`\n")`)
	p.quiet()
}

// TestWhichCancelled: one button begins and cancels, and keeps the focus; what was measured by then is shown, and how much that is.
func TestWhichCancelled(t *testing.T) {
	_, address := start(t)
	p := open(t, address+"/which", 1440, 900, "light")
	p.eval(`(() => { const f = document.querySelector('[data-field="seeds"]'); f.value = "1000"; f.dispatchEvent(new Event("input", {bubbles: true})) })()`)
	p.eval(`document.querySelector('[data-action="measure"]').focus()`)
	p.press(`[data-action="measure"]`)
	p.wait("some runs", `document.querySelector(".which-begin progress")?.value >= 26`)
	p.press(`[data-action="cancel"]`)
	p.wait("the table so far", `/^\d+ of 26000 runs: 26 configurations/.test(document.querySelector(".which-result .about")?.textContent)`)
	p.wait("the focus where it was", `document.activeElement?.dataset.action === "measure"`)
	p.quiet()
}

// TestWhichPhone: the form and the table fit a telephone, in German and dark; what is wrong in the text is said.
func TestWhichPhone(t *testing.T) {
	_, address := start(t)
	p := open(t, address+"/which?lang=de", 390, 844, "dark")
	p.wait("no more than the screen's width", `document.documentElement.scrollWidth <= innerWidth`)
	p.accessible("the form on a telephone")
	p.eval(`(() => { const f = document.querySelector(".which-script textarea"); f.value = f.value.replace("heal", "heel"); f.dispatchEvent(new Event("input", {bubbles: true})) })()`)
	p.press(`[data-action="measure"]`)
	p.wait("what is wrong", `document.querySelector(".which-said").textContent.includes("heel")`)
	p.eval(`(() => { const f = document.querySelector(".which-script textarea"); f.value = f.value.replace("heel", "heal") + "#".repeat(70000); f.dispatchEvent(new Event("input", {bubbles: true})) })()`)
	p.wait("that it is too long", `/\d Bytes; höchstens 65536/.test(document.querySelector(".which-said").textContent)`)
	p.quiet()
}
