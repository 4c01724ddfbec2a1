package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
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

const (
	escape = "\x1b"
	enter  = "\r"
)

// away says whether a region is away in every lane.
func away(name string, want bool) string {
	return fmt.Sprintf(`[...document.querySelectorAll('g.region[data-region="%s"]')].every(r => r.dataset.away === "%d")`, name, map[bool]int{true: 1}[want])
}

// did says whether the run's latest commands of a verb match a pattern, as JSON.
func did(pattern string) string {
	return fmt.Sprintf(`/%s/.test(JSON.stringify(netsplit.modules.store.commands.value.slice(-6)))`, pattern)
}

// still remembers where all regions but one rest, and returns what says that they are still there.
func (p *page) still(but string) string {
	p.t.Helper()
	places := fmt.Sprintf(`[...document.querySelectorAll('section[data-lane="strong"] g.region:not([data-region="%s"])')].map(r => r.getAttribute("transform")).join()`, but)
	return fmt.Sprintf("%s === %q", places, p.eval(places))
}

const (
	strongCable = `section.lane[data-lane="strong"] [data-cable-target="0"]`
	strongNode  = `section.lane[data-lane="strong"] [data-node-target="2"]`
	strongWho   = `section.lane[data-lane="strong"] [data-client="us-east-1"] .client-target`
	home        = `netsplit.modules.store.away.value.every(a => !a)`
	healed      = `netsplit.modules.store.healable.value === false`
)

// grips are the gestures that move regions and cut cables.
func grips(p *page, h hand) {
	p.settled()
	still := p.still("eu-west-1")
	homeX, homeY := p.middle(region("strong", "eu-west-1"))
	h.bear("eu-west-1", 60, -300) // beyond the stage's edge, where it stops
	p.wait("a region to be away in every lane", away("eu-west-1", true))
	p.wait("its cables to be torn in every lane", `[...document.querySelectorAll("section.lane")].every(l => l.querySelectorAll('.cable[data-cut="1"]').length === 4)`)
	p.wait("the others to stay where they are", still)
	h.bear("ap-northeast-1", 0, 0)
	p.wait("it to join the side of the first", `document.querySelectorAll('section[data-lane="strong"] .tie').length === 1 && `+away("ap-northeast-1", true))
	p.settled()
	x, y := p.middle(region("strong", "eu-west-1"))
	h.bear("eu-west-1", homeX-x, homeY-y)
	p.wait("the first to be home", away("eu-west-1", false)+" && "+away("ap-northeast-1", true))
	h.press(`button[data-action="heal"]`)
	p.wait("all to be home", home+" && "+healed)
	h.slash(0, false)
	p.named("strong", 0, ": cut$")
	p.named("eventual", 0, ": cut$")
	h.press(`button[data-action="heal"]`)
	p.named("eventual", 0, "eu-west-1, Eventual$")
	p.wait("nothing to be left to heal", healed+` && document.querySelector('button[data-action="heal"]').ariaDisabled === "true"`)
	h.press(`[data-toast] [data-action="undo"]`)
	p.named("strong", 0, ": cut$")
	h.press(`button[data-action="heal"]`)
	p.wait("all to be mended again", healed)
	h.slash(0, true)
	p.named("eventual", 0, "to (us-east-1|eu-west-1) cut$")
	h.press(`button[data-action="heal"]`)
	p.wait("all to be mended", healed)
}

// cableMenus are the gestures of a cable's menu.
func cableMenus(p *page, h hand) {
	h.open("cable", strongCable)
	for _, g := range []struct{ action, name string }{{"cut", ": cut$"}, {"cut", ", Eventual$"}, {"hold", ": held"}, {"mend", ", Eventual$"}} {
		h.press(fmt.Sprintf(`.menu [data-action="%s"]`, g.action))
		p.named("eventual", 0, g.name)
	}
	h.press(`.menu [data-way="there"]`)
	h.press(`.menu [data-action="cut"]`)
	p.named("eventual", 0, "to [a-z0-9-]+ cut$")
	h.press(`.menu [data-action="mend"]`)
	p.named("eventual", 0, ", Eventual$")
	h.press(`.menu [data-way="both"]`)
	for _, g := range []struct {
		action string
		step   int
		name   string
	}{{"delay", 7, "100 ms late"}, {"drop", 4, "loses 10 %"}, {"duplicate", 3, "(twice|doubles|duplicates).* 5 %|5 %.* twice"}} {
		h.slide(g.action, g.step)
		p.named("eventual", 0, g.name)
	}
	h.press(`.menu [data-action="mend"]`)
	p.named("eventual", 0, ", Eventual$")
	h.slide("flap", 1)
	p.wait("the cable to flap", did(`"verb":"cut".*"verb":"mend".*"verb":"cut"`))
	h.press(`.menu [data-action="mend"]`)
	p.wait("nothing to be left to heal", healed)
	h.shut()
}

