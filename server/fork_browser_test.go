package server

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// apart reports whether a region is away.
func apart(name string, away int) string {
	return fmt.Sprintf(`document.querySelector('%s').dataset.away === "%d"`, region("strong", name), away)
}

// control presses a key with Control, and perhaps Shift.
func (p *page) control(key string, shift bool) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`document.body.dispatchEvent(new KeyboardEvent("keydown", {key: %q, ctrlKey: true, shiftKey: %v, bubbles: true, cancelable: true}))`, key, shift))
}

// elsewhere waits until another room than one is shown, and returns its address.
func (p *page) elsewhere(hash string) string {
	p.t.Helper()
	p.wait("another room", fmt.Sprintf(`location.hash !== %q && %s.connection.value.state === "open"`, hash, store))
	return p.eval("location.hash")
}

// aside presses a region's button, pauses, and waits until the run stands still with the region away.
func (p *page) aside(name string) {
	p.t.Helper()
	p.press(fmt.Sprintf(`button[data-action="partition"][data-region=%q]`, name))
	p.wait(name+" to be away", apart(name, 1))
	p.halt()
}

// TestUndoInPage: Control and Z leads to a branch without the partition, redo back to it; the browser goes back the same
// way, and a reload leads to where one was.
func TestUndoInPage(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	const undo, redo = `[data-action="undo-run"]`, `[data-action="redo-run"]`
	p.wait("nothing to undo", one(undo)+`.ariaDisabled === "true" && `+one(redo)+`.ariaDisabled === "true"`)
	p.aside("eu-west-1")
	first := p.eval("location.hash")
	p.control("z", false)
	second := p.elsewhere(first)
	p.wait("the partition to be gone", apart("eu-west-1", 0)+" && "+one(redo)+`.ariaDisabled === "false"`)
	p.do(chromedp.Reload())
	p.wait("the branch again", `document.body.dataset.ready === "1" && `+apart("eu-west-1", 0)+` && location.hash === `+fmt.Sprintf("%q", second))
	p.control("z", true)
	if third := p.elsewhere(second); third != first {
		t.Errorf("redo leads to %s, not to %s", third, first)
	}
	p.wait("the partition", apart("eu-west-1", 1))
	p.eval("history.back()")
	p.wait("the branch", fmt.Sprintf(`location.hash === %q && `, second)+apart("eu-west-1", 0))
	p.press(`[data-action="branches"]`)
	p.wait("the tree", `document.querySelector(".tree [aria-current]") !== null && /eu-west-1/.test(document.querySelector(".tree").textContent)`)
	p.press(".tree [data-kin]")
	p.wait("the parent", fmt.Sprintf(`location.hash === %q && `, first)+apart("eu-west-1", 1))
	p.quiet()
}

// side is the store of the page in a frame.
func side(i int) string {
	return fmt.Sprintf(`document.querySelector('[data-side="%d"]').contentWindow.netsplit.modules.store`, i)
}

