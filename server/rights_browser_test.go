package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

const (
	watchLine = `document.querySelector(".company")?.innerText.replace(/\s+/g, " ")`
	withheld  = `document.querySelector(".toast[data-watching]") !== null`
	followed  = `document.querySelector('.company-line[data-follows="1"]') !== null`
	returns   = `[data-action="return"]`
)

// address is a link to the page's room by one of its keys.
func (p *page) address(key string) string {
	p.t.Helper()
	p.wait("the room's keys", fmt.Sprintf("%s.%s.value !== ''", store, key))
	return p.eval(fmt.Sprintf("location.origin + '/?lang=en#room=' + %s.world.value.room + '&key=' + %s.%s.value", store, store, key))
}

// toast waits for a notice that has a text.
func (p *page) toast(text string) {
	p.t.Helper()
	p.wait("the notice: "+text, fmt.Sprintf(`[...document.querySelectorAll("[data-toast]")].some(t => t.textContent.includes(%q))`, text))
}

// refused says that an attempt does nothing but have the page say why.
func (p *page) refused(what string, try func()) {
	p.t.Helper()
	p.eval(store + ".withhold(false)")
	p.wait("no notice", "!("+withheld+")")
	before := p.eval("JSON.stringify(" + store + ".commands.value)")
	try()
	p.wait("the notice after "+what, withheld)
	if after := p.eval("JSON.stringify(" + store + ".commands.value)"); after != before {
		p.t.Errorf("%s has changed the run: %s, before %s", what, after, before)
	}
	if got := p.eval(`document.querySelectorAll("[data-toast]").length`); got != "0" {
		p.t.Errorf("%s: beside the notice there are others: %s", what, p.eval(`document.querySelector(".notices").textContent`))
	}
}

// TestWatchingPage: by a view link one sees the room and looks around, and can change nothing, by mouse, key or finger.
func TestWatchingPage(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	host.wait("two here", `document.querySelector('#here [data-action="audience"]')?.textContent.startsWith("2 here")`)
	guest.wait("that one watches", watchLine+`.startsWith("Watching")`)
	guest.wait("how many are here", watchLine+`.includes("2 here")`)
	if got := guest.eval("location.hash.includes(" + store + ".viewKey.value) && " + store + ".controlKey.value === ''"); got != "true" {
		t.Errorf("the watching page's address is %s", guest.eval("location.hash"))
	}
	for _, of := range []string{"play", "step", "speed", "heal", "write", "fork", "undo-run"} {
		at := one(`[data-action="` + of + `"]`)
		if of == "fork" {
			guest.press(`[data-action="branches"]`)
			guest.wait("the branches", at+" !== null")
		}
		if got := guest.eval(at + `.getAttribute("aria-disabled")`); got != "true" {
			t.Errorf("%s is not marked as out of reach: %s", of, got)
		}
	}
	guest.refused("a press", func() { guest.press(`button[data-action="partition"][data-region="eu-west-1"]`) })
	guest.refused("play", func() { guest.press(`[data-action="play"]`) })
	guest.refused("a choice", func() { guest.press(`[data-action="speed"]`) })
	guest.refused("a changed speed", func() {
		guest.eval(one(`[data-action="speed"]`) + ".focus()")
		guest.fill(`[data-action="speed"]`, "5")
	})
	if got := guest.eval(one(`[data-action="speed"]`) + ".value === String(" + store + ".clock.value.speed)"); got != "true" {
		t.Error("the field shows a speed that the run does not have")
	}
	for _, key := range []string{" ", ".", "h", "r", "w", "y"} {
		guest.refused("the key "+key, func() {
			guest.eval("document.activeElement.blur()")
			guest.do(chromedp.KeyEvent(key))
		})
	}
	guest.wait("something to undo", store+".now.value > 300000")
	guest.refused("undo", func() { guest.control("z", false) })
	guest.refused("a key on a region", func() {
		guest.do(chromedp.Focus(chromedp.CSS(region("strong", "eu-west-1"))), chromedp.KeyEvent(enter))
	})
	guest.refused("a dragged region", func() { guest.drag(region("strong", "eu-west-1"), 0, 160) })
	guest.refused("a stroke", func() {
		x, y := guest.cableAt("strong", 0, 0.5)
		guest.stroke(x-20, y-50, x+20, y+50)
	})
	guest.refused("an item of a node's menu", func() {
		guest.eval(store + ".openMenu({kind: 'node', lane: 0, index: 0, x: 300, y: 200})")
		guest.press(`.menu [data-action="crash"]`)
	})
	guest.eval(store + ".openMenu(null)")
	guest.refused("a finger on a region", func() {
		x, y := guest.middle(region("quorum", "ap-south-1"))
		guest.touch("touchStart", x, y)
		for i := 1.0; i <= 8; i++ {
			guest.touch("touchMove", x, y-20*i)
		}
		guest.touch("touchEnd")
	})
	if got := guest.eval(store + ".grip === null && " + store + ".dropped.size === 0"); got != "true" {
		t.Error("a region is still in hand, or put somewhere")
	}
	guest.looksAround(host)
	host.quiet()
	guest.quiet()
}

