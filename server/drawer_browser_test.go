package server

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"
)

// tab returns an expression that says whether a tab of the drawer is the one that is open.
func tab(name string) string {
	return fmt.Sprintf(`document.querySelector("#tab-%s").getAttribute("aria-selected") === "true" && document.querySelector("#drawer-panel").dataset.panel === %q`, name, name)
}

const shut = `document.querySelector(".drawer").dataset.open === "0" && document.querySelector("#drawer-panel").hidden`

// TestDrawer opens and closes the drawer by key and mouse, moves among its tabs and makes it higher; the second script
// comes when it is first needed, and a line of the story leads to its moment.
func TestDrawer(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "light")
	const scripts = `document.querySelectorAll('script[src*="drawer.js"]').length`
	p.faster("5")
	p.wait("the drawer to be shut", shut)
	p.do(chromedp.KeyEvent("d"))
	p.wait("the story", tab("story")+` && `+scripts+` === 0`)
	p.wait("several lines", `document.querySelectorAll("#past li").length > 3`)
	p.accessible("the story, light")
	p.do(chromedp.Click(chromedp.CSS(`#past li:last-child .moment-of`)))
	p.wait("its moment", fmt.Sprintf(`Math.abs(%s.value - %s.dataset.moment) <= 50000 && document.querySelector('[data-action="play"]').getAttribute("aria-pressed") === "false"`, one(`[data-action="seek"]`), one(`#past li:last-child .moment-of`)))

	p.do(chromedp.Focus(chromedp.CSS("#tab-story")), chromedp.KeyEvent("\u0303"))
	p.wait("the charts, by an arrow", tab("charts")+` && document.activeElement.id === "tab-charts" && `+scripts+` === 1`)
	for _, name := range []string{"spacetime", "inspect", "script", "luck"} {
		p.do(chromedp.KeyEvent("\u0303"))
		p.wait(name, tab(name))
		p.wait("its content", `document.querySelector("#drawer-panel").textContent !== ""`)
	}
	p.do(chromedp.KeyEvent("\u0303"))
	p.wait("the first after the last", tab("story"))
	const height = `document.querySelector("#drawer-panel").clientHeight`
	before := p.eval(height)
	p.do(chromedp.Focus(chromedp.CSS(".edge")), chromedp.KeyEvent("\u0304"))
	p.wait("a higher drawer", height+" > "+before)
	p.drag(".edge", 0, 60)
	p.wait("a lower one", height+" < "+before)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="drawer"]`)))
	p.wait("the drawer to be shut again", shut)
	p.do(chromedp.Click(chromedp.CSS("#tab-charts")))
	p.wait("the charts, by the mouse", tab("charts"))
	p.do(chromedp.KeyEvent("d"))
	p.wait("the drawer to be shut by its key", shut)
	p.do(chromedp.KeyEvent("d"))
	p.wait("the tab that was open before", tab("charts"))
	p.quiet()
}

// TestCharts draws all charts for three lanes; the pointer over one shows the same moment in all, and a click goes there.
func TestCharts(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1440, 900, "dark")
	p.faster("5")
	p.do(chromedp.Click(chromedp.CSS("#tab-charts")))
	p.wait("eight charts", `document.querySelectorAll(".chart canvas").length === 8 && document.querySelectorAll(".swatches li").length === 3`)
	p.wait("lines", `[...document.querySelectorAll(".chart canvas")].every(c => c.getContext("2d").getImageData(0, 0, c.width, c.height).data.some(v => v > 0))`)
	p.wait("the run to have got further", one(`[data-action="seek"]`)+`.value > 8e6 && document.querySelector('[data-metric="messages"] li').textContent !== "–"`)
	p.accessible("charts, dark")
	x, y := p.middle(`[data-metric="fail"] .u-over`)
	p.do(chromedp.MouseEvent("mouseMoved", x, y))
	p.wait("one moment in all", `new Set([...document.querySelectorAll(".u-cursor-x")].map(c => Math.round(new DOMMatrix(getComputedStyle(c).transform).e))).size === 1 && document.querySelector(".at b") !== null`)
	p.wait("the same moment on the run's line", `(() => { const mark = document.querySelector(".rail .glimpse"); return mark !== null && Math.abs(parseFloat(mark.style.left) / 100 * document.querySelector('[data-action="seek"]').max / 1e6 - parseFloat(document.querySelector(".at b").textContent)) < 0.1 })()`)
	p.do(chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)), chromedp.MouseEvent("mouseReleased", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
	p.wait("the moment", `document.querySelector('[data-action="play"]').getAttribute("aria-pressed") === "false" && !document.querySelector('[data-action="live"]').hidden`)
	p.eval(`(() => { window.saved = ""; const to = HTMLCanvasElement.prototype.toBlob; HTMLCanvasElement.prototype.toBlob = function (f, ...rest) { window.saved = this.width + "x" + this.height; to.call(this, f, ...rest) } })()`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="charts-png"]`)))
	p.wait("a picture", `/^\d{3,}x\d{3,}$/.test(window.saved)`)
	p.do(chromedp.Focus(chromedp.CSS(".charts .grid")), chromedp.KeyEvent("\u0302"))
	p.wait("a moment by the keyboard", `document.querySelector(".at b") !== null`)
	p.eval(`(document.documentElement.dataset.theme = "light")`)
	p.accessible("charts, light")
	p.quiet()
}

