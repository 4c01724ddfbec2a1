package server

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

const chart = `document.querySelector('[data-chart="space"]')`

// pace has the run go at a speed.
func (p *page) pace(speed string) {
	p.eval(fmt.Sprintf(`(() => { const s = document.querySelector('[data-action="speed"]'); s.value = %q; s.dispatchEvent(new Event("change", {bubbles: true})) })()`, speed))
}

// halt pauses the run and waits until it stands still.
func (p *page) halt() {
	p.do(chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	p.wait("the run to stand still", `document.querySelector('[data-action="play"]').getAttribute("aria-pressed") === "false"`)
	p.wait("the picture to be where the run is", `netsplit.modules.store.playback.speed === 0 && netsplit.modules.store.playback.settled()`)
}

// TestSpaceTime shows messages as arrows, filters them, zooms and pans by keyboard, and tells what is pointed at.
func TestSpaceTime(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=europe-away", 1440, 900, "light")
	p.pace("1")
	p.do(chromedp.Click(chromedp.CSS(`[data-tab-of="spacetime"]`)))
	p.wait("arrows", `Number(`+chart+`?.dataset.arrows) > 20 && Number(`+chart+`.dataset.stays) > 2`)
	p.wait("the partition", `document.querySelectorAll(".bands .band").length > 0 && Number(`+chart+`.dataset.to) > 2500000`)
	p.accessible("space-time, light, during")
	p.halt()
	before := p.eval(chart + `.dataset.arrows`)
	p.do(chromedp.Click(chromedp.CSS(`.chip[data-kind="heartbeat"]`)))
	p.wait("heartbeats too", fmt.Sprintf(`Number(%s.dataset.arrows) > %s`, chart, before))
	p.do(chromedp.Click(chromedp.CSS(`.chip[data-kind="heartbeat"]`)))

	span := func() string { return p.eval(chart + `.dataset.to - ` + chart + `.dataset.from`) }
	was := span()
	p.do(chromedp.Focus(chromedp.CSS(`[data-chart="space"]`)), chromedp.KeyEvent("+"))
	p.wait("a closer look", fmt.Sprintf(`%[1]s.dataset.to - %[1]s.dataset.from < %[2]s * 0.8`, chart, was))
	from := p.eval(chart + `.dataset.from`)
	p.do(chromedp.KeyEvent("\u0302")) // arrow left
	p.wait("what was before", fmt.Sprintf(`Number(%s.dataset.from) < %s`, chart, from))

	p.do(chromedp.Click(chromedp.CSS(`[data-action="space-list"]`)))
	p.wait("a list of what is in view", `document.querySelectorAll(".listing tbody tr").length > 3`)
	p.accessible("space-time, its list")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="space-list"]`)))
	p.point()
	p.wait("a tip", `/: sent at |, answered|, under way|, no answer|, refused/.test(document.querySelector("[data-tip]")?.textContent ?? "")`)
	p.wait("it is chosen", `Boolean(document.querySelector("[data-chosen]"))`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="inspect-chosen"]`)))
	p.wait("all that is known of it", `document.querySelectorAll(".subject .facts > div").length > 3`)
	p.quiet()
}

// point clicks along the middle of the diagram until something is chosen.
func (p *page) point() {
	p.t.Helper()
	p.eval(`document.querySelector("#drawer-panel").scrollIntoView({block: "end"})`)
	x, y := p.middle(`[data-chart="space"]`)
	for i := range 60 {
		at := x - 300 + float64(i*10)
		p.do(chromedp.MouseEvent("mouseMoved", at, y), chromedp.MouseEvent("mousePressed", at, y, chromedp.Button("left"), chromedp.ClickCount(1)),
			chromedp.MouseEvent("mouseReleased", at, y, chromedp.Button("left"), chromedp.ClickCount(1)))
		if p.eval(`Boolean(document.querySelector("[data-chosen]"))`) == "true" {
			return
		}
	}
	p.t.Fatal("nothing was found on the diagram")
}

// byHand is slow enough for messages to be on their way for a while.
const byHand = `engine 2
seed 7
regions us-east-1 eu-west-1 ap-south-1
lane eventual gossip transport=datagram
lane strong raft leader=us-east-1
workload bank rate=2/s staggered
end 60s
`

