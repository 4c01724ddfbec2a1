package server

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"netsplit/sim"
)

// otherSite serves pages of another site: of another name, at another port. In a page %LAB% stands for our server's
// origin and %SITE% for its own. It is shown as ready at once,
// and keeps what embeds say.
func otherSite(t *testing.T, lab string, pages map[string]string) string {
	t.Helper()
	hs := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		page, ok := pages[req.URL.Path]
		if !ok { // the icon
			w.WriteHeader(http.StatusNoContent)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		page = strings.NewReplacer("%LAB%", lab, "%SITE%", "http://"+req.Host, "<title>", listens+"<title>", "<body>", `<body data-ready="1">`).Replace(page)
		fmt.Fprint(w, page) //nolint:errcheck // the browser has gone
	}))
	t.Cleanup(hs.Close)
	return strings.Replace(hs.URL, "127.0.0.1", "localhost", 1)
}

// embedder shows a foreign page with embeds of a server that is told whose pages may. The server's address is told too.
func embedder(t *testing.T, framers, path string, pages map[string]string) (*Server, string, *page) {
	t.Helper()
	s, url := start(t)
	site := otherSite(t, url, pages)
	f, err := ParseFramers(strings.ReplaceAll(framers, "%SITE%", site))
	if err != nil {
		t.Fatal(err)
	}
	s.config.Embeds = f
	return s, url, open(t, site+path, 800, 900, "light")
}

// order has an element's embed do something, and returns its answer, or why not.
func (p *page) order(selector, what, more string) string {
	p.t.Helper()
	out, err := chromedp.Run(p.ctx, chromedp.Evaluate[string](fmt.Sprintf(
		`document.querySelector(%q).send(%q, %s).then((r) => JSON.stringify(r), (e) => "refused: " + e.message)`, selector, what, more), chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s %s: %v", what, more, err)
	}
	return out
}

// listens keeps what an element's embed says, by event, in window.heard[id].
const listens = `<script>window.heard = {}; document.addEventListener("netsplit", ({target, detail}) => ((heard[target.id] ??= {})[detail.event] ??= []).push(detail), true)</script>`

// number reads a whole number; what is none is 0.
func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

// has checks that an answer has some parts.
func has(t *testing.T, what, answer string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(answer, part) {
			t.Errorf("%s: %s lacks %s", what, answer, part)
		}
	}
}

// beginEmbed clicks on an embed until it begins. A click goes where the browser has last painted the frame: while frames
// above it grow that may be beside it, as with a hand, which then clicks again.
func (p *page) beginEmbed(id string) {
	p.t.Helper()
	for range 20 {
		p.do(chromedp.Click(chromedp.CSS("#" + id + " iframe")))
		for range 40 {
			if p.eval(`String(heard.`+id+`.state?.at(-1).state.started === true)`) == "true" {
				return
			}
			time.Sleep(50 * time.Millisecond)
		}
	}
	p.t.Fatalf("the embed %s does not begin", id)
}