// looksAround: what is only looked at is not withheld, and the host's run goes on under it.
func (p *page) looksAround(host *page) {
	p.t.Helper()
	p.eval(store + ".withhold(false)")
	host.wait("a second", store+".clock.value.edge > 1200000")
	p.scrub(0.5)
	p.wait("the moment", store+".clock.value.at === 500000 && !"+store+".clock.value.live")
	p.press("#tab-script")
	p.wait("the script", script+` !== ""`)
	p.eval(store + ".inspect({lane: 0, node: 0})")
	p.wait("a node, inspected", `document.querySelectorAll(".subject .facts > div").length > 3`)
	p.press(`[data-action="live"]`)
	p.wait("the live edge", store+".clock.value.live")
	p.scrub(3600)
	p.wait("the live edge still", store+".clock.value.live")
	host.press(`button[data-action="partition"][data-region="eu-west-1"]`)
	p.wait("the host's partition", apart("eu-west-1", 1))
	p.press(`[data-action="share"]`)
	p.wait("two kinds of links", `document.querySelectorAll('dialog[open].share [data-kind]').length === 2`)
	p.eval(`document.querySelector("dialog[open]").close()`)
	if got := p.eval(withheld); got != "false" {
		p.t.Error("looking around was withheld")
	}
}

// TestOwnCopyOfARoom: whoever watches makes a room of its own of the run up to the moment looked at, and can act there.
func TestOwnCopyOfARoom(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	host.wait("a second", store+".clock.value.edge > 1200000")
	host.press(`button[data-action="partition"][data-region="ap-south-1"]`)
	host.wait("the partition", apart("ap-south-1", 1))
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	guest.wait("the partition there", apart("ap-south-1", 1))
	guest.scrub(1)
	guest.wait("the moment", store+".clock.value.at === 1000000 && !"+store+".clock.value.coming")
	room := guest.eval(store + ".world.value.room")
	guest.eval(store + ".withhold()")
	guest.press(`[data-action="notice-copy"]`)
	guest.wait("another room", fmt.Sprintf("%s.world.value.room !== %q && location.hash.includes(%s.world.value.room)", store, room, store))
	guest.wait("the moment there", store+".clock.value.at === 1000000 && "+store+".right.value === 'control'")
	if got := guest.eval(store + ".toasts.value.map(t => t.text).join()"); got != "" {
		t.Errorf("in the copy there is still said: %s", got)
	}
	if got := guest.eval("JSON.stringify(" + store + ".commands.value)"); strings.Contains(got, "ap-south-1\"]") || !strings.Contains(got, `"verb":"cut"`) {
		t.Errorf("the copy has other commands than those up to its moment: %s", got)
	}
	guest.press(`button[data-action="partition"][data-region="us-east-1"]`)
	guest.wait("its own partition", apart("us-east-1", 1))
	host.wait("the host's run as it was", apart("us-east-1", 0))
	guest.eval("history.back()")
	guest.wait("the host's room again", fmt.Sprintf("%s.world.value.room === %q && %s.right.value === 'view'", store, room, store))
	host.quiet()
	guest.quiet()
}

