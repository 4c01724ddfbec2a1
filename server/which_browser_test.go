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

// TestWhichPhone: the form and the table fit a telephone, in German and dark; what is wrong in the text is said.
func TestWhichPhone(t *testing.T) {
	_, address := start(t)
	p := open(t, address+"/which?lang=de", 390, 844, "dark")
	p.wait("no more than the screen's width", `document.documentElement.scrollWidth <= innerWidth`)
	p.accessible("the form on a telephone")
	p.eval(`(() => { const f = document.querySelector(".which-script textarea"); f.value = f.value.replace("heal", "heel"); f.dispatchEvent(new Event("input", {bubbles: true})) })()`)
	p.press(`[data-action="measure"]`)
	p.wait("what is wrong", `document.querySelector(".which-said").textContent.includes("heel")`)
	p.quiet()
}