// TestEmbedsInAText shows the text of docs/ at another origin: nothing runs until it is clicked, and what the text's
// own buttons say is done.
func TestEmbedsInAText(t *testing.T) {
	text, err := os.ReadFile("../docs/embedding.html")
	if err != nil {
		t.Fatal(err)
	}
	s, _, p := embedder(t, "", "/embedding.html", map[string]string{"/embedding.html": strings.ReplaceAll(string(text), "http://127.0.0.1:8080", "%LAB%")})
	p.wait("the first embed to speak", `heard.first?.ready?.length === 1 && heard.first.resize?.length > 0`)
	p.wait("its picture to be as high as it is", `document.querySelector("#first iframe").clientHeight === heard.first.resize.at(-1).height && document.querySelector("#first iframe").clientHeight > 300 && document.querySelector("#first a").hidden`)
	if n := roomsOf(s); n != 0 {
		t.Errorf("%d rooms before anybody has clicked", n)
	}
	if got := p.eval(`document.querySelector("#first iframe").scrolling + " " + new URL(document.querySelector("#first iframe").src).searchParams.get("lang")`); got != "no en" {
		t.Errorf("the frame's scrollbars and language are %q", got)
	}
	has(t, "before", p.order("#first", "getState", "{}"), `{"started":false}`)

	p.eval(`document.querySelector("#first").scrollIntoView({block: "center"})`)
	p.beginEmbed("first")
	p.wait("the run to play", `heard.first.state?.at(-1).state.playing === true && heard.first.state.at(-1).state.at > 0`)
	p.wait("something to have happened", `heard.first.event?.some((e) => e.kind === "elected" && e.lane === "strong" && /eu-west-1/.test(e.text))`)
	if n := roomsOf(s); n != 1 {
		t.Errorf("%d rooms after one click", n)
	}

	p.eval(`document.querySelector("#second").scrollIntoView({block: "center"})`)
	p.wait("the second embed", `heard.second?.ready?.length === 1`)
	p.beginEmbed("second")
	p.wait("it to stand at its moment", `heard.second.state?.some(({state: s}) => s.at === 3 && !s.playing && s.away.join() === "eu-west-1" && s.scenario === "europe-away")`)

	p.eval(`document.querySelector("#third").scrollIntoView({block: "center"})`)
	p.wait("the third embed", `heard.third?.ready?.length === 1`)
	p.eval(click("#part"))
	p.wait("Europe to be away", `heard.third.state?.at(-1).state.away.join() === "eu-west-1"`)
	p.eval(click("#spend"))
	p.wait("the eventual lane to answer in Europe", `heard.third.state.at(-1).state.lanes.some((l) => l.name === "eventual" && l.values["eu-west-1/1"] === 300)`)
	p.eval(click("#heal"))
	p.wait("Europe to be home", `heard.third.state.at(-1).state.away.length === 0 && document.querySelector("#report").textContent !== ""`)
	was := p.eval(`heard.first.state.at(-1).state.at`)
	p.wait("the first to go on out of sight", `document.querySelector("#first").getBoundingClientRect().bottom < 0 && heard.first.state.at(-1).state.at > 1 + `+was)
	p.accessible("the text")
	p.quiet()
}

// TestEmbedOrders gives every order over the port, with the element, and right and wrong.
func TestEmbedOrders(t *testing.T) {
	_, _, p := embedder(t, "%SITE%", "/", map[string]string{"/": `<!DOCTYPE html><html lang="en"><title>A text</title><script src="%LAB%/embed.js"></script>
<body><h1>Orders</h1><netsplit-lab id="lab" scenario="healthy" run="paused" speed="2"></netsplit-lab>`})
	lab := func(what, more string) string { p.t.Helper(); return p.order("#lab", what, more) }
	has(t, "not begun", lab("getState", "{}"), `{"started":false}`)
	has(t, "an order that is none", lab("constructor", "{}"), `refused: unknown order "constructor"`)
	has(t, "load", lab("load", `{scenario: "europe-away", t: 2.5}`), `"scenario":"europe-away"`, `"at":2.5,`, `"playing":false`, `"away":["eu-west-1"]`, `"linearizable":"yes"`)
	has(t, "seek", lab("seek", `{t: 1.25}`), `"at":1.25,`, `"edge":2.5,`, `"live":false`, `"away":[]`)
	has(t, "what is past cannot be changed", lab("partition", `{region: "us-east-1"}`), "refused: partition: you are looking at 1.25 s")
	has(t, "heal there", lab("heal", `{}`), "refused: only at the run's live edge")
	has(t, "beyond", lab("seek", `{t: 60}`), "refused: seek: the run has come to 2.5 s only")
	has(t, "seek to the edge", lab("seek", `{t: 2.5}`), `"live":true`, `"away":["eu-west-1"]`)
	has(t, "step", lab("step", `{to: "operation"}`), `"playing":false`, `"live":true`)
	has(t, "step nowhere", lab("step", `{to: "moon"}`), "refused: ")
	has(t, "partition", lab("partition", `{groups: [["us-east-1"], ["eu-west-1", "ap-south-1"]]}`), `"away":["us-east-1"]`)
	has(t, "an unknown region", lab("partition", `{region: "eu2"}`), `refused: `, `unknown region`, `eu2`)
	has(t, "no region", lab("partition", `{}`), "refused: region: expected a text")
	has(t, "write", lab("write", `{region: "eu-west-1", value: 42}`), `"started":true`)
	has(t, "write no number", lab("write", `{region: "eu-west-1", value: "42"}`), "refused: value: expected a whole number")
	has(t, "heal", lab("heal", `{}`), `"away":[]`)
	has(t, "play", lab("play", `{}`), `"playing":true`, `"speed":2`)
	p.wait("the write to be there", `heard.lab.state.at(-1).state.lanes.every((l) => l.name === "strong" || Object.values(l.values).includes(42))`)
	has(t, "pause", lab("pause", `{}`), `"playing":false`)
	has(t, "another run", lab("load", fmt.Sprintf(`{share: %q}`, sim.Pack(crowd))), `"scenario":""`, `"playing":false`, `"at":0.000001`)
	has(t, "a broken run", lab("load", `{share: "<script>"}`), "refused: share: expected")
	has(t, "no scenario", lab("load", `{scenario: "../x"}`), "refused: scenario: expected")

	p.wait("a dozen states", `(heard.lab.state ?? []).length >= 12 || (document.querySelector("#lab").send("play"), false)`)
	if gap := p.eval(`Math.min(...heard.lab.state.slice(1).map((s, i) => s.wall - heard.lab.state[i].wall))`); number(gap) < 249 {
		t.Errorf("two states are %s ms apart", gap)
	}
	has(t, "after all that", lab("getState", "{}"), `"started":true`)
	p.quiet()
}