// TestScript edits the run's text wrongly, which shows where, and rightly, which begins another run; what a visitor does
// is in it; an edited text is not thrown away unasked.
func TestScript(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1024, 768, "light")
	const text = `document.querySelector('[data-action="script"]')?.value`
	edit := func(from, to string) {
		t.Helper()
		p.eval(fmt.Sprintf(`(() => { const t = document.querySelector('[data-action="script"]'); t.value = t.value.split(%q).join(%q); t.dispatchEvent(new Event("input", {bubbles: true})) })()`, from, to))
	}
	p.do(chromedp.Click(chromedp.CSS("#tab-script")))
	p.wait("the text", `/^engine 2/.test(`+text+`)`)
	p.accessible("the script, light")
	p.do(chromedp.Click(chromedp.CSS(`button[data-action="partition"]`)))
	p.wait("what was done", `/partition us-east-1/.test(`+text+`)`)
	edit("lane quorum quorum", "lane quorum quorumm")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="run-script"]`)))
	p.wait("the line that is wrong", `/quorumm/.test(`+text+`.split("\n")[Number(document.querySelector('.beside [data-wrong="1"]')?.textContent) - 1] ?? "")`)
	p.wait("why, and the caret there", `/^Line \d+: expected a protocol/.test(document.querySelector("#script-said").textContent) && document.activeElement.dataset.action === "script" && `+text+`.slice(document.activeElement.selectionStart).startsWith("quorumm")`)
	p.accessible("a mistake, light")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="discard"]`)))
	p.wait("the question", `document.activeElement.dataset.action === "discard-now" && /quorumm/.test(`+text+`)`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="discard-now"]`)))
	p.wait("the run's own text", `!/quorumm/.test(`+text+`)`)
	edit("lane eventual gossip\n", "")
	p.do(chromedp.Click(chromedp.CSS("#tab-story")), chromedp.Click(chromedp.CSS("#tab-script")))
	p.wait("the text as it was edited", `!/gossip/.test(`+text+`)`)
	p.eval(`(document.documentElement.dataset.theme = "dark")`)
	p.accessible("an edited script, dark")
	edit("expect eventual", "# expect eventual")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="run-script"]`)))
	p.wait("two lanes", `document.querySelectorAll("section.lane").length === 2 && !document.querySelector('[data-action="discard"]')`)
	p.press(`[data-restart] button`)
	p.wait("the notice to be gone", one("[data-restart]")+` === null`)
	p.do(chromedp.EmulateViewport(390, 844))
	for _, name := range []string{"story", "charts", "spacetime", "inspect", "luck", "script"} {
		p.do(chromedp.Click(chromedp.CSS("#tab-" + name)))
		p.wait(name+" on a telephone", tab(name)+` && document.documentElement.scrollWidth <= 390`)
		p.accessible(name + " on a telephone")
	}
	p.eval(`(() => {
		const files = new DataTransfer();
		files.items.add(new File(["engine 2\r\nnonsense\r\n"], "mine.txt", {type: "text/plain"}));
		document.querySelector(".script").dispatchEvent(new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: files}));
	})()`)
	p.wait("the file that was dropped", text+` === "engine 2\nnonsense\n"`)
	p.wait("what runs it to have the focus", `document.activeElement.dataset.action === "run-script"`)
	p.do(chromedp.Focus(chromedp.CSS(`[data-action="script"]`)), chromedp.KeyEvent("\r", chromedp.KeyModifiers(2)))
	const wrong = `document.querySelector('.beside [data-wrong="1"]')?.textContent === "2"`
	p.wait("what is wrong with it", wrong)
	p.eval(`(async () => { // run again before the run's own text has come
		const soon = () => new Promise((done) => setTimeout(done))
		for (const s of ["#tab-story", "#tab-script", '[data-action="run-script"]']) document.querySelector(s).click(), await soon()
	})()`)
	p.wait("what is wrong with it, once more", wrong)
	p.quiet()
}