// heads lists the messages of the second lane that are listed and first on their links: what is behind another on a stream
// cannot be delivered before it.
const heads = `() => {
	const flights = netsplit.modules.store.flights[1], link = id => { const f = flights.get(id); return f ? f.from + ">" + f.to : "" };
	const ids = [...document.querySelectorAll("[data-flight]")].map(e => Number(e.dataset.flight)).sort((a, b) => a - b);
	return ids.filter((id, i) => link(id) && ids.findIndex(o => link(o) === link(id)) === i).map(String);
}`

// TestInspectAndDeliver looks into a node and a message, and decides by hand what becomes of messages.
func TestInspectAndDeliver(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(byHand), 1440, 900, "dark")
	p.do(chromedp.Click(chromedp.CSS(`[data-tab-of="inspect"]`)))
	p.do(chromedp.Focus(chromedp.CSS(region("eventual", "eu-west-1"))), chromedp.KeyEvent("i"))
	p.wait("the node of the region", `netsplit.modules.store.selected.value?.node === 1 && netsplit.modules.store.selected.value.lane === 0`)
	p.do(chromedp.Focus(chromedp.CSS(region("strong", "us-east-1"))), chromedp.KeyEvent("m"))
	p.press(`.menu [data-action="inspect"]`)
	p.wait("the menu to be closed", `!document.querySelector(".menu")`)
	p.wait("a node to be chosen", `netsplit.modules.store.selected.value?.node >= 0 && netsplit.modules.store.selected.value.lane === 1`)
	p.wait("a node's facts", `document.querySelector('.subject[data-subject="node"]')?.querySelectorAll(".facts > div").length > 5`)
	p.do(chromedp.Click(chromedp.CSS(`[data-action="raw"]`)))
	p.wait("its raw state", `document.querySelector(".subject pre")?.textContent.length > 200`)
	p.accessible("inspect, a node, dark")
	p.eval(`netsplit.modules.store.inspect({lane: 1})`)
	p.eval(`globalThis.heads = ` + heads)
	p.wait("messages on two links", `heads().length >= 2`)
	p.halt()
	p.wait("messages on two links still", `heads().length >= 2 && document.querySelectorAll('[data-flight] [data-action="lose"]').length >= 2`)
	first, second := p.eval(`heads()[0]`), p.eval(`heads()[1]`)
	p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`[data-flight="%s"] [data-action="lose"]`, first))))
	p.wait("it is gone", fmt.Sprintf(`!document.querySelector('[data-flight="%s"]')`, first))
	p.do(chromedp.Click(chromedp.CSS(fmt.Sprintf(`[data-flight="%s"] .link`, second))))
	p.wait("a message's facts", `document.querySelector('.subject[data-subject="message"]')?.querySelectorAll(".facts > div").length > 4`)
	p.accessible("inspect, a message, dark")
	p.do(chromedp.Click(chromedp.CSS(`.subject [data-action="postpone"]`)))
	p.wait("it comes later", fmt.Sprintf(`netsplit.modules.store.flights[1].get(%s)?.due > netsplit.modules.store.now.value + 200000`, second))
	p.do(chromedp.Click(chromedp.CSS(`.subject [data-action="deliver"]`)))
	p.wait("it has arrived", fmt.Sprintf(`!document.querySelector('[data-flight="%s"]')`, second))
	p.pace("1")
	p.do(chromedp.Click(chromedp.CSS(`[data-action="play"]`)))
	p.wait("an operation", `netsplit.modules.store.archives[0].deeds.length > 0`)
	p.halt()
	p.eval(`netsplit.modules.store.inspect({lane: 0, operation: 1})`)
	p.wait("an operation's facts", `document.querySelector('.subject[data-subject="operation"]')?.querySelectorAll(".facts > div").length > 6`)
	p.accessible("inspect, an operation, dark")
	p.eval(`netsplit.modules.store.inspect({lane: 0, operation: 9999})`)
	p.wait("why there is nothing", `/no operation/.test(document.querySelector(".subject [role=status]")?.textContent ?? "")`)
	p.quiet()
}
