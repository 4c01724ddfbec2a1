package server

import (
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"netsplit/sim"
)

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

// landed waits for all commands of a gesture, which come one by one, within a few turns.
func (p *page) landed() {
	p.t.Helper()
	p.wait("all of the gesture to have come", `netsplit.modules.store.clock.value.edge > netsplit.modules.store.commands.value.at(-1).at + 100_000`)
}

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
	p.landed()
	h.press(`button[data-action="heal"]`)
	p.named("eventual", 0, "eu-west-1, Eventual$")
	p.wait("nothing to be left to heal", healed+` && document.querySelector('button[data-action="heal"]').ariaDisabled === "true"`)
	h.press(`[data-toast] [data-action="undo"]`)
	p.named("strong", 0, ": cut$")
	p.landed()
	h.press(`button[data-action="heal"]`)
	p.wait("all to be mended again", healed)
	h.slash(0, true)
	p.named("eventual", 0, "to (us-east-1|eu-west-1) cut$")
	p.landed()
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

// TestEveryGesture does everything that hands can do on a stage by mouse, by finger and by keyboard. In its small form
// every gesture is done once, and every kind of hand does some.
func TestEveryGesture(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(five), 1440, 900, "light")
	whole := os.Getenv("NETSPLIT_SOAK") != ""
	for _, way := range []struct {
		name  string
		hand  hand
		small string // what of it is in the small form
	}{{"mouse", mouse{p}, "grips"}, {"finger", finger{mouse{p}}, "cables clients"}, {"keyboard", keyboard{mouse{p}}, "nodes"}} {
		for _, part := range []struct {
			name string
			act  func(*page, hand)
		}{{"grips", grips}, {"cables", cableMenus}, {"nodes", nodeMenus}, {"clients", clientMenus}} {
			if !whole && !slices.Contains(strings.Fields(way.small), part.name) {
				continue
			}
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

// TestTearsAtTheEdge: a region by the stage's edge is torn by the hand's way, which may lead beyond the stage, and stays
// where it is seen to be away; so it is by the keyboard.
func TestTearsAtTheEdge(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=healthy", 1024, 768, "light")
	p.drag(region("quorum", "eu-west-1"), 0, -100)
	p.wait("Europe to be away", away("eu-west-1", true))
	p.settled()
	x, y := p.middle(region("quorum", "eu-west-1"))
	p.eval(`document.querySelector('button[data-action="heal"]').click()`)
	p.wait("Europe to be home", away("eu-west-1", false))
	p.settled()
	if homeX, homeY := p.middle(region("quorum", "eu-west-1")); math.Hypot(homeX-x, homeY-y) < 32 {
		t.Errorf("away at %.0f, %.0f; home at %.0f, %.0f: too near", x, y, homeX, homeY)
	}
	k := keyboard{mouse{p}}
	k.focus(region("quorum", "eu-west-1"))
	k.key(arrows["up"])
	p.wait("Europe to be away again", away("eu-west-1", true))
	p.quiet()
}
