package server

import (
	"fmt"

	"github.com/chromedp/chromedp"
)

// A hand is one way in which a visitor takes hold of the stage.
type hand interface {
	// bear moves a region of the strong lane.
	bear(region string, dx, dy float64)
	// press activates a button.
	press(selector string)
	// slide puts a slider of the open menu onto a step, counted from its middle for negative ones.
	slide(action string, step int)
	// open opens the menu of a cable, node or client.
	open(kind, selector string)
	// slash cuts a cable of the strong lane, one way or both.
	slash(cable int, oneWay bool)
	// shut closes the menu that is open.
	shut()
}

type mouse struct{ *page }

func (m mouse) bear(name string, dx, dy float64) {
	if dx == 0 && dy == 0 {
		dx, dy = m.beside(name)
	}
	m.settled()
	m.drag(region("strong", name), dx, dy)
}

// beside is how far a region is from a place beside eu-west-1.
func (p *page) beside(name string) (dx, dy float64) {
	p.t.Helper()
	p.settled()
	dx, dy = p.numbers(fmt.Sprintf(`(() => { const at = [%q, %q].map(s => document.querySelector(s).getBoundingClientRect()); return [at[0].x - at[1].x, at[0].y - at[1].y] })()`,
		region("strong", "eu-west-1"), region("strong", name)))
	return dx + 90, dy + 10
}

// settled waits until no region has moved for several frames.
func (p *page) settled() {
	p.t.Helper()
	p.eval(`(() => { let rest = "", frames = 0; window.calm = false; const look = () => {
		const at = [...document.querySelectorAll("g.region")].map(r => r.getAttribute("transform")).join();
		frames = at === rest ? frames + 1 : 0; rest = at; window.calm = frames > 8; if (!window.calm) requestAnimationFrame(look) }; look() })()`)
	p.wait("the regions to rest", "window.calm")
}

func (m mouse) press(selector string) { m.page.press(selector) }

func (m mouse) slide(action string, step int) {
	x, y := m.knob(action, step)
	m.stroke(x, y, x, y)
}

// knob is where on the screen a slider's step is.
func (p *page) knob(action string, step int) (x, y float64) {
	p.t.Helper()
	return p.numbers(fmt.Sprintf(`(() => { const s = document.querySelector('.menu [data-action="%s"]'), box = s.getBoundingClientRect(), thumb = 16;
		return [box.x + thumb / 2 + (box.width - thumb) * %d / s.max, box.y + box.height / 2] })()`, action, step))
}

// hold is where a hand takes hold of a cable, node or client.
func (p *page) hold(kind, selector string) (x, y float64) {
	p.t.Helper()
	p.settled()
	if kind == "cable" {
		return p.cableAt("strong", 0, 0.3)
	}
	return p.middle(selector)
}

func (m mouse) open(kind, selector string) {
	x, y := m.hold(kind, selector)
	m.stroke(x, y, x, y)
	m.wait("the menu", fmt.Sprintf(`document.activeElement?.dataset.menu === %q`, kind))
}

// slit is the way of a stroke of the strong lane that cuts a cable: across it, or along it for one way. It begins where
// nothing is that could be taken hold of.
func (p *page) slit(cable int, oneWay bool) (x, y, toX, toY float64) {
	p.t.Helper()
	p.settled()
	way := p.eval(fmt.Sprintf(`(() => {
		const above = %[1]s.querySelector(".above"), c = above.querySelector('[data-cable-target="%[2]d"]'), box = above.getBoundingClientRect(), long = c.getTotalLength();
		const beside = (share, off) => { const [a, b] = [-1, 1].map(d => c.getPointAtLength(long * share + d)), size = Math.hypot(b.x - a.x, b.y - a.y);
			return [(a.x + b.x) / 2 + box.x + (b.y - a.y) / size * off, (a.y + b.y) / 2 + box.y - (b.x - a.x) / size * off] };
		for (const share of [0.5, 0.45, 0.4, 0.35, 0.3, 0.55, 0.6, 0.25]) for (const off of %[3]t ? [9, 10, 11, -9, -10, -11, 12, -12] : [34, -34, 26, -26, 44, -44, 20, -20, 15, -15]) {
			const start = beside(share, off);
			if (document.elementFromPoint(...start) === above) return [...start, ...(%[3]t ? beside(share + 0.35, 0) : beside(share, -off / 2))].join(" ");
		}
	})()`, lane("strong"), cable, oneWay))
	if _, err := fmt.Sscan(way, &x, &y, &toX, &toY); err != nil {
		p.t.Fatalf("no way for a stroke: %q", way)
	}
	return x, y, toX, toY
}

func (m mouse) slash(cable int, oneWay bool) { m.stroke(m.slit(cable, oneWay)) }

func (m mouse) shut() {
	m.press(`.menu header button`)
	m.wait("the menu to be closed", `!document.querySelector(".menu")`)
}

type finger struct{ mouse }