// TestHandOverInPage: one asks for control, is handed it, acts, keeps it over a reload, and has it taken back.
func TestHandOverInPage(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	guest.wait("that one watches", watchLine+`.startsWith("Watching")`)
	guest.press(`[data-action="wish"]`)
	guest.wait("the field for a name, in focus", `document.activeElement.dataset.action === "ask-name"`)
	guest.fill(`[data-action="ask-name"]`, "Ada <b>")
	guest.press(`[data-action="ask"]`)
	guest.wait("that one has asked", one(`[data-action="ask-no-more"]`)+" !== null")
	if got := guest.eval(`[...document.querySelectorAll(".company .dropped p")].filter(p => p.scrollWidth > p.clientWidth).map(p => p.textContent).join()`); got != "" {
		t.Errorf("the list cuts off %q", got)
	}
	host.toast("Ada <b> asks for control.")
	host.press(`[data-action="audience"]`, `[data-action="hand-over"]`)
	host.wait("the focus in the list", `document.activeElement.dataset.action === "present"`)
	host.wait("who has it", one(`[data-action="take-back"]`)+`?.closest("li").textContent.includes("Ada <b>") && `+one(`[data-action="hand-over"]`)+" === null")
	guest.toast("You have control now.")
	guest.press(`button[data-action="partition"][data-region="eu-west-1"]`)
	host.wait("the guest's partition", apart("eu-west-1", 1))
	if got := guest.eval(store + `.controlKey.value + "|" + location.hash.includes(` + store + ".viewKey.value)"); got != "|true" {
		t.Errorf("who was handed control has learnt the control key, or has another address: %s", got)
	}
	if got := guest.eval(`sessionStorage.length`); got != "0" {
		t.Error("a tab that is duplicated would take this page's token along")
	}
	guest.do(chromedp.Reload())
	guest.wait("the page again, with control", `document.body?.dataset.ready === "1" && `+store+".right.value === 'control'")
	guest.press(`button[data-action="partition"][data-region="eu-west-1"]`)
	host.wait("the guest's healing", apart("eu-west-1", 0))
	guest.press(`[data-action="audience"]`)
	guest.wait("its own line", one(`[data-action="take-back"]`)+`?.closest("li").textContent === "YouGive back"`)
	host.press(`[data-action="take-back"]`)
	guest.toast("You have no control any more.")
	guest.refused("a press", func() {
		guest.wait("no notice", `document.querySelectorAll("[data-toast]").length === 0`)
		guest.press(`button[data-action="partition"][data-region="eu-west-1"]`)
	})
	host.quiet()
	guest.quiet()
}

// TestPresentingPages: those who follow see the presenter's moment, lane, tab and violation, stay where they type, look around,
// return, and go along to a branch.
func TestPresentingPages(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en#run="+sim.Pack(split), 1440, 900, "light")
	guest := open(t, host.address("viewKey"), 1440, 900, "light")
	phone := open(t, host.address("viewKey"), 390, 844, "dark")
	host.faster("5")
	host.wait("a violation", lane("eventual")+`.dataset.linearizable === "no"`)
	host.halt()
	host.press(`[data-action="audience"]`, `[data-action="present"]`)
	host.wait("that one presents", store+".presenting.value")
	host.do(chromedp.KeyEvent(escape))
	both := func(what, expression string) {
		t.Helper()
		guest.wait(what, expression)
		phone.wait(what+", on the phone", expression)
	}
	both("that one follows", followed)
	host.scrub(2)
	both("the moment", store+".clock.value.at === 2000000 && !"+store+".clock.value.live")
	host.press("#tab-charts")
	both("the tab", tab("charts"))
	host.eval(store + `.fill("quorum")`)
	guest.wait("the lane", store+`.filled.value === "quorum"`)
	phone.wait("the lane, on the phone", store+`.shownLane.value === 1`)
	host.eval(store + `.fill("")`)
	guest.eval(one(`[data-action="theme"]`) + ".focus()")
	host.press(`section.lane[data-lane="eventual"] button.verdict`)
	both("why", `document.querySelector("#why")?.dataset.why !== "" && document.querySelector("#why")?.dataset.why === `+fmt.Sprintf("%q", host.eval(`document.querySelector("#why").dataset.why`)))
	if got := guest.eval("document.activeElement.dataset.action"); got != "theme" {
		t.Errorf("the focus has gone to %q", got)
	}
	if got := phone.eval("document.documentElement.scrollWidth <= 390 && document.querySelector('.company').getBoundingClientRect().height <= 48"); got != "true" {
		t.Error("the line takes more than one line of a telephone")
	}

	guest.press("#tab-story")
	guest.wait("that one looks around", watchLine+`.includes("Looking around by yourself")`)
	guest.eval("scrollTo(0, document.body.scrollHeight)")
	guest.wait("the way back in sight", fmt.Sprintf(`(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(%q).getBoundingClientRect())`, returns))
	host.press("#tab-luck")
	phone.wait("the presenter's tab", tab("luck"))
	if got := guest.eval(tab("story")); got != "true" {
		t.Error("who looks around was taken along")
	}
	guest.eval("document.activeElement.blur()")
	guest.do(chromedp.KeyEvent("p"))
	guest.wait("to be back", followed+" && "+tab("luck"))
	guest.scrub(1)
	guest.wait("that one looks around", "!("+followed+") && "+store+".clock.value.at === 1000000")
	guest.press(returns)
	guest.wait("to be back", followed+" && "+store+".clock.value.at === 2000000")
	guest.typesOn(host)
	guest.goesAlong(host)
	host.quiet()
	guest.quiet()
	phone.quiet()
}

