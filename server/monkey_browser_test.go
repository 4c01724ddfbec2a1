package server

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
	"netsplit/sim/study"
)

// A monkey plays with the page at random, by a seed. That what it does is the same each time makes a finding likely to
// come again, not certain: the page's own clock goes on meanwhile.
type monkey struct {
	*page
	luck *rand.Rand
	seed uint64
	done []string // what it has done
	url  string
}

// A trick is one thing that it does, so often among others.
type trick struct {
	name string
	odds int
	do   func(*monkey)
}

var tricks = []trick{
	{"drag a region", 14, (*monkey).dragRegion},
	{"drag a region by a finger", 6, (*monkey).fingerRegion},
	{"draw a stroke", 10, (*monkey).drawStroke},
	{"draw by a finger", 3, (*monkey).fingerStroke},
	{"click on the stage", 14, (*monkey).clickTarget},
	{"tap on the stage", 6, (*monkey).tapTarget},
	{"press in what is open", 22, (*monkey).pressOpen},
	{"press a button", 14, (*monkey).pressButton},
	{"move a slider", 8, (*monkey).moveSlider},
	{"press a key", 26, (*monkey).pressKey},
	{"turn the wheel", 4, (*monkey).turnWheel},
	{"resize", 2, (*monkey).resize},
	{"seek", 3, (*monkey).seek},
	{"choose", 4, (*monkey).choose},
	{"reload", 1, (*monkey).reload},
	{"go back", 1, (*monkey).goBack},
}

// invariants is an expression for what is wrong with the page; "" for nothing.
const invariants = `(() => {
	if (document.body?.dataset.ready !== "1" || !globalThis.netsplit?.modules.store.world.value) return "the page has not come: " + location.href;
	const s = netsplit.modules.store, all = q => [...document.querySelectorAll(q)];
	if (document.documentElement.scrollWidth > innerWidth) return "the page is " + document.documentElement.scrollWidth + " pixels wide, its window " + innerWidth;
	const dialog = document.querySelector("dialog[open], .menu");
	if (dialog && (!document.activeElement || document.activeElement === document.body)) return "the focus is nowhere while this is open: " + dialog.className;
	if (s.grip) return "";
	const parted = all("section.lane").filter(l => l.offsetWidth > 0).map(l => [...l.querySelectorAll("g.region")].map(r => r.dataset.region + r.dataset.away).join(" ")).filter(Boolean);
	if (new Set(parted).size > 1) return "lanes are parted differently: " + parted.join(" | ");
	for (const stage of all("section.lane .stage")) {
		const box = stage.getBoundingClientRect();
		if (box.width > 0) for (const disc of stage.querySelectorAll("[data-node-target]")) {
			const b = disc.getBoundingClientRect();
			if (b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1) return "a disc is outside of its stage: " + disc.getAttribute("aria-label");
		}
	}
	return "";
})()`

// TestMonkey has a monkey play for a while: nothing that it does may break the page.
func TestMonkey(t *testing.T) {
	seed, span := uint64(11), 10*time.Second
	if s, err := strconv.ParseUint(os.Getenv("SEED"), 10, 64); err == nil {
		seed = s
	}
	if d, err := time.ParseDuration(os.Getenv("FOR")); err == nil {
		span = d
	}
	t.Logf("seed %d, for %s: SEED=%d FOR=%s make soak-monkey", seed, span, seed, span)
	_, url := start(t)
	m := &monkey{luck: rand.New(rand.NewPCG(seed, 0)), seed: seed, url: url + "/?scenario=healthy"}
	m.page = openFor(t, m.url, span+3*time.Minute)
	m.play(span)
	m.end()
	m.quiet()
}

// play does one trick after another, and looks after each whether all is well.
func (m *monkey) play(span time.Duration) {
	total := 0
	for _, k := range tricks {
		total += k.odds
	}
	for until := time.Now().Add(span); time.Now().Before(until); {
		at := m.luck.IntN(total)
		for _, k := range tricks {
			if at -= k.odds; at < 0 {
				m.done = append(m.done, k.name)
				k.do(m)
				break
			}
		}
		m.well()
	}
	m.t.Logf("%d tricks", len(m.done))
}

// well checks the invariants. What is under way may take its time to come right.
func (m *monkey) well() {
	m.t.Helper()
	wrong, deadline := m.eval(invariants), time.Now().Add(8*time.Second)
	for wrong != "" && time.Now().Before(deadline) {
		time.Sleep(30 * time.Millisecond)
		wrong = m.eval(invariants)
	}
	m.mu.Lock()
	said := strings.Join(m.said, "\n")
	m.mu.Unlock()
	if wrong != "" || said != "" {
		m.fail(wrong + said)
	}
}

func (m *monkey) fail(what string) {
	m.t.Helper()
	if name := os.Getenv("SHOT"); name != "" {
		if shot, err := chromedp.Run(m.ctx, chromedp.FullScreenshot(100)); err == nil {
			os.WriteFile(name, shot, 0o644)
		}
	}
	m.t.Fatalf("seed %d, trick %d: %s\nbefore: %s", m.seed, len(m.done), what, strings.Join(m.done[max(0, len(m.done)-25):], "; "))
}