// TestForkAndCompare: what is refused in the past is done in a branch, and the parent stays as it was; side by side both
// show one moment, and what is lit is what differs.
func TestForkAndCompare(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	p.faster("1")
	p.wait("a second", store+".clock.value.edge > 1500000")
	p.halt()
	first := p.eval("location.hash")
	was := p.eval("JSON.stringify(" + store + ".commands.value)")
	p.eval("netsplit.modules.actions.seek(600000)")
	p.wait("the past", "!"+store+".clock.value.live && !"+store+".clock.value.coming && "+store+".now.value === 600000")
	p.press(`button[data-action="partition"][data-region="us-east-1"]`)
	p.press(`[data-action="fork-and"]`)
	p.elsewhere(first)
	p.wait("the partition", apart("us-east-1", 1)+" && "+store+".parent.value.at === 600000")
	p.press(`[data-action="play"]`)
	p.wait("the branch to go on", store+".clock.value.edge > 1200000")
	p.halt()
	p.press(`[data-action="branches"]`, ".tree [data-compare]")
	p.wait("one moment in both", `document.body.dataset.ready === "1" && document.querySelector(".differs").dataset.exact === "1"`)
	p.wait("them to be lit", "("+lit+")()")
	p.wait("the same second", side(0)+".clock.value.at === "+side(1)+".clock.value.at && "+side(0)+".clock.value.at > 1000000")
	p.accessible("side by side")
	if now := p.eval("JSON.stringify(" + side(0) + ".commands.value)"); now != was {
		t.Errorf("the parent's commands were %s and are %s", was, now)
	}
	p.eval(`(() => { const s = document.querySelector('[data-action="speed"]'); s.value = "0.1"; s.dispatchEvent(new Event("change", {bubbles: true})) })()`)
	p.wait("one speed for both", side(0)+".clock.value.speed === 0.1 && "+side(1)+`.clock.value.speed === 0.1 && document.querySelector('[data-action="speed"]').value === "0.1"`)
	p.eval(`(() => { const s = document.querySelector('[data-action="lane"]'); s.value = "eventual"; s.dispatchEvent(new Event("change", {bubbles: true})) })()`)
	p.wait("the other lane", side(1)+`.filled.value === "eventual" && document.querySelector(".differs").dataset.exact === "1" && (`+lit+")()")
	p.do(chromedp.Reload())
	p.wait("the same again", `document.querySelector(".differs")?.dataset.exact === "1" && `+side(1)+`.filled.value === "eventual"`)
	p.press(`[data-action="part"]`)
	p.wait("where they part", `document.querySelector(".differs").dataset.exact === "1" && `+side(0)+".clock.value.at === 600000 && "+side(1)+".clock.value.at === 600000")
	p.wait("nothing else to differ than the script", `document.querySelectorAll("[data-differs]").length === 0`)
	p.quiet()
}

// lit reports whether the nodes that are ringed in both frames, and told of below, are those whose values or roles differ.
const lit = `() => {
	const frames = [0, 1].map(i => document.querySelector('[data-side="' + i + '"]').contentWindow);
	const of = frames.map(f => { const s = f.netsplit.modules.store, w = s.world.value; return s.lanes.value[w.lanes.findIndex(l => l.name === s.filled.value)].nodes.map((n, i) => [w.nodes[i].name, n.value, n.role, n.role && n.term].join()) });
	const names = frames[0].netsplit.modules.store.world.value.nodes.map(n => n.name);
	const want = names.filter((_, i) => of[0][i] !== of[1][i]).sort().join();
	const told = [...document.querySelectorAll("[data-differs]")].map(e => e.dataset.differs).sort().join();
	const rung = frames.map(f => [...f.document.querySelectorAll('section.lane[data-filled="1"] [data-node-target][data-differs="1"]')].map(e => names[e.dataset.nodeTarget]).sort().join());
	return told === want && rung[0] === want && rung[1] === want;
}`

// TestComparePhone: on a phone the two are one above the other, in German too; an address that names no runs says so.
func TestComparePhone(t *testing.T) {
	_, address := start(t)
	p := open(t, address, 390, 844, "dark")
	p.press(`[data-action="play"]`)
	at, _ := url.ParseQuery(strings.TrimPrefix(p.eval("location.hash"), "#"))
	run := at.Get("room") + ":" + at.Get("key")
	p.do(chromedp.Navigate(fmt.Sprintf("%s/compare?lang=de#a=%s&b=%s&at=100000", address, run, run)))
	p.wait("nothing to differ", `document.querySelector(".differs")?.dataset.exact === "1" && document.querySelectorAll(".differs li").length === 0`)
	p.wait("no more than the screen's width", `document.documentElement.scrollWidth <= innerWidth && new Set([...document.querySelectorAll(".side")].map(s => s.getBoundingClientRect().left)).size === 1`)
	p.accessible("side by side on a phone")
	p.do(chromedp.Navigate(address + "/compare"))
	p.wait("the reason", `document.querySelector("#compare .empty") !== null`)
	p.quiet()
}

// TestFrames: pages may be framed in their bare form only, and by our own alone.
func TestFrames(t *testing.T) {
	_, address := start(t)
	for path, want := range map[string]string{"/": "frame-ancestors 'none'", "/?bare=1": "frame-ancestors 'self'", "/compare": "frame-src 'self'; frame-ancestors 'none'"} {
		res, err := http.Get(address + path)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close() //nolint:errcheck // nothing is read
		if got := res.Header.Get("Content-Security-Policy"); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s", path, got)
		}
	}
}
