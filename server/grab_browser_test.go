package server

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// five has regions enough to take sides.
const five = `engine 2
seed 7
regions us-east-1 eu-west-1 ap-south-1 sa-east-1 ap-northeast-1
lane strong raft leader=us-east-1
lane eventual gossip
workload bank rate=1/s staggered
end 60s
`

// touch sends one touch event; without a place, the finger goes up.
func (p *page) touch(kind string, at ...float64) {
	p.t.Helper()
	params := input.DispatchTouchEventParams{Type: input.DispatchTouchEventType(kind), TouchPoints: []*input.TouchPoint{}}
	if len(at) == 2 {
		params.TouchPoints = append(params.TouchPoints, &input.TouchPoint{X: at[0], Y: at[1]})
	}
	p.do(chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, input.DispatchTouchEvent, params)
		return err
	}))
}

// numbers evaluates an expression for two numbers in a list.
func (p *page) numbers(expression string) (x, y float64) {
	p.t.Helper()
	at := p.eval(expression + `.join(" ")`)
	if _, err := fmt.Sscan(at, &x, &y); err != nil {
		p.t.Fatalf("%s: %q: %v", expression, at, err)
	}
	return x, y
}

// cableAt returns the place at a share of a lane's cable.
func (p *page) cableAt(laneName string, cable int, share float64) (x, y float64) {
	p.t.Helper()
	return p.numbers(fmt.Sprintf(`(() => { const c = %s.querySelector('[data-cable-target="%d"]'), at = c.getPointAtLength(c.getTotalLength() * %v), box = c.ownerSVGElement.getBoundingClientRect(); return [at.x + box.x, at.y + box.y] })()`, lane(laneName), cable, share))
}

// stroke draws with the mouse from one place to another.
func (p *page) stroke(x, y, toX, toY float64) {
	p.t.Helper()
	p.do(chromedp.MouseEvent("mouseMoved", x, y), chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
	const steps = 8
	for i := 1.0; i <= steps; i++ {
		p.do(chromedp.MouseEvent("mouseMoved", x+(toX-x)*i/steps, y+(toY-y)*i/steps, chromedp.Button("left")))
	}
	p.do(chromedp.MouseEvent("mouseReleased", toX, toY, chromedp.Button("left"), chromedp.ClickCount(1)))
}

// named waits until the name of a lane's cable matches.
func (p *page) named(laneName string, cable int, pattern string) {
	p.t.Helper()
	p.wait(fmt.Sprintf("cable %d of %s to be called %s", cable, laneName, pattern),
		fmt.Sprintf(`/%s/.test(%s.querySelector('[data-cable-target="%d"]').getAttribute("aria-label"))`, pattern, lane(laneName), cable))
}

func (p *page) slide(action string, to int) {
	p.t.Helper()
	p.eval(fmt.Sprintf(`(() => { const s = document.querySelector('.menu [data-action="%s"]'); for (let i = 1; i <= %d; i++) { s.value = i; s.dispatchEvent(new Event("input", {bubbles: true})) } })()`, action, to))
}

// TestStrokes: a stroke across a cable cuts it both ways, in every lane; one along a cable cuts that way alone.
func TestStrokes(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1440, 900, "light")
	x, y := p.cableAt("quorum", 0, 0.45)
	p.stroke(x-12, y-40, x+6, y+30)
	for _, name := range []string{"strong", "quorum", "eventual"} {
		p.named(name, 0, ": cut$")
		p.named(name, 1, "[a-z]$")
	}
	fromX, fromY := p.cableAt("strong", 2, 0.75)
	toX, toY := p.cableAt("strong", 2, 0.3)
	p.stroke(fromX+3, fromY, toX+3, toY)
	p.named("eventual", 2, "to eu-west-1 cut$")
	p.quiet()
}

