package server

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

const (
	toast  = `document.querySelector(".toast[data-link]")`
	shown  = `document.querySelector(".share [data-action='link']")`
	script = `document.querySelector('[data-action="script"]')?.value`
	said   = `document.querySelector("#script-said").textContent`
)

// keep has files that the page hands out stay in window.kept, by name, and what it copies in window.copied.
func (p *page) keep() {
	p.t.Helper()
	p.eval(`(() => {
		window.kept = {};
		const blobs = new Map(), make = URL.createObjectURL.bind(URL);
		URL.createObjectURL = (b) => { const url = make(b); blobs.set(url, b); return url };
		HTMLAnchorElement.prototype.click = function () { blobs.get(this.href).text().then((t) => { window.kept[this.download] = t }) };
		Object.defineProperty(navigator, "clipboard", {value: {writeText: async (t) => { window.copied = t }}});
	})()`)
}

// hand pastes a text, or drops it or a file, onto the page.
func (p *page) hand(how, kind, content string) {
	p.t.Helper()
	add := fmt.Sprintf(`data.setData("text/plain", %q)`, content)
	if kind != "" {
		add = fmt.Sprintf(`data.items.add(new File([%s], %q))`, content, kind)
	}
	event := `new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data})`
	if how == "drop" {
		event = `new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data})`
	}
	p.eval(fmt.Sprintf(`(() => { const data = new DataTransfer(); %s; document.querySelector("main").dispatchEvent(%s) })()`, add, event))
}