// note adds to what the latest trick is called.
func (m *monkey) note(format string, args ...any) {
	m.done[len(m.done)-1] += " " + fmt.Sprintf(format, args...)
}

// end checks that the page still works: it is connected, its clock goes on, and its script is the run.
func (m *monkey) end() {
	m.t.Helper()
	m.ready()
	m.eval(`document.querySelectorAll("dialog[open]").forEach(d => d.close()), netsplit.modules.store.openMenu(null), netsplit.modules.actions.live(), netsplit.modules.actions.run(true)`)
	m.wait("the line to be open", `netsplit.modules.store.connection.value.state === "open"`)
	was := m.eval(`netsplit.modules.store.clock.value.edge`)
	m.wait("the clock to go on", fmt.Sprintf(`netsplit.modules.store.clock.value.ended || netsplit.modules.store.clock.value.live && netsplit.modules.store.now.value > %s`, was))
	m.replays()
}

// replays checks that the page's script, run anew, leads to what the page shows.
func (m *monkey) replays() {
	m.t.Helper()
	m.eval(`(() => { window.told = null; netsplit.modules.actions.run(false); netsplit.modules.actions.text().then(s => window.told = s) })()`)
	m.wait("the script", `window.told !== null && netsplit.modules.store.now.value === window.told.at && netsplit.modules.store.playback.settled()`)
	text := m.eval("window.told.text")
	scenario, err := study.Parse(text)
	if err != nil {
		m.fail(fmt.Sprintf("the script does not parse: %v\n%s", err, text))
	}
	var at sim.Time
	fmt.Sscan(m.eval("window.told.at"), &at)
	again, err := newFeed(scenario)
	if err != nil {
		m.fail(err.Error())
	}
	again.run.AdvanceTo(at)
	again.delta(Clock{})
	const told = `netsplit.modules.store.lanes.value.map(l => l.nodes.map(n => [n.value, n.term ?? 0, n.down ?? false].join(" ")).join("; ")).join("\n")`
	var lanes []string
	for _, l := range again.state(Clock{}).Lanes {
		var nodes []string
		for _, n := range l.Nodes {
			nodes = append(nodes, fmt.Sprint(n.Value, n.Term, n.Down))
		}
		lanes = append(lanes, strings.Join(nodes, "; "))
	}
	if shown, replayed := m.eval(told), strings.Join(lanes, "\n"); shown != replayed {
		m.fail(fmt.Sprintf("the script leads elsewhere: shown\n%s\nreplayed\n%s\n%s", shown, replayed, text))
	}
}

// ready waits for the page's state, wherever the monkey has gone.
func (m *monkey) ready() {
	m.t.Helper()
	m.wait("the state", `document.body?.dataset.ready === "1" && Boolean(globalThis.netsplit?.modules.store.world.value)`)
}

// any picks one of the elements that a selector finds, of those that are seen, and returns its middle and what it is.
func (m *monkey) any(selector string) (x, y float64, name string) {
	m.t.Helper()
	found := m.eval(fmt.Sprintf(`(() => {
		const list = [...document.querySelectorAll(%q)].filter(e => { const b = e.getBoundingClientRect(); return b.width > 0 && b.height > 0 && b.x + b.width / 2 > 0 && b.x + b.width / 2 < innerWidth && e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) });
		const e = list[Math.floor(list.length * %v)];
		if (!e) return "";
		if (e.getBoundingClientRect().bottom > innerHeight || e.getBoundingClientRect().top < 0) e.scrollIntoView({block: "nearest"});
		const b = e.getBoundingClientRect();
		return [b.x + b.width / 2, b.y + b.height / 2, (e.dataset.action ?? e.dataset.visit ?? e.getAttribute("aria-label") ?? e.textContent).replaceAll(/\s+/g, "_").slice(0, 40) || "-"].join(" ");
	})()`, selector, m.luck.Float64()))
	fmt.Sscan(found, &x, &y, &name)
	m.note("%s", name)
	return x, y, name
}

// way is a random way on the stage.
func (m *monkey) way() (dx, dy float64) {
	reach := []float64{20, 90, 200, 600}[m.luck.IntN(4)]
	return (m.luck.Float64()*2 - 1) * reach, (m.luck.Float64()*2 - 1) * reach
}

// inside keeps a place within the window.
func (m *monkey) inside(x, y float64) (float64, float64) {
	w, h := m.numbers("[innerWidth, innerHeight]")
	return min(max(x, 0), w-1), min(max(y, 0), h-1)
}

// openFor opens a page that may stay open for long.
func openFor(t *testing.T, url string, span time.Duration) *page {
	t.Helper()
	p := open(t, url, 1440, 900, "light")
	ctx, cancel := context.WithTimeout(context.WithoutCancel(p.ctx), span)
	t.Cleanup(cancel)
	p.ctx = ctx
	return p
}