// TestCableMenu: a click on a cable opens its menu; a slider delays, and the state shows it; all is mended.
func TestCableMenu(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1440, 900, "dark")
	x, y := p.cableAt("quorum", 0, 0.3)
	p.do(chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)), chromedp.MouseEvent("mouseReleased", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
	p.wait("the menu", `document.activeElement.dataset.menu === "cable"`)
	p.accessible("the menu of a cable")
	p.slide("delay", 7)
	p.named("eventual", 0, ": 100 ms late$")
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-way="there"]`)))
	p.slide("drop", 4)
	p.named("strong", 0, ": to eu-west-1 100 ms late, loses 10 %; to us-east-1 100 ms late$")
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-way="both"]`)), chromedp.Click(chromedp.CSS(`.menu [data-action="mend"]`)))
	p.named("strong", 0, "eu-west-1, Strong$")
	p.slide("flap", 1)
	p.named("strong", 0, ": cut$")
	p.wait("the flapping to be told", `document.querySelector('.menu [data-action="flap"]').getAttribute("aria-valuetext") === "every 0.5 s"`)
	p.do(chromedp.KeyEvent("\x1b"))
	p.wait("the menu to be closed", `!document.querySelector(".menu")`)
	p.quiet()
}

// TestNodeAndClientMenus: a click on a region crashes its node, a client writes; by keyboard alone the same.
func TestNodeAndClientMenus(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1024, 768, "light")
	p.drag(region("quorum", "ap-south-1"), 0, 0)
	p.wait("the menu", `document.activeElement.dataset.menu === "node"`)
	p.accessible("the menu of a node")
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-action="crash"]`)))
	p.wait("a crash in every lane", `document.querySelectorAll('.node[data-node="ap-south-1"][data-state="down"]').length === 3`)
	p.slide("slow", 3)
	p.do(chromedp.KeyEvent("\x1b"), chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent("m"))
	p.wait("who leads to be handed over", `document.querySelector('.menu [data-action="transfer"]') !== null`)
	p.do(chromedp.KeyEvent("\x1b"), chromedp.KeyEvent("c"))
	p.wait("a client to have the focus", `document.activeElement.closest("[data-client]") !== null`)
	p.do(chromedp.KeyEvent("\r"))
	p.wait("the menu of the client", `document.activeElement.dataset.menu === "client"`)
	p.accessible("the menu of a client")
	p.eval(`document.querySelector('.menu [data-action="number"]').value = "77", document.querySelector('.menu [data-action="number"]').dispatchEvent(new Event("input", {bubbles: true}))`)
	p.wait("it to write", `document.querySelector('.menu [data-visit="write"]')?.disabled === false`)
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-visit="write"]`)))
	p.wait("the write to be applied", `document.querySelectorAll('.node[data-value="77"]').length > 0`)
	p.wait("the bar to follow", `document.querySelector('.visitor [data-action="region"]').value === "us-east-1"`)
	p.quiet()
}