// framedByHand is a page that frames an embed without the element, names an origin, and keeps the ports that it is given.
const framedByHand = `<!DOCTYPE html><html lang="en"><title>By hand</title><body><h1>By hand</h1>
<script>
	window.ports = []; heard = []; window.strange = 0;
	addEventListener("message", (e) => {
		if (e.source !== frames[0] || e.origin !== "%LAB%" || e.data?.netsplit !== "port") return void window.strange++;
		const port = e.ports[0];
		port.onmessage = ({data}) => heard.push({...data, port: ports.indexOf(port)});
		ports.push(port);
	});
</script>
<iframe title="an embed" width="700" height="600" src="%LAB%/embed?RUNorigin=ORIGIN"></iframe>`

// TestEmbedPort: a page without the element gets a port, and another when it asks for one; a page whose origin is not
// exactly the one that the embed's address names gets none.
func TestEmbedPort(t *testing.T) {
	pages := map[string]string{"/": strings.NewReplacer("ORIGIN", "%SITE%", "RUN", "").Replace(framedByHand),
		"/other": strings.NewReplacer("ORIGIN", "http://localhost:1", "RUN", "run=auto&").Replace(framedByHand)}
	s, url, p := embedder(t, "", "/", pages)
	p.wait("a port", `ports.length === 1 && heard.some((m) => m.event === "ready" && m.version === 1 && m.started === false && m.orders.includes("partition"))`)
	p.eval(`frames[0].postMessage({netsplit: "connect"}, ` + fmt.Sprintf("%q", url) + `)`)
	p.wait("another port", `ports.length === 2 && heard.some((m) => m.event === "ready" && m.port === 1)`)
	p.eval(`(() => { for (const bad of [null, 7, "x", {}, {id: "1", do: "play"}, {id: 1, do: 7}, {id: 1e300, do: "play"}, []]) ports[1].postMessage(bad) })()`)
	p.wait("all to be refused", `heard.filter((m) => m.id === 0 && /expected \{id, do\}/.test(m.error)).length === 8`)
	p.eval(`(() => { ports[0].postMessage({id: 5, do: "play"}); ports[1].postMessage({id: 6, do: "partition", region: "eu-west-1"}) })()`)
	p.wait("the order on the newest port", `heard.some((m) => m.id === 6 && m.result?.away.join() === "eu-west-1")`)
	if got := p.eval(`heard.some((m) => m.id === 5) + " " + window.strange`); got != "false 0" {
		t.Errorf("the old port answered, or something strange came: %s", got)
	}
	p.quiet()
	if n := roomsOf(s); n != 1 {
		t.Errorf("%d rooms", n)
	}

	q := open(t, p.eval("location.origin")+"/other", 800, 900, "dark")
	q.eval(`(window.asked = 0, setInterval(() => frames[0].postMessage({netsplit: "connect"}, ` + fmt.Sprintf("%q", url) + `) ?? (window.asked += 1), 50))`)
	for roomsOf(s) < 2 { // the embed begins by itself: it has had its say
		q.eval("1")
	}
	from := q.eval("window.asked")
	q.wait("it to have been asked again", "window.asked > 20 + "+from)
	if got := q.eval(`ports.length + " " + window.strange`); got != "0 0" {
		t.Errorf("a page of another origin heard %s", got)
	}
}