// TestShareAndOpen makes a link at a moment and with a view, and opens it in another page: the same text, moment and view.
func TestShareAndOpen(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?scenario=europe-away", 1440, 900, "light")
	p.faster("5")
	p.wait("the eventual lane to be violated", lane("eventual")+`.dataset.linearizable === "no"`)
	p.halt()
	p.do(chromedp.Focus(chromedp.CSS(`section.lane[data-lane="eventual"] button.verdict`)), chromedp.KeyEvent("v"))
	p.wait("why", `document.querySelector("#why-title") !== null`)
	p.press("#tab-charts")
	p.wait("the charts", tab("charts"))
	p.keep()
	p.do(chromedp.KeyEvent("s"))
	p.wait("the link, selected", shown+`?.value.includes("#run=2.") && document.activeElement === `+shown)
	p.wait("what it holds", `/its 2 commands and engine 2/.test(document.querySelector(".holds").textContent)`)
	p.wait("the moment and the view", shown+`.value.includes("&at=") && `+shown+`.value.includes("&lane=eventual&view=why:") && `+shown+`.value.endsWith(",charts")`)
	p.accessible("the panel, light")
	p.press(`[data-action="copy-link"]`)
	p.wait("the copy", `window.copied === `+shown+`.value && document.querySelector(".share .said").textContent === "Copied."`)
	p.eval(`(() => { navigator.clipboard.writeText = async () => { throw new Error("not allowed") } })()`)
	p.do(chromedp.Focus(chromedp.CSS(`[data-action="link"]`)), chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	p.wait("the way by hand", `/Control\+C/.test(document.querySelector(".share .said").textContent) && getSelection().toString().includes("#run=2.")`)
	p.press(`[data-action="share-moment"]`, `[data-action="share-view"]`)
	p.wait("the run alone", `/#run=2\.[\w-]+$/.test(`+shown+`.value)`)
	p.do(chromedp.KeyEvent("\u001b"))
	p.wait("the panel to be closed", `!document.querySelector("dialog.share").open`)
	at, why := p.eval(`netsplit.modules.store.clock.value.at`), p.eval(`JSON.stringify(netsplit.modules.store.why.value)`)
	link := p.eval("window.copied")
	p.press("#tab-script")
	p.wait("the text", `/^engine 2/.test(`+script+`)`)
	text := p.eval(script)

	q := open(t, link, 1440, 900, "dark")
	q.wait("the moment", `netsplit.modules.store.clock.value.at === `+at)
	q.wait("it to stand still", `netsplit.modules.store.playing.value === false`)
	q.wait("the view", tab("charts")+fmt.Sprintf(` && JSON.stringify(netsplit.modules.store.why.value) === %q`, why))
	if got := q.eval(`JSON.stringify(netsplit.modules.store.clock.value.at)`); got != at {
		t.Errorf("it stands at %s, want %s", got, at)
	}
	q.press("#tab-script")
	q.wait("the text", `/^engine 2/.test(`+script+`)`)
	if got := q.eval(script); got != text {
		t.Errorf("the text is\n%s\nwant\n%s", got, text)
	}
	q.do(chromedp.EmulateViewport(390, 844))
	q.press(`[data-action="share"]`)
	q.wait("the panel", shown+` !== null && document.documentElement.scrollWidth <= 390`)
	q.accessible("the panel on a telephone, dark")
	p.quiet()
	q.quiet()
}

// TestLongRun: what is too long for a link is kept by the server, which the panel says; the link leads there.
func TestLongRun(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/?lang=de", 390, 844, "light")
	text := strings.Replace(crowd, "end 20s\n", strings.Repeat("at 9s read us-east-1 balance\n", MaxLinkCommands)+"end 20s\n", 1)
	p.eval(fmt.Sprintf(`void netsplit.modules.actions.runScript(%q, 0)`, text))
	p.wait("the run", `netsplit.modules.store.commands.value.length > 500`)
	p.keep()
	p.press(`[data-action="share"]`)
	p.wait("a short link", `/#run=at\.[\w-]{10,20}(&|$)/.test(`+shown+`?.value)`)
	p.wait("what the server does", `/im Speicher/.test(document.querySelector(".holds").textContent)`)
	p.accessible("a long run's panel, light")
	p.german("the panel", englishOnly(t))
	p.press(`[data-action="share-file"]`)
	p.wait("the file", `(window.kept["netsplit.txt"] ?? "").split("\nat ").length > 500`)
	link := p.eval(shown + ".value")
	q := open(t, link, 1024, 768, "light")
	q.wait("the run again", `netsplit.modules.store.commands.value.length > 500`)
	p.eval(`(() => { document.body.dataset.ready = "0"; location.hash = "#run=at.unknown" })()`)
	p.wait("another page", `document.body?.dataset.ready === "1"`)
	p.wait("what is not kept", toast+`?.textContent.includes("this server has no run")`)
	p.german("the notice", englishOnly(t))
	p.quiet()
	q.quiet()
}

// TestLinkToLane: a link shows a lane alone; what it says without sense is named, and does no harm.
func TestLinkToLane(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(crowd)+"&lane=quorum&at=0s&view=moon&colour=red", 1024, 768, "light")
	p.wait("one lane", `document.querySelector('section.lane[data-lane="strong"]').clientWidth === 0 && `+lane("quorum")+`.clientWidth > 0`)
	p.wait("it to stand at its beginning", `netsplit.modules.store.clock.value.at === 0 && netsplit.modules.store.playing.value === false`)
	p.wait("what is odd", toast+`.textContent.includes("view=moon, colour=red")`)
	p.accessible("a notice about a link, light")
	p.press(`[data-action="dismiss-link"]`)
	p.wait("it to go", toast+" === null")
	p.eval(fmt.Sprintf("(location.hash = %q)", "#run="+sim.Pack(crowd)+"&lane=paxos"))
	p.wait("a lane that is not there", toast+`?.textContent.includes("lane=paxos")`)
	p.quiet()
}