// holdsStill says whether something stays where it is when the latest of the story takes two lines.
func (p *page) holdsStill(selector string) {
	p.t.Helper()
	if by := p.eval(fmt.Sprintf(`(() => {
	const own = document.querySelector(".story p"), other = own.cloneNode()
	const at = (text) => (other.textContent = text, document.querySelector(%q).getBoundingClientRect().top + scrollY)
	own.replaceWith(other)
	const by = at("elected ".repeat(innerWidth / 50)) - at("elected")
	other.replaceWith(own)
	return by
})()`, selector)); by != "0" {
		p.t.Errorf("%s moves by %s pixels with the story", selector, by)
	}
}

// TestTabInSight: where there is no room for all tabs, the current one is in sight; notices do not lie on them, and an open
// drawer holds still.
func TestTabInSight(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy&lang=de", 390, 844, "light")
	within := func(tab string) string {
		return fmt.Sprintf(`(([l, b]) => b.left >= l.left - 1 && b.right <= l.right + 1)([".tablist", "#tab-%s"].map(s => document.querySelector(s).getBoundingClientRect()))`, tab)
	}
	for _, tab := range []string{"luck", "story", "script"} {
		p.eval(fmt.Sprintf(`netsplit.modules.store.showTab(%q, true)`, tab))
		p.wait(tab+" to be in sight", within(tab))
	}
	p.eval(`(netsplit.modules.store.toast("Not done"), document.querySelector(".tablist").scrollIntoView({block: "end"}))`)
	p.wait("a notice off the tabs", `document.querySelector("[data-toast]")?.getBoundingClientRect().bottom < document.querySelector(".tablist").getBoundingClientRect().top`)
	p.holdsStill("#tab-luck")
	p.quiet()
	p = open(t, url+"/?scenario=healthy&lang=de", 1024, 768, "light")
	p.press("#tab-luck")
	p.wait("the drawer", `document.querySelector('.drawer[data-open="1"]') !== null`)
	p.holdsStill("#tab-luck")
	p.eval(`(netsplit.modules.store.toast("Not done. " + "Partition: you are looking at 0.50 s. ".repeat(3)), scrollTo(0, 9999))`)
	p.wait("a notice beside the tabs", `document.querySelector("[data-toast]")?.getBoundingClientRect().left > document.querySelector("#tab-luck").getBoundingClientRect().right`)
	p.quiet()
}