// TestEmbedSandboxed: an embed without an origin of its own, where storage throws, runs on a server that is told so.
// TestEmbedSocket has those that are not.
func TestEmbedSandboxed(t *testing.T) {
	pages := map[string]string{"/": `<!DOCTYPE html><html lang="en"><title>Sandboxed</title><script src="%LAB%/embed.js"></script>
<body><h1>Sandboxed</h1><netsplit-lab id="lab" scenario="healthy" speed="1" view="charts" sandbox="allow-scripts"></netsplit-lab>`}
	s, _, p := embedder(t, "%SITE%,null", "/", pages)
	has(t, "partition", p.order("#lab", "partition", `{region: "eu-west-1"}`), `"away":["eu-west-1"]`, `"playing":true`)
	p.wait("it to go on", `heard.lab.state?.at(-1).state.at > 0.5 && heard.lab.event.length > 0`)
	if n := roomsOf(s); n != 1 {
		t.Errorf("%d rooms", n)
	}
	p.quiet()
}

// TestEmbedFallsBack: where an embed may not be shown, a reader has the author's link, or one with a picture.
func TestEmbedFallsBack(t *testing.T) {
	_, _, p := embedder(t, "https://docs.example", "/", map[string]string{"/": `<!DOCTYPE html><html lang="en"><title>Elsewhere</title><script src="%LAB%/embed.js" defer></script>
<body><h1>Elsewhere</h1><netsplit-lab id="mine" scenario="healthy"><p>The author's own</p></netsplit-lab><netsplit-lab id="usual" scenario="healthy" theme="dark"></netsplit-lab>`})
	p.wait("the picture", `document.querySelector("#usual img")?.naturalWidth === 960 && /scenario=healthy&theme=dark/.test(document.querySelector("#usual img").src)`)
	p.wait("no frame to be left", `document.querySelectorAll("iframe").length === 0 && customElements.get("netsplit-lab") !== undefined && performance.getEntriesByType("resource").filter((r) => r.initiatorType === "iframe").length === 2`)
	p.wait("both to have something to read", `[...document.querySelectorAll("netsplit-lab > *")].every((e) => !e.hidden && e.getBoundingClientRect().height > 10) && /\/\?scenario=healthy/.test(document.querySelector("#usual a").href)`)
}

// TestEmbedByItself: an embed begins by itself where its address says so, shows its lanes, and says what it leaves out;
// without scripts it is a picture and a link.
func TestEmbedByItself(t *testing.T) {
	s, url, p := embedder(t, "", "/", map[string]string{"/": "<!DOCTYPE html><html lang=\"en\"><title>Nothing</title><body>"})
	p.do(chromedp.Navigate(url + "/embed?scenario=europe-away&run=auto&lanes=eventual,moon&controls=time&view=why,charts&theme=blue&speed=3&lang=en"))
	p.wait("it to run", `document.body.dataset.ready === "1" && netsplit.modules.store.playing.value && netsplit.modules.store.clock.value.speed === 3`)
	p.wait("its lane alone", `document.querySelectorAll("section.lane").length === 1 && `+lane("eventual")+` !== null`)
	p.wait("its tab", `netsplit.modules.store.drawerTab.value === "charts" && document.querySelector(".u-wrap") !== null`)
	p.wait("what was checked", `netsplit.modules.store.why.value !== null && document.querySelector("#why-title") !== null`)
	p.wait("what is left out", `/theme=blue/.test(document.querySelector("#said").textContent) && /no lane moon/.test(document.querySelector("#said").textContent)`)
	p.wait("only the run's line", `getComputedStyle(document.querySelector(".actions")).display === "none" && getComputedStyle(document.querySelector(".transport")).display !== "none"`)
	p.wait("its address to be as it was", `location.hash === "" && document.querySelector("#cover").hidden`)
	p.accessible("an embed, running")
	p.do(chromedp.EmulateViewport(390, 844))
	p.accessible("an embed, on a telephone")
	before := roomsOf(s)
	p.do(chromedp.Navigate(url + "/embed#run=" + sim.Pack(crowd) + "&at=0.25s"))
	p.wait("the picture of what was shared", `document.querySelector("#poster").naturalWidth === 960 && /share=2\./.test(document.querySelector("#poster").src) && /#run=2\./.test(document.querySelector("#home").href)`)
	p.accessible("an embed, not started")
	if n := roomsOf(s); n != before {
		t.Errorf("%d rooms, then %d", before, n)
	}
	p.do(chromedp.Focus(chromedp.CSS("#start")), chromedp.KeyEvent("\r"))
	p.wait("it to run from its moment on", `document.body.dataset.ready === "1" && netsplit.modules.store.world.value.nodes.length === 9 && netsplit.modules.store.clock.value.edge > 250000 && netsplit.modules.store.playing.value`)
	p.wait("the keyboard to go on from there", `document.activeElement?.dataset.action === "play"`)
	p.quiet()
}
