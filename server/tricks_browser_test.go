package server

import (
	"fmt"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

func (m *monkey) dragRegion() {
	x, y, name := m.any("section.lane g.region")
	if name == "" {
		return
	}
	dx, dy := m.way()
	if m.luck.IntN(3) == 0 { // beside another one
		toX, toY, _ := m.any("section.lane g.region")
		dx, dy = toX+60-x, toY-y
	}
	toX, toY := m.inside(x+dx, y+dy)
	m.do(chromedp.MouseEvent("mouseMoved", x, y), chromedp.MouseEvent("mousePressed", x, y, chromedp.Button("left"), chromedp.ClickCount(1)))
	const steps = 6
	for i := 1.0; i <= steps; i++ {
		m.do(chromedp.MouseEvent("mouseMoved", x+(toX-x)*i/steps, y+(toY-y)*i/steps, chromedp.Button("left")))
	}
	if m.luck.IntN(6) == 0 {
		m.note("and lets go by Escape")
		m.do(chromedp.KeyEvent("\x1b"))
	}
	m.do(chromedp.MouseEvent("mouseReleased", toX, toY, chromedp.Button("left"), chromedp.ClickCount(1)))
}

func (m *monkey) fingerRegion() {
	x, y, name := m.any("section.lane g.region")
	if name == "" {
		return
	}
	dx, dy := m.way()
	toX, toY := m.inside(x+dx, y+dy)
	finger{mouse{m.page}}.swipe(false, x, y, toX, toY)
}

func (m *monkey) drawStroke() {
	x, y, name := m.any("section.lane [data-cable-target], section.lane .stage")
	if name == "" {
		return
	}
	dx, dy := m.way()
	x, y = m.inside(x-dx/2, y-dy/2)
	toX, toY := m.inside(x+dx, y+dy)
	m.note("from %.0f,%.0f to %.0f,%.0f", x, y, toX, toY)
	m.stroke(x, y, toX, toY)
}

func (m *monkey) fingerStroke() {
	x, y, name := m.any("section.lane .stage")
	if name == "" {
		return
	}
	dx, dy := m.way()
	m.touch("touchStart", x, y)
	time.Sleep(500 * time.Millisecond) // as long as a finger rests before it draws; if it does something else, so be it
	for i := 1.0; i <= 5; i++ {
		toX, toY := m.inside(x+dx*i/5, y+dy*i/5)
		m.touch("touchMove", toX, toY)
	}
	m.touch("touchEnd")
}

const stageTargets = "section.lane [data-cable-target], section.lane [data-node-target], section.lane .client-target, section.lane g.region"

func (m *monkey) clickTarget() {
	if x, y, name := m.any(stageTargets); name != "" {
		m.stroke(x, y, x, y)
	}
}

func (m *monkey) tapTarget() {
	if x, y, name := m.any(stageTargets); name != "" {
		finger{mouse{m.page}}.tap(x, y)
	}
}

// pressOpen presses something in a menu, a dialog or a list that is open.
func (m *monkey) pressOpen() {
	if x, y, name := m.any(".menu :is(button, input, label), dialog[open] :is(button, summary, input, label), .dropped :is(button, input), .why button, [data-toast] button, #drawer-panel button"); name != "" {
		m.stroke(x, y, x, y)
	}
}

// pressButton presses a button or a tab anywhere, but for links and the language.
func (m *monkey) pressButton() {
	if x, y, name := m.any(`button:not([data-action="language"])`); name != "" {
		m.stroke(x, y, x, y)
	}
}

func (m *monkey) moveSlider() {
	x, y, name := m.any(`.menu input[type="range"], input[type="range"]`)
	if name == "" {
		return
	}
	to := x + (m.luck.Float64()*2-1)*60
	m.stroke(x, y, to, y)
}

func (m *monkey) pressKey() {
	keys := []string{"\t", "\t", "\t", "\r", "\r", "\x1b", " ", ".", "e", "h", "1", "2", "3", "4", "n", "c", "k", "b", "r", "w", "v", "f", "l", "d", "?", "m",
		"\u0301", "\u0302", "\u0303", "\u0304", "+", "-"}
	key := keys[m.luck.IntN(len(keys))]
	m.note("%q", key)
	m.do(chromedp.KeyEvent(key))
}

func (m *monkey) turnWheel() {
	x, y, name := m.any(`[data-chart], section.lane .stage`)
	if name == "" {
		return
	}
	dx, dy := m.way()
	m.do(chromedp.MouseEvent("mouseWheel", x, y, func(p *input.DispatchMouseEventParams) { p.DeltaX, p.DeltaY = dx, dy }))
}

func (m *monkey) resize() {
	size := [][2]int64{{1440, 900}, {1024, 768}, {390, 844}, {700, 500}, {320, 640}, {2000, 1100}}[m.luck.IntN(6)]
	m.note("%v", size)
	m.do(chromedp.EmulateViewport(size[0], size[1]))
}

func (m *monkey) seek() {
	m.eval(fmt.Sprintf(`(() => { const s = document.querySelector('[data-action="seek"]'); if (!s) return; s.value = %v * netsplit.modules.store.clock.value.edge * 1.1; for (const e of ["input", "change"]) s.dispatchEvent(new Event(e, {bubbles: true})) })()`, m.luck.Float64()))
}

// choose takes an option of a list, but for the scenario, which loads another page.
func (m *monkey) choose() {
	m.note("%s", m.eval(fmt.Sprintf(`(() => {
		const list = [...document.querySelectorAll('select:not([data-action="scenario"])')].filter(s => s.offsetParent), s = list[Math.floor(list.length * %v)];
		if (!s) return "";
		s.selectedIndex = Math.floor(s.options.length * %v);
		s.dispatchEvent(new Event("change", {bubbles: true}));
		return (s.dataset.action ?? s.dataset.field ?? "") + " " + s.value;
	})()`, m.luck.Float64(), m.luck.Float64())))
}

func (m *monkey) reload() {
	m.do(chromedp.Reload())
	m.ready()
}

// goBack goes to where the browser came from, and forward again.
func (m *monkey) goBack() {
	here := m.eval("location.href")
	m.do(chromedp.NavigateBack())
	if m.eval("location.href") != here {
		m.do(chromedp.Navigate(here))
	}
	m.ready()
}