// nodeMenus are the gestures of a node's menu; node 2 is in ap-south-1.
func nodeMenus(p *page, h hand) {
	h.open("node", strongNode)
	node := func(what string) string {
		return fmt.Sprintf(`netsplit.modules.store.lanes.value.every(l => (n => %s)(l.nodes[2]))`, what)
	}
	for _, g := range []struct{ action, want string }{
		{"pause", "n.paused"}, {"resume", "!n.paused"}, {"crash", "n.down"}, {"restart", "!n.down"},
		{"wipe", ""}, {"restart", "!n.down"}, {"isolate", ""}, {"isolate", ""}, {"part", ""}, {"part", ""}, {"transfer", ""},
	} {
		p.wait(g.action, one(fmt.Sprintf(`.menu [data-action="%s"]`, g.action))+" !== null")
		label := p.eval(one(fmt.Sprintf(`.menu [data-action="%s"]`, g.action)) + ".textContent")
		h.press(fmt.Sprintf(`.menu [data-action="%s"]`, g.action))
		want := node(g.want)
		switch g.action {
		case "wipe":
			want = node("n.down")
		case "isolate", "part":
			want = fmt.Sprintf(`%s.textContent !== %q`, one(fmt.Sprintf(`.menu [data-action="%s"]`, g.action)), label)
		case "transfer":
			want = did(`"verb":"transfer"`)
		}
		p.wait(label, want)
	}
	h.slide("slow", 3)
	p.wait("it to be slow", node("n.service === 20000"))
	h.slide("skew", 23)
	p.wait("its clock to be off", node("n.skew === 50000"))
	h.slide("skew", 18)
	p.wait("its clock to be right", node("!n.skew"))
	h.slide("slow", 0)
	p.wait("it to be quick again", node("!n.service"))
	h.shut()
}

// clientMenus are the gestures of a client's menu.
func clientMenus(p *page, h hand) {
	h.open("client", strongWho)
	p.wait("its levels", one(`.menu [data-action="level"]`)+" !== null")
	h.press(`.menu [data-action="be"]`)
	p.wait("the visitor to be it", `netsplit.modules.store.you.value === "us-east-1" && document.querySelector('.menu [data-action="be"]').getAttribute("aria-pressed") === "true"`)
	level := p.eval(one(`.menu [data-action="level"]`) + ".options[1].value")
	p.fill(`.menu [data-action="level"]`, level)
	p.fill(`.menu [data-action="number"]`, "7")
	for _, verb := range strings.Fields(p.eval(`[...document.querySelectorAll(".menu [data-visit]")].map(b => b.dataset.visit).join(" ")`)) {
		p.wait(verb+" to be possible", one(fmt.Sprintf(`.menu [data-visit="%s"]`, verb))+".disabled === false")
		h.press(fmt.Sprintf(`.menu [data-visit="%s"]`, verb))
		p.wait(verb, did(fmt.Sprintf(`"verb":"%s","region":"us-east-1"[^}]*"level":"%s"`, verb, level)))
	}
	h.press(`.menu [data-action="be"]`)
	p.wait("the visitor to be nobody", `netsplit.modules.store.you.value === ""`)
	h.shut()
}

// TestEveryGesture does everything that hands can do on a stage by mouse, by finger and by keyboard.
func TestEveryGesture(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(five), 1440, 900, "light")
	for _, way := range []struct {
		name string
		hand hand
	}{{"mouse", mouse{p}}, {"finger", finger{mouse{p}}}, {"keyboard", keyboard{mouse{p}}}} {
		for _, part := range []struct {
			name string
			act  func(*page, hand)
		}{{"grips", grips}, {"cables", cableMenus}, {"nodes", nodeMenus}, {"clients", clientMenus}} {
			t.Run(way.name+"/"+part.name, func(t *testing.T) {
				p.t = t
				part.act(p, way.hand)
			})
			if t.Failed() {
				return
			}
		}
	}
	p.t = t
	p.quiet()
}

// TestKeepsFocus: what is pressed keeps the focus, also when there is then nothing more for it to do; a stage takes none.
func TestKeepsFocus(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1440, 900, "light")
	k := keyboard{mouse{p}}
	k.slash(0, false)
	p.named("strong", 0, ": cut$")
	k.press(`button[data-action="heal"]`)
	p.wait("nothing to be left to heal", healed)
	p.wait("Heal to keep the focus", `document.activeElement.dataset.action === "heal"`)
	k.open("node", strongNode)
	k.focus(`.menu [data-action="only"]`)
	k.key(" ")
	p.wait("the box to be ticked, and to keep the focus", `document.activeElement.dataset.action === "only" && document.activeElement.checked`)
	k.shut()
	mouse{p}.slash(0, false)
	p.wait("the stage to take no focus", `!document.activeElement.matches(".above")`)
	k.key("?")
	p.wait("the list of keys", `document.querySelector("dialog.keys").open`)
	x, y := p.middle("dialog.keys h3")
	p.stroke(x, y, x, y)
	p.stroke(8, 8, 8, 8)
	p.wait("the list to have the focus", `document.querySelector("dialog.keys").contains(document.activeElement)`)
	p.quiet()
}

// TestOneDragOnePartition: a drag away is one command, also where the server's word comes late.
func TestOneDragOnePartition(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1440, 900, "light")
	mouse{p}.bear("eu-west-1", 20, -300)
	p.wait("Europe to be away", away("eu-west-1", true))
	was := p.eval(`netsplit.modules.store.clock.value.edge`)
	p.wait("the run to go on", fmt.Sprintf(`netsplit.modules.store.now.value > %s`, was))
	if n := p.eval(`netsplit.modules.store.commands.value.filter(c => c.verb === "partition").length`); n != "1" {
		t.Errorf("%s partitions", n)
	}
	p.quiet()
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
		for (const share of [0.5, 0.45, 0.4, 0.35, 0.3]) for (const off of %[3]t ? [9, 10, 11, -9, -10, -11, 12, -12] : [34, -34, 26, -26, 44, -44]) {
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

// swipe moves a finger, which may first rest.
func (f finger) swipe(rest bool, x, y, toX, toY float64) {
	f.touch("touchStart", x, y)
	if rest {
		f.wait("the finger to draw", `netsplit.modules.store.stroke !== null`)
	}
	const steps = 10
	for i := 1.0; i <= steps; i++ {
		f.touch("touchMove", x+(toX-x)*i/steps, y+(toY-y)*i/steps)
	}
	f.touch("touchEnd")
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
	f.tap(f.middle(selector))
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