// TestBadLinks: what is wrong with a link is said until it is dismissed, and what can be read of it can be mended and run.
func TestBadLinks(t *testing.T) {
	_, url := start(t)
	random := ""
	for i := range 1500 {
		random += fmt.Sprintf("at %d.%03ds write us-east-1 balance %d\n", 1+i/100, i%100*10, i*i%7919)
	}
	whole, broken := sim.Pack(crowd), strings.Replace(crowd, "lane quorum quorum", "lane quorum quorumm", 1)
	p := open(t, url, 1024, 768, "dark")
	for _, c := range []struct{ name, run, reason, saved string }{
		{"cut short", whole[:len(whole)-40], "it is damaged", "engine 2\nseed 7\n"},
		{"too new", "9.abc", "it is of a newer Netsplit", ""},
		{"not ours", "hello", "it does not begin with a number", ""},
		{"a bomb", sim.Pack(strings.Repeat("#", 2e6)), "its text is over 65536 bytes", ""},
		{"too long", sim.Pack(strings.Replace(crowd, "end 20s\n", random+"end 20s\n", 1)), "This link is too long for this server", "engine 2\nseed 7\n"},
		{"older", sim.Pack(strings.Replace(crowd, "engine 2", "engine 1", 1)), "made by engine 1; this is engine 2, and what happens may differ", ""},
		{"wrong", sim.Pack(broken), "expected a protocol", broken},
	} {
		p.eval(fmt.Sprintf(`(() => { document.body.dataset.ready = "0"; location.hash = %q })()`, "#run="+c.run))
		p.wait(c.name+": another page", `document.body?.dataset.ready === "1"`)
		p.wait(c.name+": "+c.reason, fmt.Sprintf(`%s?.textContent.includes(%q)`, toast, c.reason))
		if c.saved == "" {
			p.wait(c.name+": nothing to open", `!document.querySelector("[data-action='open-saved']")`)
			continue
		}
		p.accessible(c.name)
		p.press(`[data-action="open-saved"]`)
		p.wait(c.name+": what could be read", fmt.Sprintf(`(%s ?? "").startsWith(%q)`, script, c.saved))
		if c.name != "wrong" {
			p.press(`[data-action="discard"]`, `[data-action="discard-now"]`)
		}
	}
	p.eval(`(() => { const t = document.querySelector('[data-action="script"]'); t.value = t.value.replace("quorumm", "quorum"); t.dispatchEvent(new Event("input", {bubbles: true})) })()`)
	p.press(`[data-action="run-script"]`)
	p.wait("nine nodes", lane("quorum")+`?.querySelectorAll("[data-node]").length === 9`)
	p.quiet()
}

// TestDropAndPaste: files and texts open anywhere on the page; an edited text is not lost unasked; what is no scenario is
// refused with a reason; a link that is pasted is followed.
func TestDropAndPaste(t *testing.T) {
	_, url := start(t)
	p := open(t, url, 1024, 768, "light")
	for _, c := range []struct{ how, name, content, reason string }{
		{"drop", "cat.jpg", "new Uint8Array([255, 216, 255, 0])", "cat.jpg is not a text"},
		{"drop", "big.txt", `"x".repeat(70000)`, "big.txt has 70000 bytes, and a scenario at most 65536"},
		{"drop", "void.txt", `" "`, "void.txt is empty"},
		{"paste", "", "good morning", "neither a scenario nor a link to a run"},
	} {
		p.hand(c.how, c.name, c.content)
		p.wait(c.reason, fmt.Sprintf(`[...document.querySelectorAll("[data-toast]")].some(t => t.textContent.includes(%q))`, c.reason))
	}
	p.hand("drop", "mine.txt", `"engine 1\r\nregions us-east-1 eu-west-1\r\nlane a gossip\r\n"`)
	p.wait("the file", script+` === "engine 2\nregions us-east-1 eu-west-1\nlane a gossip\n"`)
	p.wait("where it comes from", `/the file mine.txt. It was made by engine 1/.test(`+said+`) && document.activeElement.dataset.action === "run-script"`)
	p.accessible("an opened file, light")
	p.press(`[data-action="share"]`)
	p.wait("what a link would not hold", `/is not in it/.test(document.querySelector(".share").textContent)`)
	p.do(chromedp.KeyEvent("\u001b"))
	p.wait("the panel to be closed, and the focus back", `!document.querySelector("dialog.share").open && document.activeElement.dataset.action === "share"`)
	p.eval(`(() => {
		const input = document.querySelector(".file input"), data = new DataTransfer();
		data.items.add(new File(["lane c gossip\n"], "other.txt"));
		input.files = data.files;
		input.dispatchEvent(new Event("change", {bubbles: true}));
	})()`)
	p.wait("the question about a file that was opened", `document.activeElement.dataset.action === "discard-now"`)
	p.press(`.ask button:last-child`)
	p.wait("the text as it was", `document.querySelector(".ask") === null && /lane a/.test(`+script+`)`)
	p.hand("paste", "", "regions us-east-1\nlane b raft\n")
	p.wait("the question", `document.activeElement.dataset.action === "discard-now" && /lane a/.test(`+script+`)`)
	p.press(`[data-action="discard-now"]`)
	p.wait("the other text", script+` === "regions us-east-1\nlane b raft\n"`)
	p.hand("paste", "", "https://netsplit.example/#run="+sim.Pack(crowd)+"&lane=strong")
	p.wait("the question again", `document.activeElement.dataset.action === "discard-now"`)
	p.press(`[data-action="discard-now"]`)
	p.wait("the link's run", `document.body?.dataset.ready === "1" && document.querySelector('section.lane[data-filled="1"]')?.querySelectorAll("[data-node]").length === 9`)
	p.quiet()
}