// TestClientMenuWaits: what a client can be asked for takes a number or does not, as the catalog says; until it is there,
// nothing can be asked, and if it cannot be had, the menu says so. What comes of the client's asking moves no button,
// unless the menu would leave the window.
func TestClientMenuWaits(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1024, 768, "light")
	p.eval(`(() => {
	const real = window.fetch
	window.fetch = (...asked) => asked[0] !== "/catalog.json" ? real(...asked) : new Promise((answer) => {
		window.refuse = () => answer(new Response("", {status: 503}))
		window.release = () => answer(real(...asked))
	})
})()`)
	menu := func() {
		p.do(chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent("c"))
		p.wait("a client to have the focus", `document.activeElement.closest("[data-client]") !== null`)
		p.do(chromedp.KeyEvent("\r"))
		p.wait("the menu of the client", `document.activeElement.dataset.menu === "client"`)
		if p.eval(`document.querySelector('.menu [data-visit="write"]').disabled`) != "true" {
			t.Error("it may write before it is known whether that takes a number")
		}
	}
	menu()
	p.eval("window.refuse()")
	p.wait("the reason", `document.querySelector(".menu .answer").textContent.includes("could not be loaded")`)
	p.do(chromedp.KeyEvent("\x1b"))
	menu()
	p.eval(`document.querySelector('.menu [data-action="number"]').value = "77", document.querySelector('.menu [data-action="number"]').dispatchEvent(new Event("input", {bubbles: true}))`)
	p.eval("window.release()")
	p.wait("it to write", `document.querySelector('.menu [data-visit="write"]')?.disabled === false`)
	const place = `document.querySelector('.menu [data-visit="write"]').getBoundingClientRect().top`
	before := p.eval(place)
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-visit="write"]`)))
	p.wait("the write to be applied", `document.querySelectorAll('.node[data-value="77"]').length > 0`)
	p.wait("the answer", `document.querySelector(".menu .answer").textContent !== ""`)
	if after := p.eval(place); after != before {
		t.Errorf("the button has gone from %s to %s under the pointer, as an answer came", before, after)
	}
	p.eval(`document.querySelector(".menu .answer").style.minHeight = "400px"`)
	p.wait("the menu to stay in the window", `document.querySelector(".menu").getBoundingClientRect().bottom <= innerHeight - 8`)
	p.quiet()
}

// TestSides: a region dropped beside another one that is away joins its side; dropped elsewhere it is alone again.
func TestSides(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(five), 1440, 900, "light")
	apart := func(a, b string) string {
		return fmt.Sprintf(`(() => { const at = [%q, %q].map(s => document.querySelector(s).getBoundingClientRect()); return [at[0].x - at[1].x, at[0].y - at[1].y] })()`, region("strong", a), region("strong", b))
	}
	ties := func(n int) {
		p.wait(fmt.Sprintf("%d ties", n), fmt.Sprintf(`%s.querySelectorAll(".tie").length === %d`, lane("strong"), n))
	}
	p.do(chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent("\r"))
	p.wait("Europe to be away", fmt.Sprintf(`document.querySelector('%s').dataset.away === "1"`, region("strong", "eu-west-1")))
	p.settled()
	dx, dy := p.numbers(apart("eu-west-1", "ap-northeast-1"))
	p.drag(region("strong", "ap-northeast-1"), dx+90, dy+10)
	ties(1)
	p.wait("one side", `[...document.querySelectorAll('section[data-lane="strong"] g.region')].filter(r => r.dataset.away === "1").length === 2`)
	p.drag(region("strong", "ap-northeast-1"), 90, 120)
	ties(0)
	p.quiet()
}

// TestFinger: on a telephone a finger scrolls the page, rests to draw, and taps for a menu; ? lists the keys.
func TestFinger(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 390, 844, "dark")
	x, y := p.cableAt("strong", 0, 0.4)
	p.touch("touchStart", x-20, y-50)
	p.wait("the finger to draw", `netsplit.modules.store.stroke !== null`)
	for i := 1.0; i <= 8; i++ {
		p.touch("touchMove", x-20+5*i, y-50+11*i)
	}
	p.touch("touchEnd")
	p.named("strong", 0, ": cut$")
	if top := p.eval("scrollY"); top != "0" {
		t.Errorf("the page has scrolled by %s", top)
	}
	x, y = p.cableAt("strong", 0, 0.25)
	p.touch("touchStart", x, y)
	p.touch("touchEnd")
	p.wait("the menu", `document.querySelector('.menu')?.dataset.menu === "cable"`)
	p.accessible("a menu, on a telephone")
	p.do(chromedp.Click(chromedp.CSS(`.menu [data-action="mend"]`)))
	p.named("strong", 0, "eu-west-1, Strong$")
	p.do(chromedp.KeyEvent("\x1b"), chromedp.KeyEvent("?"))
	p.wait("the list of keys", `document.querySelector("dialog.keys").open`)
	p.accessible("the list of keys")
	p.quiet()
}