// swipe moves a finger, which may first rest. A browser that is too slow to answer takes the finger's way for its own, to
// scroll, and says so: then the finger tries again.
func (f finger) swipe(rest bool, x, y, toX, toY float64) {
	f.eval(`(window.taken = 0, window.takes ??= addEventListener("pointercancel", () => window.taken++, true) ?? true)`)
	for range 4 {
		f.touch("touchStart", x, y)
		if rest {
			f.wait("the finger to draw", `netsplit.modules.store.stroke !== null`)
		}
		const steps = 10
		for i := 1.0; i <= steps; i++ {
			f.touch("touchMove", x+(toX-x)*i/steps, y+(toY-y)*i/steps)
		}
		f.touch("touchEnd")
		if f.eval(`String([window.taken, window.taken = 0][0])`) == "0" {
			return
		}
	}
}

func (f finger) tap(x, y float64) {
	f.touch("touchStart", x, y)
	f.touch("touchEnd")
}

func (f finger) bear(name string, dx, dy float64) {
	if dx == 0 && dy == 0 {
		dx, dy = f.beside(name)
	}
	f.settled()
	x, y := f.middle(region("strong", name))
	f.swipe(false, x, y, x+dx, y+dy)
}

func (f finger) press(selector string) {
	f.wait(selector, one(selector)+" !== null && !"+one(selector)+".disabled")
	f.eval(one(selector) + `.scrollIntoView({block: "nearest"})`)
	f.eval(`(window.rested ??= (addEventListener("contextmenu", () => window.rested++, true), 0), 0)`)
	for range 4 { // on a busy machine a tap may last as long as a press that rests, which is no click
		f.tap(f.middle(selector))
		if f.eval(`String([window.rested, window.rested = 0][0])`) == "0" {
			return
		}
	}
}

func (f finger) slide(action string, step int) { f.tap(f.knob(action, step)) }

func (f finger) open(kind, selector string) {
	f.tap(f.hold(kind, selector))
	f.wait("the menu", fmt.Sprintf(`document.querySelector(".menu")?.dataset.menu === %q`, kind))
}

func (f finger) slash(cable int, oneWay bool) {
	x, y, toX, toY := f.slit(cable, oneWay)
	f.swipe(true, x, y, toX, toY)
}

func (f finger) shut() {
	f.press(`.menu header button`)
	f.wait("the menu to be closed", `!document.querySelector(".menu")`)
}

type keyboard struct{ mouse }

var arrows = map[string]string{"left": "\u0302", "up": "\u0304", "right": "\u0303", "down": "\u0301"}

func (k keyboard) key(keys string) { k.do(chromedp.KeyEvent(keys)) }

func (k keyboard) focus(selector string) {
	k.wait(selector, one(selector)+" !== null && !"+one(selector)+".disabled")
	k.do(chromedp.Focus(chromedp.CSS(selector)))
}

// bear sends a region away by Enter, and brings it beside the first by arrows.
func (k keyboard) bear(name string, dx, dy float64) {
	k.focus(region("strong", name))
	k.key(enter)
	if dx != 0 || dy != 0 {
		return
	}
	k.wait("it to be away", away(name, true))
	for range 40 {
		if k.eval(`document.querySelectorAll('section[data-lane="strong"] .tie').length`) == "1" {
			return
		}
		switch dx, dy = k.beside(name); {
		case dx > 40:
			k.key(arrows["right"])
		case dx < -40:
			k.key(arrows["left"])
		case dy > 0:
			k.key(arrows["down"])
		default:
			k.key(arrows["up"])
		}
	}
}

func (k keyboard) press(selector string) {
	k.focus(selector)
	k.key(enter)
}

func (k keyboard) slide(action string, step int) {
	selector := fmt.Sprintf(`.menu [data-action="%s"]`, action)
	k.focus(selector)
	for range 50 {
		var now, want int
		fmt.Sscan(k.eval(one(selector)+".value"), &now)
		if want = step; now == want {
			return
		}
		k.key(map[bool]string{true: arrows["right"], false: arrows["left"]}[now < want])
	}
}

func (k keyboard) open(kind, selector string) {
	k.settled()
	k.focus(selector)
	k.key(enter)
	k.wait("the menu", fmt.Sprintf(`document.activeElement?.dataset.menu === %q`, kind))
}

// slash cuts by the cable's menu, which a key leads to.
func (k keyboard) slash(cable int, oneWay bool) {
	k.key("1")
	k.wait("a region to have the focus", `document.activeElement.closest('section[data-lane="strong"] .region') !== null`)
	k.key("k")
	k.wait("a cable to have the focus", fmt.Sprintf(`document.activeElement.dataset.cableTarget === "%d"`, cable))
	k.key(enter)
	if oneWay {
		k.press(`.menu [data-way="there"]`)
	}
	k.press(`.menu [data-action="cut"]`)
	k.key(escape)
	k.wait("the menu to be closed", `!document.querySelector(".menu")`)
}

func (k keyboard) shut() {
	k.key(escape)
	k.wait("the menu to be closed", `!document.querySelector(".menu")`)
}