// typesOn: who types in a field keeps it, and comes along when it is left.
func (p *page) typesOn(host *page) {
	p.t.Helper()
	host.press("#tab-script")
	p.wait("the script", script+` !== undefined && `+script+` !== ""`)
	p.eval(one(`[data-action="script"]`) + ".focus()")
	host.press("#tab-story")
	host.scrub(3)
	p.wait("the moment", store+".clock.value.at === 3000000")
	if got := p.eval("document.activeElement.dataset.action"); got != "script" {
		p.t.Errorf("who types was taken out of the field: the focus is on %q", got)
	}
	p.eval("document.activeElement.blur()")
	p.wait("the presenter's tab", tab("story")+" && "+followed)
}

// goesAlong: those who follow come along to a branch, and may go back and return.
func (p *page) goesAlong(host *page) {
	p.t.Helper()
	first := host.eval("location.hash")
	mine := p.eval("location.hash")
	host.eval("document.activeElement.blur()")
	host.do(chromedp.KeyEvent("y"))
	second := host.elsewhere(first)
	room := strings.TrimPrefix(strings.Split(second, "&")[0], "#room=")
	p.wait("the branch", fmt.Sprintf("%s.world.value.room === %q && %s && %s.right.value === 'view'", store, room, followed, store))
	p.eval("history.back()")
	p.wait("the room before", fmt.Sprintf(`location.hash === %q && %s.includes("Looking around by yourself")`, mine, watchLine))
	p.press(returns)
	p.wait("the branch again", fmt.Sprintf("%s.world.value.room === %q && %s", store, room, followed))
}

// TestShareRoomLinks: the panel that shares has a link for each right, and says what it gives; the link to act gives control.
func TestShareRoomLinks(t *testing.T) {
	_, url := start(t)
	host := open(t, url+"/?lang=en", 1440, 900, "light")
	host.keep()
	host.do(chromedp.KeyEvent("s"))
	host.wait("the link to the run", shown+`?.value.includes("#run=")`)
	links := map[string]string{}
	top := host.eval(one(`[data-kind="run"]`) + ".getBoundingClientRect().top")
	for _, kind := range []string{"view", "control"} {
		host.press(fmt.Sprintf(`[data-kind=%q]`, kind))
		host.wait("the link to the room", shown+`.value.includes("#room=") && `+shown+`.value.endsWith(`+store+"."+kind+"Key.value)")
		host.press(`[data-action="copy-link"]`)
		host.wait("that it was copied", `window.copied === `+shown+`.value && document.querySelector(".share .said").textContent === "Copied."`)
		links[kind] = host.eval("window.copied")
		if got := host.eval(one(`[data-kind="run"]`) + ".getBoundingClientRect().top"); got != top {
			t.Errorf("the kinds of links have moved from %s to %s", top, got)
		}
	}
	other := open(t, links["control"], 390, 844, "light")
	other.wait("control", store+".right.value === 'control' && document.querySelector('.company') === null")
	other.wait("two here", `document.querySelector('#here [data-action="audience"]')?.textContent.startsWith("2 here")`)
	if got := other.eval("document.documentElement.scrollWidth <= 390"); got != "true" {
		t.Error("the page is wider than the telephone")
	}
	other.press(`[data-action="play"]`)
	host.wait("the other's pause", "!"+store+".clock.value.playing")
	for _, p := range []*page{host, other} {
		p.eval(`netsplit.modules.actions.send({type: "present", on: true})`)
		p.wait("that one presents", store+".presenting.value")
	}
	host.toast("Somebody else presents now. You follow.")
	gone := open(t, strings.TrimSuffix(links["view"], links["view"][len(links["view"])-4:]), 1440, 900, "light")
	gone.wait("a notice that stays", `document.querySelector("[data-link]")?.textContent.includes("its key is wrong")`)
	host.quiet()
	other.quiet()
}