// TestSavedFile: the script's file says what its trace is once the run is past its end, and histories come as files, or not,
// with a reason.
func TestSavedFile(t *testing.T) {
	_, url := start(t)
	p := open(t, url+"/#run="+sim.Pack(strings.Replace(crowd, "end 20s", "end 0.5s", 1)), 1024, 768, "dark")
	p.keep()
	p.wait("the run to be past its end", `netsplit.modules.store.clock.value.edge > 600000`)
	p.halt()
	p.press("#tab-script")
	p.wait("the trace", `/^[0-9a-f]{64}$/.test(document.querySelector(".trace code")?.textContent)`)
	p.press(`[data-action="download"]`)
	p.wait("the file", `window.kept["netsplit.txt"] === `+script)
	for _, form := range []string{"jsonl", "shiviz"} {
		p.press(`[data-action="export"]`, `[data-action="export-`+form+`"]`)
		p.wait("the history", fmt.Sprintf(`(window.kept[%q] ?? "").length > 1000`, map[string]string{"jsonl": "netsplit.jsonl", "shiviz": "netsplit.shiviz.log"}[form]))
	}
	p.press(`[data-action="export"]`)
	p.wait("one lane for Jepsen", `document.querySelector("[data-action='export-jepsen']").disabled`)
	p.accessible("the menu, dark")
	p.fill(`[data-action="export-lane"]`, "strong")
	p.press(`[data-action="export-jepsen"]`)
	p.wait("Jepsen's", `(window.kept["netsplit-strong.edn"] ?? "").includes(":invoke")`)
	p.eval(`(() => { window.fetch = async () => new Response("2 others are exporting; try again in a few seconds\n", {status: 503}) })()`)
	p.press(`[data-action="export"]`, `[data-action="export-porcupine"]`)
	p.wait("the reason", `[...document.querySelectorAll("[data-toast]")].some(t => t.textContent.includes("Not exported: 2 others are exporting"))`)
	p.eval(`(() => { window.fetch = (_, {signal}) => new Promise((_, no) => signal.addEventListener("abort", () => no(new Error("stopped")))) })()`)
	p.press(`[data-action="export"]`, `[data-action="export-jsonl"]`)
	p.wait("the way to stop, with the focus", `document.activeElement.dataset.action === "stop-history"`)
	p.do(chromedp.KeyEvent("\r"))
	p.wait("the menu again, with the focus", `document.activeElement.dataset.action === "export"`)
	p.quiet()
}
